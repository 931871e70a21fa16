//! Numbers of a condition: constants, measured values, and what is calculated from them.

use std::sync::Arc;

use plasma_model::{Aggregate, Gauge, METRICS, MetricScope, Resource, Statistic, StatisticRow};

use super::{ActorRef, CallerRef, EntityRef, OrSide, ServerRef, VariableId};

/// One side of a numeric comparison.
#[derive(Clone, Debug)]
pub enum Operand {
    /// A constant in the base unit; parameters are substituted.
    Number(f64),
    /// A measured value.
    Feature(Feature),
    /// A value calculated from others.
    Calculation(Box<Calculation>),
}

/// A value calculated from others.
#[derive(Clone, Debug)]
pub struct Calculation {
    /// How.
    pub kind: CalculationKind,
    /// Unit of the result, as METRICS names it; empty for a plain number.
    pub unit: &'static str,
    /// The text that it was read from, on one line.
    pub text: Arc<str>,
}

/// How a value is calculated. Unknown if anything that it is calculated from is.
#[derive(Clone, Debug)]
pub enum CalculationKind {
    /// `-x`
    Negative(Operand),
    /// `abs(x)`
    Absolute(Operand),
    /// `a + b` and the like.
    Arithmetic {
        /// Left of the sign.
        left: Operand,
        /// The sign.
        operator: Operator,
        /// Right of the sign.
        right: Operand,
        /// What the result is multiplied by, so that it is in its unit: a factor of `50%` is a half.
        scale: f64,
    },
    /// `max(a, b)`: of these numbers.
    OfNumbers(Aggregate, Vec<Operand>),
    /// `avg(s.cpu.perc for server(s))`: over the cluster.
    OverCluster(Aggregation),
    /// `server.cpu.perc over 60s`, `max(f.mailbox over 30s)`: over the snapshots of a window.
    OverWindow(Windowed),
    /// `forecast(server.cpu.perc, 60s)`
    Forecast(Forecast),
}

/// A value made of the samples of a window.
#[derive(Clone, Debug)]
pub struct Windowed {
    /// What is made of them.
    pub function: OverWindow,
    /// What is sampled.
    pub feature: Feature,
    /// The length of the window, in seconds: its samples are those of the present snapshot and of
    /// as many before it as there are periods in it, rounded up.
    pub window_seconds: f64,
}

/// What is made of the samples of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OverWindow {
    /// An aggregate of them; plain `over` is their mean.
    Aggregate(Aggregate),
    /// By how much the value changed; of the number and the bytes of calls, all of them.
    Delta,
    /// The same per second.
    Rate,
}

impl OverWindow {
    /// Whether the result lies within the range of the samples.
    pub fn keeps_range(self) -> bool {
        match self {
            OverWindow::Aggregate(aggregate) => !matches!(
                aggregate,
                Aggregate::Count | Aggregate::Sum | Aggregate::Stddev
            ),
            OverWindow::Delta | OverWindow::Rate => false,
        }
    }
}

/// What a value will be.
#[derive(Clone, Debug)]
pub struct Forecast {
    /// What is sampled.
    pub feature: Feature,
    /// How much later, in seconds.
    pub ahead_seconds: f64,
}

/// An aggregate over everything in the cluster that its variables may stand for.
#[derive(Clone, Debug)]
pub struct Aggregation {
    /// What is made of the values.
    pub function: Aggregate,
    /// Its own variables; nothing outside knows them.
    pub variables: Vec<VariableId>,
    /// Which of their values are kept: those for which this is true.
    pub filter: OrSide,
    /// What is taken together, for each of them; `None` where they are only counted.
    pub value: Option<Operand>,
    /// Place among the aggregations of the rule.
    pub index: usize,
    /// Whether it is the same for all bindings of the rule: it mentions no variable from outside.
    pub is_closed: bool,
}

/// What is done with two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl Operator {
    /// The result; `None` for a division by zero, and for what is no finite number.
    pub fn apply(self, left: f64, right: f64) -> Option<f64> {
        let result = match self {
            Operator::Add => left + right,
            Operator::Subtract => left - right,
            Operator::Multiply => left * right,
            Operator::Divide => left / right,
        };
        result.is_finite().then_some(result)
    }
}

/// A measured value.
#[derive(Clone, Debug, PartialEq)]
pub enum Feature {
    /// `server.cpu.perc`, `f.server.mem.size`.
    ServerResource {
        /// Of which server.
        server: ServerRef,
        /// Which resource.
        resource: Resource,
        /// How it is expressed.
        statistic: Statistic,
    },
    /// `f.cpu.perc`.
    ActorResource {
        /// Of which actor.
        actor: ActorRef,
        /// Which resource.
        resource: Resource,
        /// How it is expressed.
        statistic: Statistic,
    },
    /// `client.call(f.open).count`.
    Calls {
        /// From whom.
        caller: CallerRef,
        /// To whom.
        callee: ActorRef,
        /// In which function; `None` for any.
        function: Option<Arc<str>>,
        /// How they are expressed.
        statistic: Statistic,
    },
    /// `f.mailbox`, `server.actors`.
    Gauge {
        /// Of whom.
        of: EntityRef,
        /// What.
        gauge: Gauge,
    },
    /// `f.depth`: a number that the actor publishes.
    Published {
        /// By whom.
        actor: ActorRef,
        /// Under which name.
        property: Arc<str>,
        /// Its unit, by its type; empty for a plain number.
        unit: &'static str,
    },
}

