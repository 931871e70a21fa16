//! The calls of one period: repeated lines add up.

use plasma_model::{ActorId, Caller, Calls, CallsView, Field, Latency, LatencyRecord};

use super::WindowError;
use super::usage::check_figure;

/// Refuses figures that cannot be measured.
pub(super) fn check(record: &CallsView<'_>) -> Result<(), WindowError> {
    let latency = record.latency.unwrap_or_default();
    let figures = [
        ("count", Some(record.count)),
        ("size", record.size),
        ("latency.mean", latency.mean),
        ("latency.p50", latency.p50),
        ("latency.p99", latency.p99),
    ];
    for (field, value) in figures {
        let what = || {
            format!(
                "{field} of the calls from `{}` to `{}.{}`",
                record.from, record.to, record.function
            )
        };
        check_figure(&what, value.map_or(Field::Keep, Field::Known))?;
    }
    Ok(())
}

/// The model's form of a latency record.
pub(super) fn latency(record: Option<LatencyRecord>) -> Latency {
    let record = record.unwrap_or_default();
    Latency {
        mean_seconds: record.mean,
        p50_seconds: record.p50,
        p99_seconds: record.p99,
    }
}

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
