//! The snapshot as arbitration reads it: dense numbers in place of ids, one scale per resource. Nothing
//! else in arbitration looks at the snapshot.

use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_model::{ActorId, PerResource, Resource, ServerId, Snapshot, TypeSet, Usage};

use super::names::{Names, SharedNames};

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

/// The snapshot in dense numbers.
#[derive(Debug)]
pub struct Cluster<'s> {
    pub(crate) servers: Vec<ServerView>,
    snapshot: &'s Snapshot,
    /// The greatest capacity of each resource, where one is known.
    capacities_max: PerResource<Option<f64>>,
    /// Whether nothing is known of some server.
    is_some_unscaled: bool,
    is_uniform: bool,
    ids: Vec<&'s ActorId>,
    /// Places of the actors' ids, each table made when the first is looked for.
    names: OnceCell<Names>,
    shared_names: OnceCell<SharedNames>,
    /// The host of each actor.
    hosts: Vec<u32>,
    /// The type of each actor, by its place in `type_names`.
    types: Vec<u32>,
    type_names: Vec<&'s Arc<str>>,
    /// What each actor uses, on the resource's scale, NaN where it is unknown; empty where nothing is known
    /// of any actor.
    uses: PerResource<Vec<f64>>,
    /// The state of each actor.
    state_bytes: Vec<f64>,
    /// Where orders that have not ended are moving actors.
    moving: BTreeMap<ActorNo, ServerNo>,
    /// What moving each actor costs, in bytes; counted when the first price is asked for.
    prices: OnceCell<Vec<f64>>,
}

impl<'s> Cluster<'s> {
    /// The view of a snapshot, with the moves and the removals of servers that have not ended.
    pub fn new(
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
        let capacities = |server: &ServerView| {
            PerResource::from_fn(|resource| match server.gauges[resource] {
                Gauge::Known { capacity, .. } => Some(capacity),
                _ => None,
            })
        };
        let known = |server: &ServerView| {
            let capacities = capacities(server);
            capacities.iter().filter(|(_, c)| c.is_some()).count()
        };
        let first = servers.first().map(capacities).unwrap_or_default();
        let mut cluster = Cluster {
            capacities_max: PerResource::from_fn(|resource| {
                let of_all = servers.iter().filter_map(|s| capacities(s)[resource]);
                of_all.reduce(f64::max)
            }),
            is_some_unscaled: servers.iter().any(|server| known(server) == 0),
            is_uniform: servers
                .iter()
                .all(|server| known(server) == 1 && capacities(server) == first),
            servers,
            snapshot,
            ids: Vec::with_capacity(snapshot.actors.len()),
            names: OnceCell::new(),
            shared_names: OnceCell::new(),
            hosts: Vec::with_capacity(snapshot.actors.len()),
            types: Vec::with_capacity(snapshot.actors.len()),
            type_names: Vec::new(),
            uses: PerResource::default(),
            state_bytes: Vec::with_capacity(snapshot.actors.len()),
            moving: BTreeMap::new(),
            prices: OnceCell::new(),
        };
        cluster.read_actors(scales);
        let moved = moving
            .iter()
            .filter_map(|(id, to)| Some((cluster.actor_no(id)?, cluster.server_no(to)?)));
        cluster.moving = moved.collect();
        cluster
    }

    fn read_actors(&mut self, scales: PerResource<Scale>) {
        let server_names = Names::new(self.servers.iter().map(|server| server.id.as_str()));
        let mut type_numbers: BTreeMap<&str, u32> = BTreeMap::new();
        for (id, actor) in &self.snapshot.actors {
            let host = server_names.find(actor.server.as_str(), |no| {
                self.servers[no].id == actor.server
            });
            let Some(host) = host else { continue };
            let known = self.types.last().copied().filter(|last| {
                let last = self.type_names[*last as usize];
                Arc::ptr_eq(last, &actor.actor_type)
            });
            let number = known.unwrap_or_else(|| {
                let next = self.type_names.len() as u32;
                let number = *type_numbers.entry(&actor.actor_type).or_insert(next);
                if number == next {
                    self.type_names.push(&actor.actor_type);
                }
                number
            });
            for (resource, scale) in scales.iter() {
                let gauge = &self.servers[host].gauges[resource];
                let amount = scale.amount(&actor.usage[resource], gauge);
                let uses = &mut self.uses[resource];
                if amount.is_some() || !uses.is_empty() {
                    uses.resize(self.ids.len(), f64::NAN);
                    uses.push(amount.unwrap_or(f64::NAN));
                }
            }
            self.ids.push(id);
            self.hosts.push(host as u32);
            self.types.push(number);
            let state_bytes = actor.usage[Resource::Mem].size;
            self.state_bytes.push(state_bytes.unwrap_or(0.0));
        }
    }

    /// Makes ready to find actors by id, which otherwise the first look does.
    pub fn index(&self) {
        if let Some(id) = self.ids.first() {
            self.sharing_no(id);
        }
    }

    /// When the period ended, in seconds.
    pub(crate) fn t_seconds(&self) -> f64 {
        self.snapshot.t
    }

    /// How many actors there are.
    pub(crate) fn actor_count(&self) -> usize {
        self.ids.len()
    }

    /// The id of an actor.
    pub(crate) fn actor_id(&self, actor: ActorNo) -> &ActorId {
        self.ids[actor]
    }

    /// The number of the actor whose id shares its text with this one.
    pub(crate) fn sharing_no(&self, id: &ActorId) -> Option<ActorNo> {
        let texts = || self.ids.iter().map(|id| id.as_str());
        let shared = self.shared_names.get_or_init(|| SharedNames::new(texts()));
        shared.find(id.as_str())
    }

