//! `wrong-argument` where a behavior takes a text with holes.

use plasma_diagnostic::{Diagnostic, Fix, Span};
use plasma_model::BehaviorRow;

use super::wrong;

/// `alert(f)`: the text may be meant to tell it.
pub(crate) fn not_a_text(row: &BehaviorRow, span: Span, text: &str) -> Diagnostic {
    let message = format!("`{}` needs a text in quotes here, not `{text}`", row.name);
    let meant = format!("\"{{{text}}}\"");
    let diagnostic = wrong(span, message)
        .with_help("what stands in braces in the text is replaced by its value: `\"{f} is busy\"`");
    match text.contains('"') {
        true => diagnostic,
        false => diagnostic.with_fix(Fix::doubtful(
            format!("replace with `{meant}`"),
            span,
            meant,
        )),
    }
}

/// `{Folder.cpu.perc}`: of which one?
pub(crate) fn some_actor(span: Span, text: &str) -> Diagnostic {
    wrong(
        span,
        format!("`{text}` is about some actor: which one is not said"),
    )
    .with_help("introduce a variable in the condition, `Folder(f)`, and name it: `{f.cpu.perc}`")
}

/// `{server.cpu.perc}` in a rule without an actor.
pub(crate) fn some_server(span: Span) -> Diagnostic {
    wrong(
        span,
        "which server is meant is not said: the rule is about no actor, and `server` is some server"
            .to_owned(),
    )
    .with_help("name one in the condition, `server(s)`, and write `{s.cpu.perc}`")
}
