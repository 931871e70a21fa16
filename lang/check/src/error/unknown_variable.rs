//! `unknown-variable`: a variable that nothing in the rule introduces.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span, did_you_mean};

use super::suggest;

/// A lower-case name that stands for nothing; `variables` are those of the rule.
pub(crate) fn unknown_variable(span: Span, name: &str, variables: Vec<&str>) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownVariable,
        span,
        format!("nothing in this rule introduces `{name}`"),
    );
    let is_near = did_you_mean(name, variables.iter().copied()).is_some();
    let diagnostic = suggest(diagnostic, span, name, variables, "its variables are");
    if is_near {
        return diagnostic;
    }
    if matches!(name, "this" | "self" | "it") {
        return diagnostic.with_help("name the actor that is meant by a variable: `Folder(f)`");
    }
    diagnostic.with_help(format!(
        "introduce it where it is first used, with its type: `Type({name})`"
    ))
}

/// A module where a variable is needed.
pub(crate) fn module(span: Span, name: &str) -> Diagnostic {
    let message = format!("`{name}` is a module, and stands for no actor and no server");
    Diagnostic::new(Code::UnknownVariable, span, message)
        .with_help(format!("its definitions are used as `{name}.NAME(..)`"))
}

/// A variable that only an aggregate introduces, used outside of it.
pub(crate) fn known_to_aggregate(span: Span, name: &str, introduced: Span) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownVariable,
        span,
        format!("nothing in this rule introduces `{name}`"),
    )
    .with_label(introduced, "known only in this aggregate")
    .with_help(format!(
        "introduce it outside of the aggregate, and before it, with its type: `Type({name})`"
    ))
}

/// `10KB / s`: a rate in more than one word. `rate` is how it is written, `whole` what to replace.
pub(crate) fn rate_with_blanks(span: Span, whole: Span, rate: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownVariable,
        span,
        "nothing in this rule introduces `s`",
    )
    .with_help(format!(
        "a number per second is written without blanks: `{rate}`"
    ))
    .with_fix(Fix::safe(format!("replace with `{rate}`"), whole, rate))
}

/// A lower-case name by itself where a condition is needed: no variable could stand there.
pub(crate) fn unknown_condition(span: Span, name: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::UnknownVariable,
        span,
        format!("a condition is needed here, and nothing is called `{name}`"),
    );
    match name {
        "_" | "always" | "yes" => diagnostic
            .with_help("a condition that always holds is `true`")
            .with_fix(Fix::safe("replace with `true`", span, "true")),
        _ => diagnostic,
    }
}
