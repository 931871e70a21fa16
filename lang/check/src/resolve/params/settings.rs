//! `with { share = 40% }`: the parameters of a module that its `use` sets, read where that stands.

use std::collections::HashMap;

use plasma_diagnostic::Span;
use plasma_syntax::tree::{ExprId, ExprKind, ModuleSetting, WordKind};

use super::{Checker, Number, Value};
use crate::error::{duplicate_name, out_of_range, type_mismatch, unit_mismatch, unknown_param};
use crate::names::Named;

/// Gives the parameters of the module being checked the values that its `use` sets.
pub(super) fn apply(checker: &mut Checker<'_>) {
    let Some((user, used)) = checker.modules.get(checker.module).and_then(|m| m.used) else {
        return;
    };
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for setting in &used.settings {
        let outside = checker.enter(user);
        let name = checker.text(setting.name);
        let value = checker.setting(setting);
        checker.leave(outside);
        if let Some(first) = seen.insert(name, setting.name.span) {
            checker.report(duplicate_name::setting(setting.name.span, name, first));
            continue;
        }
        set(checker, (setting, name), value);
    }
}

/// A value as a `with` gives it: its text, and where it stands.
struct Given<'a> {
    value: Value,
    text: String,
    place: (Span, &'a str),
}

fn set(
    checker: &mut Checker<'_>,
    (setting, name): (&ModuleSetting, &str),
    given: Option<Given<'_>>,
) {
    let span = setting.name.span;
    let Some((place, _)) = checker.params.find(name) else {
        let names = checker.params.names();
        let report = unknown_param::of_module(span, name, names);
        checker.report(report);
        return;
    };
    checker.note(span, Named::Param(place));
    let (Some(given), Some(param)) = (given, checker.params.list.get(place)) else {
        return;
    };
    let declared = (param.literal, param.literal_text);
    let value = match (param.value, given.value) {
        (Some(Value::Number(default)), Value::Number(number)) => {
            if number.unit.is_some() && number.quantity() != default.quantity() {
                let report = unit_mismatch::setting(given.place, name, declared);
                checker.report(report);
                return;
            }
            // A bare number takes the unit of the default.
            let unit = number.unit.or(default.unit);
            Value::Number(Number { unit, ..number })
        }
        (Some(Value::Truth(_)), value @ Value::Truth(_))
        | (Some(Value::Type(_)), value @ Value::Type(_)) => value,
        (None, _) => return,
        _ => {
            let report = type_mismatch::setting(given.place, name, declared);
            checker.report(report);
            return;
        }
    };
    checker.params.put(place, value, &given.text);
}

impl<'a> Checker<'a> {
    /// The value of a setting, as the file means it that uses the module.
    fn setting(&mut self, setting: &ModuleSetting) -> Option<Given<'a>> {
        let expr = self.tree.expr(setting.value);
        let place = (expr.span, self.tree.text(expr.span));
        let (value, text) = match expr.kind {
            ExprKind::Number(number) if number.value.is_finite() => {
                (Value::Number(number), place.1.to_owned())
            }
            ExprKind::Number(_) => {
                self.report(out_of_range::too_large(expr.span));
                return None;
            }
            ExprKind::Bool(value) => (Value::Truth(value), place.1.to_owned()),
            ExprKind::Word(word) if word.kind == WordKind::Lower => {
                self.param_of_user(setting.value)?
            }
            ExprKind::Word(word) => (Value::Type(self.type_value(word)?), place.1.to_owned()),
            _ => return None,
        };
        Some(Given { value, text, place })
    }

    /// The value of a parameter of the file that uses the module.
    fn param_of_user(&mut self, id: ExprId) -> Option<(Value, String)> {
        let span = self.tree.expr(id).span;
        let text = self.tree.text(span);
        let Some((place, _)) = self.params.find(text) else {
            let names = self.params.names();
            let report = unknown_param::unknown_param(span, text, names);
            self.report(report);
            return None;
        };
        self.params.mark_used(place);
        self.note(span, Named::Param(place));
        let param = self.params.list.get(place)?;
        Some((param.value?, param.value_text.clone()))
    }
}
