//! `unknown-variable`: a variable that nothing in the rule introduces.

use plasma_diagnostic::{Code, Diagnostic, Span, did_you_mean};

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
    diagnostic.with_help(format!(
        "introduce it where it is first used, with its type: `Type({name})`"
    ))
}

/// A lower-case name by itself where a condition is needed: no variable could stand there.
pub(crate) fn unknown_condition(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::UnknownVariable,
        span,
        format!("a condition is needed here, and nothing is called `{name}`"),
    )
}
