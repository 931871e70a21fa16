//! Figures as people read them.

/// The decimals within which two different figures must become distinguishable.
const DECIMALS_MAX: usize = 6;

/// A measured value with its unit, as METRICS names it: `91.2 %`, `1.7 MB`, `0.25 cores`, `500`.
pub fn figure(value: f64, unit: &str) -> String {
    with_decimals(value, unit, 1)
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
    match unit {
        "B" => scaled(value, "", decimals),
        "B/s" => scaled(value, "/s", decimals),
        // Cores are small numbers: a tenth of a core is a lot.
        "cores" => format!("{} cores", trimmed(value, decimals + 1)),
        "%" => format!("{} %", trimmed(value, decimals)),
        _ => trimmed(value, decimals),
    }
}

/// Bytes in the largest power of 1000 that leaves at least one.
fn scaled(bytes: f64, per: &str, decimals: usize) -> String {
    const UNITS: [(&str, f64); 4] = [("GB", 1e9), ("MB", 1e6), ("KB", 1e3), ("B", 1.0)];
    let fits = |(_, factor): &&(&str, f64)| bytes.abs() >= *factor;
    let (name, factor) = UNITS.iter().find(fits).unwrap_or(&("B", 1.0));
    format!("{} {name}{per}", trimmed(bytes / factor, decimals))
}

fn trimmed(value: f64, decimals: usize) -> String {
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
    }

    #[test]
    fn different_figures_look_different() {
        let (value, threshold) = figures(80.004, 80.0, "%");
        assert_eq!((value.as_str(), threshold.as_str()), ("80.004 %", "80 %"));
    }
}
