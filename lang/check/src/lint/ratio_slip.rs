//! `ratio-slip`: a share written as a ratio, `0.8` for `80%`.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};

/// The constant `text` at `span` is below 1 and compared with a percentage. `literal` is where it is
/// written, which is elsewhere for a parameter and nowhere for one set from outside.
pub(crate) fn ratio_slip(
    span: Span,
    text: &str,
    value: f64,
    feature: &str,
    literal: Option<Span>,
) -> Diagnostic {
    // 0.8 * 100 is not 80 in binary; people write few digits.
    let percent = (value * 100.0 * 1e6).round() / 1e6;
    let meant = format!("{percent}%");
    let message = format!("`{text}` is less than one percent: `{feature}` goes from 0 to 100");
    let diagnostic = Diagnostic::new(Code::RatioSlip, span, message)
        .with_help(format!("did you mean `{meant}`? If not, write `{text}%`"));
    let Some(literal) = literal else {
        return diagnostic;
    };
    let diagnostic = if literal == span {
        diagnostic
    } else {
        diagnostic.with_label(literal, "the value comes from here")
    };
    let exact = format!("{text}%");
    diagnostic
        .with_fix(Fix::doubtful(
            format!("replace with `{meant}`"),
            literal,
            meant,
        ))
        .with_fix(Fix::doubtful(
            format!("replace with `{exact}`"),
            literal,
            exact,
        ))
}
