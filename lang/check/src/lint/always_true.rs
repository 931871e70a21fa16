//! `always-true`: a comparison that every cluster makes true.

use plasma_diagnostic::{Code, Diagnostic, Span};

/// A comparison that always holds, with the reason.
pub(crate) fn always_true(span: Span, text: &str, reason: &str) -> Diagnostic {
    let message = format!("`{text}` always holds");
    Diagnostic::new(Code::AlwaysTrue, span, message).with_primary_label(reason)
}
