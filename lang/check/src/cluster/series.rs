//! Series: what a field is in one period after the other.

use plasma_diagnostic::{Code, Diagnostic, Span};
use plasma_syntax::Number;
use plasma_syntax::cluster::{FieldValue, SeriesEntry, SeriesShape};

use super::Reader;

/// Most periods that a series may last.
const SERIES_PERIODS_MAX: usize = 100_000;

impl Reader<'_> {
    /// The values of a series, one a period.
    pub(super) fn series(&mut self, entries: &[SeriesEntry], span: Span) -> Vec<FieldValue> {
        let mut values = Vec::new();
        for entry in entries {
            match entry.shape {
                SeriesShape::Missing => repeat(&mut values, FieldValue::Missing, entry.times),
                SeriesShape::Value(number) => {
                    let value = number.map_or(FieldValue::Hole, FieldValue::Number);
                    repeat(&mut values, value, entry.times);
                }
                SeriesShape::Range { from, to, step } => {
                    if let (Some(from), Some(to), Some(step)) = (from, to, step) {
                        self.range(from, to, step, entry.span, &mut values);
                    }
                }
            }
            if values.len() > SERIES_PERIODS_MAX {
                let message = format!("a series lasts at most {SERIES_PERIODS_MAX} periods");
                self.report(Diagnostic::new(Code::TooLarge, span, message));
                return Vec::new();
            }
        }
        values
    }

    /// `30%..90% step 10%`: upwards or downwards, both ends included.
    fn range(
        &mut self,
        from: Number,
        to: Number,
        step: Number,
        span: Span,
        values: &mut Vec<FieldValue>,
    ) {
        let is_one_unit = from.quantity() == to.quantity() && from.quantity() == step.quantity();
        if !is_one_unit {
            let message = "the numbers of a range are in one unit";
            let wrong = Diagnostic::new(Code::UnitMismatch, span, message);
            return self.report(wrong.with_help("for example `10%..90% step 10%`"));
        }
        let (first, last, step_by) = (from.base_value(), to.base_value(), step.base_value());
        let steps = (last - first).abs() / step_by;
        if step_by <= 0.0 || !steps.is_finite() {
            let message = "a step is above 0";
            return self.report(Diagnostic::new(Code::OutOfRange, span, message));
        }
        // A little more, so that the last one is reached whatever the last digit.
        let count = (steps + 1e-9).floor().min(SERIES_PERIODS_MAX as f64) as usize;
        for place in 0..=count {
            let by = (place as f64) * step_by;
            let value = if last >= first {
                first + by
            } else {
                first - by
            };
            // In the unit of the first number.
            let factor = from.unit.map_or(1.0, |unit| unit.factor);
            values.push(FieldValue::Number(Number {
                value: value / factor,
                unit: from.unit,
            }));
        }
    }
}

fn repeat(values: &mut Vec<FieldValue>, value: FieldValue, times: u32) {
    let times = (times as usize).min(SERIES_PERIODS_MAX + 1);
    values.extend(std::iter::repeat_n(value, times));
}
