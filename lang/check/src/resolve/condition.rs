//! Conditions: `and`, `or`, `not`, and the atoms below them.

use plasma_diagnostic::Span;
use plasma_syntax::tree::{ExprId, ExprKind, ExprList, Sense, WordKind};

use super::RuleChecker;
use super::entity::Entity;
use super::operand::Operand;
use super::variable_set::VariableSet;
use crate::error::{type_mismatch, unknown_variable};
use crate::names::Named;
use crate::program::{Atom, AtomKind, Condition, OrSide, Scope, VariableId};
use crate::schema::ValueType;

impl RuleChecker<'_, '_> {
    /// The condition; `None` if something in it was reported. All of it is checked in any case.
    pub(super) fn condition(&mut self, id: ExprId) -> Option<Condition> {
        let tree = self.checker.tree;
        let expr = tree.expr(id);
        if let Some(used) = self.definition_used(id)
            && self.is_condition(used)
        {
            return self.expanded_condition(used, expr.span);
        }
        match expr.kind {
            ExprKind::Hole => self.hole(),
            ExprKind::Bool(value) => Some(Condition::Constant(value)),
            ExprKind::Paren(inner) => self.condition(inner),
            ExprKind::Not(inner) => Some(Condition::Not(Box::new(self.condition(inner)?))),
            ExprKind::And(list) => {
                let parts = tree.list(list);
                let parts = all_of(parts, |part| self.condition(*part));
                parts.map(Condition::And)
            }
            ExprKind::Or(list) => self.or(list),
            ExprKind::Compare {
                op,
                op_span,
                left,
                right,
            } => {
                let kind = self.compare(op, op_span, left, right)?;
                Some(Condition::Atom(Atom {
                    kind,
                    span: expr.span,
                }))
            }
            ExprKind::InRef {
                actor,
                property,
                sense,
            } => {
                let kind = self.in_ref(actor, property)?;
                Some(relation(kind, sense, expr.span))
            }
            ExprKind::Sustained { condition, window } => {
                self.sustained(condition, window, expr.span)
            }
            ExprKind::On { actor, host, sense } => {
                let kind = self.on(actor, host)?;
                Some(relation(kind, sense, expr.span))
            }
            _ => self.not_a_condition(id),
        }
    }

    fn or(&mut self, list: ExprList) -> Option<Condition> {
        let tree = self.checker.tree;
        let sides = all_of(tree.list(list), |side| self.or_side(*side));
        sides.map(Condition::Or)
    }

    /// `actor on host`.
    fn on(&mut self, actor: ExprId, host: ExprId) -> Option<AtomKind> {
        let host_span = self.checker.tree.expr(host).span;
        let (actor, host) = (self.actor(actor, "left of `on`"), self.entity(host));
        match (actor?, host?) {
            (actor, Entity::Server(server)) => Some(AtomKind::On { actor, server }),
            (_, other) => {
                let text = self.checker.tree.text(host_span);
                self.fail(type_mismatch::not_a_server(host_span, text, other.noun()));
                None
            }
        }
    }

    pub(super) fn or_side(&mut self, id: ExprId) -> Option<OrSide> {
        let mut locals: Vec<VariableId> = Vec::new();
        let mut opened = VariableSet::default();
        for index in self.bound(id).iter() {
            if self.scope.get(index).is_some_and(Option::is_none) {
                self.bind(index, Scope::OrSide);
                locals.extend(self.variable_id(index));
                opened.insert(index);
            }
        }
        let condition = self.condition(id);
        for index in opened.iter() {
            self.scope[index] = None;
        }
        condition.map(|condition| OrSide { locals, condition })
    }

    /// A number, an actor or a server where something true or false is needed.
    fn not_a_condition(&mut self, id: ExprId) -> Option<Condition> {
        let tree = self.checker.tree;
        let span = tree.expr(id).span;
        let text = tree.text(span);
        if let Some(condition) = self.truth_argument(tree.unparenthesized(id)) {
            return Some(condition);
        }
        if let Some(value) = self.truth_param(id) {
            return Some(Condition::Constant(value));
        }
        if let (true, Some(meant)) = (self.is_no_type(id), truth_in_other_case(text)) {
            self.fail(type_mismatch::truth_in_capitals(span, text, meant));
            return None;
        }
        match self.operand(id)? {
            Operand::Truth(published) => {
                return self.published_truth(published);
            }
            Operand::Inferred(inferred) => {
                let published = self.inferred_value(inferred, ValueType::Bool)?;
                return self.published_truth(published);
            }
            Operand::Text(..) => self.fail(type_mismatch::text_as_condition(span, text)),
            Operand::Feature(_) | Operand::Value(_) => {
                let diagnostic = match self.word_over(id) {
                    Some(over) => type_mismatch::window_as_condition(span, text, over),
                    None => type_mismatch::number_as_condition(span, text),
                };
                self.fail(diagnostic);
            }
            Operand::Number(_) => self.fail(type_mismatch::constant_as_condition(span, text)),
            Operand::Entity(entity, _) => {
                self.fail(type_mismatch::entity_as_condition(
                    span,
                    text,
                    entity.noun(),
                ));
            }
            Operand::Unknown(_) if self.is_cut => {}
            Operand::Unknown(name) => {
                self.fail(unknown_variable::unknown_condition(name.span, text));
            }
        }
        None
    }

    /// The value of a parameter that is true or false, if the expression is one.
    pub(super) fn truth_param(&mut self, id: ExprId) -> Option<bool> {
        let tree = self.checker.tree;
        let ExprKind::Word(word) = *tree.kind(tree.unparenthesized(id)) else {
            return None;
        };
        let text = self.text(word.name);
        if word.kind != WordKind::Lower || self.is_variable(text) {
            return None;
        }
        let (place, _) = self.checker.params.find(text)?;
        let truth = self.checker.params.use_truth(place)?;
        self.checker.note(word.name.span, Named::Param(place));
        Some(truth)
    }

    /// Whether an expression is a word that looks like an actor type, and there is none so called.
    fn is_no_type(&self, id: ExprId) -> bool {
        match *self.checker.tree.kind(id) {
            ExprKind::Word(word) => {
                let text = self.text(word.name);
                word.kind == WordKind::Upper && !self.checker.is_type(text)
            }
            _ => false,
        }
    }
}

/// What is read of each, if all of them can be read; all of them are looked at in any case.
pub(super) fn all_of<T, U>(all: &[T], mut read: impl FnMut(&T) -> Option<U>) -> Option<Vec<U>> {
    let mut found = Vec::with_capacity(all.len());
    for one in all {
        found.extend(read(one));
    }
    (found.len() == all.len()).then_some(found)
}

/// A relation, or its opposite.
fn relation(kind: AtomKind, sense: Sense, span: Span) -> Condition {
    let atom = Condition::Atom(Atom { kind, span });
    match sense {
        Sense::Is => atom,
        Sense::IsNot => Condition::Not(Box::new(atom)),
    }
}

/// `True`, `FALSE`: the word that is meant.
fn truth_in_other_case(text: &str) -> Option<&'static str> {
    ["true", "false"]
        .into_iter()
        .find(|word| text.eq_ignore_ascii_case(word))
}
