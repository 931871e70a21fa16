//! E0002 for tests: series, and what a test expects.

use plasma_diagnostic::{Diagnostic, Fix, Span};

use super::syntax;
use crate::error::bad_token::shown;

/// `[10%..90%]`
pub(crate) fn range_without_step(span: Span, text: &str) -> Diagnostic {
    let meant = format!("{} step 10%", shown(text));
    syntax(
        span,
        "a range in a series needs to say how far its numbers are apart",
    )
    .with_help(format!("for example `{meant}`"))
    .with_fix(Fix::doubtful("add `step 10%`", span.after(), " step 10%"))
}

/// `40% x0`
pub(crate) fn times_out_of_range(span: Span, most: u32) -> Diagnostic {
    syntax(
        span,
        format!("an entry of a series stands for 1 to {most} periods"),
    )
}

/// `expect no move;`
pub(crate) fn no_what(whole: Span, name: Span) -> Diagnostic {
    syntax(
        whole,
        "behind `no` stands `actions`: that the plan is empty",
    )
    .with_help("that something is not asked for is written `not`: `expect not migrate(f);`")
    .with_fix(Fix::doubtful("replace with `actions`", name, "actions"))
}

/// `[10%, _x5]`: missing samples without the blank. `times` are the digits.
pub(crate) fn missing_in_one_word(span: Span, times: &str) -> Diagnostic {
    let meant = format!("_ x{times}");
    syntax(span, format!("expected a number, found `_x{times}`"))
        .with_help(format!(
            "{times} missing samples are written `{meant}`, with a blank"
        ))
        .with_fix(Fix::safe(format!("replace with `{meant}`"), span, meant))
}
