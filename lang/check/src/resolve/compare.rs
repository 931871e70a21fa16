//! Comparisons: of two numbers in one unit, or of two actors or servers.

use plasma_diagnostic::{Span, did_you_mean};
use plasma_syntax::tree::{CompareOp, ExprId, Name};

use super::RuleChecker;
use super::entity::Entity;
use super::operand::Operand;
use crate::error::{type_mismatch, unknown_param};
use crate::names::Named;
use crate::program::{AtomKind, Comparison, EntityRef, TextOperand};
use crate::schema::ValueType;

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
        let (left, right) = (left?, right?);
        if left.is_number() && right.is_number() {
            return self.numbers(comparison(op), left, right);
        }
        match (left, right) {
            (Operand::Unknown(name), other) | (other, Operand::Unknown(name)) => {
                self.unknown_operand(name, &other);
                None
            }
            (Operand::Entity(left, left_span), Operand::Entity(right, right_span)) => {
                self.same(op, op_span, (left, left_span), (right, right_span))
            }
            (left @ (Operand::Text(..) | Operand::Inferred(_)), right @ Operand::Text(..))
            | (left @ Operand::Text(..), right @ Operand::Inferred(_)) => {
                self.texts(op, op_span, left, right)
            }
            (Operand::Entity(entity, span), other) | (other, Operand::Entity(entity, span)) => {
                let text = self.checker.tree.text(span);
                let other = other.span();
                let noun = entity.noun();
                let is_client = matches!(entity, Entity::Client);
                self.fail(type_mismatch::entity_as_number(
                    span, text, noun, other, is_client,
                ));
                None
            }
            (left, right) => {
                let (is_left, is_right) = (left.is_number(), right.is_number());
                let texts = [&left, &right].into_iter().find_map(Operand::as_text);
                if let (Some((text, span)), true) = (texts, is_left || is_right) {
                    let number = if is_left { left.span() } else { right.span() };
                    self.text_for_a_number(&text, span, number);
                    return None;
                }
                let (left, right) = (self.number(left), self.number(right));
                self.numbers(comparison(op), left?, right?)
            }
        }
    }

    /// Two texts: the same or not.
    fn texts(
        &mut self,
        op: CompareOp,
        op_span: Span,
        left: Operand,
        right: Operand,
    ) -> Option<AtomKind> {
        let spans = (left.span(), right.span());
        let (left, right) = (self.text_operand(left), self.text_operand(right));
        let equal = match op {
            CompareOp::Equal => true,
            CompareOp::NotEqual => false,
            _ => {
                let diagnostic =
                    type_mismatch::no_order_of_texts(op_span, op.text(), spans.0, spans.1);
                self.fail(diagnostic);
                return None;
            }
        };
        Some(AtomKind::CompareText {
            left: left?,
            right: right?,
            equal,
        })
    }

    fn text_operand(&mut self, operand: Operand) -> Option<TextOperand> {
        match operand {
            Operand::Text(text, _) => Some(text),
            Operand::Inferred(inferred) => {
                let published = self.inferred_value(inferred, ValueType::Text)?;
                Some(published.into_text())
            }
            _ => None,
        }
    }

    /// A text compared with a number.
    fn text_for_a_number(&mut self, text: &TextOperand, span: Span, number: Span) {
        let source = self.checker.tree.text(span);
        let unquoted = match text {
            TextOperand::Literal(literal) => Some(literal.as_ref()),
            _ => None,
        };
        let diagnostic = type_mismatch::text_for_a_number(span, source, number, unquoted);
        self.fail(diagnostic);
    }

    /// Two numbers, of which at least one should be measured.
    fn numbers(
        &mut self,
        comparison: Comparison,
        left: Operand,
        right: Operand,
    ) -> Option<AtomKind> {
        let is_right = match (&left, &right) {
            (Operand::Number(left), Operand::Number(right)) => self.check_quantities(*left, *right),
            (other, Operand::Number(number)) | (Operand::Number(number), other) => {
                match other.measured() {
                    Some(measured) => self.check_constant(measured, *number),
                    None => self.check_sides(&left, &right),
                }
            }
            (left, right) => match (left.measured(), right.measured()) {
                (Some(left), Some(right)) => self.check_units(left, right),
                _ => self.check_sides(left, right),
            },
        };
        if !is_right {
            return None;
        }
        self.note_figures(&left, &right);
        Some(AtomKind::Compare {
            left: left.into_checked()?,
            comparison,
            right: right.into_checked()?,
        })
    }

    /// Notes the unit of a number that is in that of the other side.
    fn note_figures(&mut self, left: &Operand, right: &Operand) {
        for (one, other) in [(left, right), (right, left)] {
            if let (Operand::Number(number), Some(unit)) = (one, other.unit())
                && number.quantity.is_none()
                && number.param.is_none()
            {
                self.checker.note(number.span, Named::Figure { unit });
            }
        }
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
        } else {
            self.unknown_number(name);
        }
    }

    /// Reports a name that stands for nothing where a number is needed.
    pub(super) fn unknown_number(&mut self, name: Name) {
        let text = self.text(name);
        let near = did_you_mean(text, self.checker.params.names());
        if let Some((place, _)) = near.and_then(|near| self.checker.params.find(near)) {
            // It is used, if under a wrong name.
            self.checker.params.mark_used(place);
        }
        let names = self.checker.params.names();
        self.fail(unknown_param::unknown_param(name.span, text, names));
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
