//! Parameters: their declarations, the values set from outside, and which are used.

mod settings;

use std::collections::HashMap;
use std::sync::Arc;

use plasma_diagnostic::Span;
use plasma_syntax::tree::{ExprKind, Item, ParamDecl, Word, WordKind};
use plasma_syntax::{Number, Quantity, unit_named};

use super::modules::POLICY;
use super::{Checker, RuleChecker};
use crate::error::{
    duplicate_name, out_of_range, type_mismatch, unit_mismatch, unknown_param, unknown_type,
};
use crate::lint;
use crate::names::Named;
use crate::program::{NumberUnit, Param, ParamValue};
use crate::schema::TypeId;

/// The parameters of a program, those of its modules included.
#[derive(Default)]
pub(super) struct Params<'a> {
    list: Vec<Declared<'a>>,
    by_name: HashMap<(usize, &'a str), usize>,
    /// The module whose parameters are found by name.
    pub(super) module: usize,
    /// Those that were used since somebody asked.
    used: Vec<usize>,
}

struct Declared<'a> {
    /// The module that declares it.
    module: usize,
    name: &'a str,
    /// As it is set from outside: `hotspot.share`.
    full_name: Arc<str>,
    /// Where the name is declared.
    span: Span,
    /// Its default in the text.
    literal: Span,
    /// The text of the default.
    literal_text: &'a str,
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
    /// An actor type; `None` for `any`.
    Type(Option<TypeId>),
}

/// Reads the declarations of the module being checked, then the values that its `use` sets, then those
/// set from outside.
pub(super) fn declare(checker: &mut Checker<'_>, overrides: &[(String, String)]) {
    for item in checker.tree.items() {
        if let Item::Param(param) = item {
            add(checker, param);
        }
    }
    settings::apply(checker);
    let prefix = checker.prefix().to_owned();
    for (name, value) in overrides {
        let own = name.strip_prefix(prefix.as_str());
        let found = own.and_then(|own| checker.params.find(own));
        if let Some((place, _)) = found {
            set(checker, place, value);
        }
    }
}

/// Reports the values from outside of parameters that nothing declares.
pub(super) fn report_unknown(checker: &mut Checker<'_>, overrides: &[(String, String)]) {
    for (name, value) in overrides {
        let all = checker.params.list.iter().map(|p| p.full_name.as_ref());
        if all.clone().any(|full_name| full_name == name) {
            continue;
        }
        let start = Span::new(checker.tree.file(), 0, 0);
        let report = unknown_param::set_from_outside(start, name, value, all);
        checker.report(report);
    }
}

fn add<'a>(checker: &mut Checker<'a>, param: &'a ParamDecl) {
    let Some(name) = param.name else {
        return;
    };
    let text = checker.text(name);
    if let Some((_, first)) = checker.params.find(text) {
        checker.report(duplicate_name::param(name.span, text, first));
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
        ExprKind::Word(word) => checker.type_value(word).map(Value::Type),
        _ => None,
    };
    let place = checker.params.list.len();
    checker.note(name.span, Named::Param(place));
    let module = checker.module;
    let declared = Declared {
        module,
        name: text,
        full_name: checker.full_name(text),
        span: name.span,
        literal: expr.span,
        literal_text: checker.tree.text(expr.span),
        value_text: checker.tree.text(expr.span).to_owned(),
        value,
        is_set: false,
        is_used: false,
        docs: checker.tree.docs(param.docs),
    };
    checker.params.by_name.insert((module, text), place);
    checker.params.list.push(declared);
}

/// Sets a parameter to a value from outside.
fn set(checker: &mut Checker<'_>, place: usize, value: &str) {
    let Some(param) = checker.params.list.get(place) else {
        return;
    };
    let (span, name) = (param.span, Arc::clone(&param.full_name));
    let literal = (param.literal, param.literal_text);
    let set = match param.value {
        Some(Value::Number(default)) => set_number(checker, (span, &name), literal, default, value),
        Some(Value::Truth(_)) => set_truth(checker, (span, &name), literal, value),
        Some(Value::Type(_)) => set_type(checker, (span, &name), value),
        None => None,
    };
    if let Some(set) = set {
        checker.params.put(place, set, value);
    }
}

impl<'a> Params<'a> {
    fn put(&mut self, place: usize, value: Value, text: &str) {
        if let Some(param) = self.list.get_mut(place) {
            param.value = Some(value);
            param.value_text = text.to_owned();
            param.is_set = true;
        }
    }

