//! The snapshot as arbitration reads it: dense numbers in place of ids, one scale per resource.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_model::{ActorId, PerResource, Resource, ServerId, Snapshot, Usage};

/// Number of a server: its place among the snapshot's servers, which are in order of id.
pub(crate) type ServerNo = usize;

/// Number of an actor: its place among the snapshot's actors, which are in order of id.
pub(crate) type ActorNo = usize;

/// Price of moving any actor at all, in bytes: moves are compared by it before state sizes matter.
const MOVE_PRICE_BYTES: f64 = 1_048_576.0;

/// Price of one call per second that a move delays, in bytes: an expected pause of some
/// milliseconds holds up a few calls of some hundred bytes each.
const CALL_RATE_PRICE_BYTES: f64 = 1024.0;

/// What is known of a server's resource.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Gauge {
    /// Never reported, or without a scale: not checked.
    Unchecked,
    /// Unknown now: the server receives nothing.
    Unknown,
    /// In use at the snapshot, of this capacity, both on the resource's one scale.
    Known {
        /// Amount in use.
        used: f64,
        /// Amount there is.
        capacity: f64,
    },
}

/// A server of the snapshot.
#[derive(Debug)]
pub(crate) struct ServerView {
    pub(crate) id: ServerId,
    pub(crate) gauges: PerResource<Gauge>,
    pub(crate) stale: bool,
    pub(crate) draining: bool,
    /// Whether it was ordered to be removed.
    pub(crate) leaves: bool,
}

/// An actor of the snapshot.
#[derive(Debug)]
pub(crate) struct ActorView {
    pub(crate) id: ActorId,
    pub(crate) actor_type: Arc<str>,
    /// Its host in the snapshot.
    pub(crate) host: ServerNo,
    /// What it uses, on the resource's scale; `None` is unknown and counts as 0.
    pub(crate) uses: PerResource<Option<f64>>,
    /// Where an order that has not ended is moving it.
    pub(crate) moving_to: Option<ServerNo>,
    state_bytes: f64,
}

/// The snapshot in dense numbers.
#[derive(Debug)]
pub(crate) struct Cluster<'s> {
    pub(crate) servers: Vec<ServerView>,
    pub(crate) actors: Vec<ActorView>,
    snapshot: &'s Snapshot,
    /// Calls per second to each actor; counted when the first price is asked for.
    call_rates: OnceCell<Vec<f64>>,
}

impl<'s> Cluster<'s> {
    /// The view of a snapshot, with the moves and the removals of servers that have not ended.
    pub(crate) fn new(
        snapshot: &'s Snapshot,
        moving: &BTreeMap<ActorId, ServerId>,
        removing: &BTreeSet<ServerId>,
    ) -> Self {
        let scales = PerResource::from_fn(|resource| Scale::of(snapshot, resource));
        let servers: Vec<ServerView> = snapshot
            .servers
            .iter()
            .map(|(id, server)| ServerView {
                id: id.clone(),
                gauges: PerResource::from_fn(|r| scales[r].gauge(r, &server.usage[r])),
                stale: server.stale,
                draining: server.draining || removing.contains(id),
                leaves: removing.contains(id),
            })
            .collect();
        let numbers: BTreeMap<&str, ServerNo> = servers
            .iter()
            .enumerate()
            .map(|(no, s)| (s.id.as_str(), no))
            .collect();
        let actors = snapshot
            .actors
            .iter()
            .filter_map(|(id, actor)| {
                let host = *numbers.get(actor.server.as_str())?;
                let uses = PerResource::from_fn(|r| {
                    scales[r].amount(&actor.usage[r], &servers.get(host)?.gauges[r])
                });
                Some(ActorView {
                    id: id.clone(),
                    actor_type: actor.actor_type.clone(),
                    host,
                    uses,
                    moving_to: moving
                        .get(id)
                        .and_then(|to| numbers.get(to.as_str()))
                        .copied(),
                    state_bytes: actor.usage[Resource::Mem].size.unwrap_or(0.0),
                })
            })
            .collect();
        Cluster {
            servers,
            actors,
            snapshot,
            call_rates: OnceCell::new(),
        }
    }

