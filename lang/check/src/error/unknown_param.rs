//! `unknown-param`: a parameter that is used or set but not declared.

use plasma_diagnostic::{Code, Diagnostic, Span, did_you_mean};

use plasma_model::Resource;

use super::{listed, suggest};

/// A name where a number stands, that no `param` declares.
pub(crate) fn unknown_param<'a>(
    span: Span,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownParam,
        span,
        format!("there is no parameter `{name}`"),
    )
    .with_primary_label("a number or a parameter is needed here");
    if Resource::from_name(name).is_some() {
        return diagnostic.with_help(format!(
            "say whose: `server.{name}`, or `Folder(f).{name}` of an actor"
        ));
    }
    let diagnostic = suggest(diagnostic, span, name, candidates, "there are");
    match diagnostic.help {
        Some(_) => diagnostic,
        None => diagnostic.with_help(format!("declare it: `param {name} = ..;`")),
    }
}

/// A value from outside for a parameter that the policy does not have. There is no text to replace,
/// so there is no fix.
pub(crate) fn set_from_outside<'a>(
    file_start: Span,
    name: &str,
    value: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownParam,
        file_start,
        format!("cannot set `{name}={value}`: the policy has no parameter `{name}`"),
    );
    let candidates = candidates.into_iter();
    match did_you_mean(name, candidates.clone()) {
        Some(near) => diagnostic.with_help(format!("did you mean `{near}={value}`?")),
        None => match listed(candidates) {
            Some(names) => diagnostic.with_note(format!("there are: {names}")),
            None => diagnostic.with_note("it has no parameters"),
        },
    }
}

/// A parameter that a `with` sets and the module does not have.
pub(crate) fn of_module<'a>(
    span: Span,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message = format!("the module has no parameter `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownParam, span, message);
    super::suggest(diagnostic, span, name, candidates, "its parameters are")
}
