//! Numbers of a condition, for all rows of a batch at once. What is unknown is no number.
//!
//! Vectors of one primitive a node, in the manner of MonetDB/X100 (Boncz, Zukowski, Nes, CIDR 2005).

use std::sync::Arc;

use plasma_check::program::{
    ActorRef, CalculationKind, CallerRef, EntityRef, Feature, Operand, Operator, Range, Rule,
};
use plasma_columns::{NOBODY, UNKNOWN};
use plasma_model::{Aggregate, Gauge};

use super::aggregate::AggregatePlan;
use super::batch::Batch;
use super::call::{CallNumber, Caller};
use super::machine::Machine;
use super::measured::{Measured, Subject, host, variable};
use super::over_time::{Made, OverTime, known_at, of_rows};
use super::scope::{Kinds, Scope};
use crate::reference::aggregate_of;

/// A number of every row: each row has exactly one.
#[derive(Debug)]
pub(crate) enum Number {
    Constant(f64),
    /// The same for all rows.
    Aggregate(Box<AggregatePlan>),
    Sampled(Sampled),
    Negative(Box<Number>),
    Absolute(Box<Number>),
    Arithmetic {
        left: Box<Number>,
        operator: Operator,
        right: Box<Number>,
        scale: f64,
    },
    OfNumbers(Aggregate, Vec<Number>),
    OverTime(Box<OverTime>),
}

/// What is measured.
#[derive(Debug)]
pub(crate) enum Sampled {
    Of(Measured, Subject),
    Calls(CallNumber),
}

impl Number {
    /// The number of an operand; `None` if it may have several values in one row, or depends on what
    /// has no slot.
    pub(crate) fn of(operand: &Operand, rule: &Rule, scope: &Scope<'_>) -> Option<Number> {
        let number = |operand| Number::of(operand, rule, scope);
        let calculation = match operand {
            Operand::Number(value) => return Some(Number::Constant(*value)),
            Operand::Feature(feature) => {
                return Sampled::of(feature, rule, scope).map(Number::Sampled);
            }
            Operand::Calculation(calculation) => calculation,
        };
        Some(match &calculation.kind {
            CalculationKind::Negative(inner) => Number::Negative(Box::new(number(inner)?)),
            CalculationKind::Absolute(inner) => Number::Absolute(Box::new(number(inner)?)),
            CalculationKind::Arithmetic {
                left,
                operator,
                right,
                scale,
            } => Number::Arithmetic {
                left: Box::new(number(left)?),
                operator: *operator,
                right: Box::new(number(right)?),
                scale: *scale,
            },
            CalculationKind::OfNumbers(function, values) => {
                let values: Option<Vec<Number>> = values.iter().map(number).collect();
                Number::OfNumbers(*function, values?)
            }
            CalculationKind::OverCluster(aggregation) => {
                let plan = AggregatePlan::of(aggregation, calculation, rule, scope)?;
                Number::Aggregate(Box::new(plan))
            }
            CalculationKind::OverWindow(windowed) => Number::OverTime(Box::new(OverTime {
                sampled: Sampled::of(&windowed.feature, rule, scope)?,
                made: Made::Window(windowed.clone()),
                text: Arc::clone(&calculation.text),
            })),
            CalculationKind::Forecast(forecast) => Number::OverTime(Box::new(OverTime {
                sampled: Sampled::of(&forecast.feature, rule, scope)?,
                made: Made::Forecast(forecast.clone()),
                text: Arc::clone(&calculation.text),
            })),
        })
    }

    /// Its value in each row, at a moment.
    pub(crate) fn values(
        &self,
        machine: &Machine<'_, '_>,
        batch: &Batch,
        moment: usize,
    ) -> Vec<f64> {
        let values = |number: &Number| number.values(machine, batch, moment);
        match self {
            Number::Constant(value) => vec![*value; batch.rows()],
            Number::Aggregate(plan) => vec![plan.value(machine, moment); batch.rows()],
            Number::Sampled(sampled) => sampled.values(machine.scope, batch, moment),
            Number::Negative(inner) => mapped(values(inner), |value| -value),
            Number::Absolute(inner) => mapped(values(inner), f64::abs),
            Number::Arithmetic {
                left,
                operator,
                right,
                scale,
            } => {
                let mut result = values(left);
                for (left, right) in result.iter_mut().zip(values(right)) {
                    let applied = operator.apply(*left, right);
                    *left = applied.map_or(UNKNOWN, |value| value * scale);
                }
                result
            }
            Number::OfNumbers(function, numbers) => {
                let columns: Vec<Vec<f64>> = numbers.iter().map(values).collect();
                of_rows(batch.rows(), |row| {
                    let known = columns.iter().map(|column| known_at(column, row));
                    let known: Option<Vec<f64>> = known.collect();
                    known.and_then(|known| aggregate_of(*function, known))
                })
            }
            Number::OverTime(number) => number.values(machine.scope, batch, moment),
        }
    }