    /// The number of an actor, if it lives.
    pub(crate) fn actor_no(&self, id: &ActorId) -> Option<ActorNo> {
        self.actors.binary_search_by(|actor| actor.id.cmp(id)).ok()
    }

    /// The number of a server, if it is there.
    pub(crate) fn server_no(&self, id: &ServerId) -> Option<ServerNo> {
        self.servers
            .binary_search_by(|server| server.id.cmp(id))
            .ok()
    }

    /// What moving an actor costs, in bytes: its state, and the calls that the pause delays.
    pub(crate) fn price(&self, actor: ActorNo) -> f64 {
        let rates = self.call_rates.get_or_init(|| self.count_call_rates());
        MOVE_PRICE_BYTES + self.actors[actor].state_bytes + rates[actor] * CALL_RATE_PRICE_BYTES
    }

    /// The value of a server's label.
    pub(crate) fn label(&self, server: ServerNo, name: &str) -> Option<&str> {
        let server = self.snapshot.servers.get(&self.servers.get(server)?.id)?;
        server.labels.get(name).map(String::as_str)
    }

    fn is_actor(&self, no: ActorNo, id: &ActorId) -> bool {
        self.actors.get(no).is_some_and(|actor| actor.id == *id)
    }

    fn count_call_rates(&self) -> Vec<f64> {
        let mut rates = vec![0.0; self.actors.len()];
        let mut next = 0;
        for calls in &self.snapshot.calls {
            // In order of caller, then callee: mostly the one found before, or the one after it.
            let near = (next..next + 2).find(|no| self.is_actor(*no, &calls.to));
            if let Some(actor) = near.or_else(|| self.actor_no(&calls.to)) {
                next = actor;
                rates[actor] += calls.count / self.snapshot.period_seconds.max(f64::MIN_POSITIVE);
            }
        }
        rates
    }
}

/// How amounts of a resource are compared between servers.
#[derive(Clone, Copy, Debug)]
enum Scale {
    /// No server gives a capacity: all are equal, and amounts are percentages.
    Percent,
    /// In cores, bytes or bytes per second. A server that gives no capacity counts as large as the
    /// smallest one that does.
    Absolute { capacity_default: f64 },
}

impl Scale {
    fn of(snapshot: &Snapshot, resource: Resource) -> Scale {
        let capacities = snapshot
            .servers
            .values()
            .filter_map(|s| s.usage[resource].capacity);
        capacities
            .reduce(f64::min)
            .map_or(Scale::Percent, |capacity_default| Scale::Absolute {
                capacity_default,
            })
    }

    fn gauge(self, resource: Resource, usage: &Usage) -> Gauge {
        let capacity = match self {
            Scale::Percent => 100.0,
            Scale::Absolute { capacity_default } => usage.capacity.unwrap_or(capacity_default),
        };
        let from_size = match self {
            Scale::Percent => None,
            Scale::Absolute { .. } => usage.size,
        };
        match usage.perc.map(|perc| perc / 100.0 * capacity).or(from_size) {
            Some(used) => Gauge::Known { used, capacity },
            // An amount that nothing relates to a capacity says nothing about room.
            None if usage.size.is_some() => Gauge::Unchecked,
            None if resource == Resource::Cpu || usage.reported => Gauge::Unknown,
            None => Gauge::Unchecked,
        }
    }

    fn amount(self, usage: &Usage, host: &Gauge) -> Option<f64> {
        match self {
            Scale::Percent => usage.perc,
            Scale::Absolute { .. } => usage.size.or_else(|| match host {
                Gauge::Known { capacity, .. } => usage.perc.map(|perc| perc / 100.0 * capacity),
                _ => None,
            }),
        }
    }
}
