//! Evaluation of a checked program on a snapshot, and its explanation.
//!
//! What a policy means is written down once, in [`reference`](mod@reference): the value of every
//! feature, the truth of every condition, the range of every variable, straight from the
//! definitions of the language. [`evaluate()`] finds the same firings without looking at every
//! binding; a property test holds one against the other.
//!
//! Everything here is a function of its arguments: no clock, no files, no randomness, and the same
//! input gives the same output in the same order.

mod budget;
mod evaluate;
mod evaluation;
mod explain;
#[cfg(test)]
mod fixture;
mod intents;
mod kept;
mod message;
mod past;
pub mod reference;
mod truth;
mod variables;

pub use budget::{Bound as BudgetBound, Excess};
pub use evaluate::{Clock, Evaluator, RuleFigures, evaluate};
pub use evaluation::{Evaluation, ReservationState};
pub use explain::{
    Allowance, AtomReading, BINDINGS_EXPLAINED_MAX, ConditionPart, Derivation, Expression,
    MeasuredFeature, Nearness, Row, RowValue, Table, each_derivation, each_near_derivation,
    explain, figure, judge, measured_in, nearest, parts_of, tabulate,
};
pub use past::{
    PAST_ENTRIES_MAX, PAST_ENTRIES_UNASKED_MAX, PAST_SNAPSHOTS_MAX, Past, reach_seconds,
};
pub use reference::Stop;
pub use truth::Truth;
