//! Searches for the firings of all rules, side by side where the cluster is large.

use plasma_check::program::{CheckedProgram, Rule};
use plasma_columns::Changes;
use rayon::prelude::*;

use super::evaluator::Clock;
use super::facts::ColumnFacts;
use super::machine::Machine;
use super::rule_state::RuleState;
use super::scope::Scope;
use crate::budget::Budget;
use crate::reference::Interpreter;

/// With so many actors a search takes longer than waking a thread. The clusters of the tests are small: some of
/// them count as large.
const ACTORS_SIDE_BY_SIDE: usize = if cfg!(test) { 4 } else { 50_000 };

/// What the searches of one evaluation look at.
pub(crate) struct Searches<'e, 's> {
    pub(crate) scope: &'s Scope<'s>,
    pub(crate) facts: &'e ColumnFacts<'s>,
    /// What changed since the last evaluation; `None` if everything may have.
    pub(crate) changes: Option<&'e Changes>,
    pub(crate) clock: Option<Clock>,
}

impl Searches<'_, '_> {
    /// Brings what is kept of each rule up to date; what each took of a rule's budget. A search reads what is
    /// measured and writes what is its own, so the result does not depend on who runs beside whom.
    pub(crate) fn run(&self, program: &CheckedProgram, states: &mut Vec<RuleState>) -> Vec<Budget> {
        let mut prepared: Vec<Budget> = Vec::new();
        for (place, rule) in program.rules_and_requirements().enumerate() {
            let prepare = |machine: &Machine<'_, '_>| match states.get_mut(place) {
                Some(state) => state.prepare(machine, rule),
                None => {
                    let mut state = RuleState::of(rule, machine);
                    state.prepare(machine, rule);
                    states.push(state);
                }
            };
            prepared.push(self.with_machine(rule, Budget::new(0), prepare));
        }
        let rules: Vec<&Rule> = program.rules_and_requirements().collect();
        let tasks = states.iter_mut().zip(rules).zip(prepared);
        let search = |((state, rule), budget): ((&mut RuleState, &Rule), Budget)| {
            self.with_machine(rule, budget, |machine| {
                state.search(machine, rule, self.changes)
            })
        };
        match self.scope.present().live().len() < ACTORS_SIDE_BY_SIDE {
            true => tasks.map(search).collect(),
            false => {
                let tasks: Vec<_> = tasks.collect();
                tasks.into_par_iter().map(search).collect()
            }
        }
    }

    /// Does something for a rule within a budget; what is left of that.
    fn with_machine(
        &self,
        rule: &Rule,
        budget: Budget,
        work: impl FnOnce(&Machine<'_, '_>),
    ) -> Budget {
        let interpreter = Interpreter::new(self.facts, rule)
            .remembering()
            .spending(budget);
        work(&Machine::new(self.scope, self.facts, &interpreter).timed_by(self.clock));
        interpreter.budget
    }
}
