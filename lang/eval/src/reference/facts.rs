//! The facts that conditions ask for, and how they are found by looking at the whole snapshot.

use std::collections::BTreeMap;

use plasma_check::program::TypeSet;
use plasma_check::schema::Schema;
use plasma_model::{ActorId, Caller, Calls, Latency, Server, ServerId, Snapshot};

use super::assignment::ActorAt;
use crate::past::{End, Past};

/// Whose calls are meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Callers<'q> {
    /// All clients together.
    Clients,
    /// One live actor.
    One(&'q ActorId),
    /// All live actors of these types together.
    All(&'q TypeSet),
}

/// Calls to whom are meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Callees<'q> {
    /// One live actor.
    One(&'q ActorId),
    /// All live actors of these types together.
    All(&'q TypeSet),
}

/// A kind of caller, whose calls a share is a share of. Actors that have ended count.
#[derive(Clone, Copy, Debug)]
pub(crate) enum CallerKind<'q> {
    Clients,
    Actors(&'q TypeSet),
}

/// Some calls taken together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct CallTotal {
    /// How many.
    pub(crate) count: f64,
    /// Their bytes; `None` if those of some are unknown.
    pub(crate) size: Option<f64>,
    /// How long they took.
    pub(crate) latency: TotalLatency,
}

/// How long some calls taken together took. Their mean can be told from the means of the parts, a
/// percentile only where there is one part.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct TotalLatency {
    /// How many calls there are, and how long all of them took; `None` if some part is unknown.
    seconds: Option<(f64, f64)>,
    /// The figures of the only part.
    pub(crate) single: Option<Latency>,
    parts: usize,
}

impl TotalLatency {
    const NONE: TotalLatency = TotalLatency {
        seconds: Some((0.0, 0.0)),
        single: None,
        parts: 0,
    };

    fn add(&mut self, count: f64, latency: Latency) {
        if count == 0.0 {
            return;
        }
        let mean = latency.mean_seconds;
        self.seconds = self
            .seconds
            .zip(mean)
            .map(|((all, seconds), mean)| (all + count, seconds + mean * count));
        self.parts += 1;
        self.single = (self.parts == 1).then_some(latency);
    }

    /// The mean; unknown of no calls.
    pub(crate) fn mean(&self) -> Option<f64> {
        let (count, seconds) = self.seconds?;
        (count > 0.0).then_some(seconds / count)
    }
}

impl CallTotal {
    pub(crate) const NONE: CallTotal = CallTotal {
        count: 0.0,
        size: Some(0.0),
        latency: TotalLatency::NONE,
    };

    pub(crate) fn add(&mut self, count: f64, size: Option<f64>, latency: Latency) {
        self.count += count;
        self.size = self.size.zip(size).map(|(sum, size)| sum + size);
        self.latency.add(count, latency);
    }
}

/// What conditions ask about a snapshot.
pub(crate) trait Facts<'s> {
    /// Time at the end of the period, in seconds.
    fn t(&self) -> f64;

    /// Length of the period, in seconds.
    fn period_seconds(&self) -> f64;

    /// The live servers.
    fn servers(&self) -> &'s BTreeMap<ServerId, Server>;

    /// An actor, if it is alive.
    fn actor(&self, id: &ActorId) -> Option<ActorAt<'s>>;

    /// The facts of so many periods before, if nothing is missing in between; of 0 periods before, these.
    fn earlier(&self, periods: usize) -> Option<&dyn Facts<'s>>;

    /// What is before the earliest of them.
    fn end(&self) -> End;

    /// Whether some server was silent in this period.
    fn any_stale(&self) -> bool;

    /// The types of the application.
    fn schema(&self) -> &'s Schema;

    /// The live actors of these types, by id.
    fn actors(&self, types: &TypeSet) -> Vec<ActorAt<'s>>;

    /// The ids of the live actors of these types, in their order.
    fn ids(&self, types: &TypeSet) -> Vec<ActorId> {
        let actors = self.actors(types).into_iter();
        actors.map(|at| at.id.clone()).collect()
    }

    /// The host of an actor, if that is alive.
    fn host(&self, id: &ActorId) -> Option<&'s ServerId> {
        Some(&self.actor(id)?.actor.server)
    }

    /// The calls from and to live actors in the period, in one function or in any.
    fn calls(&self, from: Callers<'_>, to: Callees<'_>, function: Option<&str>) -> CallTotal;

    /// How many calls from this kind of caller one server (or all of them) received in the period,
    /// to whatever actor and function.
    fn received(&self, kind: CallerKind<'_>, by: Option<&ServerId>) -> f64;

    /// How many live actors a server hosts.
    fn hosted(&self, by: &ServerId) -> usize;

    /// Whether actors of the type called `actor_type` are meant.
    fn includes(&self, types: &TypeSet, actor_type: &str) -> bool {
        match types {
            TypeSet::Any => true,
            TypeSet::Of(ids) => ids.iter().any(|id| {
                self.schema()
                    .get(*id)
                    .is_some_and(|t| t.name.as_ref() == actor_type)
            }),
        }
    }

    /// Whether `id` is alive and of one of these types.
    fn is_live(&self, id: &ActorId, types: &TypeSet) -> bool {
        let at = self.actor(id);
        at.is_some_and(|at| self.includes(types, &at.actor.actor_type))
    }

    /// Whether these calls come from one of `from`, who is alive (clients are).
    fn is_from(&self, calls: &Calls, from: Callers<'_>) -> bool {
        match (&calls.from, from) {
            (Caller::Client, Callers::Clients) => true,
            (Caller::Actor { id, .. }, Callers::One(one)) => id == one && self.actor(id).is_some(),
            (Caller::Actor { id, .. }, Callers::All(types)) => self.is_live(id, types),
            _ => false,
        }
    }

    /// Whether these calls go to one of `to`, who is alive.
    fn is_to(&self, calls: &Calls, to: Callees<'_>) -> bool {
        match to {
            Callees::One(one) => &calls.to == one && self.actor(one).is_some(),
            Callees::All(types) => self.is_live(&calls.to, types),
        }
    }
}

