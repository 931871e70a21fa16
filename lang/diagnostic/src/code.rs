//! The CODES table: every kind of diagnostic, with its stable number and name.
//!
//! E00xx: the text itself (characters, syntax, size). E01xx: names. E02xx: types and units.
//! E03xx: values, arguments and scope. W01xx: lints about a file or its comments. W02xx: names that
//! nothing uses. W03xx: conditions and their constants. W04xx: what a rule would do to the cluster. A
//! number and a name, once published, are never given to anything else.

use std::fmt;

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Suspicious; the policy can be used.
    Warning,
    /// The policy cannot be used.
    Error,
}

impl Severity {
    /// The word in every output.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A kind of diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// Text that is no token of the language.
    BadToken,
    /// Tokens in an order that the grammar does not know.
    SyntaxError,
    /// A file, a nesting or a number of rules beyond the bounds.
    TooLarge,
    /// An actor type that does not exist.
    UnknownType,
    /// A function that the actor type does not offer, or a behavior that does not exist.
    UnknownFunction,
    /// A property or metric that does not exist.
    UnknownProperty,
    /// A variable that nothing introduces.
    UnknownVariable,
    /// A parameter that is set but not declared.
    UnknownParam,
    /// A rule that does not exist.
    UnknownRule,
    /// A module that does not exist or cannot be read.
    UnknownModule,
    /// A name that is declared twice.
    DuplicateName,
    /// An operand of the wrong type.
    TypeMismatch,
    /// A number in the wrong unit.
    UnitMismatch,
    /// A variable that a behavior uses and only one side of an `or` binds.
    UnboundInOr,
    /// A number outside the range that its place allows.
    OutOfRange,
    /// A behavior with the wrong number or kind of arguments.
    WrongArgument,
    /// An `allow` that names no lint, gives no reason or no day.
    WrongAllow,
    /// A definition that stands for itself.
    Recursion,
    /// A module that uses itself.
    ImportCycle,
    /// A policy without any rule.
    EmptyPolicy,
    /// A `///` comment with no item after it.
    StrayDoc,
    /// An `allow` whose last day has passed.
    ExpiredAllow,
    /// A variable that adds nothing to its rule.
    UnusedVariable,
    /// A parameter that no rule uses.
    UnusedParam,
    /// A definition that nothing uses.
    UnusedDefinition,
    /// A condition that never holds.
    NeverTrue,
    /// A comparison that always holds.
    AlwaysTrue,
    /// A share written as a ratio.
    RatioSlip,
    /// A balance whose bounds leave no gap.
    NoGap,
    /// A reserve that nothing releases.
    NeverReleased,
    /// Variables that nothing links.
    CrossProduct,
    /// A bare `server` that could be the host of several variables.
    AmbiguousServer,
    /// A rule that another one makes useless.
    ShadowedRule,
    /// A colocate that can draw a whole type of actors onto one server.
    ColocationChain,
}

/// One row of [`CODES`].
#[derive(Clone, Copy, Debug)]
pub struct CodeRow {
    /// Which kind.
    pub code: Code,
    /// The stable number: `E0102`, `W0101`.
    pub number: &'static str,
    /// The stable name: `unknown-function`.
    pub name: &'static str,
    /// How bad it is, if the user says nothing else.
    pub severity: Severity,
    /// What it is about, in one line.
    pub summary: &'static str,
}

const fn error(
    code: Code,
    number: &'static str,
    name: &'static str,
    summary: &'static str,
) -> CodeRow {
    CodeRow {
        code,
        number,
        name,
        severity: Severity::Error,
        summary,
    }
}

const fn lint(
    code: Code,
    number: &'static str,
    name: &'static str,
    summary: &'static str,
) -> CodeRow {
    CodeRow {
        code,
        number,
        name,
        severity: Severity::Warning,
        summary,
    }
}

