//! What is going to happen, in order of time.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use plasma_actor::Time;

use crate::random::{Random, Stream};

/// Future happenings. Those at the same time come in an order drawn by the seed, so that a run does
/// not depend on the order in which the code happened to plan them.
#[derive(Debug)]
pub(crate) struct Queue<T> {
    planned: BinaryHeap<Planned<T>>,
    ties: Random,
    sequence: u64,
}

#[derive(Debug)]
struct Planned<T> {
    at: Time,
    tie: u64,
    sequence: u64,
    happening: T,
}

impl<T> Queue<T> {
    pub(crate) fn new(seed: u64) -> Self {
        Queue {
            planned: BinaryHeap::new(),
            ties: Random::new(seed, Stream::Ties),
            sequence: 0,
        }
    }

    /// Plans something for the time `at`.
    pub(crate) fn plan(&mut self, at: Time, happening: T) {
        self.sequence += 1;
        self.planned.push(Planned {
            at,
            tie: self.ties.number(),
            sequence: self.sequence,
            happening,
        });
    }

    /// When the next thing happens.
    pub(crate) fn next_at(&self) -> Option<Time> {
        self.planned.peek().map(|planned| planned.at)
    }

    /// Takes out what happens next.
    pub(crate) fn pop(&mut self) -> Option<(Time, T)> {
        let planned = self.planned.pop()?;
        Some((planned.at, planned.happening))
    }
}

impl<T> Planned<T> {
    fn order(&self) -> (Time, u64, u64) {
        (self.at, self.tie, self.sequence)
    }
}

impl<T> Ord for Planned<T> {
    /// Reversed: the heap gives its greatest first, and the earliest is wanted.
    fn cmp(&self, other: &Self) -> Ordering {
        other.order().cmp(&self.order())
    }
}

impl<T> PartialOrd for Planned<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> PartialEq for Planned<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl<T> Eq for Planned<T> {}

#[cfg(test)]
mod tests {
    use super::*;

    fn drained(seed: u64) -> Vec<(u64, u32)> {
        let mut queue = Queue::new(seed);
        for (at, what) in [(5, 0), (1, 1), (5, 2), (5, 3), (0, 4)] {
            queue.plan(Time::from_nanos(at), what);
        }
        let mut order = Vec::new();
        while let Some((at, what)) = queue.pop() {
            order.push((at.as_nanos(), what));
        }
        order
    }

    #[test]
    fn the_earliest_comes_first_and_the_seed_breaks_ties() {
        let orders: Vec<_> = (0..20).map(drained).collect();
        for order in &orders {
            assert!(order.is_sorted_by_key(|(at, _)| *at), "{order:?}");
        }
        assert_eq!(drained(7), drained(7));
        assert!(orders.iter().any(|order| *order != orders[0]));
    }
}
