//! The documentation of each thing that a policy can name, in markdown.

use std::fmt::Write;

use plasma_check::schema::{ActorType, Function, Property, PropertyKind, Schema};
use plasma_model::{
    AggregateRow, BehaviorRow, Metric, MetricScope, StatisticRow, WindowFunctionRow,
};

use crate::keywords::Keyword;

/// A signature, and what there is to say about it.
pub(crate) fn section(signature: &str, docs: &str) -> String {
    let mut markdown = format!("```plasma\n{signature}\n```");
    if !docs.is_empty() {
        // Writing into a string cannot fail.
        let _ = write!(markdown, "\n\n{docs}");
    }
    markdown
}

pub(crate) fn keyword_markdown(keyword: &Keyword) -> String {
    section(keyword.usage, keyword.doc)
}

pub(crate) fn type_markdown(actor: &ActorType) -> String {
    section(&format!("actor {}", actor.name), &actor.docs)
}

pub(crate) fn property_type(schema: &Schema, property: &Property) -> String {
    match property.kind {
        PropertyKind::Value(value) => value.name().to_owned(),
        PropertyKind::Reference { target, arity } => match target.and_then(|id| schema.get(id)) {
            Some(target) => arity.source(&target.name),
            None => "references".to_owned(),
        },
    }
}

pub(crate) fn property_markdown(schema: &Schema, owner: &ActorType, property: &Property) -> String {
    let kind = property_type(schema, property);
    section(
        &format!("{}.{}: {kind}", owner.name, property.name),
        &property.docs,
    )
}

pub(crate) fn function_markdown(owner: &ActorType, function: &Function) -> String {
    section(
        &format!("fn {}.{}", owner.name, function.name),
        &function.docs,
    )
}

pub(crate) fn behavior_markdown(row: &BehaviorRow) -> String {
    section(&row.signature(), row.doc)
}

pub(crate) fn metric_markdown(metric: &Metric) -> String {
    if let (MetricScope::Gauge(_), [row]) = (metric.scope, metric.statistics) {
        return section(&format!("{}: {}", metric.name, values(row)), metric.doc);
    }
    let mut markdown = section(metric.name, metric.doc);
    markdown.push('\n');
    for row in metric.statistics {
        let default = if row.statistic == metric.default_statistic {
            ", the default"
        } else {
            ""
        };
        let name = row.statistic.name();
        let _ = write!(
            markdown,
            "\n- `{name}` ({}{default}): {}",
            values(row),
            row.doc
        );
    }
    markdown
}

/// The unit of a statistic, and its range where that has an end: `%, 0 to 100`.
fn values(row: &StatisticRow) -> String {
    match row.max {
        Some(max) => format!("{}, 0 to {max}", row.unit),
        None => row.unit.to_owned(),
    }
}

/// A number without a unit, in the unit that its place gives it.
pub(crate) fn figure_markdown(text: &str, unit: &str) -> String {
    match unit {
        "" => section(text, "A plain number, as what it is compared with."),
        unit => section(
            &format!("{text} {unit}"),
            "It has the unit of what it is compared with.",
        ),
    }
}

pub(crate) fn aggregate_markdown(row: &AggregateRow) -> String {
    let name = row.name;
    section(
        &format!("{name}(NUMBER for TYPE(VARIABLE) where CONDITION)"),
        row.doc,
    )
}

pub(crate) fn window_function_markdown(row: &WindowFunctionRow) -> String {
    section(row.usage, row.doc)
}

pub(crate) fn statistic_markdown(metric: &Metric, row: &StatisticRow) -> String {
    let signature = format!("{}.{}: {}", metric.name, row.statistic.name(), values(row));
    section(&signature, row.doc)
}
