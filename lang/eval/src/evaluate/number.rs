//! Numbers of a condition, for all rows of a batch at once. What is unknown is no number.
//!
//! Vectors of one primitive a node, in the manner of MonetDB/X100 (Boncz, Zukowski, Nes, CIDR 2005).

use plasma_check::program::{
    ActorRef, CalculationKind, CallerRef, EntityRef, Feature, Operand, Operator, Range, Rule,
    ServerRef, VariableId, Windowed,
};
use plasma_columns::{Frame, NOBODY, PropertyNo, UNKNOWN, UsageColumns};
use plasma_model::{Aggregate, Gauge, Resource, Statistic};

use super::aggregate::AggregatePlan;
use super::batch::Batch;
use super::call::{CallNumber, Caller};
use super::machine::Machine;
use super::scope::{Kinds, Scope};
use crate::past::FORECAST_SAMPLES_MAX;
use crate::reference::{aggregate_of, forecast_of, made_of};

/// Whose server is meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Host {
    /// That of a variable.
    Server(VariableId),
    /// The present host of the actor of a variable.
    Of(VariableId),
}

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
    Window {
        sampled: Sampled,
        windowed: Windowed,
    },
    Forecast {
        sampled: Sampled,
        ahead_seconds: f64,
    },
}

/// What is measured.
#[derive(Debug)]
pub(crate) enum Sampled {
    Server {
        host: Host,
        resource: Resource,
        statistic: Statistic,
    },
    Hosted(Host),
    Actor {
        actor: VariableId,
        resource: Resource,
        statistic: Statistic,
    },
    Gauge {
        actor: VariableId,
        gauge: Gauge,
    },
    Published {
        actor: VariableId,
        property: PropertyNo,
    },
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
                Number::Aggregate(Box::new(AggregatePlan::of(aggregation, rule, scope)?))
            }
            CalculationKind::OverWindow(windowed) => Number::Window {
                sampled: Sampled::of(&windowed.feature, rule, scope)?,
                windowed: windowed.clone(),
            },
            CalculationKind::Forecast(forecast) => Number::Forecast {
                sampled: Sampled::of(&forecast.feature, rule, scope)?,
                ahead_seconds: forecast.ahead_seconds,
            },
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
                let of_row = |row| {
                    let known = columns.iter().map(|column| known_at(column, row));
                    let known: Option<Vec<f64>> = known.collect();
                    known.and_then(|known| aggregate_of(*function, known))
                };
                (0..batch.rows())
                    .map(|row| of_row(row).unwrap_or(UNKNOWN))
                    .collect()
            }
            Number::Window { sampled, windowed } => {
                windowed_values(machine.scope, batch, moment, sampled, windowed)
            }
            Number::Forecast {
                sampled,
                ahead_seconds,
            } => forecast_values(machine.scope, batch, moment, sampled, *ahead_seconds),
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
            Number::Constant(_)
            | Number::Sampled(_)
            | Number::Window { .. }
            | Number::Forecast { .. } => {}
        }
    }

    /// Whether it asks about calls: those of a silent server are not known, and whose they would be is
    /// looked up row by row.
    pub(crate) fn asks_calls(&self) -> bool {
        match self {
            Number::Constant(_) | Number::Aggregate(_) => false,
            Number::Sampled(sampled)
            | Number::Window { sampled, .. }
            | Number::Forecast { sampled, .. } => matches!(sampled, Sampled::Calls(_)),
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
            | Number::Window { .. }
            | Number::Forecast { .. } => {}
        }
    }
}

impl Sampled {
    fn of(feature: &Feature, rule: &Rule, scope: &Scope<'_>) -> Option<Sampled> {
        Some(match feature {
            Feature::ServerResource {
                server,
                resource,
                statistic,
            } => Sampled::Server {
                host: host(server)?,
                resource: *resource,
                statistic: *statistic,
            },
            Feature::ActorResource {
                actor,
                resource,
                statistic,
            } => Sampled::Actor {
                actor: variable(actor)?,
                resource: *resource,
                statistic: *statistic,
            },
            Feature::Gauge {
                of: EntityRef::Server(server),
                gauge: Gauge::Actors,
            } => Sampled::Hosted(host(server)?),
            Feature::Gauge {
                of: EntityRef::Server(_),
                ..
            } => return None,
            Feature::Gauge {
                of: EntityRef::Actor(actor),
                gauge,
            } => Sampled::Gauge {
                actor: variable(actor)?,
                gauge: *gauge,
            },
            Feature::Published {
                actor, property, ..
            } => Sampled::Published {
                actor: variable(actor)?,
                property: scope
                    .columns
                    .property_names()
                    .get(property)
                    .unwrap_or(NOBODY),
            },
            Feature::Calls {
                caller,
                callee,
                function,
                statistic,
            } => {
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
                Sampled::Calls(CallNumber {
                    caller,
                    kinds,
                    callee: variable(callee)?,
                    function: scope.function(function.as_deref()),
                    statistic: *statistic,
                    place: None,
                })
            }
        })
    }

