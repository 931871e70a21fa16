//! I3 to I6 and I24, on logs: actors append operations of known callers to a log that is their
//! state; afterwards the logs must agree with what the callers were told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use plasma_actor::Time;
use plasma_engine::embedded::SLICE;

use super::{Property, Violation};

/// One operation in an actor's log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Who asked for it.
    pub caller: u64,
    /// Its number, counted by the caller.
    pub number: u64,
    /// The actor that passed it on, if one did, and that actor's own count.
    pub via: Option<(u64, u64)>,
}

/// What a caller knows of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was acknowledged: it has this place in the log.
    Done {
        /// Counted from 0.
        position: u64,
    },
    /// It ended with an error that says that it has not run.
    NotRun,
    /// It ended with another error, or nobody waited for an answer.
    Unknown,
}

/// An operation as its caller saw it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Who asked for it.
    pub caller: u64,
    /// Its number, counted by the caller.
    pub number: u64,
    /// The actor whose log it is for.
    pub target: u64,
    /// When it began, by the caller's clock.
    pub begun: Time,
    /// How long the caller wanted to wait.
    pub deadline: Duration,
    /// Place of its begin in the order of all begins and ends.
    begun_step: u64,
    /// When it ended, the place of its end in that order, and how.
    ended: Option<(Time, u64, Outcome)>,
}

/// What all callers saw. Clones share it, so that each caller can hold one.
#[derive(Clone, Debug, Default)]
pub struct History(Arc<Mutex<Recorded>>);

#[derive(Debug, Default)]
struct Recorded {
    operations: Vec<Operation>,
    steps: u64,
}

impl Recorded {
    fn next_step(&mut self) -> u64 {
        self.steps += 1;
        self.steps
    }
}

impl History {
    /// A caller begins an operation; gives the place at which to [`History::end`] it.
    pub fn begin(
        &self,
        (caller, number): (u64, u64),
        target: u64,
        begun: Time,
        deadline: Duration,
    ) -> usize {
        let mut recorded = self.recorded();
        let begun_step = recorded.next_step();
        recorded.operations.push(Operation {
            caller,
            number,
            target,
            begun,
            deadline,
            begun_step,
            ended: None,
        });
        recorded.operations.len() - 1
    }

    /// The operation at this place ended.
    pub fn end(&self, place: usize, at: Time, outcome: Outcome) {
        let mut recorded = self.recorded();
        let step = recorded.next_step();
        if let Some(operation) = recorded.operations.get_mut(place) {
            operation.ended = Some((at, step, outcome));
        }
    }

    /// How many operations have begun, and how many of them have been acknowledged.
    #[must_use]
    pub fn counts(&self) -> (usize, usize) {
        let recorded = self.recorded();
        let done =
            |operation: &&Operation| matches!(operation.ended, Some((_, _, Outcome::Done { .. })));
        let acknowledged = recorded.operations.iter().filter(done).count();
        (recorded.operations.len(), acknowledged)
    }

    /// Compares what the callers saw with the logs at the end.
    #[must_use]
    pub fn verify(&self, logs: &BTreeMap<u64, Vec<Entry>>) -> Vec<Violation> {
        let recorded = self.recorded();
        let operations: BTreeMap<(u64, u64), &Operation> = recorded
            .operations
            .iter()
            .map(|operation| ((operation.caller, operation.number), operation))
            .collect();
        let mut found = Vec::new();
        nothing_twice(logs, &mut found);
        in_order(logs, &mut found);
        linearizable(logs, &operations, &mut found);
        for operation in &recorded.operations {
            nothing_lost(operation, logs, &mut found);
            ends_in_time(operation, &mut found);
        }
        found
    }

    fn recorded(&self) -> MutexGuard<'_, Recorded> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn nothing_twice(logs: &BTreeMap<u64, Vec<Entry>>, found: &mut Vec<Violation>) {
    let mut seen = BTreeSet::new();
    for (actor, log) in logs {
        for entry in log {
            if !seen.insert((entry.caller, entry.number)) {
                let what = format!("{entry:?} took effect again, at actor {actor}");
                found.push(Violation::new(Property::NothingTwice, what));
            }
        }
    }
}

fn in_order(logs: &BTreeMap<u64, Vec<Entry>>, found: &mut Vec<Violation>) {
    for (actor, log) in logs {
        let mut last = BTreeMap::new();
        for entry in log {
            // What was passed on is in the order of the one that passed it on.
            let (sender, number) = match entry.via {
                Some((relay, number)) => ((true, relay), number),
                None => ((false, entry.caller), entry.number),
            };
            if let Some(before) = last.insert(sender, number)
                && before >= number
            {
                let what = format!("{entry:?} at actor {actor} comes after number {before}");
                found.push(Violation::new(Property::InOrder, what));
            }
        }
    }
}

