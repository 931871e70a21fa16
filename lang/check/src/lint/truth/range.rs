//! Between which ends a number of a condition lies.

use plasma_model::Aggregate;

use super::interval::Interval;
use crate::program::{
    Aggregation, Calculation, CalculationKind, Feature, Operand, Operator, OverWindow, Windowed,
};

/// The numbers that an operand can be if its features are within these intervals.
pub(crate) fn range(operand: &Operand, of: &dyn Fn(&Feature) -> Interval) -> Interval {
    match operand {
        Operand::Number(value) => Interval::closed(*value, *value),
        Operand::Feature(feature) => of(feature),
        Operand::Calculation(calculation) => calculated(calculation, of),
    }
}

/// What can be measured, by the METRICS table. What an actor publishes may be anything.
pub(crate) fn measured(feature: &Feature) -> Interval {
    match feature.row() {
        Some(row) => Interval::closed(0.0, row.max.unwrap_or(f64::INFINITY)),
        None => Interval::ALL,
    }
}

fn calculated(calculation: &Calculation, of: &dyn Fn(&Feature) -> Interval) -> Interval {
    match &calculation.kind {
        CalculationKind::Negative(inner) => range(inner, of).negative(),
        CalculationKind::Absolute(inner) => range(inner, of).absolute(),
        CalculationKind::Arithmetic {
            left,
            operator,
            right,
            scale,
        } => {
            let result = range(left, of).calculate(*operator, range(right, of));
            result.calculate(Operator::Multiply, Interval::closed(*scale, *scale))
        }
        CalculationKind::OfNumbers(function, values) => {
            let ranges = values.iter().map(|value| range(value, of));
            of_numbers(*function, &ranges.collect::<Vec<_>>())
        }
        CalculationKind::OverCluster(aggregation) => over_cluster(aggregation, of),
        CalculationKind::OverWindow(windowed) => over_window(windowed),
        // A trend goes on beyond all that can be measured.
        CalculationKind::Forecast(_) => Interval::ALL,
    }
}

/// What is made of the samples of a window. Those before the present one may be all that can be
/// measured, whatever is known of the present one.
fn over_window(windowed: &Windowed) -> Interval {
    let samples = measured(&windowed.feature);
    match windowed.function {
        OverWindow::Aggregate(Aggregate::Avg) => samples.of_means(),
        OverWindow::Aggregate(Aggregate::Stddev) => deviation(samples),
        OverWindow::Aggregate(Aggregate::Count) => Interval::closed(0.0, f64::INFINITY),
        OverWindow::Aggregate(Aggregate::Sum) => sum_of_any(samples),
        OverWindow::Aggregate(_) => samples,
        OverWindow::Delta | OverWindow::Rate => Interval::ALL,
    }
}

/// An aggregate of these numbers, of which there is at least one.
fn of_numbers(function: Aggregate, ranges: &[Interval]) -> Interval {
    let ends = |of_least: fn(f64, f64) -> f64, of_most: fn(f64, f64) -> f64| {
        let least = ranges.iter().map(|range| range.least).reduce(of_least);
        let most = ranges.iter().map(|range| range.most).reduce(of_most);
        let ends = least.zip(most);
        ends.map_or(Interval::ALL, |(least, most)| {
            Interval::rounded(least, most)
        })
    };
    let sum = || {
        let least = ranges.iter().map(|range| range.least).sum();
        Interval::rounded(least, ranges.iter().map(|range| range.most).sum())
    };
    let count = ranges.len() as f64;
    match function {
        Aggregate::Count => Interval::closed(count, count),
        Aggregate::Sum => sum(),
        Aggregate::Avg => sum().calculate(Operator::Divide, Interval::closed(count, count)),
        Aggregate::Min => ends(f64::min, f64::min),
        Aggregate::Max => ends(f64::max, f64::max),
        Aggregate::P50 | Aggregate::P90 | Aggregate::P99 => ends(f64::min, f64::max),
        Aggregate::Stddev => deviation(ends(f64::min, f64::max)),
    }
}

/// An aggregate over the cluster, of which nothing is known but what its values can be.
fn over_cluster(aggregation: &Aggregation, of: &dyn Fn(&Feature) -> Interval) -> Interval {
    let values = match &aggregation.value {
        Some(value) => range(value, of),
        None => Interval::closed(1.0, 1.0),
    };
    match aggregation.function {
        Aggregate::Count => Interval::closed(0.0, f64::INFINITY),
        Aggregate::Sum => sum_of_any(values),
        Aggregate::Avg => values.of_means(),
        Aggregate::Min | Aggregate::Max | Aggregate::P50 | Aggregate::P90 | Aggregate::P99 => {
            values
        }
        Aggregate::Stddev => deviation(values),
    }
}

/// The sum of any number of numbers, or of none.
fn sum_of_any(values: Interval) -> Interval {
    let end = |is_open: bool, end: f64| if is_open { end } else { 0.0 };
    Interval::closed(
        end(values.least < 0.0, f64::NEG_INFINITY),
        end(values.most > 0.0, f64::INFINITY),
    )
}

/// No number lies further from the mean than the ends from each other.
fn deviation(values: Interval) -> Interval {
    let spread = values.calculate(Operator::Subtract, values);
    Interval::closed(0.0, spread.of_means().most)
}
