//! `unknown-property`: a property, a metric or a statistic that does not exist.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};

use super::{label_declared, suggest};

/// A property that the actor type, declared at `declared`, does not have. `candidates` are its
/// references; `function` is where it has a function of that name instead.
pub(crate) fn unknown_property<'a>(
    span: Span,
    name: &str,
    actor_type: &str,
    declared: Span,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
    function: Option<Span>,
) -> Diagnostic {
    let message = format!("actor type `{actor_type}` has no property `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownProperty, span, message);
    if let Some(function) = function {
        let message = format!("`{name}` is a function; functions hold no references");
        return label_declared(diagnostic, function, message);
    }
    let diagnostic = label_declared(
        diagnostic,
        declared,
        format!("`{actor_type}` is declared here"),
    );
    suggest(diagnostic, span, name, candidates, "its references are")
}

/// A property of `any` that no actor type has.
pub(crate) fn no_type_offers<'a>(
    span: Span,
    name: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message = format!("no actor type has a property `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownProperty, span, message)
        .with_primary_label("`any` stands for the types that have it");
    suggest(
        diagnostic,
        span,
        name,
        candidates,
        "there are the properties",
    )
}

/// A property that the policy declares and the application's schema does not have.
pub(crate) fn not_in_schema<'a>(
    span: Span,
    name: &str,
    actor_type: &str,
    in_schema: Span,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message =
        format!("actor type `{actor_type}` has no property `{name}` in the application's schema");
    let diagnostic = Diagnostic::new(Code::UnknownProperty, span, message)
        .with_primary_label("declared only here");
    let diagnostic = label_declared(
        diagnostic,
        in_schema,
        format!("`{actor_type}` in the application's schema"),
    );
    suggest(diagnostic, span, name, candidates, "its properties are")
}

/// A word behind an entity that names nothing measured of it.
pub(crate) fn feature<'a>(
    span: Span,
    name: &str,
    entity: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let owner = match entity {
        "client" | "server" => format!("`{entity}`"),
        _ => entity.to_owned(),
    };
    let message = format!("{owner} has no `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownProperty, span, message);
    let candidates = candidates.into_iter();
    let all: Vec<String> = candidates.clone().map(|name| format!("`{name}`")).collect();
    let diagnostic = suggest(diagnostic, span, name, candidates, "");
    if diagnostic.help.is_some() {
        return diagnostic;
    }
    diagnostic.with_note(format!("there are {}", all.join(", ")))
}

/// A word behind a metric that is no statistic.
pub(crate) fn statistic<'a>(
    span: Span,
    name: &str,
    metric: &str,
    candidates: impl IntoIterator<Item = &'a str, IntoIter: Clone>,
) -> Diagnostic {
    let message = format!("`{metric}` has no statistic `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownProperty, span, message);
    // The words that other systems use for the same thing.
    let synonym = match name {
        "percent" | "percentage" | "pct" | "share" | "load" => Some("perc"),
        "bytes" | "used" | "usage" => Some("size"),
        "number" | "calls" | "total" => Some("count"),
        _ => None,
    };
    let candidates = candidates.into_iter();
    let synonym = synonym.and_then(|word| candidates.clone().find(|c| *c == word));
    match synonym {
        Some(word) => diagnostic
            .with_help(format!("did you mean `{word}`?"))
            .with_fix(Fix::safe(format!("replace with `{word}`"), span, word)),
        None => suggest(diagnostic, span, name, candidates, "its statistics are"),
    }
}

/// A word behind a label.
pub(crate) fn after_label(span: Span, name: &str) -> Diagnostic {
    let message = format!("a label is a text and has no `{name}`");
    Diagnostic::new(Code::UnknownProperty, span, message)
}

/// A word behind a statistic.
pub(crate) fn after_statistic(span: Span, name: &str, statistic: &str) -> Diagnostic {
    let message = format!("`{statistic}` is a number and has no `{name}`");
    let before_dot = Span::new(span.file, span.start.saturating_sub(1), span.end);
    Diagnostic::new(Code::UnknownProperty, span, message).with_fix(Fix::doubtful(
        format!("remove `.{name}`"),
        before_dot,
        "",
    ))
}
