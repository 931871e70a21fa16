//! Names, types and units: from the tree to the checked program.
//!
//! [`check`] resolves every name of a policy to what it stands for, goes on after mistakes, and
//! returns what it could use as a [`program::CheckedProgram`] together with diagnostics and, for
//! editors, what each name stands for. It reads nothing but its arguments.

pub mod cluster;
pub mod compare;
mod date;
mod error;
mod lint;
mod module;
mod names;
pub mod program;
mod resolve;
pub mod schema;
mod standing_alone;

use std::sync::Arc;

use plasma_diagnostic::{Code, Diagnostic, FileId, Span};
use plasma_syntax::tree::{ExprId, Tree};
use plasma_syntax::{Parsed, Replaced};

pub use date::Date;
pub use lint::allow::Silenced;
pub use module::{Files, MODULES_MAX, ModuleError, ModuleText, Modules};
pub use names::{Named, VariableKind};
use program::{CheckedProgram, Expression, Rule};
pub use resolve::quantity_of;
use schema::Schema;
pub use standing_alone::standing_alone;

/// The greatest priority of a rule; the least is as far below the default, 0.
pub const PRIORITY_MAX: i64 = 1_000_000;

/// The greatest number of periods for `release`.
pub const RELEASE_PERIODS_MAX: i64 = 1_000_000;

/// The greatest number of moves that a limit may name.
pub const LIMIT_MOVES_MAX: i64 = 1_000_000;

/// The greatest number of servers that a limit may name.
pub const LIMIT_SERVERS_MAX: i64 = 1_000_000;

/// The longest duration that an attribute or a limit may name, in seconds (365 days): what it covers
/// must be remembered.
pub const DURATION_SECONDS_MAX: f64 = 365.0 * 86_400.0;

/// What a policy is checked against.
#[derive(Clone, Debug, Default)]
pub struct Environment {
    /// The application's schema. The policy's own `actor` declarations must agree with it. Its spans
    /// belong to the same source map as the policy's, or are empty.
    pub schema: Option<Schema>,
    /// The modules that the policy uses.
    pub modules: Modules,
    /// Values set from outside, `--param NAME=VALUE`: name and value as they were typed. The
    /// parameters of a module are called `hotspot.share`.
    pub params: Vec<(String, String)>,
    /// The day on which it is checked, which decides what has expired; nothing does without one.
    pub today: Option<Date>,
    /// Whether the tests are not looked at: those of a module that is used with another application than they are
    /// about.
    pub leaves_out_tests: bool,
    /// Whether it is asked what each name of the text stands for ([`Checked::names`]), as editors do.
    pub notes_names: bool,
}

/// A policy after checking.
#[derive(Clone, Debug, Default)]
pub struct Checked {
    /// What can be used. Rules with a mistake are left out, their numbers are not given to others.
    pub program: CheckedProgram,
    /// Mistakes and doubts, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Lints that the text silences, in its order.
    pub silenced: Vec<Silenced>,
    /// What the names of the text stand for, in the order of the text; none unless
    /// [`Environment::notes_names`] asks for them.
    pub names: Vec<(Span, Named)>,
    /// What another check can go on with.
    kept: resolve::Kept,
}

impl Checked {
    /// Whether the policy cannot be used as a whole.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }

    /// What the name at a byte of the file stands for.
    pub fn name_at(&self, file: FileId, offset: u32) -> Option<&(Span, Named)> {
        let after = self
            .names
            .partition_point(|(span, _)| (span.file, span.start) <= (file, offset));
        let before = self.names.get(..after)?.iter().rev();
        // Names do not overlap, but one may begin where another ends.
        before
            .take(2)
            .find(|(span, _)| span.file == file && span.touches(offset))
    }
}

/// Checks a policy.
pub fn check(tree: &Tree, environment: &Environment) -> Checked {
    resolve::check(tree, environment)
}

/// Parses and checks a policy: the diagnostics of both, in the order of the text.
pub fn check_source(file: FileId, text: impl Into<Arc<str>>, environment: &Environment) -> Checked {
    check_parsed(&plasma_syntax::parse(file, text), environment)
}

/// Checks a policy that was parsed: the diagnostics of both, in the order of the text.
pub fn check_parsed(parsed: &Parsed, environment: &Environment) -> Checked {
    with_diagnostics_of(parsed, check(&parsed.tree, environment))
}

/// Checks a policy of which a part was read again ([`plasma_syntax::parse_again`]), and that was checked before
/// against the same environment: the result is that of [`check_parsed`]. As long as only rules change, and the
/// actor types are declared, no other rules are checked.
pub fn check_parsed_again(
    parsed: &Parsed,
    environment: &Environment,
    before: Checked,
    replaced: &Replaced,
) -> Checked {
    match resolve::check_again(&parsed.tree, environment, before, replaced) {
        Some(checked) => with_diagnostics_of(parsed, checked),
        None => check_parsed(parsed, environment),
    }
}

/// What was found, with what the parser found.
fn with_diagnostics_of(parsed: &Parsed, mut checked: Checked) -> Checked {
    if parsed.diagnostics.iter().any(Diagnostic::is_error) {
        // What was not understood may hold rules, and may use parameters.
        let is_doubtful = |d: &Diagnostic| {
            matches!(
                d.code,
                Code::EmptyPolicy | Code::UnusedParam | Code::UnusedDefinition
            )
        };
        checked.diagnostics.retain(|d| !is_doubtful(d));
    }
    checked.diagnostics.extend_from_slice(&parsed.diagnostics);
    checked.diagnostics.sort_by_key(|d| (d.primary, d.code));
    checked
}

/// Between which numbers a value lies, whatever is measured; infinite on a side without a bound.
pub fn bounds(operand: &program::Operand) -> (f64, f64) {
    let range = lint::truth::range(operand, &lint::truth::measured);
    (range.least, range.most)
}

/// The schema that a file declares, with the mistakes in its declarations.
pub fn schema_of(tree: &Tree) -> (Schema, Vec<Diagnostic>) {
    resolve::schema_of(tree)
}

/// An expression after checking, see [`check_expression`].
#[derive(Clone, Debug)]
pub struct CheckedExpression {
    /// The application that it is about: given, or inferred from use.
    pub schema: Schema,
    /// The expression, with the rule (without behaviors) that holds its variables; `None` if it has
    /// a mistake.
    pub expression: Option<(Rule, Expression)>,
    /// Mistakes, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Checks one expression outside any rule, as a prompt takes it: a measured value or a condition. It
/// may use the parameters and actor types that `policy` declares; mistakes in these declarations are
/// reported with its own.
pub fn check_expression(
    tree: &Tree,
    expression: ExprId,
    policy: &Tree,
    environment: &Environment,
) -> CheckedExpression {
    resolve::expression::check(tree, expression, policy, environment)
}
