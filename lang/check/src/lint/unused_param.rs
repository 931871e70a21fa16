//! `unused-param`: a parameter that no rule uses.

use plasma_diagnostic::{Code, Diagnostic, Span};

/// A parameter that no rule uses.
pub(crate) fn unused_param(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnusedParam,
        span,
        format!("nothing uses parameter `{name}`"),
    )
}
