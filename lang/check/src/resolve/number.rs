//! Constants against what they are compared with: unit and range.

use plasma_diagnostic::Span;
use plasma_syntax::Quantity;

use super::RuleChecker;
use super::operand::{Measured, Number};
use super::unit::quantity_of;
use crate::error::out_of_range;
use crate::error::unit_mismatch::{self, Measure};
use crate::lint;

impl RuleChecker<'_, '_> {
    /// Whether a constant fits the value it is compared with; reports it if not.
    pub(super) fn check_constant(&mut self, measured: &Measured, number: Number) -> bool {
        if number
            .quantity
            .is_some_and(|quantity| quantity_of(measured.row.unit) != Some(quantity))
        {
            self.wrong_constant(measured, number);
            return false;
        }
        let max = measured.row.max.unwrap_or(f64::MAX);
        if !(0.0..=max).contains(&number.value) {
            let text = self.literal(number);
            let declared = self.declaration(number);
            let feature = self.checker.tree.text(measured.span);
            self.fail(out_of_range::constant(
                (number.span, &text),
                (measured.span, feature),
                measured.row.max,
                declared,
            ));
            return false;
        }
        self.check_ratio(measured, number);
        true
    }

    /// Reports a constant in another unit than the value beside it.
    pub(super) fn wrong_constant(&mut self, measured: &Measured, number: Number) {
        let Some(quantity) = number.quantity else {
            return;
        };
        let text = self.literal(number);
        let declared = self.declaration(number);
        let diagnostic = unit_mismatch::constant(
            number.span,
            &text,
            quantity,
            &self.measure(measured),
            declared,
        );
        self.fail(diagnostic);
    }

    /// A share written as a ratio: `0.8` for `80%`.
    fn check_ratio(&mut self, measured: &Measured, number: Number) {
        let is_share = quantity_of(measured.row.unit) == Some(Quantity::Percent);
        let is_ratio = number.quantity.is_none() && number.value > 0.0 && number.value < 1.0;
        if !is_share || !is_ratio {
            return;
        }
        let text = self.literal(number);
        if text.starts_with('.') {
            // Reported by the parser: one thing at a time.
            return;
        }
        let literal = match number.param {
            Some(place) => self.checker.params.literal(place),
            None => Some(number.span),
        };
        let feature = self.checker.tree.text(measured.span);
        let diagnostic =
            lint::ratio_slip::ratio_slip(number.span, &text, number.value, feature, literal);
        self.checker.report(diagnostic);
    }

    /// Whether two measured values have one unit; reports it if not.
    pub(super) fn check_units(&mut self, left: &Measured, right: &Measured) -> bool {
        if left.row.unit == right.row.unit {
            return true;
        }
        let diagnostic = unit_mismatch::measured(&self.measure(left), &self.measure(right));
        self.fail(diagnostic);
        false
    }

    /// Whether two constants have one unit; reports it if not.
    pub(super) fn check_quantities(&mut self, left: Number, right: Number) -> bool {
        match (left.quantity, right.quantity) {
            (Some(a), Some(b)) if a != b => {
                let (left_text, right_text) = (self.literal(left), self.literal(right));
                self.fail(unit_mismatch::constants(
                    (left.span, &left_text, a),
                    (right.span, &right_text, b),
                ));
                false
            }
            _ => true,
        }
    }

    fn measure(&self, measured: &Measured) -> Measure<'_> {
        Measure {
            span: measured.span,
            text: self.checker.tree.text(measured.span),
            metric: measured.metric,
            row: measured.row,
            statistic: measured.statistic,
        }
    }

    /// The constant as it was written; for a parameter, the value in force.
    fn literal(&self, number: Number) -> String {
        match number.param {
            Some(place) => self.checker.params.value_text(place).to_owned(),
            None => self.checker.text_at(number.span).to_owned(),
        }
    }

    /// Where the parameter that a constant comes from is declared.
    fn declaration(&self, number: Number) -> Option<(Span, &str)> {
        self.checker.params.declaration(number.param?)
    }
}
