//! `always-true`: a condition that every cluster makes true.

use plasma_diagnostic::{Code, Diagnostic, Span};

/// A comparison that always holds, with the reason.
pub(crate) fn always_true(span: Span, text: &str, reason: &str) -> Diagnostic {
    let message = format!("`{text}` always holds");
    Diagnostic::new(Code::AlwaysTrue, span, message).with_primary_label(reason)
}

/// A whole condition of which one part or another always holds.
pub(crate) fn whole(span: Span) -> Diagnostic {
    Diagnostic::new(Code::AlwaysTrue, span, "this condition always holds")
        .with_primary_label("whatever is measured, one part of it is true")
        .with_help("if every binding is meant, write `true`")
}