impl Operand {
    /// Unit of its values, as METRICS names it; `None` for a constant, which has that of its place.
    pub fn unit(&self) -> Option<&'static str> {
        match self {
            Operand::Number(_) => None,
            Operand::Feature(feature) => Some(feature.unit()),
            Operand::Calculation(calculation) => Some(calculation.unit),
        }
    }

    /// Visits every feature that it is calculated from, those in `where` included.
    pub fn for_each_feature<'o>(&'o self, visit: &mut dyn FnMut(&'o Feature)) {
        match self {
            Operand::Number(_) => {}
            Operand::Feature(feature) => visit(feature),
            Operand::Calculation(calculation) => {
                if let Some(feature) = calculation.sampled() {
                    visit(feature);
                }
                calculation.for_each_operand(&mut |operand| operand.for_each_feature(visit));
                if let CalculationKind::OverCluster(aggregation) = &calculation.kind {
                    aggregation.filter.condition.for_each_atom(&mut |atom, _| {
                        for operand in atom.operands() {
                            operand.for_each_feature(visit);
                        }
                    });
                }
            }
        }
    }

    pub(super) fn visit_variables(&self, visit: &mut dyn FnMut(VariableId)) {
        match self {
            Operand::Number(_) => {}
            Operand::Feature(feature) => feature.for_each_variable(visit),
            Operand::Calculation(calculation) => {
                if let Some(feature) = calculation.sampled() {
                    feature.for_each_variable(visit);
                }
                calculation.for_each_operand(&mut |operand| operand.visit_variables(visit));
                if let CalculationKind::OverCluster(aggregation) = &calculation.kind {
                    aggregation.filter.condition.for_each_atom(&mut |atom, _| {
                        atom.for_each_variable_dyn(visit);
                    });
                }
            }
        }
    }
}

impl Calculation {
    /// Visits the numbers that it is directly calculated from.
    pub fn for_each_operand<'o>(&'o self, visit: &mut dyn FnMut(&'o Operand)) {
        match &self.kind {
            CalculationKind::Negative(inner) | CalculationKind::Absolute(inner) => visit(inner),
            CalculationKind::Arithmetic { left, right, .. } => {
                visit(left);
                visit(right);
            }
            CalculationKind::OfNumbers(_, values) => values.iter().for_each(visit),
            CalculationKind::OverCluster(aggregation) => aggregation.value.iter().for_each(visit),
            CalculationKind::OverWindow(_) | CalculationKind::Forecast(_) => {}
        }
    }

    /// The feature of whose samples over time it is made, if it is.
    pub fn sampled(&self) -> Option<&Feature> {
        match &self.kind {
            CalculationKind::OverWindow(windowed) => Some(&windowed.feature),
            CalculationKind::Forecast(forecast) => Some(&forecast.feature),
            _ => None,
        }
    }
}

impl Feature {
    /// Its row in METRICS: unit and range; `None` for a published value.
    pub fn row(&self) -> Option<&'static StatisticRow> {
        let (scope, statistic) = match self {
            Feature::ServerResource {
                resource,
                statistic,
                ..
            }
            | Feature::ActorResource {
                resource,
                statistic,
                ..
            } => (MetricScope::Resource(*resource), *statistic),
            Feature::Calls { statistic, .. } => (MetricScope::Call, *statistic),
            Feature::Gauge { gauge, .. } => (MetricScope::Gauge(*gauge), Statistic::Value),
            Feature::Published { .. } => return None,
        };
        let metric = METRICS.iter().find(|metric| metric.scope == scope)?;
        metric.statistic(statistic)
    }

    /// The unit of its values, as METRICS names it: `%`, `B`, `calls`; empty for a plain number.
    pub fn unit(&self) -> &'static str {
        match self {
            Feature::Published { unit, .. } => unit,
            _ => self.row().map_or("", |row| row.unit),
        }
    }

    /// Visits the variables that it mentions, once for each mention.
    pub fn for_each_variable(&self, visit: &mut dyn FnMut(VariableId)) {
        match self {
            Feature::ServerResource { server, .. } => server.visit_variables(visit),
            Feature::ActorResource { actor, .. } | Feature::Published { actor, .. } => {
                actor.visit_variables(visit);
            }
            Feature::Calls { caller, callee, .. } => {
                if let CallerRef::Actor(actor) = caller {
                    actor.visit_variables(visit);
                }
                callee.visit_variables(visit);
            }
            Feature::Gauge { of, .. } => of.visit_variables(visit),
        }
    }
}
