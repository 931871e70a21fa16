//! Scope of variables under `or`: which are bound on every side, and which live on one side only.

use plasma_diagnostic::Span;
use plasma_syntax::tree::{ExprId, ExprKind, ExprList};

use super::RuleChecker;
use super::chain::Chain;
use super::variable_set::VariableSet;
use crate::error::unbound_in_or;

/// The sides of an `or` that leave a variable open.
struct Gap {
    bound: Span,
    side_without: Span,
}

impl RuleChecker<'_, '_> {
    /// The variables that every binding assigns, in text order. Reports those that a behavior needs
    /// and only one side of an `or` binds.
    pub(super) fn rule_variables(&mut self, condition: ExprId) -> VariableSet {
        let mut all = VariableSet::default();
        let places = self.variables.list.iter().enumerate();
        let own = places.filter(|(_, variable)| !variable.is_local);
        all.extend(own.map(|(place, _)| place));
        if !self.has_or {
            return all;
        }
        let bound = self.bound(condition);
        let mut scope = VariableSet::default();
        for index in all.iter() {
            let variable = &self.variables.list[index];
            if bound.contains(index) || variable.condition_mentions == 0 {
                scope.insert(index);
            } else if let Some(used) = variable.used_by_behavior {
                let name = variable.name;
                // The variable counts as the rule's from here on, so that this is the only report.
                scope.insert(index);
                if let Some(gap) = self.gap(condition, index).filter(|_| !self.is_cut) {
                    self.fail(unbound_in_or::unbound_in_or(
                        used,
                        name,
                        gap.bound,
                        gap.side_without,
                    ));
                }
            }
        }
        scope
    }

    /// The variables that are bound wherever this condition is evaluated: all that an atom mentions,
    /// and of an `or` those of every side.
    pub(super) fn bound(&self, id: ExprId) -> VariableSet {
        let tree = self.checker.tree;
        match *tree.kind(id) {
            ExprKind::And(list) => {
                let parts = self.bound_all(list);
                let united = parts.reduce(|mut a, b| {
                    a.unite(&b);
                    a
                });
                united.unwrap_or_default()
            }
            ExprKind::Or(list) => {
                let sides = self.bound_all(list);
                let common = sides.reduce(|mut a, b| {
                    a.intersect(&b);
                    a
                });
                common.unwrap_or_default()
            }
            ExprKind::Not(inner)
            | ExprKind::Paren(inner)
            | ExprKind::Sustained {
                condition: inner, ..
            } => self.bound(inner),
            _ => {
                let mut mentioned = VariableSet::default();
                self.mentioned(id, &mut mentioned);
                mentioned
            }
        }
    }

    fn bound_all(&self, list: ExprList) -> impl Iterator<Item = VariableSet> {
        let sides = self.checker.tree.list(list).iter();
        sides.map(|side| self.bound(*side))
    }

    /// Every variable mentioned anywhere in an expression.
    fn mentioned(&self, id: ExprId, found: &mut VariableSet) {
        let tree = self.checker.tree;
        match *tree.kind(id) {
            ExprKind::Word(word) => {
                found.extend(self.variables.find(self.text(word.name)));
            }
            ExprKind::Call { .. } if self.aggregates.get(id).is_some() => {
                self.mentioned_inside(id, found);
            }
            ExprKind::Call { args, .. } => self.mentioned_all(args, found),
            ExprKind::Member { .. } => {
                let chain = Chain::read(tree, id);
                self.mentioned(chain.root, found);
                if let Some(args) = chain.link(tree, 0).and_then(|link| link.args) {
                    self.mentioned_all(args, found);
                }
            }
            ExprKind::Compare { left, right, .. } => {
                self.mentioned(left, found);
                self.mentioned(right, found);
            }
            ExprKind::InRef {
                actor: left,
                property: right,
                ..
            }
            | ExprKind::On {
                actor: left,
                host: right,
                ..
            }
            | ExprKind::Arithmetic { left, right, .. } => {
                self.mentioned(left, found);
                self.mentioned(right, found);
            }
            // Its own variables are nobody else's.
            ExprKind::Aggregate { .. } => self.mentioned_inside(id, found),
            ExprKind::Paren(inner)
            | ExprKind::By(inner)
            | ExprKind::Not(inner)
            | ExprKind::Minus(inner)
            | ExprKind::Windowed { of: inner, .. }
            | ExprKind::Sustained {
                condition: inner, ..
            } => {
                self.mentioned(inner, found);
            }
            ExprKind::And(list) | ExprKind::Or(list) | ExprKind::Types(list) => {
                self.mentioned_all(list, found);
            }
            ExprKind::Hole | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Text => {}
        }
    }

    fn mentioned_inside(&self, aggregate: ExprId, found: &mut VariableSet) {
        if let Some(outer) = self.mentioned_in_aggregate(aggregate) {
            found.unite(outer);
        }
    }

    fn mentioned_all(&self, list: ExprList, found: &mut VariableSet) {
        for id in self.checker.tree.list(list) {
            self.mentioned(*id, found);
        }
    }

    /// Where an `or` binds the variable on one side and not on another.
    fn gap(&self, id: ExprId, variable: usize) -> Option<Gap> {
        let tree = self.checker.tree;
        match *tree.kind(id) {
            ExprKind::Not(inner)
            | ExprKind::Paren(inner)
            | ExprKind::Sustained {
                condition: inner, ..
            } => self.gap(inner, variable),
            ExprKind::And(list) => {
                let parts = tree.list(list).iter();
                parts.into_iter().find_map(|part| self.gap(*part, variable))
            }
            ExprKind::Or(list) => {
                let sides = tree.list(list);
                let binds = |id: &&ExprId| self.bound(**id).contains(variable);
                let with = sides.iter().find(binds);
                let without = sides.iter().find(|id| !binds(id));
                match (with, without) {
                    (Some(with), Some(without)) => Some(Gap {
                        bound: self.first_mention(*with, variable),
                        side_without: tree.expr(*without).span,
                    }),
                    _ => sides.iter().find_map(|side| self.gap(*side, variable)),
                }
            }
            _ => None,
        }
    }

    /// The first atom in a condition that mentions the variable, as narrow as is cheap to tell.
    fn first_mention(&self, id: ExprId, variable: usize) -> Span {
        let tree = self.checker.tree;
        let span = tree.expr(id).span;
        match *tree.kind(id) {
            ExprKind::Not(inner)
            | ExprKind::Paren(inner)
            | ExprKind::Sustained {
                condition: inner, ..
            } => self.first_mention(inner, variable),
            ExprKind::And(list) | ExprKind::Or(list) => {
                let mut parts = tree.list(list).iter();
                let part = parts.find(|part| {
                    let mut found = VariableSet::default();
                    self.mentioned(**part, &mut found);
                    found.contains(variable)
                });
                part.map_or(span, |part| self.first_mention(*part, variable))
            }
            _ => span,
        }
    }
}