/// Whether these calls are in the function asked for.
fn is_in(calls: &Calls, function: Option<&str>) -> bool {
    function.is_none_or(|name| calls.function.as_ref() == name)
}

/// Finds every fact by looking at the whole snapshot, as the definitions are worded.
pub(crate) struct Scan<'s> {
    snapshot: &'s Snapshot,
    schema: &'s Schema,
    /// Those before, newest first.
    before: Vec<Scan<'s>>,
    end: End,
}

impl<'s> Scan<'s> {
    pub(crate) fn new(
        snapshot: &'s Snapshot,
        past: &'s Past<Snapshot>,
        schema: &'s Schema,
    ) -> Scan<'s> {
        let (before, end) = past.before(snapshot);
        let alone = |snapshot| Scan {
            snapshot,
            schema,
            before: Vec::new(),
            end,
        };
        Scan {
            before: before.into_iter().map(alone).collect(),
            ..alone(snapshot)
        }
    }
}

impl<'s> Facts<'s> for Scan<'s> {
    fn t(&self) -> f64 {
        self.snapshot.t
    }

    fn period_seconds(&self) -> f64 {
        self.snapshot.period_seconds
    }

    fn servers(&self) -> &'s BTreeMap<ServerId, Server> {
        &self.snapshot.servers
    }

    fn actor(&self, id: &ActorId) -> Option<ActorAt<'s>> {
        let (id, actor) = self.snapshot.actors.get_key_value(id)?;
        Some(ActorAt { id, actor })
    }

    fn earlier(&self, periods: usize) -> Option<&dyn Facts<'s>> {
        match periods.checked_sub(1) {
            None => Some(self),
            Some(place) => self.before.get(place).map(|scan| scan as &dyn Facts<'s>),
        }
    }

    fn end(&self) -> End {
        self.end
    }

    fn any_stale(&self) -> bool {
        self.snapshot.servers.values().any(|server| server.stale)
    }

    fn schema(&self) -> &'s Schema {
        self.schema
    }

    fn actors(&self, types: &TypeSet) -> Vec<ActorAt<'s>> {
        let live = self.snapshot.actors.iter();
        live.filter(|(_, actor)| self.includes(types, &actor.actor_type))
            .map(|(id, actor)| ActorAt { id, actor })
            .collect()
    }

    fn calls(&self, from: Callers<'_>, to: Callees<'_>, function: Option<&str>) -> CallTotal {
        let mut total = CallTotal::NONE;
        for calls in &self.snapshot.calls {
            if self.is_from(calls, from) && self.is_to(calls, to) && is_in(calls, function) {
                total.add(calls.count, calls.size, calls.latency);
            }
        }
        total
    }

    fn hosted(&self, by: &ServerId) -> usize {
        let actors = self.snapshot.actors.values();
        actors.filter(|actor| &actor.server == by).count()
    }

    fn received(&self, kind: CallerKind<'_>, by: Option<&ServerId>) -> f64 {
        let calls = self.snapshot.calls.iter();
        calls
            .filter(|calls| by.is_none_or(|server| &calls.to_server == server))
            .filter(|calls| match (&calls.from, kind) {
                (Caller::Client, CallerKind::Clients) => true,
                (Caller::Actor { actor_type, .. }, CallerKind::Actors(types)) => {
                    self.includes(types, actor_type)
                }
                _ => false,
            })
            .map(|calls| calls.count)
            .sum()
    }
}
