//! The calls of one period: repeated lines add up.

use plasma_model::{ActorId, Caller, Calls};

/// Sorts the calls of a period by caller, callee and function and adds equal ones up.
pub(super) fn merge(mut calls: Vec<Calls>) -> Vec<Calls> {
    fn key(calls: &Calls) -> (&Caller, &ActorId, &str) {
        (&calls.from, &calls.to, &calls.function)
    }
    // Stable: equal lines add up in the order of the stream, so that sums of floats repeat.
    calls.sort_by(|a, b| key(a).cmp(&key(b)));
    calls.dedup_by(|next, kept| {
        let same = key(next) == key(kept);
        if same {
            add(kept, next);
        }
        same
    });
    calls
}

fn add(sum: &mut Calls, more: &Calls) {
    sum.latency = sum.latency.merged(sum.count, more.latency, more.count);
    sum.count += more.count;
    sum.size = match (sum.size, more.size) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    };
}
