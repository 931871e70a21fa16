//! What a condition is in a cluster told in full: true, false or unknown (Kleene's `and`, `or` and
//! `not`). It knows less than the evaluator, and says `unknown` there.

use std::sync::Arc;

use plasma_model::Aggregate;

use super::world::{Calls, Cell, From, To, Value, World};
use crate::program::{
    ActorRef, Aggregation, Atom, AtomKind, CalculationKind, CallerRef, Condition, EntityRef,
    Feature, Operand, OrSide, ServerRef, TextOperand, TypeSet, VariableId,
};

/// So many values of variables are tried in one condition.
const TRIALS_MAX: usize = 4096;

/// What a variable may stand for.
#[derive(Clone, Debug)]
pub(super) enum Domain {
    /// Actors of these types, which made these calls.
    Actors(TypeSet, Vec<(ActorRef, Option<Arc<str>>)>),
    Servers,
}

/// A cluster with what the variables may be, and what they are.
pub(super) struct Judge<'w> {
    pub(super) world: &'w World,
    pub(super) domains: &'w [Domain],
    /// Places of actors or servers; `None` for a variable that has no value (yet).
    pub(super) assigned: Vec<Option<usize>>,
    trials_left: usize,
    /// Whether something was left undecided that the evaluator may know.
    pub(super) gave_up: bool,
}

