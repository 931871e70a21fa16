//! The METRICS table: everything a policy can measure, with unit, range and documentation.

use crate::Resource;

/// What a metric is measured on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MetricScope {
    /// A server or the actors on it: `server.cpu`, `f.cpu`.
    Resource(Resource),
    /// Calls from one side to another: `client.call(f.open)`.
    Call,
    /// One figure of an actor or a server: `f.mailbox`, `server.actors`.
    Gauge(Gauge),
}

/// One figure of an actor or a server, expressed in one way only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Gauge {
    /// `f.mailbox`
    Mailbox,
    /// `f.idle`
    Idle,
    /// `f.age`
    Age,
    /// `f.moves`
    Moves,
    /// `server.actors`
    Actors,
}

impl Gauge {
    /// Whether it is measured of servers, not of actors.
    pub const fn is_of_server(self) -> bool {
        matches!(self, Gauge::Actors)
    }
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
    /// A number per second.
    Rate,
    /// How long calls took in the mean.
    Mean,
    /// How long half of the calls took at most.
    P50,
    /// How long 99 % of the calls took at most.
    P99,
    /// The only way in which a [`Gauge`] is expressed; has no word.
    Value,
}

impl Statistic {
    /// All statistics that have a word, in the order in which they are offered.
    pub const ALL: [Statistic; 7] = [
        Statistic::Perc,
        Statistic::Size,
        Statistic::Count,
        Statistic::Rate,
        Statistic::Mean,
        Statistic::P50,
        Statistic::P99,
    ];

    /// The word that stands for the statistic in the language.
    pub const fn name(self) -> &'static str {
        match self {
            Statistic::Count => "count",
            Statistic::Size => "size",
            Statistic::Perc => "perc",
            Statistic::Rate => "rate",
            Statistic::Mean => "mean",
            Statistic::P50 => "p50",
            Statistic::P99 => "p99",
            Statistic::Value => "value",
        }
    }

    /// The statistic that `name` stands for, if any.
    #[inline]
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

const fn latency(statistic: Statistic, doc: &'static str) -> StatisticRow {
    StatisticRow {
        statistic,
        unit: "s",
        max: None,
        doc,
    }
}

const fn gauge(
    name: &'static str,
    gauge: Gauge,
    statistics: &'static [StatisticRow],
    doc: &'static str,
) -> Metric {
    Metric {
        name,
        scope: MetricScope::Gauge(gauge),
        default_statistic: Statistic::Value,
        statistics,
        doc,
    }
}

const fn value(unit: &'static str, doc: &'static str) -> StatisticRow {
    StatisticRow {
        statistic: Statistic::Value,
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
            StatisticRow {
                statistic: Statistic::Rate,
                unit: "/s",
                max: None,
                doc: "Number of these calls per second, over the period.",
            },
            latency(
                Statistic::Mean,
                "How long these calls took in the mean; unknown if there were none.",
            ),
            latency(
                Statistic::P50,
                "How long half of these calls took at most. Known of calls from one caller to one \
                 function of one actor.",
            ),
            latency(
                Statistic::P99,
                "How long 99 % of these calls took at most. Known of calls from one caller to one \
                 function of one actor.",
            ),
        ],
        doc: "The calls from a caller (`client`, or an actor) to an actor in one function, or in \
              any function if none is named, received during the period.",
    },
    gauge(
        "mailbox",
        Gauge::Mailbox,
        &[value("messages", "Queued messages.")],
        "Messages that the actor has received and not begun to handle, at the end of the period.",
    ),
    gauge(
        "idle",
        Gauge::Idle,
        &[value("s", "A duration.")],
        "How long ago the actor was last called.",
    ),
    gauge(
        "age",
        Gauge::Age,
        &[value("s", "A duration.")],
        "How long ago the actor was first activated.",
    ),
    gauge(
        "moves",
        Gauge::Moves,
        &[value("moves", "A number.")],
        "How often the actor has moved since it was first activated.",
    ),
    gauge(
        "actors",
        Gauge::Actors,
        &[value("actors", "A number.")],
        "How many actors the server hosts at the end of the period.",
    ),
];

/// The row of the metric called `name`.
#[inline]
pub fn metric_row(name: &str) -> Option<&'static Metric> {
    METRICS.iter().find(|row| row.name == name)
}

impl Metric {
    /// The row of `statistic`, if the metric offers it.
    #[inline]
    pub fn statistic(&self, statistic: Statistic) -> Option<&'static StatisticRow> {
        self.statistics
            .iter()
            .find(|row| row.statistic == statistic)
    }
}
