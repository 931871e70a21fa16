//! Numbers calculated from others: signs, `abs`, and the units of the results.

use plasma_diagnostic::Span;
use plasma_model::window_function_row;
use plasma_syntax::Quantity;
use plasma_syntax::tree::{ArithmeticOp, ExprId, ExprList, Word};

use super::RuleChecker;
use super::operand::{Number, Operand};
use super::unit::{Unit, calculated, common, quantity_of};
use crate::error::unit_mismatch::{self, Side};
use crate::error::{out_of_range, type_mismatch, unknown_variable, wrong_argument};
use crate::program::{CalculationKind, Operator};
use crate::schema::ValueType;

impl RuleChecker<'_, '_> {
    /// An operand that must be a number; reports it if it is none.
    pub(super) fn number(&mut self, operand: Operand) -> Option<Operand> {
        let span = operand.span();
        let text = self.checker.tree.text(span);
        match operand {
            Operand::Number(_) | Operand::Feature(_) | Operand::Value(_) => return Some(operand),
            Operand::Inferred(inferred) => {
                let published = self.inferred_value(inferred, ValueType::Float)?;
                return Some(self.published_number(published, ValueType::Float));
            }
            Operand::Text(..) => self.fail(type_mismatch::text_as_number(span, text)),
            Operand::Truth(_) => self.fail(type_mismatch::published_truth_compared(span, text)),
            Operand::Entity(entity, _) => {
                self.fail(type_mismatch::entity_calculated(span, text, entity.noun()));
            }
            Operand::Unknown(name) => self.unknown_number(name),
        }
        None
    }

    /// `-x`
    pub(super) fn minus(&mut self, inner: ExprId, span: Span) -> Option<Operand> {
        let operand = self.operand(inner)?;
        let operand = self.number(operand)?;
        if let Operand::Number(number) = operand {
            return Some(Operand::Number(Number {
                value: -number.value,
                param: None,
                span,
                ..number
            }));
        }
        let unit = operand.unit();
        let kind = CalculationKind::Negative(operand.into_checked()?);
        Some(Operand::Value(self.value(kind, unit, span)))
    }

    /// A word with arguments: `abs(x)`, or an aggregate without `for`.
    pub(super) fn calculation(
        &mut self,
        id: ExprId,
        word: Word,
        args: ExprList,
    ) -> Option<Operand> {
        let name = self.text(word.name);
        if let Some(row) = window_function_row(name) {
            return self.window_function(row, args, self.checker.tree.expr(id).span);
        }
        if name != "abs" {
            return self.aggregate_of_arguments(id, word, args);
        }
        let tree = self.checker.tree;
        let span = tree.expr(id).span;
        let [argument] = tree.list(args) else {
            let given = tree.list(args).len();
            self.fail(wrong_argument::abs_arguments(span, given));
            return None;
        };
        let operand = self.operand(*argument)?;
        let operand = self.number(operand)?;
        if let Operand::Number(number) = operand {
            return Some(Operand::Number(Number {
                value: number.value.abs(),
                param: None,
                span,
                ..number
            }));
        }
        let unit = operand.unit();
        let kind = CalculationKind::Absolute(operand.into_checked()?);
        Some(Operand::Value(self.value(kind, unit, span)))
    }

    /// `a + b` and the like.
    pub(super) fn arithmetic(
        &mut self,
        (op, op_span): (ArithmeticOp, Span),
        left: ExprId,
        right: ExprId,
        span: Span,
    ) -> Option<Operand> {
        let operator = operator(op);
        // Both sides are looked at even if the first is wrong.
        let (left, right) = (self.operand(left), self.operand(right));
        if let (Some(Operand::Number(number)), Some(Operand::Unknown(name))) = (&left, &right)
            && operator == Operator::Divide
            && self.text(*name) == "s"
        {
            let rate = format!("{}/s", self.checker.tree.text(number.span));
            self.fail(unknown_variable::rate_with_blanks(name.span, span, &rate));
            return None;
        }
        let left = left.and_then(|left| self.number(left));
        let right = right.and_then(|right| self.number(right));
        let (left, right) = (left?, right?);
        let Some((unit, scale)) = calculated(operator, left.unit(), right.unit()) else {
            self.wrong_units(operator, op_span, &left, &right);
            return None;
        };
        if let Operand::Number(Number { value: 0.0, .. }) = right
            && operator == Operator::Divide
        {
            self.fail(out_of_range::division_by_zero(right.span()));
            return None;
        }
        if let (Operand::Number(left), Operand::Number(right)) = (&left, &right) {
            return self.folded(operator, *left, *right, (unit, scale), span);
        }
        let kind = CalculationKind::Arithmetic {
            left: left.into_checked()?,
            operator,
            right: right.into_checked()?,
            scale,
        };
        Some(Operand::Value(self.value(kind, unit, span)))
    }

    /// Two constants are one.
    fn folded(
        &mut self,
        operator: Operator,
        left: Number,
        right: Number,
        (unit, scale): (Unit, f64),
        span: Span,
    ) -> Option<Operand> {
        let Some(value) = operator.apply(left.value, right.value) else {
            self.fail(out_of_range::too_large(span));
            return None;
        };
        let quantity: Option<Quantity> = unit.and_then(quantity_of);
        Some(Operand::Number(Number {
            value: value * scale,
            quantity,
            span,
            param: None,
        }))
    }

    /// Reports two numbers that cannot be compared or calculated with each other.
    pub(super) fn wrong_units(
        &mut self,
        operator: Operator,
        sign: Span,
        left: &Operand,
        right: &Operand,
    ) {
        let is_sum = matches!(operator, Operator::Add | Operator::Subtract);
        let diagnostic = match (left, right) {
            _ if !is_sum => {
                let (left, right) = (self.side(left), self.side(right));
                unit_mismatch::calculated(sign, operator, &left, &right)
            }
            (Operand::Feature(measured), Operand::Number(number))
            | (Operand::Number(number), Operand::Feature(measured)) => {
                return self.wrong_constant(measured, *number);
            }
            (Operand::Feature(left), Operand::Feature(right)) => {
                _ = self.check_units(left, right);
                return;
            }
            _ => unit_mismatch::sides(&self.side(left), &self.side(right)),
        };
        self.fail(diagnostic);
    }

    /// Whether two numbers, one of which is calculated, can be compared; reports it if not.
    pub(super) fn check_sides(&mut self, left: &Operand, right: &Operand) -> bool {
        if common(left.unit(), right.unit()).is_some() {
            return true;
        }
        let diagnostic = unit_mismatch::sides(&self.side(left), &self.side(right));
        self.fail(diagnostic);
        false
    }

    fn side(&self, operand: &Operand) -> Side<'_> {
        let span = operand.span();
        Side {
            span,
            text: self.checker.tree.text(span),
            unit: operand.unit().unwrap_or(""),
        }
    }
}

fn operator(op: ArithmeticOp) -> Operator {
    match op {
        ArithmeticOp::Add => Operator::Add,
        ArithmeticOp::Subtract => Operator::Subtract,
        ArithmeticOp::Multiply => Operator::Multiply,
        ArithmeticOp::Divide => Operator::Divide,
    }
}
