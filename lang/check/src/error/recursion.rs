//! `recursion`: a definition that stands for itself, perhaps through others.

use plasma_diagnostic::{Code, Diagnostic, Span};

/// The use of a definition that closes a circle: the names of those on the way, each with where it is
/// defined, beginning with the one that is used.
pub(crate) fn recursion(span: Span, circle: &[(&str, Span)]) -> Diagnostic {
    let name = circle.first().map_or("", |(name, _)| name);
    let message = format!("`{name}` stands for itself");
    let mut diagnostic = Diagnostic::new(Code::Recursion, span, message);
    if let [_, others @ ..] = circle {
        for (other, defined) in others {
            diagnostic = diagnostic.with_label(*defined, format!("by way of `{other}`"));
        }
        if !others.is_empty() {
            diagnostic = diagnostic.with_primary_label("back to where it began");
        }
    }
    diagnostic.with_help(
        "a definition is a name for a condition or a value, which would have no end here",
    )
}
