//! Comparisons: of two numbers in one unit, or of two actors or servers.

use plasma_diagnostic::{Span, did_you_mean};
use plasma_model::{Metric, StatisticRow};
use plasma_syntax::Quantity;
use plasma_syntax::tree::{CompareOp, ExprId, ExprKind, Name, WordKind};

use super::RuleChecker;
use super::chain::Chain;
use super::entity::Entity;
use crate::error::{type_mismatch, unknown_param};
use crate::names::Named;
use crate::program::{AtomKind, Comparison, EntityRef, Feature, Operand as Checked};

/// One side of a comparison, with what is needed to judge it.
pub(super) enum Operand {
    Number(Number),
    Feature(Measured),
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
pub(super) struct Measured {
    pub(super) feature: Feature,
    pub(super) metric: &'static Metric,
    pub(super) row: &'static StatisticRow,
    /// The whole feature.
    pub(super) span: Span,
    /// The word of the statistic, if it is written.
    pub(super) statistic: Option<Span>,
}

impl RuleChecker<'_, '_> {
    /// A comparison, with each side checked for itself and against the other.
    pub(super) fn compare(
        &mut self,
        op: CompareOp,
        op_span: Span,
        left: ExprId,
        right: ExprId,
    ) -> Option<AtomKind> {
        // Both sides are looked at even if the first is wrong.
        let (left, right) = (self.operand(left), self.operand(right));
        match (left?, right?) {
            (Operand::Unknown(name), other) | (other, Operand::Unknown(name)) => {
                self.unknown_operand(name, &other);
                None
            }
            (Operand::Entity(left, left_span), Operand::Entity(right, right_span)) => {
                self.same(op, op_span, (left, left_span), (right, right_span))
            }
            (Operand::Entity(entity, span), other) | (other, Operand::Entity(entity, span)) => {
                let text = self.checker.tree.text(span);
                let other = match other {
                    Operand::Feature(measured) => measured.span,
                    Operand::Number(number) => number.span,
                    Operand::Entity(_, span) => span,
                    Operand::Unknown(name) => name.span,
                };
                let noun = entity.noun();
                let is_client = matches!(entity, Entity::Client);
                self.fail(type_mismatch::entity_as_number(
                    span, text, noun, other, is_client,
                ));
                None
            }
            (left, right) => self.numbers(comparison(op), left, right),
        }
    }

    /// Two numbers, of which at least one should be measured.
    fn numbers(
        &mut self,
        comparison: Comparison,
        left: Operand,
        right: Operand,
    ) -> Option<AtomKind> {
        let is_right = match (&left, &right) {
            (Operand::Feature(measured), Operand::Number(number)) => {
                self.check_constant(measured, *number)
            }
            (Operand::Number(number), Operand::Feature(measured)) => {
                self.check_constant(measured, *number)
            }
            (Operand::Feature(left), Operand::Feature(right)) => self.check_units(left, right),
            (Operand::Number(left), Operand::Number(right)) => self.check_quantities(*left, *right),
            _ => true,
        };
        if !is_right {
            return None;
        }
        Some(AtomKind::Compare {
            left: left.into_checked()?,
            comparison,
            right: right.into_checked()?,
        })
    }

    /// Two actors or two servers: the same one or not.
    fn same(
        &mut self,
        op: CompareOp,
        op_span: Span,
        (left, left_span): (Entity, Span),
        (right, right_span): (Entity, Span),
    ) -> Option<AtomKind> {
        let (left, right) = match (left, right) {
            (Entity::Actor(left), Entity::Actor(right)) => {
                (EntityRef::Actor(left), EntityRef::Actor(right))
            }
            (Entity::Server(left), Entity::Server(right)) => {
                (EntityRef::Server(left), EntityRef::Server(right))
            }
            (Entity::Client, _) => {
                self.fail(type_mismatch::client_compared(left_span));
                return None;
            }
            (_, Entity::Client) => {
                self.fail(type_mismatch::client_compared(right_span));
                return None;
            }
            (left, right) => {
                let (left, right) = ((left_span, left.noun()), (right_span, right.noun()));
                self.fail(type_mismatch::actor_and_server(op_span, left, right));
                return None;
            }
        };
        let equal = match op {
            CompareOp::Equal => true,
            CompareOp::NotEqual => false,
            _ => {
                self.fail(type_mismatch::no_order(
                    op_span,
                    op.text(),
                    left_span,
                    right_span,
                ));
                return None;
            }
        };
        Some(AtomKind::Same { left, right, equal })
    }

    fn unknown_operand(&mut self, name: Name, other: &Operand) {
        if matches!(other, Operand::Entity(..) | Operand::Unknown(_)) {
            self.unknown_variable(name);
            return;
        }
        let text = self.text(name);
        let near = did_you_mean(text, self.checker.params.names());
        if let Some((place, _)) = near.and_then(|near| self.checker.params.find(near)) {
            // It is used, if under a wrong name.
            self.checker.params.mark_used(place);
        }
        let names = self.checker.params.names();
        self.fail(unknown_param::unknown_param(name.span, text, names));
    }

    /// One side of a comparison, or anything else that stands where a value is needed.
    pub(super) fn operand(&mut self, id: ExprId) -> Option<Operand> {
        let tree = self.checker.tree;
        let id = tree.unparenthesized(id);
        let expr = tree.expr(id);
        match expr.kind {
            ExprKind::Hole => self.hole(),
            ExprKind::Number(number) => Some(Operand::Number(Number {
                value: number.base_value(),
                quantity: number.quantity(),
                span: expr.span,
                param: None,
            })),
            ExprKind::Word(word) if word.kind == WordKind::Lower => self.lower_word(word.name),
            ExprKind::Word(_) | ExprKind::Call { .. } => {
                Some(Operand::Entity(self.entity(id)?, expr.span))
            }
            ExprKind::Member { .. } => self.member(Chain::read(tree, id), expr.span),
            _ => {
                self.fail(type_mismatch::not_a_value(expr.span));
                None
            }
        }
    }

    /// A lower-case word: a variable of this rule, or a parameter.
    fn lower_word(&mut self, name: Name) -> Option<Operand> {
        let text = self.text(name);
        let found = self.variables.find(text);
        let variable = found.and_then(|index| self.variables.list.get(index));
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
}

impl Operand {
    pub(super) fn into_checked(self) -> Option<Checked> {
        match self {
            Operand::Number(number) => Some(Checked::Number(number.value)),
            Operand::Feature(measured) => Some(Checked::Feature(measured.feature)),
            Operand::Entity(..) | Operand::Unknown(_) => None,
        }
    }
}

fn comparison(op: CompareOp) -> Comparison {
    match op {
        CompareOp::Less => Comparison::Less,
        CompareOp::LessOrEqual => Comparison::LessOrEqual,
        CompareOp::Greater => Comparison::Greater,
        CompareOp::GreaterOrEqual => Comparison::GreaterOrEqual,
        CompareOp::Equal => Comparison::Equal,
        CompareOp::NotEqual => Comparison::NotEqual,
    }
}
