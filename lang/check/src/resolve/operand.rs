//! What stands where a value is needed: constants, features, calculated values, texts and entities.

use std::sync::Arc;

use plasma_diagnostic::Span;
use plasma_model::{Aggregate, Metric, StatisticRow, aggregate_row, window_function_row};
use plasma_syntax::Quantity;
use plasma_syntax::tree::{ExprId, ExprKind, Name, Word, WordKind};

use super::RuleChecker;
use super::chain::Chain;
use super::entity::Entity;
use super::expansion::Meaning;
use super::property::{Inferred, Published};
use super::unit::{Unit, unit_of};
use crate::error::type_mismatch;
use crate::names::Named;
use crate::program::{
    Calculation, CalculationKind, Feature, Operand as Checked, OverWindow, TextOperand,
};

/// What stands where a value is needed, with what is needed to judge it.
#[derive(Clone)]
pub(super) enum Operand {
    Number(Number),
    Feature(Measured),
    /// A calculated or published number.
    Value(Value),
    Text(TextOperand, Span),
    /// A published truth value.
    Truth(Published),
    /// A property of which nothing tells the type yet.
    Inferred(Inferred),
    Entity(Entity, Span),
    /// A name that stands for nothing; what it should have been, the other side tells.
    Unknown(Name),
}

/// A constant.
#[derive(Clone, Copy)]
pub(super) struct Number {
    /// In the base unit.
    pub(super) value: f64,
    /// What its unit measures; `None` for a bare number.
    pub(super) quantity: Option<Quantity>,
    /// Where it is used.
    pub(super) span: Span,
    /// The place of the parameter that it comes from.
    pub(super) param: Option<usize>,
}

/// A measured value.
#[derive(Clone)]
pub(super) struct Measured {
    pub(super) feature: Feature,
    pub(super) metric: &'static Metric,
    pub(super) row: &'static StatisticRow,
    /// The whole feature.
    pub(super) span: Span,
    /// The word of the statistic, if it is written.
    pub(super) statistic: Option<Span>,
}

/// A calculated or published number.
#[derive(Clone)]
pub(super) struct Value {
    pub(super) checked: Checked,
    pub(super) unit: Unit,
    pub(super) span: Span,
    /// What it is made of, where it lies within that's range: a mean over a window.
    pub(super) like: Option<Box<Measured>>,
}

impl RuleChecker<'_, '_> {
    /// One side of a comparison, or anything else that stands where a value is needed.
    pub(super) fn operand(&mut self, id: ExprId) -> Option<Operand> {
        let tree = self.checker.tree;
        let id = tree.unparenthesized(id);
        let expr = tree.expr(id);
        if let Some(used) = self.definition_used(id) {
            return self.expanded_operand(used, expr.span);
        }
        match expr.kind {
            ExprKind::Hole => self.hole(),
            ExprKind::Number(number) => Some(Operand::Number(Number {
                value: number.base_value(),
                quantity: number.quantity(),
                span: expr.span,
                param: None,
            })),
            ExprKind::Text => {
                let text: Arc<str> = tree.text_value(expr.span).into();
                Some(Operand::Text(TextOperand::Literal(text), expr.span))
            }
            ExprKind::Word(word) if word.kind == WordKind::Lower => self.lower_word(word.name),
            ExprKind::Call { word, args } if self.is_calculation(word) => {
                self.calculation(id, word, args)
            }
            ExprKind::Word(_) | ExprKind::Call { .. } => {
                Some(Operand::Entity(self.entity(id)?, expr.span))
            }
            ExprKind::Member { .. } => self.member(Chain::read(tree, id), expr.span),
            ExprKind::Minus(inner) => self.minus(inner, expr.span),
            ExprKind::Arithmetic {
                op,
                op_span,
                left,
                right,
            } => self.arithmetic((op, op_span), left, right, expr.span),
            ExprKind::Aggregate {
                word,
                of,
                ranges,
                filter,
            } => self.aggregate(id, word, of, ranges, filter),
            ExprKind::Windowed { of, window } => {
                let mean = OverWindow::Aggregate(Aggregate::Avg);
                self.over_window(mean, of, window, expr.span)
            }
            _ => {
                self.fail(type_mismatch::not_a_value(expr.span));
                None
            }
        }
    }

