//! Going through the bindings of one rule, one by one and not without end.

use std::cell::Cell;
use std::collections::BTreeSet;

use plasma_check::program::{CheckedProgram, Condition, Rule, VariableId};
use plasma_model::{Binding, Reservations};

use super::reading::{Derivation, derive};
use crate::reference::{Assignment, Effort, Facts, Interpreter, binding_variables};

/// Most bindings of one rule that are looked at.
pub const BINDINGS_EXPLAINED_MAX: usize = 10_000;

/// Most values that are tried for the variables of one rule.
const CANDIDATES_MAX: u64 = 1_000_000;

/// The rule whose bindings are looked for, and where.
#[derive(Clone, Copy)]
pub(super) struct Search<'a, 's> {
    pub(super) program: &'a CheckedProgram,
    pub(super) rule: &'a Rule,
    pub(super) facts: &'a dyn Facts<'s>,
    pub(super) reservations: &'a Reservations,
}

impl<'s> Search<'_, 's> {
    /// Why the rule fires, or does not, for one assignment.
    pub(super) fn derivation(&self, assignment: Assignment<'s>) -> Derivation {
        let schema = &self.program.schema;
        derive(schema, self.facts, self.reservations, self.rule, assignment)
    }

    /// Visits the bindings that have the `fixed` values, are wanted and not `known`, in order of their ids;
    /// whether all have been visited. The known ones count as visited.
    pub(super) fn visit(
        &self,
        (fixed, is_wanted): (&Binding, &dyn Fn(&Binding) -> bool),
        known: &BTreeSet<Binding>,
        visit: &mut dyn FnMut(Derivation),
    ) -> bool {
        let seen = Cell::new(known.len());
        let is_enough = || seen.get() > BINDINGS_EXPLAINED_MAX;
        self.each(fixed, &is_enough, &mut |_, assignment| {
            let binding = assignment.binding(self.rule);
            if known.contains(&binding) || !is_wanted(&binding) {
                return;
            }
            seen.set(seen.get() + 1);
            if !is_enough() {
                visit(self.derivation(assignment.clone()));
            }
        }) && !is_enough()
    }

    /// The bindings with the `fixed` values that are wanted and for which `links` hold, in order of their ids;
    /// of many the first.
    pub(super) fn linked(
        &self,
        links: &Condition,
        fixed: &Binding,
        is_wanted: &dyn Fn(&Binding) -> bool,
    ) -> Vec<Binding> {
        let count = Cell::new(0);
        let mut found = Vec::new();
        let is_enough = || count.get() >= BINDINGS_EXPLAINED_MAX;
        self.each(fixed, &is_enough, &mut |interpreter, assignment| {
            if interpreter.truth(links, assignment).is_true() {
                let binding = assignment.binding(self.rule);
                if is_wanted(&binding) {
                    found.push(binding);
                    count.set(found.len());
                }
            }
        });
        found
    }

    /// Visits the possible assignments that have the `fixed` values; whether it got to the end of them.
    fn each(
        &self,
        fixed: &Binding,
        is_enough: &dyn Fn() -> bool,
        visit: &mut dyn FnMut(&Interpreter<'_, 's>, &mut Assignment<'s>),
    ) -> bool {
        let rule = self.rule;
        let effort = Effort::new(CANDIDATES_MAX, is_enough);
        let interpreter = Interpreter::new(self.facts, rule).within(&effort);
        let mut assignment = Assignment::empty(rule.variables.len());
        let all: Vec<VariableId> = binding_variables(rule).collect();
        let mut open = all.clone();
        for (name, entity) in fixed {
            let is_meant = |id: &VariableId| {
                let variable = rule.variables.get(id.0 as usize);
                variable.is_some_and(|variable| variable.name == *name)
            };
            let place = open.iter().position(is_meant);
            let Some(variable) = place.map(|place| open.remove(place)) else {
                return true;
            };
            let Some(value) = interpreter.value_of(variable, entity) else {
                return true;
            };
            assignment.bind(variable, value);
        }
        interpreter.each_assignment(&open, &mut assignment, &mut |assignment| {
            // The range of a fixed caller depends on its callee.
            let mut variables = all.iter();
            if variables.all(|id| interpreter.is_in_range(*id, assignment)) {
                visit(&interpreter, assignment);
            }
        });
        effort.stop().is_none()
    }
}
