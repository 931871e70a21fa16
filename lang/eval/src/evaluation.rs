//! What evaluation hands over: intents, how often each rule fired, how reservations fare.

use plasma_model::{Binding, Intent};

use crate::{Excess, Truth};

/// What a program asks for on one snapshot.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// One for each distinct goal, in order of its first cause.
    pub intents: Vec<Intent>,
    /// For each rule of the program, the number of bindings for which it fired.
    pub fired: Vec<usize>,
    /// Every reservation in force, in the order of
    /// [`Reservations::iter`](plasma_model::Reservations::iter).
    pub reservations: Vec<ReservationState>,
    /// Rules that reached a bound and yield nothing in this period.
    pub excesses: Vec<Excess>,
}

/// How a reservation in force stands after one period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReservationState {
    /// [`Rule::index`](plasma_check::program::Rule::index) of the rule.
    pub rule_index: usize,
    /// The firing that holds it.
    pub binding: Binding,
    /// The rule's condition, its atoms about the load of the reserved actor's host taken as
    /// satisfied. False in enough periods on end, it releases the reservation; unknown does not
    /// count. False, too, if the binding is no longer possible: one of its actors has ended.
    pub rest: Truth,
}
