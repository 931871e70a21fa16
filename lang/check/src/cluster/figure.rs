//! Figures of literals, each in the unit that its place needs.

use plasma_diagnostic::{Code, Diagnostic, Span};
use plasma_model::{Field as Update, Resource, UsageUpdate};
use plasma_syntax::cluster::{Field, FieldValue};
use plasma_syntax::{Number, Quantity};

use super::Reader;

impl Reader<'_> {
    /// `cpu: 90%`, `mem: 1GiB`: a share of the capacity, or an amount.
    pub(super) fn usage(&mut self, field: &Field, resource: Resource) -> Option<UsageUpdate> {
        let unknown = UsageUpdate {
            perc: Update::Unknown,
            size: Update::Unknown,
            ..UsageUpdate::default()
        };
        if field.value == FieldValue::Missing {
            return Some(unknown);
        }
        let number = self.number(field)?;
        let amount = match resource {
            Resource::Cpu => None,
            Resource::Mem => Some((Quantity::Bytes, "a size such as `64MB`")),
            Resource::Net => Some((Quantity::BytesPerSecond, "a flow such as `2MB/s`")),
        };
        let value = Update::Known(self.not_negative(number, field.value_span)?);
        match (number.quantity(), amount) {
            (Some(Quantity::Percent), _) => Some(UsageUpdate {
                perc: value,
                ..UsageUpdate::default()
            }),
            (Some(quantity), Some((expected, _))) if quantity == expected => Some(UsageUpdate {
                size: value,
                ..UsageUpdate::default()
            }),
            (_, amount) => {
                let or_amount = amount.map_or(String::new(), |(_, text)| format!(", or {text}"));
                let message = format!("`{resource}` needs a share such as `60%`{or_amount}");
                let wrong = Diagnostic::new(Code::UnitMismatch, field.value_span, message);
                let help = match number.quantity() {
                    None => format!("write `{}%`", number.value),
                    Some(_) => "an amount of cpu follows from its share and `cores`".to_owned(),
                };
                let help = (number.quantity().is_none() || amount.is_none()).then_some(help);
                self.report(match help {
                    Some(help) => wrong.with_help(help),
                    None => wrong,
                });
                None
            }
        }
    }

    /// A number without unit.
    pub(super) fn plain(&mut self, field: &Field) -> Option<Update<f64>> {
        self.figure(field, None, "a number without unit")
    }

    /// A length of time.
    pub(super) fn seconds(&mut self, field: &Field) -> Option<Update<f64>> {
        let expected = "a duration such as `30s`";
        self.figure(field, Some(Quantity::Duration), expected)
    }

    fn figure(
        &mut self,
        field: &Field,
        quantity: Option<Quantity>,
        expected: &str,
    ) -> Option<Update<f64>> {
        if field.value == FieldValue::Missing {
            return Some(Update::Unknown);
        }
        let number = self.number(field)?;
        let value = self.in_unit(number, field.value_span, quantity, expected)?;
        Some(Update::Known(value))
    }

    /// A number in this quantity, not below zero.
    pub(super) fn in_unit(
        &mut self,
        number: Number,
        span: Span,
        quantity: Option<Quantity>,
        expected: &str,
    ) -> Option<f64> {
        if number.quantity() != quantity {
            let message = format!("expected {expected}");
            self.report(Diagnostic::new(Code::UnitMismatch, span, message));
            return None;
        }
        self.not_negative(number, span)
    }

    fn number(&mut self, field: &Field) -> Option<Number> {
        match &field.value {
            FieldValue::Number(number) => Some(*number),
            FieldValue::Hole => None,
            _ => {
                let name = self.tree.name(field.name);
                let message = format!("`{name}` needs a number");
                self.report(Diagnostic::new(
                    Code::TypeMismatch,
                    field.value_span,
                    message,
                ));
                None
            }
        }
    }

    fn not_negative(&mut self, number: Number, span: Span) -> Option<f64> {
        let value = number.base_value();
        if value >= 0.0 && value.is_finite() {
            return Some(value);
        }
        let message = "nothing measured is below zero or infinite";
        self.report(Diagnostic::new(Code::OutOfRange, span, message));
        None
    }
}
