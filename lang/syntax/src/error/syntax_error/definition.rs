//! E0002 in parameters, definitions and used modules, reported by the builder.

use plasma_diagnostic::{Diagnostic, Fix, Span};

use super::syntax;
use crate::error::bad_token::shown;

/// A parameter whose default is something calculated, a name or a text; `text` is what stands in the
/// quotes of one.
pub(crate) fn param_value(span: Span, text: Option<&str>) -> Diagnostic {
    let message = "a parameter's value is a number, `true`, `false`, or an actor type";
    let diagnostic = syntax(span, message);
    let is_number = |text: &&str| text.starts_with(|c: char| c.is_ascii_digit());
    match text.filter(is_number) {
        Some(number) => diagnostic
            .with_help(format!("numbers stand without quotes: `{}`", shown(number)))
            .with_fix(Fix::doubtful("remove the quotes", span, number)),
        None => diagnostic.with_help("for example `param high = 80%;` or `param Primary = any;`"),
    }
}

/// A parameter of a module that is set to something calculated, or to a text.
pub(crate) fn setting_value(span: Span) -> Diagnostic {
    syntax(
        span,
        "a parameter of a module is set to a number, `true`, `false`, an actor type, or a parameter \
         of this file",
    )
    .with_help("for example `with { share = 40% }`")
}

/// `with { share: 40% }`
pub(crate) fn setting_with_colon(colon: Span) -> Diagnostic {
    syntax(colon, "a parameter of a module is set with `=`").with_fix(Fix::safe(
        "replace with `=`",
        colon,
        " =",
    ))
}

/// `def from(c: client) = ..`
pub(crate) fn client_as_type(span: Span) -> Diagnostic {
    syntax(
        span,
        "`client` stands for all clients together and is no type",
    )
    .with_help("write `client` itself in the definition: `client.call(f.open).count > 100`")
}
