//! Evaluates one program tick after tick: what a rule found is kept, and only bindings with something
//! that changed are looked at again.
//!
//! Incremental view maintenance by delta joins: a binding whose truth may have changed has a value
//! that changed, so those are dropped and searched for anew, starting from the changed values of one
//! variable after the other (Gupta, Mumick, Subrahmanian, Maintaining views incrementally, SIGMOD
//! 1993).

use std::sync::Arc;

use plasma_check::program::{CheckedProgram, Range, Rule, VariableId};
use plasma_columns::{Changes, Columns};
use plasma_model::{ActorId, Binding, Entity, EvaluationPlan, Reservations, RulePlan, ServerId};

use super::describe;
use super::facts::{ColumnFacts, Rows};
use super::machine::Machine;
use super::matches::Matches;
use super::rule_state::{RuleFigures, RuleState};
use super::scope::Scope;
use super::searches::Searches;
use super::shared::Shared;
use crate::Evaluation;
use crate::Past;
use crate::intents::IntentBuilder;
use crate::past::End;
use crate::reference::{Facts, Interpreter, held_truth, reservation_states};

/// Evaluates one program on a cluster, tick after tick.
#[derive(Debug, Default)]
pub struct Evaluator {
    past: Past,
    /// By place among rules and requirements.
    rules: Vec<RuleState>,
    /// What changed since the last evaluation, at ticks that were only watched; `None` without any.
    unseen: Option<Changes>,
    /// Of the last evaluation: its period, and whether a server was silent in it.
    last: Option<(f64, bool)>,
    shared: Shared,
    clock: Option<Clock>,
}

/// Tells seconds since whenever.
pub type Clock = fn() -> f64;

impl Clone for Evaluator {
    /// With the same past; what was found is searched for anew.
    fn clone(&self) -> Self {
        Evaluator {
            past: self.past.clone(),
            rules: Vec::new(),
            unseen: None,
            last: None,
            shared: Shared::default(),
            clock: self.clock,
        }
    }
}

impl Evaluator {
    /// Nothing evaluated yet.
    pub fn new(program: &CheckedProgram) -> Self {
        Evaluator::with_past(Past::of(program))
    }

    /// Nothing evaluated yet, of what was before only this known.
    pub fn with_past(past: Past) -> Self {
        Evaluator {
            past,
            ..Evaluator::default()
        }
    }

    /// The ticks so far, as far as the program looks at them.
    pub fn past(&self) -> &Past {
        &self.past
    }

    /// Measures with this clock how long each rule takes.
    #[must_use]
    pub fn timed_by(self, clock: Clock) -> Self {
        Evaluator {
            clock: Some(clock),
            ..self
        }
    }

    /// Takes note of a tick that is not evaluated: windows look at it later.
    pub fn watch(&mut self, columns: &Columns) {
        let unseen = self.unseen.get_or_insert_default();
        unseen.add(columns.changes());
        self.past.push(columns.frame());
    }

    /// Evaluates the program on the cluster at its last tick, which follows that of the last call: what
    /// it asks for, how often each rule fired, and how the reservations in force stand.
    ///
    /// Rules fire only on true; the intents come in order of their first cause, causes in order of
    /// rule, then binding.
    pub fn evaluate(
        &mut self,
        program: &CheckedProgram,
        columns: &Columns,
        reservations: &Reservations,
    ) -> Evaluation {
        self.shared.begin();
        let (before, end) = self.past.before(columns.frame());
        let scope = Scope::new(columns, before, end, &program.schema, &self.shared);
        let unseen = self.unseen.take().map(|mut changes| {
            changes.add(columns.changes());
            changes
        });
        let changes = unseen.as_ref().unwrap_or(columns.changes());
        let present = (
            scope.present().period_seconds,
            scope.present().servers.any_stale(),
        );
        // Whose silence makes what unknown is not followed.
        let was_calm = |(period, was_stale): (f64, bool)| period == present.0 && !was_stale;
        let is_anew = changes.everything || present.1 || !self.last.is_some_and(was_calm);
        let changes = (!is_anew).then_some(changes);
        self.last = Some(present);

        let rows = Rows::of(&scope);
        let facts = ColumnFacts::new(&scope, &rows);
        let searched = Searches {
            scope: &scope,
            facts: &facts,
            changes,
            clock: self.clock,
        }
        .run(program, &mut self.rules);
        let mut builder = IntentBuilder::new(&facts);
        let rules = program.rules_and_requirements().zip(&self.rules);
        for ((rule, state), searched) in rules.zip(searched) {
            let interpreter = Interpreter::new(&facts, rule)
                .remembering()
                .spending(builder.budget().after(&searched));
            let machine = Machine::new(&scope, &facts, &interpreter);
            let firings = match &state.matches {
                Some(matches) => firings(&machine, rule, matches, reservations),
                None => {
                    // There are too many, unless the search ended for another reason; whatever was found says
                    // nothing.
                    interpreter.budget.take_bindings(usize::MAX);
                    Vec::new()
                }
            };
            builder.add_rule(rule, firings, &interpreter.budget);
        }
        let evaluation = builder.finish(reservation_states(&facts, program, reservations));
        drop(rows);
        self.past.push(columns.frame());
        evaluation
    }