    /// The number of an actor, if it lives.
    pub(crate) fn actor_no(&self, id: &ActorId) -> Option<ActorNo> {
        // Intents mostly come with the snapshot's own ids.
        if let Some(actor) = self.sharing_no(id) {
            return Some(actor);
        }
        let texts = || self.ids.iter().map(|id| id.as_str());
        let names = self.names.get_or_init(|| Names::new(texts()));
        names.find(id.as_str(), |no| self.ids[no] == id)
    }

    /// The number of a server, if it is there.
    pub(crate) fn server_no(&self, id: &ServerId) -> Option<ServerNo> {
        self.servers
            .binary_search_by(|server| server.id.cmp(id))
            .ok()
    }

    /// An actor's host in the snapshot.
    pub(crate) fn host(&self, actor: ActorNo) -> ServerNo {
        self.hosts[actor] as ServerNo
    }

    /// The host of each actor in the snapshot.
    pub(crate) fn hosts(&self) -> &[u32] {
        &self.hosts
    }

    /// What an actor uses, on the resource's scale; unknown counts as 0.
    pub(crate) fn use_of(&self, actor: ActorNo, resource: Resource) -> f64 {
        self.known_use(actor, resource).unwrap_or(0.0)
    }

    /// What an actor uses, on the resource's scale, if that is known.
    pub(crate) fn known_use(&self, actor: ActorNo, resource: Resource) -> Option<f64> {
        let amount = self.uses[resource].get(actor).copied()?;
        (!amount.is_nan()).then_some(amount)
    }

    /// By how much the fullness of any server rises at least when these amounts come, as a share of its
    /// capacity.
    pub(crate) fn rise_least(&self, amounts: &PerResource<f64>) -> f64 {
        let rises = self.capacities_max.iter();
        let rises = rises.filter_map(|(resource, max)| Some(amounts[resource] / (*max)?));
        let least = rises.reduce(f64::min).filter(|_| !self.is_some_unscaled);
        // Less than the rounding of the sums that it is compared with.
        least.unwrap_or(0.0) * (1.0 - 1e-9)
    }

    /// The greatest capacity of a resource on any server, if one is known.
    pub(crate) fn capacity_max(&self, resource: Resource) -> Option<f64> {
        self.capacities_max[resource]
    }

    /// Whether the order of the servers by fullness stays the same whatever comes to all of them: one
    /// resource counts, and there is equally much of it everywhere.
    pub(crate) fn is_uniform(&self) -> bool {
        self.is_uniform
    }

    /// Where an order that has not ended is moving an actor.
    pub(crate) fn moving_to(&self, actor: ActorNo) -> Option<ServerNo> {
        self.moving.get(&actor).copied()
    }

    /// All actors that an order is moving, each with where to.
    pub(crate) fn moving(&self) -> impl Iterator<Item = (ActorNo, ServerNo)> {
        self.moving.iter().map(|(actor, to)| (*actor, *to))
    }

    /// Which types belong to a set.
    pub(crate) fn kinds(&self, types: &TypeSet) -> Kinds<'_> {
        let contains = |name: &&Arc<str>| types.contains(name);
        Kinds {
            types: &self.types,
            contains: self.type_names.iter().map(contains).collect(),
            is_all: matches!(types, TypeSet::Any),
        }
    }

    /// What moving an actor costs, in bytes: its state, and the calls that the pause delays.
    pub(crate) fn price(&self, actor: ActorNo) -> f64 {
        self.prices()[actor]
    }

    /// What moving some actors costs, in bytes.
    pub(crate) fn price_of(&self, actors: &[ActorNo]) -> f64 {
        actors.iter().map(|actor| self.price(*actor)).sum()
    }

    /// What moving each actor costs, in bytes.
    pub(crate) fn prices(&self) -> &[f64] {
        self.prices.get_or_init(|| self.count_prices())
    }

    /// The value of a server's label.
    pub(crate) fn label(&self, server: ServerNo, name: &str) -> Option<&str> {
        let server = self.snapshot.servers.get(&self.servers.get(server)?.id)?;
        server.labels.get(name).map(String::as_str)
    }

    fn is_actor(&self, no: ActorNo, id: &ActorId) -> bool {
        self.ids.get(no).is_some_and(|actor| *actor == id)
    }

    fn count_prices(&self) -> Vec<f64> {
        let period_seconds = self.snapshot.period_seconds.max(f64::MIN_POSITIVE);
        let mut prices = vec![0.0; self.ids.len()];
        let mut next = 0;
        for calls in &self.snapshot.calls {
            // In order of caller, then callee: mostly the one found before, or the one after it.
            let near = (next..next + 2).find(|no| self.is_actor(*no, &calls.to));
            if let Some(actor) = near.or_else(|| self.actor_no(&calls.to)) {
                next = actor;
                prices[actor] += calls.count / period_seconds;
            }
        }
        for (price, state_bytes) in prices.iter_mut().zip(&self.state_bytes) {
            *price = MOVE_PRICE_BYTES + state_bytes + *price * CALL_RATE_PRICE_BYTES;
        }
        prices
    }
}

/// The types that belong to a set, by number.
#[derive(Clone, Debug)]
pub(crate) struct Kinds<'c> {
    types: &'c [u32],
    contains: Vec<bool>,
    is_all: bool,
}

impl Kinds<'_> {
    /// Whether an actor is of one of the types.
    pub(crate) fn contains(&self, actor: ActorNo) -> bool {
        self.is_all || self.contains[self.types[actor] as usize]
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
