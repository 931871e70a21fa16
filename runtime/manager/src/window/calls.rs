//! Records of calls: whether their figures can be measured.

use plasma_model::{CallsView, Field, Latency, LatencyRecord};

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
