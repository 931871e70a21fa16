//! `unknown-type`: an actor type that the application does not have.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};

use super::suggest;

/// A type that neither the schema nor the policy declares. `candidates` are the types that would be
/// right in this place.
pub(crate) fn unknown_type<'a>(
    span: Span,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownType,
        span,
        format!("there is no actor type `{name}`"),
    )
    .with_primary_label("not declared");
    // `Server.cpu`: a word of the language, in its wrong case.
    let words = ["server", "client", "any"];
    if let Some(word) = words.iter().find(|word| name.eq_ignore_ascii_case(word)) {
        return diagnostic
            .with_help(format!("did you mean `{word}`?"))
            .with_fix(Fix::safe(format!("replace with `{word}`"), span, *word));
    }
    suggest(diagnostic, span, name, candidates, "there are")
}

/// A type that the policy declares and the application's schema does not have.
pub(crate) fn not_in_schema<'a>(
    span: Span,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownType,
        span,
        format!("the application has no actor type `{name}`"),
    )
    .with_primary_label("declared only here");
    suggest(diagnostic, span, name, candidates, "its schema has")
}

/// `folder(f)`: a variable is introduced by an actor type, which starts with an upper-case letter.
pub(crate) fn lower_case<'a>(
    span: Span,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownType,
        span,
        format!("`{name}` is no actor type"),
    )
    .with_primary_label("actor types start with an upper-case letter");
    suggest(diagnostic, span, name, candidates, "there are")
}

/// The type of a property that is neither an actor type nor that of a value.
pub(crate) fn unknown_property_type<'a>(
    span: Span,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    // What other languages call the types of values.
    let synonym = match name {
        "integer" | "number" | "i64" | "u64" => "int",
        "double" | "f64" | "real" => "float",
        "boolean" => "bool",
        "string" | "str" => "text",
        _ => return unknown_type(span, name, candidates),
    };
    Diagnostic::new(
        Code::UnknownType,
        span,
        format!("there is no type `{name}`"),
    )
    .with_help(format!("did you mean `{synonym}`?"))
    .with_fix(Fix::safe(
        format!("replace with `{synonym}`"),
        span,
        synonym,
    ))
}

/// A value from outside of the parameter `name`, an actor type that there is not.
pub(crate) fn set_from_outside<'a>(
    (span, name): (Span, &str),
    value: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message = format!("cannot set `{name}={value}`: there is no actor type `{value}`");
    let diagnostic = Diagnostic::new(Code::UnknownType, span, message);
    let candidates = candidates.into_iter();
    match plasma_diagnostic::did_you_mean(value, candidates.clone()) {
        Some(near) => diagnostic.with_help(format!("did you mean `{name}={near}`?")),
        None => match super::listed(candidates) {
            Some(names) => diagnostic.with_note(format!("there are: {names}")),
            None => diagnostic,
        },
    }
}
