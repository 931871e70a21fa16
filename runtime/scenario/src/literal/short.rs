//! The figures of a moment with as many digits as tell something: measured ones have up to seventeen.

use plasma_model::{Actor, Calls, Latency, PerResource, Server, Snapshot, Usage, Value};

/// So many digits a figure has where they suffice.
const DIGITS_SIGNIFICANT: i32 = 6;

/// So many it has at most.
const DIGITS_SIGNIFICANT_MAX: i32 = 12;

/// Nearly all thresholds in policies have no more decimals than this.
const DECIMALS_OF_THRESHOLDS: i32 = 2;

/// What calculating may have cost, relative to a figure.
const NOISE: f64 = 1e-12;

/// No figure is told more finely than this.
const DECIMALS_MAX: i32 = 20;

/// The same cluster with shorter figures. Whole numbers stay, and no figure is taken onto or over a threshold
/// of at most two decimals, so that what a policy decides stays, too, as long as its thresholds are no finer.
pub(super) fn shortened(snapshot: &Snapshot) -> Snapshot {
    let mut snapshot = snapshot.clone();
    for Server { usage, .. } in snapshot.servers.values_mut() {
        shorten_usage(usage);
    }
    for actor in snapshot.actors.values_mut() {
        shorten_actor(actor);
    }
    for Calls {
        count,
        size,
        latency,
        ..
    } in &mut snapshot.calls
    {
        *count = short(*count);
        let Latency {
            mean_seconds,
            p50_seconds,
            p99_seconds,
        } = latency;
        for figure in [size, mean_seconds, p50_seconds, p99_seconds] {
            *figure = figure.map(short);
        }
    }
    snapshot
}

fn shorten_actor(actor: &mut Actor) {
    shorten_usage(&mut actor.usage);
    actor.idle_seconds = actor.idle_seconds.map(short);
    actor.age_seconds = actor.age_seconds.map(short);
    for value in actor.values.values_mut() {
        if let Value::Number(number) = value {
            *number = short(*number);
        }
    }
}

fn shorten_usage(usage: &mut PerResource<Usage>) {
    *usage = PerResource::from_fn(|resource| {
        let Usage {
            perc,
            size,
            capacity,
            reported,
        } = usage[resource];
        Usage {
            perc: perc.map(short),
            size: size.map(short),
            capacity: capacity.map(short),
            reported,
        }
    });
}

fn short(value: f64) -> f64 {
    if value == 0.0 || value.fract() == 0.0 || !value.is_finite() {
        return value;
    }
    // The place of the first digit: 1 for 91.2, -2 for 0.04.
    let first = value.abs().log10().floor() as i32;
    let rounded = |digits: i32| {
        let decimals = (digits - 1 - first).clamp(0, DECIMALS_MAX);
        rounded(value, decimals)
    };
    let is_safe = |short: &f64| {
        let may_be_a_threshold = rounded_is_same(*short, DECIMALS_OF_THRESHOLDS);
        !may_be_a_threshold || (value - short).abs() <= NOISE * value.abs()
    };
    let mut tried = (DIGITS_SIGNIFICANT..DIGITS_SIGNIFICANT_MAX).map(rounded);
    let safe = tried.find(is_safe);
    safe.unwrap_or_else(|| rounded(DIGITS_SIGNIFICANT_MAX))
}

/// The number that is written with so many decimals.
fn rounded(value: f64, decimals: i32) -> f64 {
    let decimals = usize::try_from(decimals).unwrap_or(0);
    format!("{value:.decimals$}").parse().unwrap_or(value)
}

fn rounded_is_same(value: f64, decimals: i32) -> bool {
    rounded(value, decimals) == value
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn figures_have_six_digits_and_whole_ones_all() {
        assert_eq!(short(0.024672376470588234), 0.0246724);
        assert_eq!(short(91.23456789), 91.2346);
        assert_eq!(short(1_700_000_001.0), 1_700_000_001.0);
        assert_eq!(short(4567.8912), 4567.891);
        assert_eq!(short(1e100), 1e100);
        assert_eq!(short(-0.5), -0.5);
    }

    #[test]
    fn what_calculating_cost_is_no_digit() {
        assert_eq!(short(0.1 + 0.2), 0.3);
        assert_eq!(short(80.0 * 1.1), 88.0);
    }

    #[test]
    fn no_figure_is_taken_onto_a_threshold() {
        assert_eq!(short(80.00001), 80.00001);
        assert_eq!(short(79.9999999), 79.9999999);
        assert_eq!(short(40.2500004), 40.2500004);
    }

    #[test]
    fn figures_next_to_nothing_have_an_end() {
        assert_eq!(short(1.23456789e-9), 1.23457e-9);
        assert_eq!(short(1e-300), 0.0);
    }
}
