//! Finds the firings of a program without looking at every binding.
//!
//! Same meaning as [`reference`](crate::reference), other route: conditions are taken apart into
//! conjuncts, each tested as soon as its variables are bound ([`join`]), references and calls lead
//! from one variable to the next, and calls are looked up by caller, callee and server
//! ([`index`]). A property test in `tests` holds the two routes against each other.

#[cfg(test)]
mod bounds;
mod index;
mod join;
#[cfg(test)]
mod tests;
mod variables;

use plasma_check::program::{CheckedProgram, Rule};
use plasma_check::schema::Schema;
use plasma_model::{Binding, Reservations, Snapshot};

use crate::intents::IntentBuilder;
use crate::reference::{Assignment, Facts, Interpreter, held_truth, reservation_states};
use crate::{Evaluation, Past};
use index::Index;
use join::Join;
use variables::Functions;

/// The facts of a snapshot, arranged for look-ups.
pub(crate) fn index_of<'s>(
    snapshot: &'s Snapshot,
    past: &'s Past,
    schema: &'s Schema,
) -> Index<'s> {
    Index::new(snapshot, past, schema, Functions::Any)
}

/// Evaluates a program on a snapshot and those before it: what it asks for, how often each rule fired, and how the
/// reservations in force stand.
///
/// Rules fire only on true; the intents come in order of their first cause, causes in order of
/// rule, then binding.
pub fn evaluate(
    program: &CheckedProgram,
    snapshot: &Snapshot,
    past: &Past,
    reservations: &Reservations,
) -> Evaluation {
    let functions = Functions::of_program(program);
    let index = Index::new(snapshot, past, &program.schema, functions);
    let mut builder = IntentBuilder::new(&index);
    for rule in program.rules_and_requirements() {
        let interpreter = Interpreter::new(&index, rule)
            .remembering()
            .spending(builder.budget());
        let firings = firings(&index, &interpreter, reservations);
        builder.add_rule(rule, firings, &interpreter.budget);
    }
    builder.finish(reservation_states(&index, program, reservations))
}

/// Every firing of a rule: those that hold a reservation by the definition, one by one (they are
/// few), all others by the join. Ends early where the budget ends.
fn firings<'s>(
    index: &Index<'s>,
    interpreter: &Interpreter<'_, 's>,
    reservations: &Reservations,
) -> Vec<(Binding, Assignment<'s>)> {
    let (facts, rule): (&dyn Facts<'s>, &Rule) = (index, interpreter.rule);
    let mut firings = Vec::new();
    for (_, binding) in reservations.iter().filter(|(at, _)| *at == rule.index) {
        if let Some((truth, assignment)) = held_truth(facts, rule, binding)
            && truth.is_true()
            && interpreter.budget.take_bindings(1)
        {
            firings.push((binding.clone(), assignment));
        }
    }
    let join = Join::of_rule(index, rule);
    let mut assignment = Assignment::empty(rule.variables.len());
    join.run(interpreter, index, &mut assignment, &mut |assignment| {
        let binding = assignment.binding(rule);
        if reservations.holds(rule.index, &binding) {
            return true;
        }
        let goes_on = interpreter.budget.take_bindings(1);
        if goes_on {
            firings.push((binding, assignment.clone()));
        }
        goes_on
    });
    firings
}
