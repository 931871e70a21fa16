//! The METRICS table: everything a policy can measure, with unit, range and documentation.

use crate::Resource;

/// What a metric is measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MetricScope {
    /// A server or the actors on it: `server.cpu`, `f.cpu`.
    Resource(Resource),
    /// Calls from one side to another: `client.call(f.open)`.
    Call,
}

/// How a metric is expressed: the word after the last dot of a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Statistic {
    /// A number in the period.
    Count,
    /// An absolute amount in the metric's own unit.
    Size,
    /// A share, 0–100.
    Perc,
}

impl Statistic {
    /// All statistics, in the order in which they are offered.
    pub const ALL: [Statistic; 3] = [Statistic::Perc, Statistic::Size, Statistic::Count];

    /// The word that stands for the statistic in the language.
    pub const fn name(self) -> &'static str {
        match self {
            Statistic::Count => "count",
            Statistic::Size => "size",
            Statistic::Perc => "perc",
        }
    }

    /// The statistic that `name` stands for, if any.
    pub fn from_name(name: &str) -> Option<Statistic> {
        Statistic::ALL.into_iter().find(|s| s.name() == name)
    }
}

/// One statistic that a metric offers.
#[derive(Clone, Copy, Debug)]
pub struct StatisticRow {
    /// Which statistic.
    pub statistic: Statistic,
    /// The unit of its values, as shown to people: `%`, `B`, `calls`.
    pub unit: &'static str,
    /// Greatest value it can take; the least is always 0.
    pub max: Option<f64>,
    /// What it means, one sentence.
    pub doc: &'static str,
}

/// One row of [`METRICS`].
#[derive(Clone, Copy, Debug)]
pub struct Metric {
    /// The word in the language.
    pub name: &'static str,
    /// What it is measured on.
    pub scope: MetricScope,
    /// The statistic that is meant where none is written.
    pub default_statistic: Statistic,
    /// The statistics it offers; others are type errors.
    pub statistics: &'static [StatisticRow],
    /// What it means, in a few sentences for hover and the reference.
    pub doc: &'static str,
}

const fn share(doc: &'static str) -> StatisticRow {
    StatisticRow {
        statistic: Statistic::Perc,
        unit: "%",
        max: Some(100.0),
        doc,
    }
}

const fn amount(unit: &'static str, doc: &'static str) -> StatisticRow {
    StatisticRow {
        statistic: Statistic::Size,
        unit,
        max: None,
        doc,
    }
}

/// Every metric of the language.
pub const METRICS: &[Metric] = &[
    Metric {
        name: "cpu",
        scope: MetricScope::Resource(Resource::Cpu),
        default_statistic: Statistic::Perc,
        statistics: &[
            share("Share of the server's processor capacity."),
            amount("cores", "Processor time used, in core-seconds per second."),
        ],
        doc: "Processor use in the period. Of a server: all it ran; of an actor: what its own \
              handlers used, as a share of its host server's capacity.",
    },
    Metric {
        name: "mem",
        scope: MetricScope::Resource(Resource::Mem),
        default_statistic: Statistic::Perc,
        statistics: &[
            share("Share of the server's memory."),
            amount("B", "Memory in use, in bytes."),
        ],
        doc: "Memory in use at the end of the period. Of an actor: its state, as a share of its \
              host server's memory.",
    },
    Metric {
        name: "net",
        scope: MetricScope::Resource(Resource::Net),
        default_statistic: Statistic::Perc,
        statistics: &[
            share("Share of the server's network capacity."),
            amount("B/s", "Bytes per second, in and out together."),
        ],
        doc: "Network use in the period, in and out together, as a share of the server's network \
              capacity.",
    },
    Metric {
        name: "call",
        scope: MetricScope::Call,
        default_statistic: Statistic::Count,
        statistics: &[
            StatisticRow {
                statistic: Statistic::Count,
                unit: "calls",
                max: None,
                doc: "Number of these calls in the period.",
            },
            amount("B", "Bytes of these calls in the period."),
            share(
                "These calls as a share of all calls from this kind of caller that the callee's \
                 server received in the period.",
            ),
        ],
        doc: "The calls from a caller (`client`, or an actor) to an actor in one function, or in \
              any function if none is named, received during the period.",
    },
];

/// The row of the metric called `name`.
pub fn metric_row(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|row| row.name == name)
}

impl Metric {
    /// The row of `statistic`, if the metric offers it.
    pub fn statistic(&self, statistic: Statistic) -> Option<&'static StatisticRow> {
        self.statistics
            .iter()
            .find(|row| row.statistic == statistic)
    }
}
