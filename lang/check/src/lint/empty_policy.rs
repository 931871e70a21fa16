//! `empty-policy`: a file without rules.

use plasma_diagnostic::{Code, Diagnostic, Span};

/// A policy without rules. A file that declares actors is a schema and needs none.
pub(crate) fn empty_policy(start: Span) -> Diagnostic {
    Diagnostic::new(
        Code::EmptyPolicy,
        start,
        "the policy has no rules and changes nothing",
    )
}
