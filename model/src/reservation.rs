//! Which firings hold a reservation: what makes `reserve` sticky from one period to the next.

use std::collections::BTreeSet;

use crate::Binding;

/// The firings (rule and binding) whose `reserve` was accepted and is not yet released.
///
/// Managers carry it from period to period; evaluation reads it: for a held firing, the rule's
/// atoms about the load of the reserved actor's own host count as satisfied, since it is the
/// reservation itself that makes them false.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reservations(BTreeSet<(usize, Binding)>);

impl Reservations {
    /// Holds the reservation of a firing of the rule at place `rule_index`.
    pub fn hold(&mut self, rule_index: usize, binding: Binding) {
        self.0.insert((rule_index, binding));
    }

    /// Gives the reservation of a firing up; whether it was held.
    pub fn release(&mut self, rule_index: usize, binding: &Binding) -> bool {
        self.0.remove(&(rule_index, binding.clone()))
    }

    /// Whether this firing of the rule at place `rule_index` holds a reservation.
    pub fn holds(&self, rule_index: usize, binding: &Binding) -> bool {
        self.0.contains(&(rule_index, binding.clone()))
    }

    /// The held firings, by rule, then binding.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &Binding)> {
        self.0.iter().map(|(rule, binding)| (*rule, binding))
    }

    /// Whether nothing is held.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(usize, Binding)> for Reservations {
    fn from_iter<I: IntoIterator<Item = (usize, Binding)>>(held: I) -> Self {
        Reservations(held.into_iter().collect())
    }
}
