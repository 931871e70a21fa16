//! The end of a run: what the policy changed, measured in the same run.

use std::fmt::Write as _;
use std::time::Duration;

use plasma_engine::ClientPeriod;
use plasma_model::{Outcome, OutcomeResult};
use serde::Serialize;

use super::period::{PeriodView, Phase, seconds_text};

/// Collects a run's figures while it goes on.
#[derive(Debug)]
pub(super) struct Tally {
    baseline: ClientPeriod,
    policy: ClientPeriod,
    /// Pauses of moves, counted like latencies.
    pauses: ClientPeriod,
    moves: u64,
    failed_moves: u64,
    failed_calls: u64,
    contended_periods: u32,
}

/// The report; serialises to its JSON line.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename = "report")]
pub(super) struct Report {
    baseline: Figures,
    policy: Figures,
    moves: u64,
    failed_moves: u64,
    pause: Pause,
    lost_calls: Option<u64>,
    failed_calls: u64,
    profiling_overhead_perc: Option<f64>,
    contended_periods: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    interrupted_at: Option<f64>,
    #[serde(skip)]
    dry_run: bool,
}

/// What the clients saw in one part of the run.
#[derive(Clone, Copy, Debug, Serialize)]
struct Figures {
    throughput: Option<f64>,
    p50: Option<f64>,
    p99: Option<f64>,
}

/// For how long moved actors answered nobody, in seconds.
#[derive(Clone, Copy, Debug, Serialize)]
struct Pause {
    p50: Option<f64>,
    p99: Option<f64>,
}

impl Tally {
    /// No figures yet.
    pub(super) fn new() -> Self {
        Tally {
            baseline: ClientPeriod::default(),
            policy: ClientPeriod::default(),
            pauses: ClientPeriod::default(),
            moves: 0,
            failed_moves: 0,
            failed_calls: 0,
            contended_periods: 0,
        }
    }

    /// Counts a period; `measured` ones go into the figures of their phase.
    pub(super) fn period(&mut self, view: &PeriodView, clients: &ClientPeriod, measured: bool) {
        self.failed_calls += clients.failed;
        self.contended_periods += u32::from(view.servers.values().any(|s| s.contended));
        if measured {
            match view.phase {
                Phase::Baseline => self.baseline.merge(clients),
                Phase::Policy => self.policy.merge(clients),
            }
        }
    }

    /// Counts how moves ended.
    pub(super) fn outcomes(&mut self, outcomes: &[Outcome]) {
        for outcome in outcomes {
            match &outcome.result {
                OutcomeResult::Done { pause, .. } => {
                    self.moves += 1;
                    self.pauses
                        .record(Duration::try_from_secs_f64(*pause).unwrap_or_default());
                }
                OutcomeResult::Failed { .. } => self.failed_moves += 1,
            }
        }
    }

    /// Ends the run.
    pub(super) fn report(
        &self,
        lost_calls: Option<u64>,
        profiling_overhead_perc: Option<f64>,
        interrupted_at: Option<f64>,
        dry_run: bool,
    ) -> Report {
        Report {
            baseline: Figures::new(&self.baseline),
            policy: Figures::new(&self.policy),
            moves: self.moves,
            failed_moves: self.failed_moves,
            pause: Pause {
                p50: self.pauses.quantile(0.5),
                p99: self.pauses.quantile(0.99),
            },
            lost_calls,
            failed_calls: self.failed_calls,
            profiling_overhead_perc,
            contended_periods: self.contended_periods,
            interrupted_at,
            dry_run,
        }
    }
}

impl Figures {
    fn new(clients: &ClientPeriod) -> Self {
        Figures {
            throughput: (clients.seconds > 0.0).then(|| clients.throughput()),
            p50: clients.quantile(0.5),
            p99: clients.quantile(0.99),
        }
    }
}

impl Report {
    /// The report for people.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut line = |label: &str, before: String, after: String, change: String| {
            let row = format!("{label:10} {before:>9} {after:>11}  {change}");
            let _ = writeln!(text, "{}", row.trim_end());
        };
        line("", "before".into(), "with policy".into(), String::new());
        let rate = |r: Option<f64>| r.map_or("–".into(), |r| format!("{r:.0}/s"));
        let (before, after) = (self.baseline, self.policy);
        line(
            "throughput",
            rate(before.throughput),
            rate(after.throughput),
            times(before.throughput, after.throughput),
        );
        for (label, before, after) in [
            ("p50", before.p50, after.p50),
            ("p99", before.p99, after.p99),
        ] {
            line(
                label,
                seconds_text(before),
                seconds_text(after),
                times(before, after),
            );
        }
        self.remarks(&mut text);
        text
    }

    fn remarks(&self, text: &mut String) {
        let _ = writeln!(
            text,
            "\nmoves      {} done, {} failed\npause      p50 {}, p99 {}",
            self.moves,
            self.failed_moves,
            seconds_text(self.pause.p50),
            seconds_text(self.pause.p99),
        );
        let lost = self
            .lost_calls
            .map_or("unknown".into(), |lost| lost.to_string());
        let _ = writeln!(
            text,
            "calls      {lost} lost, {} with an error",
            self.failed_calls
        );
        if let Some(cost) = self.profiling_overhead_perc {
            let _ = writeln!(text, "profiling  {cost:+.1} % CPU per call");
        }
        if self.dry_run {
            text.push_str("note       dry run: what was decided was not carried out\n");
        }
        if let Some(t) = self.interrupted_at {
            let _ = writeln!(
                text,
                "note       interrupted at {t:.0} s: the figures cover less"
            );
        }
        if self.contended_periods > 0 {
            let _ = writeln!(
                text,
                "warning    in {} periods a server got less processor than its quota: this \
                 machine is busy with other work, and the figures are lower than they should be",
                self.contended_periods
            );
        }
    }
}

/// How a figure changed, as a factor.
fn times(before: Option<f64>, after: Option<f64>) -> String {
    match (before, after) {
        (Some(before), Some(after)) if before > 0.0 => format!("×{:.2}", after / before),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_fits_into_40_columns() {
        let mut tally = Tally::new();
        for clients in [&mut tally.baseline, &mut tally.policy] {
            clients.record(Duration::from_micros(123_456));
        }
        let mut report = tally.report(Some(0), Some(1.23), None, false);
        (report.baseline.throughput, report.policy.throughput) = (Some(12_345.0), Some(123_456.0));
        (report.moves, report.failed_moves) = (1234, 56);
        let text = report.text();
        let framed: String = text.lines().map(|line| format!("|{line}\n")).collect();
        insta::assert_snapshot!(framed, @r"
        |              before with policy
        |throughput   12345/s    123456/s  ×10.00
        |p50         123.5 ms    123.5 ms  ×1.00
        |p99         123.5 ms    123.5 ms  ×1.00
        |
        |moves      1234 done, 56 failed
        |pause      p50 –, p99 –
        |calls      0 lost, 0 with an error
        |profiling  +1.2 % CPU per call
        ");
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert!(widest <= Some(40), "{widest:?}");
    }
}
