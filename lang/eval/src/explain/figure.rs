//! Figures as people read them.

/// The decimals within which two different figures must become distinguishable.
const DECIMALS_MAX: usize = 6;

/// The digits of a figure that stands alone: enough to tell 80.04 % from 80 %.
const DIGITS_SIGNIFICANT: i32 = 4;

/// Figures closer to zero than this are written with an exponent.
const PLAIN_MIN: f64 = 1e-6;

/// Figures from this on are written with an exponent, too.
const PLAIN_MAX: f64 = 1e15;

/// A measured value with its unit, as METRICS names it: `91.2 %`, `1.7 MB`, `0.25 cores`, `500`.
/// Whole parts are never rounded away, and only zero looks like zero.
pub fn figure(value: f64, unit: &str) -> String {
    with_unit(value, unit, &significant)
}

/// A value beside the threshold that it is compared with: with so many decimals that different
/// figures look different.
pub(crate) fn figures(value: f64, threshold: f64, unit: &str) -> (String, String) {
    let pair = |decimals| {
        (
            with_decimals(value, unit, decimals),
            with_decimals(threshold, unit, decimals),
        )
    };
    let different = |(left, right): &(String, String)| value == threshold || left != right;
    let found = (1..DECIMALS_MAX).map(pair).find(different);
    found.unwrap_or_else(|| pair(DECIMALS_MAX))
}

fn with_decimals(value: f64, unit: &str, decimals: usize) -> String {
    // Cores are small numbers: a tenth of a core is a lot.
    let decimals = decimals + usize::from(unit == "cores");
    with_unit(value, unit, &|value| match trimmed(value, decimals) {
        zero if value != 0.0 && (zero == "0" || zero == "-0") => significant(value),
        digits => digits,
    })
}

fn with_unit(value: f64, unit: &str, digits: &dyn Fn(f64) -> String) -> String {
    match unit {
        "B" => scaled(value, "", digits),
        "B/s" => scaled(value, "/s", digits),
        "cores" => format!("{} cores", digits(value)),
        "%" => format!("{} %", digits(value)),
        "s" => duration(value, digits),
        "/s" => format!("{}/s", digits(value)),
        _ => digits(value),
    }
}

/// A time in the largest unit that leaves at least one.
fn duration(seconds: f64, digits: &dyn Fn(f64) -> String) -> String {
    const UNITS: [(&str, f64); 6] = [
        ("d", 86_400.0),
        ("h", 3_600.0),
        ("min", 60.0),
        ("s", 1.0),
        ("ms", 1e-3),
        ("us", 1e-6),
    ];
    let fits = |(_, factor): &&(&str, f64)| seconds.abs() >= *factor;
    let (name, factor) = UNITS.iter().find(fits).unwrap_or(&("s", 1.0));
    format!("{} {name}", digits(seconds / factor))
}

/// Bytes in the largest power of 1000 that leaves at least one.
fn scaled(bytes: f64, per: &str, digits: &dyn Fn(f64) -> String) -> String {
    const UNITS: [(&str, f64); 4] = [("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("B", 1.0)];
    let fits = |(_, factor): &&(&str, f64)| bytes.abs() >= *factor;
    let (name, factor) = UNITS.iter().find(fits).unwrap_or(&("B", 1.0));
    format!("{} {name}{per}", digits(bytes / factor))
}

fn significant(value: f64) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    if value.abs() < PLAIN_MIN {
        return format!("{value:.1e}");
    }
    // The place of the first digit: 1 for 91.2, -2 for 0.04.
    let first = value.abs().log10().floor() as i32;
    let decimals = DIGITS_SIGNIFICANT - 1 - first;
    trimmed(value, usize::try_from(decimals).unwrap_or(0))
}

fn trimmed(value: f64, decimals: usize) -> String {
    if value.abs() >= PLAIN_MAX {
        return format!("{value:.3e}");
    }
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_carry_their_unit_and_no_idle_zeros() {
        assert_eq!(figure(91.2, "%"), "91.2 %");
        assert_eq!(figure(80.0, "%"), "80 %");
        assert_eq!(figure(1_700_000.0, "B"), "1.7 MB");
        assert_eq!(figure(0.0, "B"), "0 B");
        assert_eq!(figure(1_500.0, "B/s"), "1.5 KB/s");
        assert_eq!(figure(0.25, "cores"), "0.25 cores");
        assert_eq!(figure(500.0, "calls"), "500");
        assert_eq!(figure(0.002, "s"), "2 ms");
        assert_eq!(figure(90.0, "s"), "1.5 min");
        assert_eq!(figure(12.0, "/s"), "12/s");
    }

    #[test]
    fn a_figure_alone_has_four_digits_and_only_zero_is_zero() {
        assert_eq!(figure(80.04, "%"), "80.04 %");
        assert_eq!(figure(79.96, "%"), "79.96 %");
        assert_eq!(figure(0.04, "%"), "0.04 %");
        assert_eq!(figure(-0.000_123_456, "%"), "-0.0001235 %");
        assert_eq!(figure(3e-9, "%"), "3.0e-9 %");
        assert_eq!(figure(123_456.7, "calls"), "123457");
        assert_eq!(figure(100_001.0, "B"), "100 KB");
        assert_eq!(figure(0.002, "cores"), "0.002 cores");
        assert_eq!(figure(1e100, "B"), "1.000e91 GB");
    }

    #[test]
    fn different_figures_look_different() {
        let (value, threshold) = figures(80.004, 80.0, "%");
        assert_eq!((value.as_str(), threshold.as_str()), ("80.004 %", "80 %"));
        let (value, threshold) = figures(0.04, 80.0, "%");
        assert_eq!((value.as_str(), threshold.as_str()), ("0.04 %", "80 %"));
    }
}