    pub(crate) fn values(&self, scope: &Scope<'_>, batch: &Batch, moment: usize) -> Vec<f64> {
        let frame = scope.frame(moment);
        match self {
            Sampled::Server {
                host,
                resource,
                statistic,
            } => {
                let Some(column) = column(frame.servers.usage(*resource), *statistic) else {
                    return vec![UNKNOWN; batch.rows()];
                };
                let of_server = |no| match frame.servers.has_reported(no) {
                    true => column.at(no),
                    false => UNKNOWN,
                };
                host.map(scope, batch, of_server)
            }
            Sampled::Hosted(host) => {
                // Exact: so many actors do not occur.
                let of_server = |no| match frame.servers.has_reported(no) {
                    true => f64::from(frame.hosted(no)),
                    false => UNKNOWN,
                };
                host.map(scope, batch, of_server)
            }
            Sampled::Actor {
                actor,
                resource,
                statistic,
            } => match column(frame.usage(*resource), *statistic) {
                Some(column) => of_actors(frame, batch.of(*actor), |no| column.at(no)),
                None => vec![UNKNOWN; batch.rows()],
            },
            Sampled::Gauge { actor, gauge } => {
                let of_actor = |no| match gauge {
                    Gauge::Mailbox => frame.mailbox().at(no),
                    Gauge::Moves => frame.moves().at(no),
                    Gauge::Idle => frame.idle().at(no, frame.t),
                    Gauge::Age => frame.age().at(no, frame.t),
                    // The checker refuses `f.actors`.
                    Gauge::Actors => UNKNOWN,
                };
                of_actors(frame, batch.of(*actor), of_actor)
            }
            Sampled::Published { actor, property } => match frame.published(*property) {
                Some(published) => {
                    of_actors(frame, batch.of(*actor), |no| published.numbers().at(no))
                }
                None => vec![UNKNOWN; batch.rows()],
            },
            Sampled::Calls(calls) => calls.values(scope, batch, moment),
        }
    }
}

impl Host {
    /// Something of the server of each row.
    pub(crate) fn map<T>(
        self,
        scope: &Scope<'_>,
        batch: &Batch,
        of_server: impl Fn(u32) -> T,
    ) -> Vec<T> {
        match self {
            Host::Server(id) => batch.of(id).iter().map(|no| of_server(*no)).collect(),
            Host::Of(id) => {
                // Hosts are those of the present.
                let present = scope.present();
                batch
                    .of(id)
                    .iter()
                    .map(|no| of_server(present.host_of(*no)))
                    .collect()
            }
        }
    }
}

/// The variable that an actor is; `None` for a bare type.
pub(crate) fn variable(actor: &ActorRef) -> Option<VariableId> {
    match actor {
        ActorRef::Variable(id) => Some(*id),
        ActorRef::Anonymous(_) => None,
    }
}

/// The server that is meant; `None` for that of a bare type.
pub(crate) fn host(server: &ServerRef) -> Option<Host> {
    match server {
        ServerRef::Variable(id) => Some(Host::Server(*id)),
        ServerRef::HostOf(actor) => variable(actor).map(Host::Of),
    }
}

fn column(usage: &UsageColumns, statistic: Statistic) -> Option<&plasma_columns::Column> {
    match statistic {
        Statistic::Perc => Some(&usage.perc),
        Statistic::Size => Some(&usage.size),
        // The checker refuses all others.
        _ => None,
    }
}

/// Something of each actor; unknown where its host was silent.
fn of_actors(frame: &Frame, actors: &[u32], of_actor: impl Fn(u32) -> f64) -> Vec<f64> {
    if !frame.servers.any_stale() {
        return actors.iter().map(|no| of_actor(*no)).collect();
    }
    let of_reported = |no: &u32| match frame.servers.has_reported(frame.host_of(*no)) {
        true => of_actor(*no),
        false => UNKNOWN,
    };
    actors.iter().map(of_reported).collect()
}

fn mapped(mut values: Vec<f64>, change: impl Fn(f64) -> f64) -> Vec<f64> {
    values.iter_mut().for_each(|value| *value = change(*value));
    values
}

fn known_at(column: &[f64], row: usize) -> Option<f64> {
    column.get(row).copied().filter(|value| !value.is_nan())
}

fn windowed_values(
    scope: &Scope<'_>,
    batch: &Batch,
    moment: usize,
    sampled: &Sampled,
    windowed: &Windowed,
) -> Vec<f64> {
    let Some(moments) = scope.moments(windowed.window_seconds, moment) else {
        return vec![UNKNOWN; batch.rows()];
    };
    let (first, last) = (scope.frame(moments.end - 1), scope.frame(moments.start));
    let first = (first.t, first.period_seconds);
    let columns: Vec<Vec<f64>> = moments
        .map(|moment| sampled.values(scope, batch, moment))
        .collect();
    let of_row = |row| {
        let samples: Option<Vec<f64>> = columns.iter().map(|c| known_at(c, row)).collect();
        made_of(windowed, samples?, first, last.t)
    };
    (0..batch.rows())
        .map(|row| of_row(row).unwrap_or(UNKNOWN))
        .collect()
}

fn forecast_values(
    scope: &Scope<'_>,
    batch: &Batch,
    moment: usize,
    sampled: &Sampled,
    ahead_seconds: f64,
) -> Vec<f64> {
    let end = (moment + FORECAST_SAMPLES_MAX).min(scope.frames.len());
    let columns: Vec<Vec<f64>> = (moment..end)
        .map(|moment| sampled.values(scope, batch, moment))
        .collect();
    let periods = ahead_seconds / scope.present().period_seconds;
    let of_row = |row| {
        let mut samples: Vec<f64> = columns.iter().map_while(|c| known_at(c, row)).collect();
        samples.reverse();
        forecast_of(&samples, periods)
    };
    (0..batch.rows())
        .map(|row| of_row(row).unwrap_or(UNKNOWN))
        .collect()
}