    /// The parameter called `name`: its place and where it is declared.
    pub(super) fn find(&self, name: &str) -> Option<(usize, Span)> {
        if self.list.is_empty() {
            return None;
        }
        let place = *self.by_name.get(&(self.module, name))?;
        Some((place, self.list.get(place)?.span))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> + Clone + use<'_, 'a> {
        let own = self.list.iter().filter(|p| p.module == self.module);
        own.map(|p| p.name)
    }

    /// The parameter called `name` that stands for an actor type: its place, and the type if it is one.
    pub(super) fn actor_type(&self, name: &str) -> Option<(usize, Option<TypeId>)> {
        let (place, _) = self.find(name)?;
        match self.list.get(place)?.value {
            Some(Value::Type(of_type)) => Some((place, of_type)),
            None if name.starts_with(|c: char| c.is_ascii_uppercase()) => Some((place, None)),
            _ => None,
        }
    }

    /// Whether the parameter called `name` stands for actors of any type.
    pub(super) fn is_any(&self, name: &str) -> bool {
        let value = self
            .find(name)
            .and_then(|(place, _)| self.list.get(place)?.value);
        matches!(value, Some(Value::Type(None)))
    }

    /// The number in force in its base unit and what it measures; marks the parameter as used.
    pub(super) fn use_value(&mut self, place: usize) -> Option<(f64, Option<Quantity>)> {
        self.mark_used(place);
        match self.list.get(place)?.value? {
            Value::Number(number) => Some((number.base_value(), number.quantity())),
            Value::Truth(_) | Value::Type(_) => None,
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
            if self.used.last() != Some(&place) {
                self.used.push(place);
            }
        }
    }

    /// Those that were used since this was asked last.
    pub(super) fn take_used(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.used)
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
            let is_own = declared.module == POLICY;
            if is_own && !declared.is_used && declared.value.is_some() {
                checker.report(lint::unused_param::unused_param(
                    declared.span,
                    declared.name,
                ));
            }
            params.push(Param {
                name: declared.full_name,
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
    (span, name): (Span, &str),
    literal: (Span, &str),
    default: Number,
    value: &str,
) -> Option<Value> {
    let Some(number) = parse_value(value) else {
        checker.report(type_mismatch::override_not_a_number(span, name, value));
        return None;
    };
    if number.unit.is_some() && number.quantity() != default.quantity() {
        checker.report(unit_mismatch::set_from_outside(
            (span, name),
            value,
            literal,
        ));
        return None;
    }
    // A bare number takes the unit of the default.
    let unit = number.unit.or(default.unit);
    Some(Value::Number(Number { unit, ..number }))
}

/// The value from outside of a parameter that is true or false.
fn set_truth(
    checker: &mut Checker<'_>,
    named: (Span, &str),
    literal: (Span, &str),
    value: &str,
) -> Option<Value> {
    match value {
        "true" => Some(Value::Truth(true)),
        "false" => Some(Value::Truth(false)),
        _ => {
            checker.report(type_mismatch::override_not_a_truth(named, value, literal));
            None
        }
    }
}

/// The value from outside of a parameter that is an actor type.
fn set_type(checker: &mut Checker<'_>, (span, name): (Span, &str), value: &str) -> Option<Value> {
    let is_name = value.starts_with(|c: char| c.is_ascii_uppercase())
        && value.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if value == "any" {
        return Some(Value::Type(None));
    }
    if !is_name {
        checker.report(type_mismatch::override_not_a_type((span, name), value));
        return None;
    }
    if let Some(id) = checker.types.find(value) {
        return Some(Value::Type(Some(id)));
    }
    if checker.types.are_declared() {
        let names = checker.types.names();
        let report = unknown_type::set_from_outside((span, name), value, names);
        checker.report(report);
        return None;
    }
    let id = checker.types.infer(Arc::from(value), span);
    Some(Value::Type(Some(id)))
}

impl Checker<'_> {
    /// The actor type that a word stands for as the value of a parameter; `None` if it is reported.
    fn type_value(&mut self, word: Word) -> Option<Option<TypeId>> {
        let word = self.meant(word);
        match word.kind {
            WordKind::Any => {
                self.note_any(word.name);
                Some(None)
            }
            WordKind::Upper => {
                let id = RuleChecker::new(self, usize::MAX).noted_type(word.name)?;
                Some(Some(id))
            }
            WordKind::Lower | WordKind::Server | WordKind::Client => None,
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
        Value::Type(of_type) => ParamValue::Type(of_type),
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