    /// Whether a word with arguments calculates something: `abs(x)`, `max(a, b)`, `rate(x over 60s)`.
    pub(super) fn is_calculation(&self, word: Word) -> bool {
        if word.kind != WordKind::Lower {
            return false;
        }
        let text = self.text(word.name);
        text == "abs" || aggregate_row(text).is_some() || window_function_row(text).is_some()
    }

    /// A lower-case word: a variable of this rule, or a parameter.
    fn lower_word(&mut self, name: Name) -> Option<Operand> {
        let text = self.text(name);
        let found = self.variables.find(text);
        let variable = found.and_then(|index| self.variables.list.get(index));
        if let Some(index) = found
            && let Some(Some(Meaning::Value(value))) = self.scope.get(index)
        {
            let value = match value.as_ref() {
                // What is wrong with a constant is wrong where it is written.
                Operand::Number(number) => Operand::Number(*number),
                value => value.clone().used_as(name.span, text),
            };
            self.note_variable(name.span, index);
            return Some(value);
        }
        if variable.is_some_and(|v| v.kind.is_some()) {
            return Some(Operand::Entity(self.variable(name)?, name.span));
        }
        let Some((place, declared)) = self.checker.params.find(text) else {
            return Some(Operand::Unknown(name));
        };
        self.checker.note(name.span, Named::Param(place));
        if self.checker.params.use_truth(place).is_some() {
            self.fail(type_mismatch::truth_as_value(name.span, text, declared));
            return None;
        }
        let Some((value, quantity)) = self.checker.params.use_value(place) else {
            return self.hole();
        };
        Some(Operand::Number(Number {
            value,
            quantity,
            span: name.span,
            param: Some(place),
        }))
    }

    /// A calculation as a value.
    pub(super) fn value(&self, kind: CalculationKind, unit: Unit, span: Span) -> Value {
        let calculation = Calculation {
            kind,
            unit: unit.unwrap_or(""),
            text: on_one_line(self.checker.tree.text(span)),
        };
        Value {
            checked: Checked::Calculation(Box::new(calculation)),
            unit,
            span,
            like: None,
        }
    }
}

impl Operand {
    /// The measured value whose unit and range its values have, if there is one.
    pub(super) fn measured(&self) -> Option<&Measured> {
        match self {
            Operand::Feature(measured) => Some(measured),
            Operand::Value(value) => value.like.as_deref(),
            _ => None,
        }
    }

    /// The checked form of a number; `None` for anything else.
    pub(super) fn into_checked(self) -> Option<Checked> {
        match self {
            Operand::Number(number) => Some(Checked::Number(number.value)),
            Operand::Feature(measured) => Some(Checked::Feature(measured.feature)),
            Operand::Value(value) => Some(value.checked),
            _ => None,
        }
    }

    /// The unit of a number.
    pub(super) fn unit(&self) -> Unit {
        match self {
            Operand::Number(number) => number.quantity.map(unit_of),
            Operand::Feature(measured) => Some(measured.row.unit),
            Operand::Value(value) => value.unit,
            _ => None,
        }
    }

    pub(super) fn is_number(&self) -> bool {
        matches!(
            self,
            Operand::Number(_) | Operand::Feature(_) | Operand::Value(_)
        )
    }

    /// The text that it is, and where it stands.
    pub(super) fn as_text(&self) -> Option<(TextOperand, Span)> {
        match self {
            Operand::Text(text, span) => Some((text.clone(), *span)),
            _ => None,
        }
    }

    /// Where it stands.
    pub(super) fn span(&self) -> Span {
        match self {
            Operand::Number(number) => number.span,
            Operand::Feature(measured) => measured.span,
            Operand::Value(value) => value.span,
            Operand::Truth(published) => published.span,
            Operand::Inferred(inferred) => inferred.span,
            Operand::Text(_, span) | Operand::Entity(_, span) => *span,
            Operand::Unknown(name) => name.span,
        }
    }
}

/// A text with one blank between its words.
fn on_one_line(text: &str) -> Arc<str> {
    let is_wide = |pair: &[u8]| matches!(pair, [first, second] if first.is_ascii_whitespace() && second.is_ascii_whitespace());
    let is_plain = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    let is_single = text.bytes().all(is_plain) && !text.as_bytes().windows(2).any(is_wide);
    match is_single && text.trim().len() == text.len() {
        true => text.into(),
        false => text.split_whitespace().collect::<Vec<_>>().join(" ").into(),
    }
}
