//! The meaning of the language, kept for good: every binding is tried, every fact looked up by
//! reading the whole snapshot, every condition taken at its word.
//!
//! Read it in this order: `range` (what a variable may stand for), `condition` (when a condition
//! holds), `feature` (what is measured), `calculation` (what is made of that), `window` (what is made of it over time), `facts` (where that is found), then [`evaluate`]. It is
//! slow, and it is right; whatever is faster is tested against it.

mod aggregate;
mod assignment;
mod calculation;
mod condition;
mod effort;
mod facts;
mod feature;
mod range;
mod subject;
#[cfg(test)]
mod tests;
mod window;

use plasma_check::program::{CheckedProgram, Rule};
use plasma_model::{Binding, Reservations, Snapshot};

pub(crate) use aggregate::of as aggregate_of;
pub(crate) use assignment::{
    ActorAt, Assignment, Bound, ServerAt, binding_variables, implicit_server,
};
pub(crate) use condition::{Interpreter, Sample};
pub(crate) use effort::Effort;
pub use effort::Stop;
pub(crate) use facts::{CallTotal, Callees, CallerKind, Callers, Facts, Scan};

pub(crate) use window::{forecast_of, made_of};

use crate::intents::IntentBuilder;
use crate::{Evaluation, Past, ReservationState, Truth};

/// Evaluates a program on a snapshot and those before it by trying every binding of every rule.
pub fn evaluate(
    program: &CheckedProgram,
    snapshot: &Snapshot,
    past: &Past<Snapshot>,
    reservations: &Reservations,
) -> Evaluation {
    let facts = Scan::new(snapshot, past, &program.schema);
    let mut builder = IntentBuilder::new(&facts);
    for rule in program.rules_and_requirements() {
        let interpreter = Interpreter::new(&facts, rule).spending(builder.budget());
        let variables: Vec<_> = binding_variables(rule).collect();
        let mut assignment = Assignment::empty(rule.variables.len());
        let mut firings = Vec::new();
        interpreter.each_assignment(&variables, &mut assignment, &mut |assignment| {
            let binding = assignment.binding(rule);
            let truth = if reservations.holds(rule.index, &binding) {
                Interpreter::holding(&facts, rule, assignment).rule_truth(assignment)
            } else {
                interpreter.rule_truth(assignment)
            };
            if truth.is_true() && interpreter.budget.take_bindings(1) {
                firings.push(binding);
            }
        });
        builder.add_rule(rule, firings, &interpreter.budget);
    }
    builder.finish(reservation_states(&facts, program, reservations))
}

/// How every reservation in force stands.
pub(crate) fn reservation_states<'s>(
    facts: &dyn Facts<'s>,
    program: &CheckedProgram,
    reservations: &Reservations,
) -> Vec<ReservationState> {
    let state = |(rule_index, binding): (usize, &Binding)| ReservationState {
        rule_index,
        binding: binding.clone(),
        rest: program
            .rule(rule_index)
            .and_then(|rule| held_truth(facts, rule, binding))
            .map_or(Truth::False, |(truth, _)| truth),
    };
    reservations.iter().map(state).collect()
}

/// The truth of a rule's condition for a binding that holds a reservation, and the assignment;
/// `None` if the binding is not possible on this snapshot.
pub(crate) fn held_truth<'s>(
    facts: &dyn Facts<'s>,
    rule: &Rule,
    binding: &Binding,
) -> Option<(Truth, Assignment<'s>)> {
    let mut assignment = Interpreter::new(facts, rule).assignment_of(binding)?;
    let interpreter = Interpreter::holding(facts, rule, &assignment);
    let truth = interpreter.rule_truth(&mut assignment);
    Some((truth, assignment))
}
