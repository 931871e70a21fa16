//! Parameters: their declarations, the values set from outside, and which are used.

use std::collections::HashMap;
use std::sync::Arc;

use plasma_diagnostic::Span;
use plasma_syntax::tree::{ExprKind, Item, ParamDecl};
use plasma_syntax::{Number, Quantity, unit_named};

use super::Checker;
use crate::error::{duplicate_name, out_of_range, type_mismatch, unit_mismatch, unknown_param};
use crate::lint;
use crate::names::Named;
use crate::program::{NumberUnit, Param, ParamValue};

/// The parameters of a program.
#[derive(Default)]
pub(super) struct Params<'a> {
    list: Vec<Declared<'a>>,
    by_name: HashMap<&'a str, usize>,
}

struct Declared<'a> {
    name: &'a str,
    /// Where the name is declared.
    span: Span,
    /// Its default in the text.
    literal: Span,
    /// The value in force as it was written, in the text or from outside.
    value_text: String,
    /// The value in force; `None` if it is wrong.
    value: Option<Value>,
    is_set: bool,
    is_used: bool,
    docs: String,
}

/// A value as its literal types it.
#[derive(Clone, Copy)]
enum Value {
    Number(Number),
    Truth(bool),
}

impl<'a> Params<'a> {
    /// Reads the declarations, then the values set from outside.
    pub(super) fn declare(checker: &mut Checker<'a>, overrides: &[(String, String)]) -> Params<'a> {
        let mut params = Params::default();
        for item in checker.tree.items() {
            if let Item::Param(param) = item {
                params.add(checker, param);
            }
        }
        for (name, value) in overrides {
            params.set(checker, name, value);
        }
        params
    }

    fn add(&mut self, checker: &mut Checker<'a>, param: &ParamDecl) {
        let Some(name) = param.name else {
            return;
        };
        let text = checker.text(name);
        if let Some(first) = self
            .by_name
            .get(text)
            .and_then(|place| self.list.get(*place))
        {
            checker.report(duplicate_name::param(name.span, text, first.span));
            return;
        }
        let expr = checker.tree.expr(param.value);
        let value = match expr.kind {
            ExprKind::Number(number) if number.value.is_finite() => Some(Value::Number(number)),
            ExprKind::Number(_) => {
                checker.report(out_of_range::too_large(expr.span));
                None
            }
            ExprKind::Bool(value) => Some(Value::Truth(value)),
            _ => None,
        };
        checker.note(name.span, Named::Param(self.list.len()));
        self.by_name.insert(text, self.list.len());
        self.list.push(Declared {
            name: text,
            span: name.span,
            literal: expr.span,
            value_text: checker.tree.text(expr.span).to_owned(),
            value,
            is_set: false,
            is_used: false,
            docs: checker.tree.docs(param.docs),
        });
    }

    fn set(&mut self, checker: &mut Checker<'a>, name: &str, value: &str) {
        let Some(place) = self.by_name.get(name).copied() else {
            let start = Span::new(checker.tree.file(), 0, 0);
            let names = self.list.iter().map(|p| p.name);
            checker.report(unknown_param::set_from_outside(start, name, value, names));
            return;
        };
        let param = &mut self.list[place];
        let set = match param.value {
            Some(Value::Number(default)) => set_number(checker, param, default, value),
            Some(Value::Truth(_)) => set_truth(checker, param, value),
            None => None,
        };
        if let Some(set) = set {
            param.value = Some(set);
            param.value_text = value.to_owned();
            param.is_set = true;
        }
    }

    /// The parameter called `name`: its place and where it is declared.
    pub(super) fn find(&self, name: &str) -> Option<(usize, Span)> {
        if self.list.is_empty() {
            return None;
        }
        let place = *self.by_name.get(name)?;
        Some((place, self.list.get(place)?.span))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> + Clone + use<'_, 'a> {
        self.list.iter().map(|p| p.name)
    }

    /// The number in force in its base unit and what it measures; marks the parameter as used.
    pub(super) fn use_value(&mut self, place: usize) -> Option<(f64, Option<Quantity>)> {
        self.mark_used(place);
        match self.list.get(place)?.value? {
            Value::Number(number) => Some((number.base_value(), number.quantity())),
            Value::Truth(_) => None,
        }
    }

    /// The truth value in force; `None` for a number or a wrong value. Marks the parameter as used.
    pub(super) fn use_truth(&mut self, place: usize) -> Option<bool> {
        let Some(Value::Truth(value)) = self.list.get(place)?.value else {
            return None;
        };
        self.mark_used(place);
        Some(value)
    }

    /// Notes that a parameter is meant somewhere, even if wrongly.
    pub(super) fn mark_used(&mut self, place: usize) {
        if let Some(param) = self.list.get_mut(place) {
            param.is_used = true;
        }
    }

    /// The value in force as it was written.
    pub(super) fn value_text(&self, place: usize) -> &str {
        self.list.get(place).map_or("", |p| &p.value_text)
    }

    /// The default in the text, if it is the value in force.
    pub(super) fn literal(&self, place: usize) -> Option<Span> {
        let param = self.list.get(place)?;
        (!param.is_set).then_some(param.literal)
    }

    /// Where a parameter is declared, and what to say there.
    pub(super) fn declaration(&self, place: usize) -> Option<(Span, &str)> {
        let param = self.list.get(place)?;
        Some((param.span, param.name))
    }

    /// The checked parameters; warns of those that nothing uses.
    pub(super) fn finish(self, checker: &mut Checker<'a>) -> Vec<Param> {
        let mut params = Vec::with_capacity(self.list.len());
        for declared in self.list {
            // One without a value has a mistake of its own.
            if !declared.is_used && declared.value.is_some() {
                checker.report(lint::unused_param::unused_param(
                    declared.span,
                    declared.name,
                ));
            }
            params.push(Param {
                name: Arc::from(declared.name),
                value: declared.value.map_or(DEFAULT, checked),
                span: declared.span,
                docs: declared.docs,
            });
        }
        params
    }
}

/// The value of a parameter whose own is wrong.
const DEFAULT: ParamValue = ParamValue::Number {
    value: 0.0,
    unit: NumberUnit::Bare,
};

/// The value from outside of a parameter that is a number.
fn set_number(
    checker: &mut Checker<'_>,
    param: &Declared<'_>,
    default: Number,
    value: &str,
) -> Option<Value> {
    let Some(number) = parse_value(value) else {
        let diagnostic = type_mismatch::override_not_a_number(param.span, param.name, value);
        checker.report(diagnostic);
        return None;
    };
    if number.unit.is_some() && number.quantity() != default.quantity() {
        let literal = checker.tree.text(param.literal);
        checker.report(unit_mismatch::set_from_outside(
            (param.span, param.name),
            value,
            (param.literal, literal),
        ));
        return None;
    }
    // A bare number takes the unit of the default.
    let unit = number.unit.or(default.unit);
    Some(Value::Number(Number { unit, ..number }))
}

/// The value from outside of a parameter that is true or false.
fn set_truth(checker: &mut Checker<'_>, param: &Declared<'_>, value: &str) -> Option<Value> {
    match value {
        "true" => Some(Value::Truth(true)),
        "false" => Some(Value::Truth(false)),
        _ => {
            let literal = checker.tree.text(param.literal);
            checker.report(type_mismatch::override_not_a_truth(
                (param.span, param.name),
                value,
                (param.literal, literal),
            ));
            None
        }
    }
}

fn checked(value: Value) -> ParamValue {
    match value {
        Value::Number(number) => ParamValue::Number {
            value: number.base_value(),
            unit: number_unit(number.quantity()),
        },
        Value::Truth(value) => ParamValue::Truth(value),
    }
}

fn number_unit(quantity: Option<Quantity>) -> NumberUnit {
    match quantity {
        None => NumberUnit::Bare,
        Some(Quantity::Percent) => NumberUnit::Percent,
        Some(Quantity::Duration) => NumberUnit::Duration,
        Some(Quantity::Bytes) => NumberUnit::Bytes,
        Some(Quantity::BytesPerSecond) => NumberUnit::BytesPerSecond,
        Some(Quantity::PerSecond) => NumberUnit::PerSecond,
    }
}

/// A number with its unit, as the language writes it: `70%`, `0.5`, `4KiB`.
fn parse_value(text: &str) -> Option<Number> {
    let is_digit = |c: char| c.is_ascii_digit() || c == '.';
    let end = text.find(|c| !is_digit(c)).unwrap_or(text.len());
    let (digits, unit) = text.split_at(end);
    let starts_and_ends = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.ends_with(|c: char| c.is_ascii_digit());
    let value: f64 = starts_and_ends.then(|| digits.parse().ok()).flatten()?;
    let unit = match unit {
        "" => None,
        unit => Some(unit_named(unit)?),
    };
    value.is_finite().then_some(Number { value, unit })
}
