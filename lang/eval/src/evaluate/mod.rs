//! Evaluation on columns: the firings of a rule are found for thousands of assignments at a time.
//!
//! Same meaning as [`reference`](crate::reference), other route. A rule becomes a [`plan`]: which variable is
//! bound when and from where (a [`link`] or a scan), and which conjunct is tested as soon as that can
//! be. It [`run`]s over [`batch`]es of dense numbers. A conjunct that every row decides by itself is
//! a [`predicate`] over vectors; the others are read row by row by the interpreter of the reference,
//! on [`facts`] that become rows when they are asked for. Property tests in `tests` hold the two routes
//! against each other.

mod aggregate;
mod batch;
#[cfg(test)]
mod bounds;
mod call;
mod call_filter;
mod delta;
mod describe;
mod evaluator;
mod facts;
#[cfg(test)]
mod follow_tests;
mod link;
mod machine;
mod matches;
mod measured;
mod near_shares;
mod number;
mod over_time;
mod plan;
mod predicate;
mod reads;
mod rule_state;
mod run;
mod scope;
mod searches;
mod shared;
mod some_ref;
#[cfg(test)]
mod tests;
mod text;

use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_model::Reservations;

pub use evaluator::{Clock, Evaluator};
pub(crate) use facts::looking_at;
pub(crate) use plan::conjuncts;
pub use rule_state::RuleFigures;

use crate::{Evaluation, Past};

/// Evaluates a program on the last tick and those before it.
///
/// Rules fire only on true; the intents come in order of their first cause, causes in order of
/// rule, then binding.
pub fn evaluate(
    program: &CheckedProgram,
    columns: &Columns,
    past: &Past,
    reservations: &Reservations,
) -> Evaluation {
    Evaluator::with_past(past.clone()).evaluate(program, columns, reservations)
}
