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

/// Two definitions of one name.
pub(crate) fn definition(span: Span, name: &str, first: Span) -> Diagnostic {
    duplicate(span, format!("`{name}` is defined twice"), first)
}

/// Two arguments of one name in a definition.
pub(crate) fn about(span: Span, name: &str, first: Span) -> Diagnostic {
    duplicate(
        span,
        format!("the definition is about `{name}` twice"),
        first,
    )
}

/// Two modules that would be known by one name.
pub(crate) fn module(span: Span, name: &str, first: Span) -> Diagnostic {
    let message = format!("this file uses a module `{name}` already");
    Diagnostic::new(Code::DuplicateName, span, message)
        .with_label(first, "used here")
        .with_help("a file uses a module once, under the last word of its path")
}

/// A parameter that one `with` sets twice.
pub(crate) fn setting(span: Span, name: &str, first: Span) -> Diagnostic {
    Diagnostic::new(Code::DuplicateName, span, format!("`{name}` is set twice"))
        .with_label(first, "first set here")
}

/// A definition with the name of a parameter.
pub(crate) fn definition_and_param(span: Span, name: &str, declared: Span) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateName,
        span,
        format!("`{name}` is a parameter and cannot be a definition too"),
    )
    .with_label(declared, "the parameter is declared here")
    .with_help("give one of them another name")
}

/// A definition with the name of a function or a behavior of the language.
pub(crate) fn definition_and_word(span: Span, name: &str, noun: &str) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateName,
        span,
        format!("`{name}` is a {noun} of the language and cannot be defined"),
    )
    .with_help("give the definition another name")
}

/// A variable with the name of a definition.
pub(crate) fn variable_and_definition(span: Span, name: &str, defined: Span) -> Diagnostic {
    Diagnostic::new(
        Code::DuplicateName,
        span,
        format!("`{name}` is a definition and cannot be a variable too"),
    )
    .with_label(defined, "defined here")
    .with_help("give the variable another name, here and wherever the rule uses it")
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
