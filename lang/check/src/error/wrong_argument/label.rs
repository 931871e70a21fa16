//! `wrong-argument` where a behavior is told by which label.

use plasma_diagnostic::{Diagnostic, Fix, Span};
use plasma_model::BehaviorRow;

use super::wrong;

/// `spread({Folder}, "zone")`
pub(crate) fn without_by(row: &BehaviorRow, span: Span, text: &str) -> Diagnostic {
    let meant = format!("by {text}");
    wrong(
        span,
        format!("`{}` is told by which label with `by`", row.name),
    )
    .with_help(format!("write `{meant}`"))
    .with_fix(Fix::safe(format!("replace with `{meant}`"), span, meant))
}

/// `spread({Folder}, by server)`, where `whole` is everything behind the types.
pub(crate) fn by_server(row: &BehaviorRow, span: Span, whole: Span) -> Diagnostic {
    let message = format!("`{}` without `by` is over servers", row.name);
    wrong(span, message).with_fix(Fix::safe("leave it out", whole, ""))
}

/// `spread({Folder}, cpu)`: that is what `balance` does.
pub(crate) fn resource(
    row: &BehaviorRow,
    span: Span,
    (call, types): (Span, &str),
    text: &str,
) -> Diagnostic {
    let meant = format!("balance({types}, {text})");
    let message = format!("`{}` counts actors and takes no resource", row.name);
    wrong(span, message)
        .with_help(format!(
            "`balance` evens out a resource; `{}` takes a label, `by \"zone\"`, or nothing more",
            row.name
        ))
        .with_fix(Fix::doubtful(
            format!("replace with `{meant}`"),
            call,
            meant,
        ))
}

/// Something else than a text behind `by`, or than `by` itself.
pub(crate) fn not_a_label(row: &BehaviorRow, span: Span, text: &str) -> Diagnostic {
    let message = format!(
        "`{}` needs the name of a label here, not `{text}`",
        row.name
    );
    wrong(span, message).with_help("for example `by \"zone\"`; without it, over servers")
}
