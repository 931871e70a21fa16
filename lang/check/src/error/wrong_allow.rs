//! `wrong-allow`: an `allow` that names no lint, gives no reason or no last day.

use plasma_diagnostic::{Code, Diagnostic, Fix, LintNameError, Span};

/// What an `allow` looks like.
const EXAMPLE: &str = "write the lint, why it is silent, and the last day: `allow \"no-gap\" \"a test cluster\" until \
     \"2027-01-31\"`";

/// `allow 5`: something else than a lint in quotes.
pub(crate) fn no_lint(span: Span) -> Diagnostic {
    Diagnostic::new(Code::WrongAllow, span, "this `allow` names no lint").with_help(EXAMPLE)
}

/// A text that names no lint, or an error. `quoted` is its place, with the quotes.
pub(crate) fn unknown_lint(quoted: Span, error: &LintNameError) -> Diagnostic {
    let diagnostic = |message| Diagnostic::new(Code::WrongAllow, quoted, message);
    match error {
        LintNameError::Unknown { text, meant } => {
            let diagnostic = diagnostic(format!("there is no lint `{text}`"));
            match meant {
                Some(meant) => diagnostic
                    .with_help(format!("did you mean `{meant}`?"))
                    .with_fix(Fix::safe(
                        format!("replace with `{meant}`"),
                        quoted,
                        format!("\"{meant}\""),
                    )),
                None => diagnostic.with_help(
                    "a lint goes by its name, or by the code in brackets where it is reported: `W0401`",
                ),
            }
        }
        LintNameError::IsError(_) => diagnostic(error.to_string()),
    }
}

/// `expired-allow`, which no `allow` can silence.
pub(crate) fn about_itself(quoted: Span, lint: &str) -> Diagnostic {
    let message = format!("no `allow` silences `{lint}`, which is about the `allow`s");
    Diagnostic::new(Code::WrongAllow, quoted, message)
        .with_help("give the `allow` that has expired a later day, or remove it")
}

/// Nothing, or nothing but blanks, says why.
pub(crate) fn no_reason(span: Span, lint: &str) -> Diagnostic {
    let message = format!("this `allow` does not say why `{lint}` is silent");
    Diagnostic::new(Code::WrongAllow, span, message).with_help(EXAMPLE)
}

/// Nothing says until when.
pub(crate) fn no_day(span: Span, lint: &str) -> Diagnostic {
    let message = format!("this `allow` does not say until when `{lint}` is silent");
    Diagnostic::new(Code::WrongAllow, span, message)
        .with_help("a reason seldom holds for ever: add the last day, `until \"2027-01-31\"`")
        .with_note(format!(
            "`{lint} = \"allow\"` under `[lints]` in `plasma.toml` has no end"
        ))
}

/// A text that is no day.
pub(crate) fn bad_day(quoted: Span, text: &str) -> Diagnostic {
    let message = format!("`{text}` is no day of the calendar");
    Diagnostic::new(Code::WrongAllow, quoted, message)
        .with_help("write year, month and day as in `\"2027-01-31\"`")
}

/// An item behind another one.
pub(crate) fn misplaced(span: Span) -> Diagnostic {
    let message = "an `allow` for the whole file stands before its first item";
    Diagnostic::new(Code::WrongAllow, span, message).with_help(
        "move it to the beginning of the file, or to one rule: `rule hot [allow ..]: ..`",
    )
}
