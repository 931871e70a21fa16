//! `unknown-function`: a function that the actor type does not offer, or a behavior that does not
//! exist.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};
use plasma_model::AGGREGATES;

use super::{label_declared, suggest};

/// A function that the actor type, declared at `declared`, does not offer.
pub(crate) fn unknown_function<'a>(
    span: Span,
    name: &str,
    actor_type: &str,
    declared: Span,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message = format!("actor type `{actor_type}` has no function `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownFunction, span, message);
    let diagnostic = label_declared(
        diagnostic,
        declared,
        format!("`{actor_type}` is declared here"),
    );
    suggest(diagnostic, span, name, candidates, "its functions are")
}

/// A function of `any` that no actor type offers.
pub(crate) fn no_type_offers<'a>(
    span: Span,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message = format!("no actor type has a function `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownFunction, span, message)
        .with_primary_label("`any` stands for the types that have it");
    suggest(
        diagnostic,
        span,
        name,
        candidates,
        "there are the functions",
    )
}

/// A function that the policy declares and the application's schema does not have.
pub(crate) fn not_in_schema<'a>(
    span: Span,
    name: &str,
    actor_type: &str,
    in_schema: Span,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message =
        format!("actor type `{actor_type}` has no function `{name}` in the application's schema");
    let diagnostic = Diagnostic::new(Code::UnknownFunction, span, message)
        .with_primary_label("declared only here");
    let diagnostic = label_declared(
        diagnostic,
        in_schema,
        format!("`{actor_type}` in the application's schema"),
    );
    suggest(diagnostic, span, name, candidates, "its functions are")
}

/// An aggregate that the language does not have.
pub(crate) fn unknown_aggregate(span: Span, name: &str) -> Diagnostic {
    let message = format!("there is no aggregate `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownFunction, span, message);
    // What other systems call them.
    let synonym = match name {
        "average" | "mean" => Some("avg"),
        "median" => Some("p50"),
        "total" => Some("sum"),
        "maximum" => Some("max"),
        "minimum" => Some("min"),
        "number" | "len" | "length" | "size" => Some("count"),
        "stdev" | "std" | "sigma" => Some("stddev"),
        _ => None,
    };
    match synonym {
        Some(word) => diagnostic
            .with_help(format!("did you mean `{word}`?"))
            .with_fix(Fix::safe(format!("replace with `{word}`"), span, word)),
        None => {
            let names = AGGREGATES.iter().map(|row| row.name);
            let all: Vec<String> = names.clone().map(|name| format!("`{name}`")).collect();
            let diagnostic = suggest(diagnostic, span, name, names, "");
            if diagnostic.help.is_some() {
                return diagnostic;
            }
            diagnostic.with_note(format!("the aggregates are {}", all.join(", ")))
        }
    }
}

/// A definition that a module does not have.
pub(crate) fn unknown_definition<'a>(
    span: Span,
    name: &str,
    module: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message = format!("module `{module}` defines no `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownFunction, span, message);
    suggest(diagnostic, span, name, candidates, "it defines")
}

/// A word with arguments that is nothing, but nearly the definition `near`.
pub(crate) fn near_definition(span: Span, name: &str, near: &str) -> Diagnostic {
    let message = format!("nothing is called `{name}`");
    Diagnostic::new(Code::UnknownFunction, span, message)
        .with_help(format!("did you mean `{near}`?"))
        .with_fix(Fix::safe(format!("replace with `{near}`"), span, near))
}

/// A behavior that the language does not have.
pub(crate) fn unknown_behavior<'a>(
    span: Span,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message = format!("there is no behavior `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownFunction, span, message);
    let candidates = candidates.into_iter();
    let all: Vec<String> = candidates.clone().map(|name| format!("`{name}`")).collect();
    let diagnostic = suggest(diagnostic, span, name, candidates, "");
    if diagnostic.help.is_some() {
        return diagnostic;
    }
    diagnostic.with_note(format!("the behaviors are {}", all.join(", ")))
}
