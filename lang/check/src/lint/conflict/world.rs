//! A small cluster in full: who lives where, who refers to whom, and every figure that matters. What
//! is not told is unknown, as it is in a test.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_model::{Gauge, PerResource, Resource, Statistic};

use crate::program::TypeSet;
use crate::schema::TypeId;

/// A cluster.
#[derive(Clone, Debug, Default)]
pub(super) struct World {
    pub(super) servers: Vec<Server>,
    pub(super) actors: Vec<Actor>,
    pub(super) calls: Vec<Call>,
}

/// A server.
#[derive(Clone, Debug, Default)]
pub(super) struct Server {
    pub(super) usage: PerResource<Usage>,
    pub(super) labels: BTreeMap<Arc<str>, Arc<str>>,
}

/// How much of a resource is used: as a share, or as an amount.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Usage {
    pub(super) perc: Option<f64>,
    pub(super) size: Option<f64>,
}

/// An actor.
#[derive(Clone, Debug)]
pub(super) struct Actor {
    /// What it is called if nobody else is.
    pub(super) name: Arc<str>,
    /// `None` for a type that the policy does not mention.
    pub(super) type_id: Option<TypeId>,
    pub(super) type_name: Arc<str>,
    /// Place of its host.
    pub(super) host: usize,
    pub(super) usage: PerResource<Usage>,
    /// Places of the actors that it refers to, by property.
    pub(super) refs: BTreeMap<Arc<str>, Vec<usize>>,
    pub(super) values: BTreeMap<Arc<str>, Value>,
    pub(super) gauges: Vec<(Gauge, f64)>,
}

/// What an actor publishes.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    /// A number in this unit.
    Number(f64, &'static str),
    Bool(bool),
    Text(Arc<str>),
}

/// The calls of a period from one caller to one callee in one function.
#[derive(Clone, Debug)]
pub(super) struct Call {
    /// Place of the caller; `None` for clients.
    pub(super) from: Option<usize>,
    pub(super) to: usize,
    pub(super) function: Arc<str>,
    pub(super) count: f64,
    pub(super) size: Option<f64>,
    pub(super) latency_seconds: Option<f64>,
}

/// Whose calls.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum From {
    Client,
    Actor {
        actor: usize,
        /// Of which kind of caller it is one.
        kind: TypeSet,
    },
    All(TypeSet),
}

/// Calls to whom.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum To {
    Actor(usize),
    All(TypeSet),
}

/// Which calls.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Calls {
    pub(super) from: From,
    pub(super) to: To,
    /// `None` for any.
    pub(super) function: Option<Arc<str>>,
}

/// Something that is measured of one actor, server or pair.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Server(usize, Resource, Statistic),
    Actor(usize, Resource, Statistic),
    /// Of an actor.
    Gauge(usize, Gauge),
    /// How many actors a server hosts.
    Hosted(usize),
    Published(usize, Arc<str>, &'static str),
    Calls(Calls, Statistic),
}

impl World {
    /// Whether an actor is of one of these types.
    pub(super) fn is_of(&self, actor: usize, types: &TypeSet) -> bool {
        is_of(self.actors[actor].type_id, types)
    }

    /// The actors of these types.
    pub(super) fn of<'w>(&'w self, types: &'w TypeSet) -> impl Iterator<Item = usize> + 'w {
        (0..self.actors.len()).filter(|actor| self.is_of(*actor, types))
    }

    /// The actors on a server.
    pub(super) fn on(&self, server: usize) -> impl Iterator<Item = usize> + '_ {
        (0..self.actors.len()).filter(move |actor| self.actors[*actor].host == server)
    }

    /// What is measured; `None` is unknown.
    pub(super) fn measured(&self, cell: &Cell) -> Option<f64> {
        match cell {
            Cell::Server(server, resource, statistic) => {
                self.servers[*server].usage[*resource].get(*statistic)
            }
            Cell::Actor(actor, resource, statistic) => {
                self.actors[*actor].usage[*resource].get(*statistic)
            }
            Cell::Gauge(actor, gauge) => {
                let gauges = &self.actors[*actor].gauges;
                let told = gauges.iter().find(|(told, _)| told == gauge);
                told.map(|(_, value)| *value)
            }
            Cell::Hosted(server) => Some(self.on(*server).count() as f64),
            Cell::Published(actor, property, _) => match self.actors[*actor].values.get(property) {
                Some(Value::Number(value, _)) => Some(*value),
                _ => None,
            },
            Cell::Calls(calls, statistic) => self.calls(calls, *statistic),
        }
    }

    fn calls(&self, calls: &Calls, statistic: Statistic) -> Option<f64> {
        let these = || self.calls.iter().filter(|call| self.is_one_of(call, calls));
        let count: f64 = these().map(|call| call.count).sum();
        match statistic {
            Statistic::Count => Some(count),
            Statistic::Rate => Some(count / plasma_model::PERIOD_SECONDS_DEFAULT),
            // Of no calls they are no bytes.
            Statistic::Size => these().map(|call| call.size).sum(),
            Statistic::Mean => {
                let mut these = these();
                let one = these.next()?;
                one.latency_seconds.filter(|_| these.next().is_none())
            }
            Statistic::Perc => {
                let received = self.calls.iter();
                let received = received.filter(|call| self.is_beside(call, calls));
                let all: f64 = received.map(|call| call.count).sum();
                Some(if all == 0.0 { 0.0 } else { 100.0 * count / all })
            }
            Statistic::P50 | Statistic::P99 | Statistic::Value => None,
        }
    }

    fn is_one_of(&self, call: &Call, calls: &Calls) -> bool {
        let is_from = match (&calls.from, call.from) {
            (From::Client, from) => from.is_none(),
            (From::Actor { actor, .. }, from) => from == Some(*actor),
            (From::All(types), from) => from.is_some_and(|from| self.is_of(from, types)),
        };
        let is_to = match &calls.to {
            To::Actor(actor) => call.to == *actor,
            To::All(types) => self.is_of(call.to, types),
        };
        let function = calls.function.as_ref();
        is_from && is_to && function.is_none_or(|function| *function == call.function)
    }

    /// Whether a call is one of those that a share is taken of: from the same kind of caller to the
    /// same server.
    fn is_beside(&self, call: &Call, calls: &Calls) -> bool {
        let is_from = match (&calls.from, call.from) {
            (From::Client, from) => from.is_none(),
            (From::Actor { kind, .. } | From::All(kind), from) => {
                from.is_some_and(|from| self.is_of(from, kind))
            }
        };
        let is_to = match &calls.to {
            To::Actor(actor) => self.actors[call.to].host == self.actors[*actor].host,
            To::All(_) => true,
        };
        is_from && is_to
    }
}

/// Whether a type is one of these.
pub(super) fn is_of(type_id: Option<TypeId>, types: &TypeSet) -> bool {
    match types {
        TypeSet::Any => true,
        TypeSet::Of(types) => type_id.is_some_and(|id| types.contains(&id)),
    }
}

impl Usage {
    /// The share or the amount.
    pub(super) fn get(&self, statistic: Statistic) -> Option<f64> {
        match statistic {
            Statistic::Perc => self.perc,
            Statistic::Size => self.size,
            _ => None,
        }
    }

    /// Tells the share or the amount.
    pub(super) fn set(&mut self, statistic: Statistic, value: f64) {
        match statistic {
            Statistic::Size => self.size = Some(value),
            _ => self.perc = Some(value),
        }
    }
}
