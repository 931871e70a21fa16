//! `stray-doc`: a `///` comment that documents nothing.

use plasma_diagnostic::{Code, Diagnostic, Span};

/// A `///` comment with no item after it.
pub(crate) fn stray_doc(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::StrayDoc,
        span,
        "this `///` comment documents nothing: no item follows it",
    )
    .with_help("a comment that documents nothing starts with `//`")
}