/// An operation whose end was seen before another one began must come first in the log.
fn linearizable(
    logs: &BTreeMap<u64, Vec<Entry>>,
    operations: &BTreeMap<(u64, u64), &Operation>,
    found: &mut Vec<Violation>,
) {
    for (actor, log) in logs {
        let mut latest_begin = 0;
        for entry in log {
            let Some(operation) = operations.get(&(entry.caller, entry.number)) else {
                let what = format!("{entry:?} at actor {actor}: nobody asked for it");
                found.push(Violation::new(Property::Linearizable, what));
                continue;
            };
            latest_begin = latest_begin.max(operation.begun_step);
            if let Some((_, step, Outcome::Done { .. })) = operation.ended
                && step < latest_begin
            {
                let what = format!(
                    "{entry:?} at actor {actor} had ended before an operation began that took \
                     effect before it"
                );
                found.push(Violation::new(Property::Linearizable, what));
            }
        }
    }
}

fn nothing_lost(
    operation: &Operation,
    logs: &BTreeMap<u64, Vec<Entry>>,
    found: &mut Vec<Violation>,
) {
    let log = logs.get(&operation.target).map_or(&[][..], Vec::as_slice);
    let is_it = |e: &Entry| (e.caller, e.number) == (operation.caller, operation.number);
    let wrong = match operation.ended {
        Some((_, _, Outcome::Done { position })) => {
            let place = usize::try_from(position).ok();
            let entry = place.and_then(|place| log.get(place));
            (!entry.is_some_and(is_it)).then(|| format!("acknowledged, the log has {entry:?}"))
        }
        Some((_, _, Outcome::NotRun)) => {
            let entry = log.iter().find(|entry| is_it(entry));
            entry.map(|entry| format!("said not to have run, the log has {entry:?}"))
        }
        Some((_, _, Outcome::Unknown)) | None => None,
    };
    if let Some(wrong) = wrong {
        let what = format!("{operation:?}: {wrong}");
        found.push(Violation::new(Property::NothingLost, what));
    }
}

fn ends_in_time(operation: &Operation, found: &mut Vec<Violation>) {
    let latest = operation.begun + operation.deadline + SLICE;
    let is_late = operation.ended.is_none_or(|(at, ..)| at > latest);
    if is_late {
        let what = format!("{operation:?} should have ended by {latest:?}");
        found.push(Violation::new(Property::CallsEnd, what));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEADLINE: Duration = Duration::from_secs(1);

    fn entry(caller: u64, number: u64) -> Entry {
        Entry {
            caller,
            number,
            via: None,
        }
    }

    /// The properties that the checker finds violated after two acknowledged operations of caller
    /// 1, one after the other, if the log of actor 9 is this.
    fn violated(log: &[Entry]) -> Vec<Property> {
        let history = History::default();
        for number in [1, 2] {
            let place = history.begin((1, number), 9, Time::ZERO, DEADLINE);
            let position = number - 1;
            history.end(place, Time::ZERO + DEADLINE, Outcome::Done { position });
        }
        let logs = BTreeMap::from([(9, log.to_vec())]);
        let violations = history.verify(&logs);
        violations.iter().map(|found| found.property).collect()
    }

    #[test]
    fn a_log_that_agrees_is_accepted() {
        assert_eq!(violated(&[entry(1, 1), entry(1, 2)]), []);
    }

    #[test]
    fn each_kind_of_mistake_is_found() {
        use Property::{InOrder, Linearizable, NothingLost, NothingTwice};
        assert_eq!(violated(&[entry(1, 1)]), [NothingLost]);
        assert_eq!(
            violated(&[entry(1, 1), entry(1, 2), entry(1, 2)]),
            [NothingTwice, InOrder]
        );
        assert_eq!(
            violated(&[entry(1, 2), entry(1, 1)]),
            [InOrder, Linearizable, NothingLost, NothingLost]
        );
        assert_eq!(
            violated(&[entry(1, 1), entry(1, 2), entry(7, 7)]),
            [Linearizable]
        );
    }

    #[test]
    fn calls_that_do_not_end_and_errors_that_lie_are_found() {
        let history = History::default();
        history.begin((1, 1), 9, Time::ZERO, DEADLINE);
        let place = history.begin((1, 2), 9, Time::ZERO, DEADLINE);
        history.end(place, Time::ZERO, Outcome::NotRun);
        let logs = BTreeMap::from([(9, vec![entry(1, 2)])]);
        let found = history.verify(&logs);
        let properties: Vec<Property> = found.iter().map(|found| found.property).collect();
        assert_eq!(properties, [Property::CallsEnd, Property::NothingLost]);
    }
}
