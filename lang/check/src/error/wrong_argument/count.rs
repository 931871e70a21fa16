//! `wrong-argument` where a behavior is told how many servers.

use plasma_diagnostic::{Diagnostic, Fix, Span};
use plasma_model::BehaviorRow;

use super::wrong;

/// `scale_out(s)`, `scale_out(1 + 1)`
pub(crate) fn not_a_number(row: &BehaviorRow, span: Span, text: &str) -> Diagnostic {
    let message = format!(
        "`{}` needs a number of servers here, not `{text}`",
        row.name
    );
    wrong(span, message).with_help(format!(
        "for example `{0}(1)`, or a parameter: `param step = 2;` and `{0}(step)`",
        row.name
    ))
}

/// `scale_out(-1)`: the other behavior may be meant.
pub(crate) fn negative(row: &BehaviorRow, span: Span, text: &str, most: i64) -> Diagnostic {
    let message = format!(
        "`{}` takes a whole number from 1 to {most}, not `{text}`",
        row.name
    );
    let opposite = match row.name {
        "scale_out" => "scale_in",
        _ => "scale_out",
    };
    wrong(span, message)
        .with_help(format!("the other way round it is `{opposite}`"))
        .with_fix(Fix::doubtful(
            "leave the sign out",
            span,
            text.trim_start_matches(['-', ' ']),
        ))
}
