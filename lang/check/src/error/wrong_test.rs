//! Mistakes in tests: names that the test does not introduce, and times in the wrong place.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};

use super::suggest;

/// Something that the test does not introduce. `meant` is the name that is near.
pub(crate) fn unknown_name(span: Span, name: &str, meant: Option<&str>) -> Diagnostic {
    let message = format!("nothing in this test introduces `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownVariable, span, message);
    match meant {
        Some(meant) => diagnostic
            .with_help(format!("did you mean `{meant}`?"))
            .with_fix(Fix::safe(format!("replace with `{meant}`"), span, meant)),
        None => diagnostic.with_help(format!(
            "introduce it: `server {name} {{ cpu: 50% }}`, or `Type {name} on s1`"
        )),
    }
}

/// An argument of an expected behavior that is something else.
pub(crate) fn argument(
    span: Span,
    behavior: &str,
    noun: &str,
    text: &str,
    meant: Option<&str>,
) -> Diagnostic {
    let message = format!("`{behavior}` needs {noun} here, not `{text}`");
    let diagnostic = Diagnostic::new(Code::WrongArgument, span, message);
    match meant {
        Some(meant) => diagnostic
            .with_help(format!("did you mean `{meant}`?"))
            .with_fix(Fix::safe(format!("replace with `{meant}`"), span, meant)),
        None => diagnostic,
    }
}

/// `by` a rule that does not exist.
pub(crate) fn unknown_rule(span: Span, name: &str, rules: Vec<&str>) -> Diagnostic {
    let message = format!("there is no rule `{name}`");
    let diagnostic = Diagnostic::new(Code::UnknownRule, span, message);
    suggest(diagnostic, span, name, rules, "the named rules are")
}

/// `expect .. within 30s`, `eventually .. at 30s`.
pub(crate) fn misplaced_time(span: Span, mode: &str, word: &str, meant: &str) -> Diagnostic {
    let message = format!("`{mode}` takes no `{word}`");
    let help = match meant {
        "at" => "`expect .. at 30s` looks at one time, `eventually .. within 30s` at all up to it",
        _ => "`eventually .. within 30s` looks at all times up to it, `expect .. at 30s` at one",
    };
    Diagnostic::new(Code::WrongArgument, span, message).with_help(help)
}
