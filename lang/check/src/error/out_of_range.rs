//! `out-of-range`: a number outside the range that its place allows.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};
use plasma_model::RULE_VARIABLES_MAX;

/// A test that lasts too long.
pub(crate) fn too_many_periods(span: Span, most: f64) -> Diagnostic {
    Diagnostic::new(
        Code::OutOfRange,
        span,
        format!("a test lasts at most {most} periods"),
    )
    .with_help("give it a longer period, or mention earlier times")
}

/// A constant that the feature it is compared with can never reach. `declared` is the parameter that
/// the constant comes from.
pub(crate) fn constant(
    (span, text): (Span, &str),
    (feature_span, feature): (Span, &str),
    max: Option<f64>,
    declared: Option<(Span, &str)>,
) -> Diagnostic {
    let range = match max {
        Some(max) => format!("between 0 and {max}"),
        None => "at least 0".to_owned(),
    };
    let message = format!("`{text}` is out of range: `{feature}` is {range}");
    let diagnostic = Diagnostic::new(Code::OutOfRange, span, message)
        .with_label(feature_span, format!("always {range}"));
    match declared {
        Some((declared, name)) => diagnostic.with_label(declared, format!("`{name}` is {text}")),
        None => diagnostic,
    }
}

/// A number of so many digits that it counts as infinite.
pub(crate) fn too_large(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::OutOfRange,
        span,
        "the number is too large to be counted with",
    )
}

/// A division by the constant zero, which is always unknown.
pub(crate) fn division_by_zero(span: Span) -> Diagnostic {
    Diagnostic::new(
        Code::OutOfRange,
        span,
        "a division by zero is unknown, whatever is divided",
    )
}

/// A number that is no whole one within the bounds. `what` says what it counts; the place is with
/// the declaration of the parameter that the number comes from.
pub(crate) fn whole_number(
    (span, declared): (Span, Option<Span>),
    what: &str,
    (least, most): (i64, i64),
    text: &str,
) -> Diagnostic {
    let message = format!("{what} is a whole number from {least} to {most}, not `{text}`");
    let diagnostic = Diagnostic::new(Code::OutOfRange, span, message);
    if let Some(declared) = declared {
        return diagnostic.with_label(declared, "declared here");
    }
    let whole = text.split_once('.').map(|(whole, _)| whole);
    // `1.5` has a neighbour that is right; a number that is too large has none.
    let near = whole.and_then(|whole| whole.parse::<i64>().ok());
    match (whole, near) {
        (Some(whole), Some(near)) if (least..=most).contains(&near) => diagnostic.with_fix(
            Fix::doubtful(format!("replace with `{whole}`"), span, whole),
        ),
        _ => diagnostic,
    }
}

/// A length of time that is not above 0, or longer than anything that is remembered.
pub(crate) fn duration(
    (span, declared): (Span, Option<Span>),
    what: &str,
    text: &str,
) -> Diagnostic {
    let message = format!("{what} is above 0 and at most 365 days, not `{text}`");
    let diagnostic = Diagnostic::new(Code::OutOfRange, span, message);
    match declared {
        Some(declared) => diagnostic.with_label(declared, "declared here"),
        None => diagnostic,
    }
}

/// `limit servers 16..2;`
pub(crate) fn empty_range(span: Span, least: i64, most: i64) -> Diagnostic {
    Diagnostic::new(
        Code::OutOfRange,
        span,
        format!("no number is at least {least} and at most {most}"),
    )
    .with_help(format!(
        "the smaller one stands first: `limit servers {most}..{least};`"
    ))
}

/// A variable beyond those that one rule may have.
pub(crate) fn too_many_variables(span: Span, name: &str) -> Diagnostic {
    Diagnostic::new(
        Code::OutOfRange,
        span,
        format!("`{name}` is one variable too many: a rule has at most {RULE_VARIABLES_MAX}"),
    )
    .with_help("a rule binds all its variables together: make one rule of each part")
}
