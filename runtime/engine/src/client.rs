//! What the application's own clients saw in one period: the figures a user cares about.

use std::time::Duration;

use hdrhistogram::Histogram;

/// Greatest latency that is told apart, in microseconds (ten minutes); longer ones count as it.
const LATENCY_MICROSECONDS_MAX: u64 = 600_000_000;

/// Significant digits of the latencies kept.
const LATENCY_DIGITS: u8 = 3;

/// Calls that clients completed in one period (or several, merged), and how long they took.
#[derive(Clone, Debug, PartialEq)]
pub struct ClientPeriod {
    /// Length of the time covered, in seconds.
    pub seconds: f64,
    /// Calls that ended with an error.
    pub failed: u64,
    /// Latencies of the calls that succeeded; `None` if the bounds above were invalid.
    latencies: Option<Histogram<u64>>,
}

impl Default for ClientPeriod {
    fn default() -> Self {
        ClientPeriod::new(0.0)
    }
}

impl ClientPeriod {
    /// No calls, in a period of this length.
    pub fn new(seconds: f64) -> Self {
        ClientPeriod {
            seconds,
            failed: 0,
            latencies: Histogram::new_with_bounds(1, LATENCY_MICROSECONDS_MAX, LATENCY_DIGITS).ok(),
        }
    }

    /// Counts a call that succeeded after `latency`.
    pub fn record(&mut self, latency: Duration) {
        self.record_many(latency, 1);
    }

    /// Counts `count` calls that succeeded after `latency` each.
    pub fn record_many(&mut self, latency: Duration, count: u64) {
        let microseconds = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        if let Some(latencies) = &mut self.latencies {
            latencies.saturating_record_n(microseconds, count);
        }
    }

    /// Adds the calls and the time of another period.
    pub fn merge(&mut self, other: &ClientPeriod) {
        self.seconds += other.seconds;
        self.absorb(other);
    }

    /// Adds the calls of other clients in the same period: their time is not added.
    pub fn absorb(&mut self, other: &ClientPeriod) {
        self.failed += other.failed;
        if let (Some(mine), Some(theirs)) = (&mut self.latencies, &other.latencies) {
            // Both histograms have the same constant bounds, so that no value can be out of range.
            let added = mine.add(theirs);
            debug_assert!(added.is_ok(), "histograms of different bounds");
        }
    }

    /// Calls that succeeded.
    pub fn completed(&self) -> u64 {
        self.latencies.as_ref().map_or(0, Histogram::len)
    }

    /// Calls that succeeded, per second; 0 where no time has passed.
    pub fn throughput(&self) -> f64 {
        if self.seconds > 0.0 {
            self.completed() as f64 / self.seconds
        } else {
            0.0
        }
    }

    /// The latency that a share of the calls did not exceed, in seconds: `quantile(0.99)`.
    /// `None` if no call succeeded.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        let latencies = self.latencies.as_ref().filter(|l| !l.is_empty())?;
        Some(latencies.value_at_quantile(share) as f64 / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_periods_adds_time_and_absorbing_clients_does_not() {
        let mut first = ClientPeriod::new(1.0);
        for milliseconds in 1..=100 {
            first.record(Duration::from_millis(milliseconds));
        }
        let mut second = first.clone();
        second.failed = 3;

        let mut periods = first.clone();
        periods.merge(&second);
        assert_eq!(periods.completed(), 200);
        assert_eq!(periods.throughput(), 100.0);
        assert_eq!(periods.failed, 3);

        let mut clients = first;
        clients.absorb(&second);
        assert_eq!(clients.throughput(), 200.0);
    }

    #[test]
    fn quantiles_are_exact_to_three_digits() {
        let mut period = ClientPeriod::new(1.0);
        assert_eq!(period.quantile(0.5), None);
        for milliseconds in 1..=1000 {
            period.record(Duration::from_millis(milliseconds));
        }
        let p99 = period.quantile(0.99).unwrap_or_default();
        assert!((p99 - 0.990).abs() < 0.001, "{p99}");
    }
}
