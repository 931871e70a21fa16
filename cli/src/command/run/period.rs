//! What is shown of one period of a run: loads, rules fired, moves, what the clients saw.

use std::collections::BTreeMap;

use plasma_columns::Frame;
use plasma_engine::ClientPeriod;
use plasma_model::{Outcome, OutcomeResult, PlanAction, Resource, ServerId};
use plasma_scenario::{OtherOutcome, printed_decimals};
use serde::Serialize;

use crate::natural_order;

/// Which part of the run a period belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    /// Before the policy is switched on.
    Baseline,
    /// With the policy.
    Policy,
}

impl Phase {
    /// The word shown to people.
    pub(super) fn name(self) -> &'static str {
        match self {
            Phase::Baseline => "without policy",
            Phase::Policy => "with policy",
        }
    }
}

/// What is shown of one period; serialises to its JSON line.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "event", rename = "period")]
pub(super) struct PeriodView {
    pub(super) t: f64,
    #[serde(skip)]
    pub(super) phase: Phase,
    pub(super) servers: BTreeMap<ServerId, ServerView>,
    pub(super) fired: BTreeMap<String, usize>,
    pub(super) actions: Vec<PlanAction>,
    pub(super) rejected: usize,
    pub(super) throughput: f64,
    pub(super) p50: Option<f64>,
    pub(super) p99: Option<f64>,
    #[serde(skip)]
    pub(super) outcomes: Vec<Outcome>,
    #[serde(skip)]
    pub(super) other_outcomes: Vec<OtherOutcome>,
    #[serde(skip)]
    period_seconds: f64,
}

/// What is shown of one server.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ServerView {
    pub(super) cpu: Option<f64>,
    pub(super) actors: usize,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) contended: bool,
}

impl PeriodView {
    /// The view of a measured period, before anything was decided on it.
    pub(super) fn new(frame: &Frame, clients: &ClientPeriod, phase: Phase) -> Self {
        let numbers = frame.servers.numbers().iter();
        let servers = frame.servers.rows().iter().zip(numbers);
        let servers = servers.map(|((id, server), no)| {
            let view = ServerView {
                cpu: server.usage[Resource::Cpu].perc,
                actors: frame.hosted(*no) as usize,
                contended: server.contended,
            };
            (id.clone(), view)
        });
        PeriodView {
            t: frame.t,
            phase,
            servers: servers.collect(),
            fired: BTreeMap::new(),
            actions: Vec::new(),
            rejected: 0,
            throughput: clients.throughput(),
            p50: clients.quantile(0.5),
            p99: clients.quantile(0.99),
            outcomes: Vec::new(),
            other_outcomes: Vec::new(),
            period_seconds: frame.period_seconds,
        }
    }

    /// The time at its end, with the digits that tell periods apart: `  12.0 s`.
    pub(super) fn time_text(&self) -> String {
        let decimals = printed_decimals(self.period_seconds);
        format!("{:6.decimals$} s", self.t)
    }

    /// The servers in the order in which people count.
    pub(super) fn servers_in_order(&self) -> Vec<(&ServerId, &ServerView)> {
        let mut servers: Vec<_> = self.servers.iter().collect();
        servers.sort_by(|(a, _), (b, _)| natural_order::compare(a.as_str(), b.as_str()));
        servers
    }

    /// Moves that ended in this period, done and failed.
    pub(super) fn moves_ended(&self) -> (usize, usize) {
        let is_done = |o: &&Outcome| matches!(o.result, OutcomeResult::Done { .. });
        let done = self.outcomes.iter().filter(is_done).count();
        (done, self.outcomes.len() - done)
    }
}

/// Seconds as people read them: `850 µs`, `3.2 ms`, `1.24 s`; `–` where nothing was measured.
pub(super) fn seconds_text(seconds: Option<f64>) -> String {
    match seconds {
        None => "–".to_owned(),
        Some(s) if s < 0.000_999_5 => format!("{:.0} µs", s * 1e6),
        Some(s) if s < 0.009_995 => format!("{:.2} ms", s * 1e3),
        Some(s) if s < 0.999_5 => format!("{:.1} ms", s * 1e3),
        Some(s) => format!("{s:.2} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::seconds_text;

    #[test]
    fn seconds_have_three_digits_and_the_unit_that_fits() {
        assert_eq!(seconds_text(None), "–");
        assert_eq!(seconds_text(Some(0.000_85)), "850 µs");
        assert_eq!(seconds_text(Some(0.003_2)), "3.20 ms");
        assert_eq!(seconds_text(Some(0.032)), "32.0 ms");
        assert_eq!(seconds_text(Some(1.239)), "1.24 s");
    }
}
