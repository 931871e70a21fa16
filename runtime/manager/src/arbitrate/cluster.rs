//! The cluster as arbitration reads it: dense numbers in order of id, one scale per resource. Nothing
//! else in arbitration looks at the columns.

use std::borrow::Cow;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use plasma_columns::{Columns, NOBODY, ServerTable, UNKNOWN};
use plasma_model::{ActorId, PerResource, Resource, ServerId, TypeSet, Usage};
use rayon::prelude::*;

/// Number of a server: its place among the live servers, which are in order of id.
pub(crate) type ServerNo = usize;

/// Number of an actor: its place among the live actors, which are in order of id.
pub(crate) type ActorNo = usize;

/// Price of moving any actor at all, in bytes: moves are compared by it before state sizes matter.
const MOVE_PRICE_BYTES: f64 = 1_048_576.0;

/// Price of one call per second that a move delays, in bytes: an expected pause of some
/// milliseconds holds up a few calls of some hundred bytes each.
const CALL_RATE_PRICE_BYTES: f64 = 1024.0;

/// Actors from which on they are read side by side.
const PARALLEL_ACTORS_MIN: usize = 50_000;

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

/// A live server.
#[derive(Debug)]
pub(crate) struct ServerView {
    pub(crate) id: ServerId,
    pub(crate) gauges: PerResource<Gauge>,
    pub(crate) stale: bool,
    pub(crate) draining: bool,
    /// Whether it was ordered to be removed.
    pub(crate) leaves: bool,
}

/// The cluster in the numbers of arbitration.
#[derive(Debug)]
pub struct Cluster<'c> {
    pub(crate) servers: Vec<ServerView>,
    columns: &'c Columns,
    /// The greatest capacity of each resource, where one is known.
    capacities_max: PerResource<Option<f64>>,
    /// Whether nothing is known of some server.
    is_some_unscaled: bool,
    is_uniform: bool,
    /// The number of each actor in the columns.
    actors: Cow<'c, [u32]>,
    /// The place of each actor of the columns among those; [`NOBODY`] of one that does not live.
    places: OnceCell<Vec<u32>>,
    /// The actor that was looked for last: the next one is often the same or its neighbour.
    found: Cell<ActorNo>,
    /// The host of each actor.
    hosts: Vec<u32>,
    /// What each actor uses, on the resource's scale, NaN where it is unknown; empty where nothing is known
    /// of any actor.
    uses: PerResource<Vec<f64>>,
    /// Where orders that have not ended are moving actors.
    moving: BTreeMap<ActorNo, ServerNo>,
    /// What moving each actor costs, in bytes; counted when the first price is asked for.
    prices: OnceCell<Vec<f64>>,
    /// Which actors are of the types that were asked for.
    kinds: RefCell<Vec<(TypeSet, Rc<[bool]>)>>,
}

