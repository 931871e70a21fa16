//! `never-true`: a condition that no cluster can make true.

use plasma_diagnostic::{Code, Diagnostic, Span};

/// A comparison or a `false` that never holds, with the reason.
pub(crate) fn never_true(span: Span, text: &str, reason: &str) -> Diagnostic {
    let message = format!("`{text}` never holds");
    Diagnostic::new(Code::NeverTrue, span, message).with_primary_label(reason)
}

/// Two comparisons that exclude each other, joined by `and`.
pub(crate) fn contradiction(
    (first, first_text): (Span, &str),
    (second, second_text): (Span, &str),
) -> Diagnostic {
    let message = format!("`{first_text}` and `{second_text}` never hold together");
    Diagnostic::new(Code::NeverTrue, second, message).with_label(first, "excludes it")
}

/// A variable of `any` of which more is asked than any one type offers.
pub(crate) fn no_type(span: Span, name: &str) -> Diagnostic {
    let message = format!("no actor type has all the functions and properties asked of `{name}`");
    Diagnostic::new(Code::NeverTrue, span, message)
        .with_primary_label("the rule never fires for it")
}