/// Every kind of diagnostic, in the order of [`Code`].
pub const CODES: &[CodeRow] = &[
    error(
        Code::BadToken,
        "E0001",
        "bad-token",
        "text that is no token of the language",
    ),
    error(
        Code::SyntaxError,
        "E0002",
        "syntax-error",
        "tokens in an order that the grammar does not know",
    ),
    error(
        Code::TooLarge,
        "E0003",
        "too-large",
        "a file, a nesting or a number of rules beyond the bounds",
    ),
    error(
        Code::UnknownType,
        "E0101",
        "unknown-type",
        "an actor type that does not exist",
    ),
    error(
        Code::UnknownFunction,
        "E0102",
        "unknown-function",
        "a function that the actor type does not offer, or a behavior that does not exist",
    ),
    error(
        Code::UnknownProperty,
        "E0103",
        "unknown-property",
        "a property, a metric or a statistic that does not exist",
    ),
    error(
        Code::UnknownVariable,
        "E0104",
        "unknown-variable",
        "a variable that nothing introduces",
    ),
    error(
        Code::UnknownParam,
        "E0105",
        "unknown-param",
        "a parameter that is used or set but not declared",
    ),
    error(
        Code::UnknownRule,
        "E0106",
        "unknown-rule",
        "a rule that a test names and that does not exist",
    ),
    error(
        Code::UnknownModule,
        "E0107",
        "unknown-module",
        "a module that does not exist or cannot be read",
    ),
    error(
        Code::DuplicateName,
        "E0108",
        "duplicate-name",
        "a name that is declared twice",
    ),
    error(
        Code::TypeMismatch,
        "E0201",
        "type-mismatch",
        "something of one kind where the place needs another",
    ),
    error(
        Code::UnitMismatch,
        "E0202",
        "unit-mismatch",
        "a number in a unit that its place does not have",
    ),
    error(
        Code::UnboundInOr,
        "E0301",
        "unbound-in-or",
        "a variable that a behavior uses and not every side of an `or` binds",
    ),
    error(
        Code::OutOfRange,
        "E0302",
        "out-of-range",
        "a number outside the range that its place allows",
    ),
    error(
        Code::WrongArgument,
        "E0303",
        "wrong-argument",
        "arguments of the wrong number or kind",
    ),
    error(
        Code::WrongAllow,
        "E0304",
        "wrong-allow",
        "an `allow` that names no lint, gives no reason or no last day",
    ),
    error(
        Code::Recursion,
        "E0305",
        "recursion",
        "a definition that stands for itself",
    ),
    error(
        Code::ImportCycle,
        "E0306",
        "import-cycle",
        "a module that uses itself, perhaps through others",
    ),
    lint(
        Code::EmptyPolicy,
        "W0101",
        "empty-policy",
        "a policy without any rule",
    ),
    lint(
        Code::StrayDoc,
        "W0102",
        "stray-doc",
        "a `///` comment with no item after it",
    ),
    lint(
        Code::ExpiredAllow,
        "W0103",
        "expired-allow",
        "an `allow` whose last day has passed: the lint is reported again",
    ),
    lint(
        Code::UnusedVariable,
        "W0201",
        "unused-variable",
        "a variable that adds nothing to its rule",
    ),
    lint(
        Code::UnusedParam,
        "W0202",
        "unused-param",
        "a parameter that no rule uses",
    ),
    lint(
        Code::UnusedDefinition,
        "W0203",
        "unused-definition",
        "a definition that nothing uses",
    ),
    lint(
        Code::NeverTrue,
        "W0301",
        "never-true",
        "a condition that never holds",
    ),
    lint(
        Code::AlwaysTrue,
        "W0302",
        "always-true",
        "a comparison that always holds",
    ),
    lint(
        Code::RatioSlip,
        "W0303",
        "ratio-slip",
        "a share written as a ratio: `0.8` for `80%`",
    ),
    lint(
        Code::NoGap,
        "W0401",
        "no-gap",
        "bounds of balance or scaling that leave no gap, so that it may oscillate",
    ),
    lint(
        Code::NeverReleased,
        "W0402",
        "never-released",
        "a reserve that nothing releases",
    ),
    lint(
        Code::CrossProduct,
        "W0403",
        "cross-product",
        "variables that nothing links: every pair fires",
    ),
    lint(
        Code::AmbiguousServer,
        "W0404",
        "ambiguous-server",
        "a bare `server` that could be the host of several variables",
    ),
    lint(
        Code::ShadowedRule,
        "W0405",
        "shadowed-rule",
        "a rule that never matters, since another one asks for the same whenever it fires",
    ),
    lint(
        Code::ColocationChain,
        "W0406",
        "colocation-chain",
        "a colocate that can draw a whole type of actors onto one server",
    ),
];

impl Code {
    /// The kind's row in [`CODES`].
    pub fn row(self) -> &'static CodeRow {
        // The table is written in the order of the enumeration (tested).
        &CODES[self as usize]
    }

    /// The stable number: `E0102`.
    pub fn number(self) -> &'static str {
        self.row().number
    }

    /// The stable name: `unknown-function`.
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// How bad it is, if the user says nothing else.
    pub fn severity(self) -> Severity {
        self.row().severity
    }

    /// What it is about, in one line.
    pub fn summary(self) -> &'static str {
        self.row().summary
    }

    /// The kind that a user names by number or by name.
    pub fn from_text(text: &str) -> Option<Code> {
        let row = CODES
            .iter()
            .find(|row| row.name == text || row.number == text);
        row.map(|row| row.code)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.number())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_in_the_order_of_the_enumeration() {
        for (place, row) in CODES.iter().enumerate() {
            assert_eq!(row.code as usize, place, "{}", row.name);
        }
    }

    #[test]
    fn numbers_and_names_are_unique_and_fit_the_severity() {
        assert!(CODES.is_sorted_by_key(|row| row.number));
        for row in CODES {
            assert_eq!(Code::from_text(row.number), Some(row.code));
            assert_eq!(Code::from_text(row.name), Some(row.code));
            let letter = match row.severity {
                Severity::Error => 'E',
                Severity::Warning => 'W',
            };
            assert!(row.number.starts_with(letter), "{}", row.number);
        }
    }
}
