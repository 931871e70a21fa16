//! E0003 too-large: a text beyond the bounds of [`crate::limit`].

use plasma_diagnostic::{Code, Diagnostic, FileId, Span};

use crate::limit::{NESTING_DEPTH_MAX, POLICY_BYTES_MAX, POLICY_RULES_MAX, SYNTAX_ERRORS_MAX};

/// A text of too many bytes; nothing of it is read.
pub(crate) fn bytes(file: FileId, length: usize) -> Diagnostic {
    let megabytes = POLICY_BYTES_MAX >> 20;
    Diagnostic::new(
        Code::TooLarge,
        Span::new(file, 0, 0),
        format!("the text has {length} bytes, more than the {megabytes} MiB that are read"),
    )
    .with_help("is this a policy? if so, split it into several files")
}

/// Too many rules; `rule` is the first that is left out.
pub(crate) fn rules(rule: Span) -> Diagnostic {
    Diagnostic::new(
        Code::TooLarge,
        rule.before(),
        format!("more than {POLICY_RULES_MAX} rules in one file"),
    )
    .with_primary_label("everything from here on is left out")
    .with_help("split the policy into several files")
}

/// Expressions, parentheses or `not`s too deep in each other.
pub(crate) fn nesting(place: Span) -> Diagnostic {
    Diagnostic::new(
        Code::TooLarge,
        place,
        format!("nested more than {NESTING_DEPTH_MAX} levels deep"),
    )
    .with_help("remove parentheses, or split the rule in two")
}

/// So many mistakes that the rest of the text is not looked at.
pub(crate) fn mistakes(place: Span) -> Diagnostic {
    Diagnostic::new(
        Code::TooLarge,
        place,
        format!("more than {SYNTAX_ERRORS_MAX} mistakes: the rest of the text is not read"),
    )
    .with_help("is this a policy? if so, mend the first mistakes and try again")
}
