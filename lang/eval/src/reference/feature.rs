//! The value of every feature.

use plasma_check::program::{ActorRef, CallerRef, Feature, Range, TypeSet, VariableId};
use plasma_model::{Gauge, Resource, ServerId, Statistic, Usage, Value};

use super::assignment::{ActorAt, Assignment, ServerAt};
use super::condition::{Interpreter, Sample};
use super::facts::{Callees, CallerKind, Callers};
use super::subject::Subject;
use crate::Truth;

/// A call feature with its variables replaced by actors.
struct CallQuery<'q> {
    from: Callers<'q>,
    kind: CallerKind<'q>,
    to: Callees<'q>,
    /// The server whose calls received a share is taken of; `None`: all servers together.
    receiver: Option<&'q ServerId>,
    statistic: Statistic,
}

impl<'s> Interpreter<'_, 's> {
    /// Whether some value of the feature passes the test.
    pub(crate) fn some_feature(
        &self,
        feature: &Feature,
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(Sample<'s>) -> Truth,
    ) -> Truth {
        self.some_subject(feature, assignment, &mut |subject| {
            let value = self.measured(feature, subject, assignment);
            test(self.sample(feature, subject, value))
        })
    }

    /// A value that was measured of somebody.
    pub(crate) fn sample(
        &self,
        feature: &Feature,
        subject: Subject<'s>,
        value: Option<f64>,
    ) -> Sample<'s> {
        let load_of = match (feature, subject) {
            (Feature::ServerResource { .. }, Subject::Server { id, .. }) => Some(id),
            _ => None,
        };
        Sample {
            value,
            load_of,
            chosen: subject.chosen(),
        }
    }

    /// The value of the feature in the snapshot being looked at; `None` is unknown.
    pub(crate) fn measured(
        &self,
        feature: &Feature,
        subject: Subject<'s>,
        assignment: &Assignment<'s>,
    ) -> Option<f64> {
        match (feature, subject) {
            (
                Feature::ServerResource {
                    resource,
                    statistic,
                    ..
                },
                Subject::Server { id, .. },
            ) => server_value(self.server_then(id)?, *resource, *statistic),
            (Feature::Gauge { gauge, .. }, Subject::Server { id, .. }) => {
                self.server_gauge(self.server_then(id)?, *gauge)
            }
            (
                Feature::ActorResource {
                    resource,
                    statistic,
                    ..
                },
                Subject::Actor { at, .. },
            ) => self.actor_value(self.actor_then(at)?, *resource, *statistic),
            (Feature::Published { property, .. }, Subject::Actor { at, .. }) => {
                match self.published(self.actor_then(at)?, property) {
                    Some(Value::Number(value)) => Some(*value),
                    _ => None,
                }
            }
            (Feature::Gauge { gauge, .. }, Subject::Actor { at, .. }) => {
                self.actor_gauge(self.actor_then(at)?, *gauge)
            }
            (
                Feature::Calls {
                    caller,
                    callee,
                    function,
                    statistic,
                },
                Subject::Calls,
            ) => self.calls_value(caller, callee, function.as_deref(), *statistic, assignment),
            // Whom a feature is about is told by the feature.
            _ => None,
        }
    }

    fn actor_value(
        &self,
        at: ActorAt<'s>,
        resource: Resource,
        statistic: Statistic,
    ) -> Option<f64> {
        let reported = self.has_reported(&at.actor.server);
        reported.then(|| usage_value(&at.actor.usage[resource], statistic))?
    }

    /// What an actor publishes under a name; `None` is unknown.
    pub(crate) fn published(&self, at: ActorAt<'s>, property: &str) -> Option<&'s Value> {
        let reported = self.has_reported(&at.actor.server);
        reported.then(|| at.actor.values.get(property))?
    }

    fn actor_gauge(&self, at: ActorAt<'s>, gauge: Gauge) -> Option<f64> {
        let actor = self.has_reported(&at.actor.server).then_some(at.actor)?;
        match gauge {
            // Exact: so many messages or moves do not occur.
            Gauge::Mailbox => actor.mailbox.map(|messages| messages as f64),
            Gauge::Moves => actor.moves.map(|moves| moves as f64),
            Gauge::Idle => actor.idle_seconds,
            Gauge::Age => actor.age_seconds,
            // The checker refuses `f.actors`.
            Gauge::Actors => None,
        }
    }

    fn server_gauge(&self, at: ServerAt<'s>, gauge: Gauge) -> Option<f64> {
        if at.server.stale || gauge != Gauge::Actors {
            return None;
        }
        // Exact: so many actors do not occur.
        Some(self.then().hosted(at.id) as f64)
    }

    fn calls_value(
        &self,
        caller: &CallerRef,
        callee: &ActorRef,
        function: Option<&str>,
        statistic: Statistic,
        assignment: &Assignment<'s>,
    ) -> Option<f64> {
        let (from, kind) = match caller {
            CallerRef::Client => (Callers::Clients, CallerKind::Clients),
            CallerRef::Actor(ActorRef::Anonymous(types)) => {
                (Callers::All(types), CallerKind::Actors(types))
            }
            CallerRef::Actor(ActorRef::Variable(variable)) => (
                Callers::One(assignment.actor(*variable)?.id),
                CallerKind::Actors(self.types_of(*variable)?),
            ),
        };
        let (to, receiver) = match callee {
            ActorRef::Anonymous(types) => (Callees::All(types), None),
            ActorRef::Variable(variable) => {
                let callee = assignment.actor(*variable)?;
                (Callees::One(callee.id), Some(&callee.actor.server))
            }
        };
        let query = CallQuery {
            from,
            kind,
            to,
            receiver,
            statistic,
        };
        let of_variable = |actor: &ActorRef| match actor {
            ActorRef::Variable(variable) => assignment.actor(*variable),
            ActorRef::Anonymous(_) => None,
        };
        let caller = match caller {
            CallerRef::Actor(actor) => of_variable(actor),
            CallerRef::Client => None,
        };
        let is_there = |at: ActorAt<'s>| self.actor_then(at).is_some();
        if !caller.into_iter().chain(of_variable(callee)).all(is_there) {
            return None;
        }
        if self.then().any_stale() && !self.all_involved_reported(&query) {
            return None;
        }
        self.answer(&query, function)
    }

    fn answer(&self, query: &CallQuery<'_>, function: Option<&str>) -> Option<f64> {
        let these = self.then().calls(query.from, query.to, function);
        match query.statistic {
            Statistic::Rate => {
                Some(these.count / self.then().period_seconds()).filter(|rate| rate.is_finite())
            }
            Statistic::Mean => these.latency.mean(),
            Statistic::P50 => these.latency.single?.p50_seconds,
            Statistic::P99 => these.latency.single?.p99_seconds,
            // The checker refuses `call.value`, which has no word.
            Statistic::Value => None,
            Statistic::Count => Some(these.count),
            Statistic::Size => these.size,
            Statistic::Perc => {
                let all = self.then().received(query.kind, query.receiver);
                let share = 100.0 * these.count / all;
                Some(if all == 0.0 { 0.0 } else { share })
            }
        }
    }

    /// The types that a variable ranges over.
    fn types_of(&self, variable: VariableId) -> Option<&TypeSet> {
        match &self.rule.variables.get(variable.0 as usize)?.range {
            Range::Actors(types) | Range::Callers { types, .. } => Some(types),
            Range::Servers => None,
        }
    }

    /// Whether every server that could have told of these calls did: calls are counted at both
    /// ends, and a silent server is not a server without calls.
    fn all_involved_reported(&self, query: &CallQuery<'_>) -> bool {
        let all_of = |types: &TypeSet| {
            let actors = self.then().actors(types);
            actors.iter().all(|at| self.has_reported(&at.actor.server))
        };
        let from = match query.from {
            Callers::Clients => true,
            Callers::One(id) => {
                let at = self.then().actor(id);
                at.is_some_and(|at| self.has_reported(&at.actor.server))
            }
            Callers::All(types) => all_of(types),
        };
        let to = match (query.receiver, query.to) {
            (Some(receiver), _) => self.has_reported(receiver),
            (None, Callees::All(types)) => all_of(types),
            (None, Callees::One(_)) => false,
        };
        let share = query.statistic != Statistic::Perc
            || match query.kind {
                CallerKind::Clients => query.receiver.is_some(),
                CallerKind::Actors(types) => query.receiver.is_some() && all_of(types),
            };
        from && to && share
    }

    fn has_reported(&self, server: &ServerId) -> bool {
        let server = self.then().servers().get(server);
        server.is_some_and(|server| !server.stale)
    }
}

fn server_value(at: ServerAt<'_>, resource: Resource, statistic: Statistic) -> Option<f64> {
    let reported = !at.server.stale;
    reported.then(|| usage_value(&at.server.usage[resource], statistic))?
}

fn usage_value(usage: &Usage, statistic: Statistic) -> Option<f64> {
    match statistic {
        Statistic::Perc => usage.perc,
        Statistic::Size => usage.size,
        // The checker refuses all others.
        Statistic::Count
        | Statistic::Rate
        | Statistic::Mean
        | Statistic::P50
        | Statistic::P99
        | Statistic::Value => None,
    }
}
