//! `never-true`: a condition that no cluster can make true.

use plasma_diagnostic::{Code, Diagnostic, Span};

/// A comparison or a `false` that never holds, with the reason.
pub(crate) fn never_true(span: Span, text: &str, reason: &str) -> Diagnostic {
    let message = format!("`{text}` never holds");
    Diagnostic::new(Code::NeverTrue, span, message).with_primary_label(reason)
}

/// Conditions that exclude each other, joined by `and`: the last one, and those before it.
pub(crate) fn contradiction(
    causes: &[(Span, String)],
    (last, last_text): (Span, String),
) -> Diagnostic {
    let message = match causes {
        [(_, first)] => format!("`{first}` and `{last_text}` never hold together"),
        _ => format!("`{last_text}` never holds together with the conditions beside it"),
    };
    let label = match causes {
        [_] => "excludes it",
        _ => "these together exclude it",
    };
    let diagnostic = Diagnostic::new(Code::NeverTrue, last, message);
    causes.iter().fold(diagnostic, |diagnostic, (span, _)| {
        diagnostic.with_label(*span, label)
    })
}

/// A variable of `any` of which more is asked than any one type offers.
pub(crate) fn no_type(span: Span, name: &str) -> Diagnostic {
    let message = format!("no actor type has all the functions and properties asked of `{name}`");
    Diagnostic::new(Code::NeverTrue, span, message)
        .with_primary_label("the rule never fires for it")
}
