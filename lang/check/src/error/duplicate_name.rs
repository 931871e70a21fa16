//! `duplicate-name`: a name that is declared twice.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};

fn duplicate(span: Span, message: String, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, span, message)
        .with_primary_label("declared again")
        .with_label(first, "first declared here")
}

/// Two rules of one name; `number` is the second one's place among the rules, from 1.
pub(crate) fn rule(span: Span, name: &str, first: Span, number: usize) -> Diagnostic {
    let unique = format!("{name}_{number}");
    duplicate(span, format!("there are two rules `{name}`"), first).with_fix(Fix::doubtful(
        format!("rename this one to `{unique}`"),
        span,
        unique,
    ))
}

/// Two parameters of one name.
pub(crate) fn param(span: Span, name: &str, first: Span) -> Diagnostic {
    duplicate(span, format!("there are two parameters `{name}`"), first)
}

/// Two tests of one name.
pub(crate) fn test(span: Span, name: &str, first: Span) -> Diagnostic {
    duplicate(span, format!("there are two tests `{name}`"), first)
}

/// Two declarations of one actor type.
pub(crate) fn actor(span: Span, name: &str, first: Span) -> Diagnostic {
    duplicate(
        span,
        format!("actor type `{name}` is declared twice"),
        first,
    )
    .with_help("put all its properties and functions into one declaration")
}

/// Two members of one kind and name in an actor declaration.
pub(crate) fn member(span: Span, kind: &str, name: &str, first: Span) -> Diagnostic {
    duplicate(span, format!("{kind} `{name}` is declared twice"), first)
}

/// The same attribute twice at one rule.
pub(crate) fn attribute(span: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateName,
        span,
        format!("the rule has two values for `{name}`"),
    )
    .with_label(first, "first set here")
}

/// A variable with the name of a parameter.
pub(crate) fn variable_and_param(span: Span, name: &str, declared: Span) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateName,
        span,
        format!("`{name}` is a parameter and cannot be a variable too"),
    )
    .with_label(declared, "the parameter is declared here")
    .with_help("give the variable another name, here and wherever the rule uses it")
}
