//! `unit-mismatch`: a number in a unit that its place does not have.

use plasma_diagnostic::{Code, Diagnostic, Fix, Span};
use plasma_model::{Metric, StatisticRow};
use plasma_syntax::Quantity;

use crate::program::Operator;
use crate::resolve::quantity_of;

/// A number as the text names it.
pub(crate) struct Side<'a> {
    /// All of it.
    pub(crate) span: Span,
    /// Its text.
    pub(crate) text: &'a str,
    /// Its unit, as METRICS writes it.
    pub(crate) unit: &'static str,
}

/// A measured value as the text names it.
pub(crate) struct Measure<'a> {
    /// The whole feature.
    pub(crate) span: Span,
    /// Its text.
    pub(crate) text: &'a str,
    /// The metric.
    pub(crate) metric: &'static Metric,
    /// The statistic in force.
    pub(crate) row: &'static StatisticRow,
    /// Where the statistic is written, if it is.
    pub(crate) statistic: Option<Span>,
}

impl Measure<'_> {
    /// What its values are, for people.
    fn noun(&self) -> &'static str {
        unit_noun(self.row.unit)
    }

    /// The statistic of the same metric whose values are of this quantity.
    fn statistic_in(&self, quantity: Quantity) -> Option<&'static StatisticRow> {
        let mut rows = self.metric.statistics.iter();
        rows.find(|row| quantity_of(row.unit) == Some(quantity))
    }

    /// The change that asks for another statistic.
    fn ask_for(&self, row: &StatisticRow) -> Fix {
        let name = row.statistic.name();
        match self.statistic {
            Some(span) => Fix::doubtful(format!("compare `{name}`"), span, name),
            None => {
                let text = format!(".{name}");
                Fix::doubtful(format!("compare `{name}`"), self.span.after(), text)
            }
        }
    }
}

/// What the values of a unit are, for people.
pub(crate) fn unit_noun(unit: &str) -> &'static str {
    match (unit, quantity_of(unit)) {
        (_, Some(quantity)) => noun(quantity),
        ("cores", None) => "a number of cores",
        ("calls", None) => "a number of calls",
        (_, None) => "a number",
    }
}

/// What a unit measures, for people.
fn noun(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Percent => "a percentage",
        Quantity::Duration => "a duration",
        Quantity::Bytes => "a number of bytes",
        Quantity::BytesPerSecond => "a number of bytes per second",
        Quantity::PerSecond => "a number per second",
    }
}

/// A feature compared with a constant in another unit. `declared` is the parameter that the constant
/// comes from.
pub(crate) fn constant(
    span: Span,
    text: &str,
    quantity: Quantity,
    measure: &Measure<'_>,
    declared: Option<(Span, &str)>,
) -> Diagnostic {
    let message = format!(
        "`{}` is {}, `{text}` is {}",
        measure.text,
        measure.noun(),
        noun(quantity)
    );
    let mut diagnostic = Diagnostic::new(Code::UnitMismatch, span, message)
        .with_primary_label(noun(quantity))
        .with_label(measure.span, measure.noun());
    if let Some((declared, name)) = declared {
        diagnostic = diagnostic.with_label(declared, format!("`{name}` is {text}"));
    }
    if let Some(row) = measure.statistic_in(quantity) {
        let name = row.statistic.name();
        return diagnostic
            .with_help(format!("`{name}` is {}", noun(quantity)))
            .with_fix(measure.ask_for(row));
    }
    // `10MB` and `10MB/s` are easily confused.
    let meant = match (quantity_of(measure.row.unit), quantity) {
        (Some(Quantity::BytesPerSecond), Quantity::Bytes) => Some(format!("{text}/s")),
        (Some(Quantity::Bytes), Quantity::BytesPerSecond) => {
            text.strip_suffix("/s").map(str::to_owned)
        }
        _ => None,
    };
    match meant {
        Some(meant) if declared.is_none() => diagnostic
            .with_help(format!("did you mean `{meant}`?"))
            .with_fix(Fix::doubtful(
                format!("replace with `{meant}`"),
                span,
                meant,
            )),
        _ => diagnostic,
    }
}