    /// Forgets what was found: the next evaluation looks at everything.
    pub fn forget(&mut self) {
        self.last = None;
    }

    /// What the rule at a place among rules and requirements was true of at the last evaluation, in order of the
    /// binding: numbers of actors and servers, in the order of its variables.
    pub fn matches(&self, place: usize) -> impl Iterator<Item = &[u32]> {
        let found = self
            .rules
            .get(place)
            .and_then(|state| state.matches.as_ref());
        found.into_iter().flat_map(Matches::iter)
    }

    /// How the last evaluation went about it: on these columns, of this program.
    pub fn plan(&self, program: &CheckedProgram, columns: &Columns) -> EvaluationPlan {
        let scope = Scope::new(columns, [], End::Start, &program.schema, &self.shared);
        let rules = program.rules_and_requirements().zip(&self.rules);
        let rules = rules.map(|(rule, state)| RulePlan {
            rule: rule.name.to_string(),
            matches: state.last.matches,
            incremental: state.last.was_incremental,
            search_seconds: state.last.search_seconds,
            steps: describe::steps(&state.join, rule, &scope, self.clock.is_some()),
        });
        EvaluationPlan {
            columns_bytes: columns.bytes(),
            rules: rules.collect(),
            aggregates: self.shared.aggregates(),
            over_time: self.shared.over_time.figures(),
        }
    }

    /// What the last evaluation of each rule took, in the order of rules and requirements.
    pub fn figures(&self) -> impl Iterator<Item = RuleFigures> {
        self.rules.iter().map(|state| state.last)
    }
}

/// The firings of a rule as bindings: those that hold a reservation by the definition, one by one
/// (they are few), all others as they were found. Ends early where the budget ends.
fn firings(
    machine: &Machine<'_, '_>,
    rule: &Rule,
    matches: &Matches,
    reservations: &Reservations,
) -> Vec<Binding> {
    let budget = &machine.interpreter.budget;
    let facts: &dyn Facts<'_> = machine.facts;
    let mut firings = Vec::new();
    let mut are_held = false;
    for (_, binding) in reservations.iter().filter(|(at, _)| *at == rule.index) {
        are_held = true;
        if let Some((truth, _)) = held_truth(facts, rule, binding)
            && truth.is_true()
            && budget.take_bindings(1)
        {
            firings.push(binding.clone());
        }
    }
    let names: Vec<(Arc<str>, bool)> = matches
        .variables()
        .iter()
        .filter_map(|id: &VariableId| rule.variables.get(id.0 as usize))
        .map(|variable| (Arc::clone(&variable.name), variable.range == Range::Servers))
        .collect();
    let columns = machine.scope.columns;
    let entity = |is_server: bool, no: u32| match is_server {
        true => Entity::Server(ServerId::from(columns.server_names().name(no))),
        false => Entity::Actor(ActorId::from(columns.actor_names().name(no))),
    };
    for row in matches.iter() {
        if budget.reached().is_some() {
            break;
        }
        let named = names.iter().zip(row);
        let binding: Binding = named
            .map(|((name, is_server), no)| (Arc::clone(name), entity(*is_server, *no)))
            .collect();
        if !(are_held && reservations.holds(rule.index, &binding)) && budget.take_bindings(1) {
            firings.push(binding);
        }
    }
    firings
}
