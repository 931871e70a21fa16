//! One expression outside any rule, as a prompt takes it: a measured value or a condition.

use std::sync::Arc;

use plasma_model::RELEASE_PERIODS_DEFAULT;
use plasma_syntax::tree::{ExprId, Tree};

use super::operand::Operand;
use super::{Checker, RuleChecker};
use crate::error::type_mismatch;
use crate::program::{Condition, Expression, Rule};
use crate::{CheckedExpression, Environment};

/// Checks an expression of a tree among the declarations of a policy.
pub(crate) fn check(
    tree: &Tree,
    id: ExprId,
    policy: &Tree,
    environment: &Environment,
) -> CheckedExpression {
    let mut checker = Checker::declared(policy, environment);
    // From here on, names are read where the expression stands.
    checker.tree = tree;
    checker.prompt = Some(tree);
    let checked = RuleChecker::new(&mut checker, 0).expression(id);
    CheckedExpression {
        schema: checker.types.into_schema(),
        expression: checked,
        diagnostics: checker.diagnostics,
    }
}

impl RuleChecker<'_, '_> {
    fn expression(mut self, id: ExprId) -> Option<(Rule, Expression)> {
        self.collect_condition(id);
        self.open_scope(id);
        let is_truth = self.is_truth(id) || self.truth_param(id).is_some();
        let expression = match is_truth {
            true => Expression::Condition(self.condition(id)?),
            false => self.some_value(id)?,
        };
        if self.is_broken {
            return None;
        }
        let scope = Rule {
            index: 0,
            name: Arc::from("expression"),
            priority: 0,
            cooldown_seconds: None,
            release_periods: RELEASE_PERIODS_DEFAULT,
            span: self.checker.tree.expr(id).span,
            docs: String::new(),
            variables: self.resolved,
            condition: Condition::Constant(true),
            behaviors: Vec::new(),
        };
        Some((scope, expression))
    }

    fn some_value(&mut self, id: ExprId) -> Option<Expression> {
        match self.operand(id)? {
            Operand::Truth(published) => self.published_truth(published).map(Expression::Condition),
            Operand::Text(_, span) => {
                let text = self.checker.tree.text(span);
                self.fail(type_mismatch::text_as_value(span, text));
                None
            }
            Operand::Entity(entity, span) => {
                let text = self.checker.tree.text(span);
                self.fail(type_mismatch::entity_as_value(span, text, entity.noun()));
                None
            }
            Operand::Unknown(name) => {
                self.unknown_variable(name);
                None
            }
            operand => self.number(operand)?.into_checked().map(Expression::Number),
        }
    }
}