/// Two features compared that are measured in different units.
pub(crate) fn measured(left: &Measure<'_>, right: &Measure<'_>) -> Diagnostic {
    let message = format!(
        "`{}` is {}, `{}` is {}",
        left.text,
        left.noun(),
        right.text,
        right.noun()
    );
    let diagnostic = Diagnostic::new(Code::UnitMismatch, right.span, message)
        .with_primary_label(right.noun())
        .with_label(left.span, left.noun());
    let wanted = quantity_of(left.row.unit).and_then(|quantity| right.statistic_in(quantity));
    match wanted {
        Some(row) => diagnostic
            .with_help(format!("compare `{}` on both sides", row.statistic.name()))
            .with_fix(right.ask_for(row)),
        None => diagnostic,
    }
}

/// Two constants compared that are in different units.
pub(crate) fn constants(
    (left_span, left, left_quantity): (Span, &str, Quantity),
    (right_span, right, right_quantity): (Span, &str, Quantity),
) -> Diagnostic {
    let (left_noun, right_noun) = (noun(left_quantity), noun(right_quantity));
    let message = format!("`{left}` is {left_noun}, `{right}` is {right_noun}");
    Diagnostic::new(Code::UnitMismatch, right_span, message)
        .with_primary_label(right_noun)
        .with_label(left_span, left_noun)
}

/// Two numbers compared or added that are in different units, one of them calculated.
pub(crate) fn sides(left: &Side<'_>, right: &Side<'_>) -> Diagnostic {
    let (left_noun, right_noun) = (unit_noun(left.unit), unit_noun(right.unit));
    let message = format!(
        "`{}` is {left_noun}, `{}` is {right_noun}",
        left.text, right.text
    );
    Diagnostic::new(Code::UnitMismatch, right.span, message)
        .with_primary_label(right_noun)
        .with_label(left.span, left_noun)
}

/// Two numbers multiplied or divided that make nothing measured.
pub(crate) fn calculated(
    sign: Span,
    operator: Operator,
    left: &Side<'_>,
    right: &Side<'_>,
) -> Diagnostic {
    let (left_noun, right_noun) = (unit_noun(left.unit), unit_noun(right.unit));
    let (verb, word) = match operator {
        Operator::Divide => ("divided", "by"),
        _ => ("multiplied", "with"),
    };
    let message = format!("{left_noun} cannot be {verb} {word} {right_noun}");
    Diagnostic::new(Code::UnitMismatch, sign, message)
        .with_label(left.span, left_noun)
        .with_label(right.span, right_noun)
        .with_help("the result would be in no unit that anything is measured in")
}

/// A number with a unit where only a plain one can stand. `what` says what it counts; the place is
/// with the declaration of the parameter that the number comes from.
pub(crate) fn plain_number(
    (span, declared): (Span, Option<Span>),
    what: &str,
    unit: &str,
    digits: &str,
) -> Diagnostic {
    let message = format!("{what} is a plain number, without `{unit}`");
    let diagnostic = Diagnostic::new(Code::UnitMismatch, span, message);
    match declared {
        Some(declared) => diagnostic.with_label(declared, "declared here"),
        None => diagnostic.with_fix(Fix::safe(format!("remove `{unit}`"), span, digits)),
    }
}

/// Something else where a length of time is needed.
pub(crate) fn no_duration(
    (span, declared): (Span, Option<Span>),
    what: &str,
    text: &str,
    quantity: Quantity,
) -> Diagnostic {
    let message = format!("{what} is a duration, `{text}` is {}", noun(quantity));
    let diagnostic = Diagnostic::new(Code::UnitMismatch, span, message)
        .with_help("durations are written `500ms`, `60s`, `5m`, `1h` or `1d`");
    match declared {
        Some(declared) => diagnostic.with_label(declared, "declared here"),
        None => diagnostic,
    }
}

/// A value from outside in another unit than the parameter's default.
pub(crate) fn set_from_outside(
    (span, name): (Span, &str),
    value: &str,
    (literal_span, literal): (Span, &str),
) -> Diagnostic {
    Diagnostic::new(
        Code::UnitMismatch,
        span,
        format!("cannot set `{name}={value}`: the default of `{name}` is `{literal}`"),
    )
    .with_label(literal_span, "its value must be in the same unit")
}

/// A parameter of a module that a `with` sets in another unit than its default.
pub(crate) fn setting(
    (span, text): (Span, &str),
    name: &str,
    (default, default_text): (Span, &str),
) -> Diagnostic {
    let message = format!("`{text}` is in another unit than parameter `{name}`");
    Diagnostic::new(Code::UnitMismatch, span, message)
        .with_label(default, format!("`{name}` is `{default_text}` by default"))
}