impl<'w> Judge<'w> {
    pub(super) fn new(
        world: &'w World,
        domains: &'w [Domain],
        assigned: Vec<Option<usize>>,
    ) -> Judge<'w> {
        Judge {
            world,
            domains,
            assigned,
            trials_left: TRIALS_MAX,
            gave_up: false,
        }
    }

    /// The truth of a condition; `None` is unknown.
    pub(super) fn truth(&mut self, condition: &Condition) -> Option<bool> {
        match condition {
            Condition::Constant(value) => Some(*value),
            Condition::Not(inner) => self.truth(inner).map(|truth| !truth),
            Condition::And(parts) => {
                let mut all = Some(true);
                for part in parts {
                    all = and(all, self.truth(part));
                }
                all
            }
            Condition::Or(sides) => {
                let mut any = Some(false);
                for side in sides {
                    any = or(any, self.some(&side.locals, &side.condition));
                }
                any
            }
            // Taken out before.
            Condition::Sustained { .. } => None,
            Condition::Atom(atom) => self.atom(atom),
        }
    }

    /// Whether there are values of these variables for which a condition is true.
    fn some(&mut self, variables: &[VariableId], condition: &Condition) -> Option<bool> {
        let mut any = Some(false);
        let is_within = self.for_each(variables, &mut |judge| {
            any = or(any, judge.truth(condition))
        });
        self.gave_up |= !is_within;
        if is_within { any } else { None }
    }

    /// Visits all values of some variables; whether they were not too many.
    pub(super) fn for_each(
        &mut self,
        variables: &[VariableId],
        visit: &mut dyn FnMut(&mut Judge<'w>),
    ) -> bool {
        let [first, rest @ ..] = variables else {
            let is_within = self.trials_left > 0;
            self.trials_left = self.trials_left.saturating_sub(1);
            visit(self);
            return is_within;
        };
        let place = first.0 as usize;
        let Some(domain) = self.domains.get(place) else {
            return false;
        };
        let count = match domain {
            Domain::Actors(..) => self.world.actors.len(),
            Domain::Servers => self.world.servers.len(),
        };
        let before = self.assigned.get(place).copied().flatten();
        let mut is_within = true;
        for value in 0..count {
            self.assigned[place] = Some(value);
            if self.may_be(domain, value) {
                is_within &= self.for_each(rest, visit);
            }
        }
        self.assigned[place] = before;
        is_within
    }

    fn may_be(&self, domain: &Domain, value: usize) -> bool {
        let Domain::Actors(types, called) = domain else {
            return true;
        };
        self.world.is_of(value, types)
            && called.iter().all(|(callee, function)| {
                let calls = self.world.calls.iter();
                let mut calls = calls.filter(|call| {
                    let is_to = match callee {
                        ActorRef::Variable(id) => self.at(*id) == Some(call.to),
                        ActorRef::Anonymous(types) => self.world.is_of(call.to, types),
                    };
                    let function = function.as_ref();
                    is_to
                        && call.from == Some(value)
                        && function.is_none_or(|function| *function == call.function)
                });
                calls.any(|call| call.count > 0.0)
            })
    }

    fn at(&self, variable: VariableId) -> Option<usize> {
        self.assigned.get(variable.0 as usize).copied().flatten()
    }

    /// The actors that a word may mean.
    pub(super) fn actors(&self, actor: &ActorRef) -> Vec<usize> {
        match actor {
            ActorRef::Variable(id) => self.at(*id).into_iter().collect(),
            ActorRef::Anonymous(types) => self.world.of(types).collect(),
        }
    }

    /// The servers that a word may mean.
    pub(super) fn servers(&self, server: &ServerRef) -> Vec<usize> {
        match server {
            ServerRef::HostOf(actor) => {
                let actors = self.actors(actor).into_iter();
                actors.map(|actor| self.world.actors[actor].host).collect()
            }
            ServerRef::Variable(id) => self.at(*id).into_iter().collect(),
        }
    }

    fn entities(&self, entity: &EntityRef) -> Vec<usize> {
        match entity {
            EntityRef::Actor(actor) => self.actors(actor),
            EntityRef::Server(server) => self.servers(server),
        }
    }

    fn atom(&mut self, atom: &Atom) -> Option<bool> {
        match &atom.kind {
            AtomKind::Compare {
                left,
                comparison,
                right,
            } => {
                let (left, right) = (self.values(left)?, self.values(right)?);
                some_pair(&left, &right, |left, right| {
                    Some(comparison.holds((*left)?, (*right)?))
                })
            }
            AtomKind::Same { left, right, equal } => {
                let (left, right) = (self.entities(left), self.entities(right));
                some_pair(&left, &right, |left, right| Some((left == right) == *equal))
            }
            AtomKind::InRef {
                member,
                owner,
                property,
            } => {
                let (members, owners) = (self.actors(member), self.actors(owner));
                some_pair(&members, &owners, |member, owner| {
                    let refs = &self.world.actors[*owner].refs;
                    let mut refs = refs.iter().filter(|(name, _)| {
                        let property = property.as_ref();
                        property.is_none_or(|property| property == *name)
                    });
                    Some(refs.any(|(_, referred)| referred.contains(member)))
                })
            }
            AtomKind::On { actor, server } => {
                let (actors, servers) = (self.actors(actor), self.servers(server));
                some_pair(&actors, &servers, |actor, server| {
                    Some(self.world.actors[*actor].host == *server)
                })
            }
            AtomKind::Published { actor, property } => {
                let actors = self.actors(actor);
                some_pair(&actors, &[()], |actor, ()| {
                    match self.world.actors[*actor].values.get(property) {
                        Some(Value::Bool(value)) => Some(*value),
                        _ => None,
                    }
                })
            }
            AtomKind::CompareText { left, right, equal } => {
                let (left, right) = (self.texts(left), self.texts(right));
                some_pair(&left, &right, |left, right| {
                    let (left, right) = (left.as_ref()?, right.as_ref()?);
                    Some((left == right) == *equal)
                })
            }
        }
    }

    fn texts(&self, text: &TextOperand) -> Vec<Option<Arc<str>>> {
        match text {
            TextOperand::Literal(text) => vec![Some(text.clone())],
            TextOperand::Published { actor, property } => {
                let actors = self.actors(actor).into_iter();
                let published =
                    actors.map(
                        |actor| match self.world.actors[actor].values.get(property) {
                            Some(Value::Text(text)) => Some(text.clone()),
                            _ => None,
                        },
                    );
                published.collect()
            }
            TextOperand::Label { server, name } => {
                let servers = self.servers(server).into_iter();
                let labels = servers.map(|server| self.world.servers[server].labels.get(name));
                labels.map(|label| label.cloned()).collect()
            }
        }
    }

    /// The values that an operand may have, each known or not; `None` where that is not told.
    fn values(&mut self, operand: &Operand) -> Option<Vec<Option<f64>>> {
        let values = self.told_values(operand);
        self.gave_up |= values.is_none();
        values
    }

    fn told_values(&mut self, operand: &Operand) -> Option<Vec<Option<f64>>> {
        let calculation = match operand {
            Operand::Number(value) => return Some(vec![Some(*value)]),
            Operand::Feature(feature) => {
                let cells = self.cells(feature).into_iter();
                return Some(cells.map(|cell| self.world.measured(&cell)).collect());
            }
            Operand::Calculation(calculation) => calculation,
        };
        match &calculation.kind {
            CalculationKind::Negative(inner) => {
                let values = self.values(inner)?.into_iter();
                Some(values.map(|value| value.map(|value| -value)).collect())
            }
            CalculationKind::Absolute(inner) => {
                let values = self.values(inner)?.into_iter();
                Some(values.map(|value| value.map(f64::abs)).collect())
            }
            CalculationKind::Arithmetic {
                left,
                operator,
                right,
                scale,
            } => {
                let (left, right) = (self.values(left)?, self.values(right)?);
                // Several of each side: whom they mean would have to be told together.
                if left.len() > 1 && right.len() > 1 {
                    return None;
                }
                let pairs = left
                    .iter()
                    .flat_map(|l| right.iter().map(move |r| (*l, *r)));
                let results = pairs.map(|(left, right)| {
                    let result = operator.apply(left?, right?)? * scale;
                    result.is_finite().then_some(result)
                });
                Some(results.collect())
            }
            CalculationKind::OfNumbers(function, operands) => {
                let mut values = Vec::new();
                for operand in operands {
                    match *self.values(operand)? {
                        [value] => values.push(value),
                        _ => return None,
                    }
                }
                let values: Option<Vec<f64>> = values.into_iter().collect();
                let result = match values {
                    Some(values) => aggregate(*function, &values)?,
                    None => None,
                };
                Some(vec![result])
            }
            CalculationKind::OverCluster(aggregation) => {
                Some(vec![self.over_cluster(aggregation)?])
            }
            // Taken out before.
            CalculationKind::OverWindow(_) | CalculationKind::Forecast(_) => None,
        }
    }

    /// An aggregate over the cluster, known or not; `None` where that is not told.
    fn over_cluster(&mut self, aggregation: &Aggregation) -> Option<Option<f64>> {
        let mut values = Some(Vec::new());
        let OrSide { locals, condition } = &aggregation.filter;
        let is_within = self.for_each(&aggregation.variables, &mut |judge| {
            let value = match judge.some(locals, condition) {
                Some(false) => return,
                Some(true) => match &aggregation.value {
                    None => Some(1.0),
                    Some(value) => match judge.values(value).as_deref() {
                        Some([value]) => *value,
                        _ => {
                            judge.gave_up = true;
                            None
                        }
                    },
                },
                None => None,
            };
            values = values.take().zip(value).map(|(mut values, value)| {
                values.push(value);
                values
            });
        });
        match values {
            _ if !is_within => None,
            Some(values) => aggregate(aggregation.function, &values),
            None => Some(None),
        }
    }

    /// What a feature is measured of.
    pub(super) fn cells(&self, feature: &Feature) -> Vec<Cell> {
        match feature {
            Feature::ServerResource {
                server,
                resource,
                statistic,
            } => {
                let servers = self.servers(server).into_iter();
                let cell = |server| Cell::Server(server, *resource, *statistic);
                servers.map(cell).collect()
            }
            Feature::ActorResource {
                actor,
                resource,
                statistic,
            } => {
                let actors = self.actors(actor).into_iter();
                let cell = |actor| Cell::Actor(actor, *resource, *statistic);
                actors.map(cell).collect()
            }
            Feature::Gauge { of, gauge } => {
                let cell = |of_one| match of {
                    EntityRef::Actor(_) => Cell::Gauge(of_one, *gauge),
                    EntityRef::Server(_) => Cell::Hosted(of_one),
                };
                self.entities(of).into_iter().map(cell).collect()
            }
            Feature::Published {
                actor,
                property,
                unit,
            } => {
                let actors = self.actors(actor).into_iter();
                let cell = |actor| Cell::Published(actor, property.clone(), unit);
                actors.map(cell).collect()
            }
            Feature::Calls {
                caller,
                callee,
                function,
                statistic,
            } => {
                let from = match caller {
                    CallerRef::Client => Some(From::Client),
                    CallerRef::Actor(ActorRef::Anonymous(types)) => Some(From::All(types.clone())),
                    CallerRef::Actor(ActorRef::Variable(id)) => {
                        let kind = match self.domains.get(id.0 as usize) {
                            Some(Domain::Actors(types, _)) => Some(types.clone()),
                            _ => None,
                        };
                        let actor = self.at(*id);
                        actor
                            .zip(kind)
                            .map(|(actor, kind)| From::Actor { actor, kind })
                    }
                };
                let to = match callee {
                    ActorRef::Anonymous(types) => Some(To::All(types.clone())),
                    ActorRef::Variable(id) => self.at(*id).map(To::Actor),
                };
                let calls = from.zip(to).map(|(from, to)| Calls {
                    from,
                    to,
                    function: function.clone(),
                });
                let cell = calls.map(|calls| Cell::Calls(calls, *statistic));
                cell.into_iter().collect()
            }
        }
    }
}

/// Whether some pair passes.
fn some_pair<L, R>(
    left: &[L],
    right: &[R],
    passes: impl Fn(&L, &R) -> Option<bool>,
) -> Option<bool> {
    let mut any = Some(false);
    for left in left {
        for right in right {
            any = or(any, passes(left, right));
        }
    }
    any
}

fn and(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(left: Option<bool>, right: Option<bool>) -> Option<bool> {
    match (left, right) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

/// An aggregate of known numbers, which is unknown of nothing; `None` for those that are not told.
fn aggregate(function: Aggregate, values: &[f64]) -> Option<Option<f64>> {
    let sum = values.iter().sum::<f64>();
    Some(match function {
        Aggregate::Count => Some(values.len() as f64),
        Aggregate::Sum => Some(sum),
        _ if values.is_empty() => None,
        Aggregate::Avg => Some(sum / values.len() as f64),
        Aggregate::Min => values.iter().copied().reduce(f64::min),
        Aggregate::Max => values.iter().copied().reduce(f64::max),
        Aggregate::Stddev | Aggregate::P50 | Aggregate::P90 | Aggregate::P99 => return None,
    })
}
