//! `out-of-range`: a number outside the range that its place allows.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};
use plasma_model::RULE_VARIABLES_MAX;

use crate::PRIORITY_MAX;

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

/// A priority that is no whole number within the bounds.
pub(crate) fn priority(span: Span, text: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(
        Code::OutOfRange,
        span,
        format!(
            "a priority is a whole number from -{PRIORITY_MAX} to {PRIORITY_MAX}, not `{text}`"
        ),
    );
    let Some((whole, _)) = text.split_once('.') else {
        return diagnostic;
    };
    // `1.5` has a neighbour that is right; a number with too many digits has none.
    if whole.trim_start_matches('-').len() >= PRIORITY_MAX.to_string().len() {
        return diagnostic;
    }
    diagnostic.with_fix(Fix::doubtful(
        format!("replace with `{whole}`"),
        span,
        whole,
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