impl<'c> Cluster<'c> {
    /// The view of the last tick, with the moves and the removals of servers that have not ended.
    pub fn new(
        columns: &'c Columns,
        moving: &BTreeMap<ActorId, ServerId>,
        removing: &BTreeSet<ServerId>,
    ) -> Self {
        let table = &columns.frame().servers;
        let scales = PerResource::from_fn(|resource| Scale::of(table, resource));
        let servers: Vec<ServerView> = table
            .rows()
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
            columns,
            actors: Cow::Borrowed(columns.frame().live()),
            places: OnceCell::new(),
            found: Cell::new(0),
            hosts: Vec::new(),
            uses: PerResource::default(),
            moving: BTreeMap::new(),
            prices: OnceCell::new(),
            kinds: RefCell::default(),
        };
        cluster.find_hosts();
        cluster.uses =
            PerResource::from_fn(|resource| cluster.read_uses(resource, scales[resource]));
        let moved = moving
            .iter()
            .filter_map(|(id, to)| Some((cluster.actor_no(id)?, cluster.server_no(to)?)));
        cluster.moving = moved.collect();
        cluster
    }

    fn find_hosts(&mut self) {
        let frame = self.columns.frame();
        let mut places = vec![NOBODY; self.columns.server_names().len()];
        for (place, server) in frame.servers.numbers().iter().enumerate() {
            places[*server as usize] = place as u32;
        }
        let host_of = |actor: &u32| places.get(frame.host_of(*actor) as usize).copied();
        let host_of = |actor: &u32| host_of(actor).unwrap_or(NOBODY);
        self.hosts = self.actors.iter().map(host_of).collect();
        if self.hosts.contains(&NOBODY) {
            // Those on no server are left out: a window knows none.
            self.hosts.retain(|host| *host != NOBODY);
            self.actors
                .to_mut()
                .retain(|actor| host_of(actor) != NOBODY);
        }
    }

    fn read_uses(&self, resource: Resource, scale: Scale) -> Vec<f64> {
        let usage = self.columns.frame().usage(resource);
        if [&usage.perc, &usage.size].map(|of| of.values().is_empty()) == [true, true] {
            return Vec::new();
        }
        let servers = &self.servers;
        let amount = |(actor, host): (&u32, &u32)| {
            let gauge = &servers[*host as usize].gauges[resource];
            scale.amount(usage.perc.at(*actor), usage.size.at(*actor), gauge)
        };
        let (actors, hosts) = (&self.actors[..], &self.hosts[..]);
        match actors.len() < PARALLEL_ACTORS_MIN {
            true => actors.iter().zip(hosts).map(amount).collect(),
            false => actors.par_iter().zip(hosts).map(amount).collect(),
        }
    }

    /// Makes ready to find actors by their number in the columns, which otherwise the first look does.
    pub fn index(&self) -> &[u32] {
        self.places.get_or_init(|| {
            let mut places = vec![NOBODY; self.columns.actor_names().len()];
            for (place, actor) in self.actors.iter().enumerate() {
                places[*actor as usize] = place as u32;
            }
            places
        })
    }

    /// When the period ended, in seconds.
    pub(crate) fn t_seconds(&self) -> f64 {
        self.columns.frame().t
    }

    /// How many actors there are.
    pub(crate) fn actor_count(&self) -> usize {
        self.actors.len()
    }

    /// The id of an actor.
    pub(crate) fn actor_id(&self, actor: ActorNo) -> ActorId {
        ActorId::from(self.name(actor))
    }

    fn name(&self, actor: ActorNo) -> &'c str {
        let no = self.actors.get(actor).copied().unwrap_or(NOBODY);
        self.columns.actor_names().name(no)
    }

    /// The number of an actor, if it lives.
    pub(crate) fn actor_no(&self, id: &ActorId) -> Option<ActorNo> {
        let last = self.found.get();
        let is_near =
            |actor: &ActorNo| *actor < self.actor_count() && self.name(*actor) == id.as_str();
        let near = [last, last + 1].into_iter().find(is_near);
        let found = near.or_else(|| {
            let no = self.columns.actor_names().get(id.as_str())?;
            let place = self.index().get(no as usize).copied();
            place
                .filter(|place| *place != NOBODY)
                .map(|place| place as ActorNo)
        })?;
        self.found.set(found);
        Some(found)
    }

    /// The number of a server, if it is there.
    pub(crate) fn server_no(&self, id: &ServerId) -> Option<ServerNo> {
        self.servers
            .binary_search_by(|server| server.id.cmp(id))
            .ok()
    }

    /// An actor's host at the last tick.
    pub(crate) fn host(&self, actor: ActorNo) -> ServerNo {
        self.hosts[actor] as ServerNo
    }

    /// The host of each actor at the last tick.
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

    /// Which actors are of the types of a set.
    pub(crate) fn kinds(&self, types: &TypeSet) -> Kinds {
        if *types == TypeSet::Any {
            return Kinds { of_each: None };
        }
        let mut known = self.kinds.borrow_mut();
        let found = known.iter().find(|(of, _)| of == types);
        let of_each = found
            .map(|(_, of_each)| Rc::clone(of_each))
            .unwrap_or_else(|| {
                let of_each = self.count_kinds(types);
                known.push((types.clone(), Rc::clone(&of_each)));
                of_each
            });
        Kinds {
            of_each: Some(of_each),
        }
    }

    fn count_kinds(&self, types: &TypeSet) -> Rc<[bool]> {
        let names = self.columns.type_names().iter();
        let is_meant: Vec<bool> = names.map(|(_, name)| types.contains(name)).collect();
        let frame = self.columns.frame();
        let of_actor = |actor: &u32| {
            let actor_type = frame.type_of(*actor);
            actor_type.is_some_and(|no| is_meant[no as usize])
        };
        self.actors.iter().map(of_actor).collect()
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
        let rows = self.columns.frame().servers.rows();
        let server = rows.get(&self.servers.get(server)?.id)?;
        server.labels.get(name).map(String::as_str)
    }

    fn count_prices(&self) -> Vec<f64> {
        let frame = self.columns.frame();
        let period_seconds = frame.period_seconds.max(f64::MIN_POSITIVE);
        let mut calls = vec![0.0; self.columns.actor_names().len()];
        for (callee, count) in frame.calls.received_by() {
            calls[callee as usize] += count;
        }
        let state_bytes = &frame.usage(Resource::Mem).size;
        let price = |actor: &u32| {
            let rate = calls[*actor as usize] / period_seconds;
            let state_bytes = state_bytes.get(*actor).unwrap_or(0.0);
            MOVE_PRICE_BYTES + state_bytes + rate * CALL_RATE_PRICE_BYTES
        };
        self.actors.iter().map(price).collect()
    }
}

/// Which actors are of the types of a set.
#[derive(Clone, Debug)]
pub(crate) struct Kinds {
    /// Whether each actor is of one of them; `None` if all are.
    of_each: Option<Rc<[bool]>>,
}

impl Kinds {
    /// Whether an actor is of one of the types.
    pub(crate) fn contains(&self, actor: ActorNo) -> bool {
        self.of_each.as_ref().is_none_or(|of_each| of_each[actor])
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
    fn of(servers: &ServerTable, resource: Resource) -> Scale {
        let rows = servers.rows().values();
        let capacities = rows.filter_map(|server| server.usage[resource].capacity);
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

    /// The amount that an actor uses; [`UNKNOWN`] as those that it is read from.
    fn amount(self, perc: f64, size: f64, host: &Gauge) -> f64 {
        match self {
            Scale::Percent => perc,
            Scale::Absolute { .. } if !size.is_nan() => size,
            Scale::Absolute { .. } => match host {
                Gauge::Known { capacity, .. } => perc / 100.0 * capacity,
                _ => UNKNOWN,
            },
        }
    }
}
