//! Leaves room between two bounds that have none: lowers the lower one.

use plasma_diagnostic::{Code, Diagnostic, Edit, Span};
use plasma_syntax::tree::ExprKind;

use crate::Analysis;

/// So many points below the upper bound.
const GAP_POINTS: f64 = 10.0;

/// The change that leaves a gap; `None` if the bounds are not written as numbers there.
pub(super) fn gap(analysis: &Analysis, diagnostic: &Diagnostic) -> Option<(String, Edit)> {
    if diagnostic.code != Code::NoGap {
        return None;
    }
    let place = |messages: [&str; 2]| {
        let mut labels = diagnostic.labels.iter();
        labels.find(|label| messages.contains(&label.message.as_str()))
    };
    let upper = bound(
        analysis,
        place(["the upper bound", "added above this"])?.span,
    )?;
    let lower = bound(
        analysis,
        place(["the lower bound", "removed below this"])?.span,
    )?;
    let value = upper.value - GAP_POINTS;
    if value <= 0.0 {
        return None;
    }
    let edit = Edit {
        span: lower.span,
        text: format!("{value}{}", lower.unit),
    };
    let title = format!("lower the lower bound to {value}{}", lower.unit);
    Some((title, edit))
}

/// A bound as it is written.
struct Bound {
    value: f64,
    unit: String,
    span: Span,
}

/// The number in a comparison.
fn bound(analysis: &Analysis, comparison: Span) -> Option<Bound> {
    if comparison.file != analysis.file {
        return None;
    }
    let within = |span: Span| {
        span.file == comparison.file && comparison.start <= span.start && span.end <= comparison.end
    };
    let mut numbers = analysis
        .tree()
        .exprs()
        .filter_map(|(_, expr)| match expr.kind {
            ExprKind::Number(number) if within(expr.span) => Some((number, expr.span)),
            _ => None,
        });
    let (number, span) = numbers.next()?;
    if numbers.next().is_some() {
        return None;
    }
    let text = analysis.tree().text(span);
    let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
    Some(Bound {
        value: number.base_value(),
        unit: text.get(digits.len()..)?.to_owned(),
        span,
    })
}
