//! The calls of one period: repeated lines add up.

use plasma_model::{ActorId, Caller, Calls, CallsRecord, Field, Latency, LatencyRecord};

use super::WindowError;
use super::usage::check_figure;

/// Refuses figures that cannot be measured.
pub(super) fn check(record: &CallsRecord) -> Result<(), WindowError> {
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
    let greatest = |a: Option<f64>, b: Option<f64>| match (a, b) {
        (Some(a), Some(b)) => Some(a.max(b)),
        (a, b) => a.or(b),
    };
    let (a, b) = (sum.latency, more.latency);
    sum.latency = Latency {
        mean_seconds: match (a.mean_seconds, b.mean_seconds) {
            (Some(x), Some(y)) if sum.count + more.count > 0.0 => {
                Some((x * sum.count + y * more.count) / (sum.count + more.count))
            }
            (x, y) => x.or(y),
        },
        p50_seconds: greatest(a.p50_seconds, b.p50_seconds),
        p99_seconds: greatest(a.p99_seconds, b.p99_seconds),
    };
    sum.count += more.count;
    sum.size = match (sum.size, more.size) {
        (Some(a), Some(b)) => Some(a + b),
        (a, b) => a.or(b),
    };
}
