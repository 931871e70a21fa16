//! E0002 syntax-error in a text with holes.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};

const BRACES: &str = "`{{` and `}}` stand for braces in the text";

fn syntax(span: Span, message: &str) -> Diagnostic {
    Diagnostic::new(Code::SyntaxError, span, message)
}

/// `"{f is hot"`
pub(crate) fn open(span: Span) -> Diagnostic {
    syntax(span, "nothing closes this `{`").with_help(format!(
        "write `}}` behind what is to stand there; {BRACES}"
    ))
}

/// `"f} is hot"`
pub(crate) fn stray(span: Span) -> Diagnostic {
    syntax(span, "nothing opens this `}`")
        .with_help(BRACES)
        .with_fix(Fix::doubtful("write `}}`", span, "}}"))
}

/// `"{} is hot"`
pub(crate) fn empty(span: Span) -> Diagnostic {
    let braces = Span {
        start: span.start.saturating_sub(1),
        end: span.end + 1,
        ..span
    };
    syntax(braces, "nothing stands between the braces")
        .with_help(format!("for example `{{f}}` or `{{f.cpu.perc}}`; {BRACES}"))
}

/// `"{f. } is hot"`: what the parser says of it, if it says something.
pub(crate) fn hole(span: Span, found: Option<Diagnostic>) -> Diagnostic {
    let Some(mut found) = found else {
        return syntax(span, "between the braces stands one expression")
            .with_help(format!("for example `{{f}}` or `{{f.cpu.perc}}`; {BRACES}"));
    };
    if found.message.contains("`=>`") {
        // Here, no rule goes on.
        found = syntax(
            found.primary,
            "between the braces stands one expression, and it ends before this",
        );
    }
    // What is said of the end of the text is meant of the end of the hole.
    found.message = found
        .message
        .replace("the end of the text", "the end of the hole");
    found.primary.start = found.primary.start.clamp(span.start, span.end);
    found.primary.end = found.primary.end.clamp(found.primary.start, span.end);
    if found.primary.start == span.end {
        // The brace that ends it.
        found.primary.end = span.end + 1;
    }
    found.with_label(span, "in this hole of the text")
}
