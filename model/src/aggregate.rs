//! The AGGREGATES table: what one number can be made of many.

/// What is made of many numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aggregate {
    /// How many there are.
    Count,
    /// Their sum.
    Sum,
    /// The least.
    Min,
    /// The greatest.
    Max,
    /// Their mean.
    Avg,
    /// Their standard deviation, as a population.
    Stddev,
    /// The median, by nearest rank.
    P50,
    /// The 90th percentile, by nearest rank.
    P90,
    /// The 99th percentile, by nearest rank.
    P99,
}

/// One row of [`AGGREGATES`].
#[derive(Clone, Copy, Debug)]
pub struct AggregateRow {
    /// Which aggregate.
    pub aggregate: Aggregate,
    /// The word in the language.
    pub name: &'static str,
    /// What it means, for hover and the reference.
    pub doc: &'static str,
}

const fn row(aggregate: Aggregate, name: &'static str, doc: &'static str) -> AggregateRow {
    AggregateRow {
        aggregate,
        name,
        doc,
    }
}

/// Every aggregate of the language. With `for` they are over the cluster, with several arguments over
/// these numbers.
pub const AGGREGATES: &[AggregateRow] = &[
    row(
        Aggregate::Count,
        "count",
        "How many there are; 0 of nothing.",
    ),
    row(Aggregate::Sum, "sum", "Their sum; 0 of nothing."),
    row(
        Aggregate::Min,
        "min",
        "The least of them; unknown of nothing.",
    ),
    row(
        Aggregate::Max,
        "max",
        "The greatest of them; unknown of nothing.",
    ),
    row(Aggregate::Avg, "avg", "Their mean; unknown of nothing."),
    row(
        Aggregate::Stddev,
        "stddev",
        "Their standard deviation, as a population; unknown of nothing.",
    ),
    row(
        Aggregate::P50,
        "p50",
        "Their median, by nearest rank; unknown of nothing.",
    ),
    row(
        Aggregate::P90,
        "p90",
        "Their 90th percentile, by nearest rank; unknown of nothing.",
    ),
    row(
        Aggregate::P99,
        "p99",
        "Their 99th percentile, by nearest rank; unknown of nothing.",
    ),
];

/// The row of the aggregate called `name`.
#[inline]
pub fn aggregate_row(name: &str) -> Option<&'static AggregateRow> {
    AGGREGATES.iter().find(|row| row.name == name)
}
