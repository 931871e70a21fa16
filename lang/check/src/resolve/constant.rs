//! Constants outside conditions: the values of attributes and limits, as a number or by a parameter.

use plasma_diagnostic::{Span, did_you_mean};
use plasma_syntax::Quantity;
use plasma_syntax::tree::{ExprId, ExprKind, Name};

use super::Checker;
use crate::DURATION_SECONDS_MAX;
use crate::error::{out_of_range, type_mismatch, unit_mismatch, unknown_param};
use crate::names::Named;

/// Which whole numbers a place takes.
#[derive(Clone, Copy)]
pub(super) struct Whole {
    /// What it counts, for people: "a priority".
    pub(super) what: &'static str,
    pub(super) least: i64,
    pub(super) most: i64,
}

/// A constant with its unit.
struct Constant {
    /// In the base unit.
    value: f64,
    quantity: Option<Quantity>,
    /// Where it is used.
    span: Span,
    /// The place of the parameter that it comes from.
    param: Option<usize>,
}

impl Checker<'_> {
    /// A whole number; `None` if something else stands there, which is reported.
    pub(super) fn whole_number(&mut self, id: ExprId, whole: Whole) -> Option<i64> {
        let constant = self.constant(id)?;
        if constant.quantity.is_some() {
            let text = self.literal(&constant);
            let digits = text.trim_end_matches(|c: char| !c.is_ascii_digit());
            let unit = text.get(digits.len()..).unwrap_or_default();
            let place = (constant.span, self.declaration(&constant));
            self.report(unit_mismatch::plain_number(place, whole.what, unit, digits));
            return None;
        }
        let range = whole.least as f64..=whole.most as f64;
        if constant.value.fract() != 0.0 || !range.contains(&constant.value) {
            let place = (constant.span, self.declaration(&constant));
            let bounds = (whole.least, whole.most);
            let text = self.literal(&constant);
            self.report(out_of_range::whole_number(place, whole.what, bounds, &text));
            return None;
        }
        // Whole and within bounds that a float holds exactly.
        Some(constant.value as i64)
    }

    /// A length of time in seconds, above 0; `None` if something else stands there, which is
    /// reported.
    pub(super) fn duration(&mut self, id: ExprId, what: &str) -> Option<f64> {
        let constant = self.constant(id)?;
        let place = (constant.span, self.declaration(&constant));
        if let Some(quantity) = constant.quantity.filter(|q| *q != Quantity::Duration) {
            let text = self.literal(&constant);
            self.report(unit_mismatch::no_duration(place, what, &text, quantity));
            return None;
        }
        if !(constant.value > 0.0 && constant.value <= DURATION_SECONDS_MAX) {
            let text = self.literal(&constant);
            self.report(out_of_range::duration(place, what, &text));
            return None;
        }
        Some(constant.value)
    }

    fn constant(&mut self, id: ExprId) -> Option<Constant> {
        let expr = self.tree.expr(id);
        match expr.kind {
            ExprKind::Number(number) => Some(Constant {
                value: number.base_value(),
                quantity: number.quantity(),
                span: expr.span,
                param: None,
            }),
            ExprKind::Word(word) => self.constant_of_param(word.name),
            // Reported by the parser.
            _ => None,
        }
    }

    fn constant_of_param(&mut self, name: Name) -> Option<Constant> {
        let text = self.text(name);
        let Some((place, declared)) = self.params.find(text) else {
            let near = did_you_mean(text, self.params.names());
            if let Some((place, _)) = near.and_then(|near| self.params.find(near)) {
                // It is used, if under a wrong name.
                self.params.mark_used(place);
            }
            let names = self.params.names();
            let report = unknown_param::unknown_param(name.span, text, names);
            self.report(report);
            return None;
        };
        self.note(name.span, Named::Param(place));
        if self.params.use_truth(place).is_some() {
            self.report(type_mismatch::truth_as_value(name.span, text, declared));
            return None;
        }
        let (value, quantity) = self.params.use_value(place)?;
        Some(Constant {
            value,
            quantity,
            span: name.span,
            param: Some(place),
        })
    }

    /// The constant as it was written; for a parameter, the value in force.
    fn literal(&self, constant: &Constant) -> String {
        match constant.param {
            Some(place) => self.params.value_text(place).to_owned(),
            None => self.tree.text(constant.span).to_owned(),
        }
    }

    /// Where the parameter that a constant comes from is declared.
    fn declaration(&self, constant: &Constant) -> Option<Span> {
        Some(self.params.declaration(constant.param?)?.0)
    }
}
