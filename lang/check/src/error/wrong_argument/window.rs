//! `wrong-argument`, of windows: what can be looked at over time, and for how long.

use plasma_diagnostic::{Diagnostic, Fix, Span};
use plasma_model::WindowFunctionRow;

use super::wrong;

/// Something calculated before `over`. `is_windowed` says that it is one over time itself.
pub(crate) fn of_no_feature(span: Span, text: &str, is_windowed: bool) -> Diagnostic {
    let message = format!("`{text}` is no measured value: it has no past");
    let help = if is_windowed {
        "a window is of a measured value, not of another window"
    } else {
        "write `over` behind each measured value: `f.cpu.perc over 60s + f.net.perc over 60s`"
    };
    wrong(span, message).with_help(help)
}

/// `over (a + b)`, `forecast(x, y.cpu)`: no length of time.
pub(crate) fn no_length(span: Span, text: &str) -> Diagnostic {
    wrong(span, format!("a window needs a length, not `{text}`"))
        .with_help("a duration such as `60s`, or a parameter that is one")
}

/// A function over time with too many or too few arguments.
pub(crate) fn function(span: Span, row: &WindowFunctionRow, given: usize) -> Diagnostic {
    let expected = row.usage.matches(',').count() + 1;
    let plural = if expected == 1 { "" } else { "s" };
    let message = format!(
        "`{}` takes {expected} argument{plural}, not {given}",
        row.name
    );
    wrong(span, message).with_help(format!("it is `{}`", row.usage))
}

/// `rate(server.cpu)`: over which time?
pub(crate) fn without_window(span: Span, text: &str, name: &str) -> Diagnostic {
    let meant = format!("{text} over 60s");
    wrong(span, format!("`{name}` needs a window"))
        .with_help(format!("for example `{name}({meant})`"))
        .with_fix(Fix::doubtful("add `over 60s`", span.after(), " over 60s"))
}