    /// Visits the aggregates that it is calculated from.
    pub(crate) fn for_each_aggregate<'n>(&'n self, visit: &mut dyn FnMut(&'n AggregatePlan)) {
        match self {
            Number::Aggregate(plan) => visit(plan),
            Number::Negative(inner) | Number::Absolute(inner) => inner.for_each_aggregate(visit),
            Number::Arithmetic { left, right, .. } => {
                left.for_each_aggregate(visit);
                right.for_each_aggregate(visit);
            }
            Number::OfNumbers(_, numbers) => {
                numbers
                    .iter()
                    .for_each(|number| number.for_each_aggregate(visit));
            }
            Number::Constant(_) | Number::Sampled(_) | Number::OverTime(_) => {}
        }
    }

    /// Whether it asks about calls: those of a silent server are not known, and whose they would be is
    /// looked up row by row.
    pub(crate) fn asks_calls(&self) -> bool {
        match self {
            Number::Constant(_) | Number::Aggregate(_) => false,
            Number::Sampled(sampled) => matches!(sampled, Sampled::Calls(_)),
            Number::OverTime(number) => matches!(number.sampled, Sampled::Calls(_)),
            Number::Negative(inner) | Number::Absolute(inner) => inner.asks_calls(),
            Number::Arithmetic { left, right, .. } => left.asks_calls() || right.asks_calls(),
            Number::OfNumbers(_, numbers) => numbers.iter().any(Number::asks_calls),
        }
    }

    /// Makes calls that a step has found be read at their places.
    pub(crate) fn use_places(&mut self, of_step: &dyn Fn(&CallNumber) -> Option<usize>) {
        match self {
            Number::Sampled(Sampled::Calls(calls)) => calls.use_place(of_step),
            Number::Negative(inner) | Number::Absolute(inner) => inner.use_places(of_step),
            Number::Arithmetic { left, right, .. } => {
                left.use_places(of_step);
                right.use_places(of_step);
            }
            Number::OfNumbers(_, numbers) => {
                numbers
                    .iter_mut()
                    .for_each(|number| number.use_places(of_step));
            }
            Number::Constant(_)
            | Number::Aggregate(_)
            | Number::Sampled(_)
            | Number::OverTime(_) => {}
        }
    }
}

impl Sampled {
    fn of(feature: &Feature, rule: &Rule, scope: &Scope<'_>) -> Option<Sampled> {
        let (measured, subject) = match feature {
            Feature::ServerResource {
                server,
                resource,
                statistic,
            } => (
                Measured::ServerUsage(*resource, *statistic),
                Subject::Server(host(server)?),
            ),
            Feature::ActorResource {
                actor,
                resource,
                statistic,
            } => (
                Measured::ActorUsage(*resource, *statistic),
                Subject::Actor(variable(actor)?),
            ),
            Feature::Gauge {
                of: EntityRef::Server(server),
                gauge: Gauge::Actors,
            } => (Measured::Hosted, Subject::Server(host(server)?)),
            Feature::Gauge {
                of: EntityRef::Server(_),
                ..
            } => return None,
            Feature::Gauge {
                of: EntityRef::Actor(actor),
                gauge,
            } => (Measured::Gauge(*gauge), Subject::Actor(variable(actor)?)),
            Feature::Published {
                actor, property, ..
            } => {
                let no = scope.columns.property_names().get(property);
                let measured = Measured::Published(no.unwrap_or(NOBODY));
                (measured, Subject::Actor(variable(actor)?))
            }
            Feature::Calls { .. } => return Sampled::of_calls(feature, rule, scope),
        };
        Some(Sampled::Of(measured, subject))
    }

    fn of_calls(feature: &Feature, rule: &Rule, scope: &Scope<'_>) -> Option<Sampled> {
        let Feature::Calls {
            caller,
            callee,
            function,
            statistic,
        } = feature
        else {
            return None;
        };
        let (caller, kinds) = match caller {
            CallerRef::Client => (Caller::Client, Kinds::Client),
            CallerRef::Actor(ActorRef::Anonymous(types)) => {
                let types = scope.types(types);
                (Caller::All, Kinds::Actors(types))
            }
            CallerRef::Actor(ActorRef::Variable(id)) => {
                let types = match &rule.variables.get(id.0 as usize)?.range {
                    Range::Actors(types) | Range::Callers { types, .. } => types,
                    Range::Servers => return None,
                };
                (Caller::One(*id), Kinds::Actors(scope.types(types)))
            }
        };
        Some(Sampled::Calls(CallNumber {
            caller,
            kinds,
            callee: variable(callee)?,
            function: scope.function(function.as_deref()),
            statistic: *statistic,
            place: None,
        }))
    }

    /// Its value in each row, at a moment.
    fn values(&self, scope: &Scope<'_>, batch: &Batch, moment: usize) -> Vec<f64> {
        match self {
            Sampled::Of(measured, subject) => {
                measured.values(scope.frame(moment), &subject.numbers(scope, batch))
            }
            Sampled::Calls(calls) => calls.values(scope, batch, moment),
        }
    }
}

fn mapped(mut values: Vec<f64>, change: impl Fn(f64) -> f64) -> Vec<f64> {
    values.iter_mut().for_each(|value| *value = change(*value));
    values
}
