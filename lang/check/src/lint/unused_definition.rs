//! `unused-definition`: a definition that no rule and no test of its file uses.

use plasma_diagnostic::{Code, Diagnostic, Span};

/// Reports a definition that nothing uses.
pub(crate) fn unused_definition(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnusedDefinition,
        span,
        format!("no rule uses the definition `{name}`"),
    )
    .with_help("use it, or delete it; a file of definitions for others has no rules of its own")
}
