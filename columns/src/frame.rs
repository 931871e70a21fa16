//! The cluster at one tick, by numbers.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_model::{PerResource, Resource, Usage};

use crate::{
    ActorNo, Adjacency, CallTable, Column, NOBODY, PropertyNo, Published, ServerNo, ServerTable,
    TypeNo,
};

/// The cluster at one tick. A clone shares every column until it is changed, so that the ticks of a
/// window cost only what differs between them.
#[derive(Clone, Debug, Default)]
pub struct Frame {
    /// Time at the end of the period, in seconds since the stream began.
    pub t: f64,
    /// Length of the period, in seconds.
    pub period_seconds: f64,
    /// Number of the period, if the engine counts them.
    pub window: Option<u64>,
    /// The servers.
    pub servers: ServerTable,
    /// The calls of the period.
    pub calls: CallTable,
    pub(crate) types: Arc<Vec<TypeNo>>,
    pub(crate) hosts: Arc<Vec<ServerNo>>,
    pub(crate) usage: PerResource<UsageColumns>,
    /// One bit a resource, as [`Resource::ALL`] orders them: whether it was ever reported.
    pub(crate) reported: Arc<Vec<u8>>,
    pub(crate) mailbox: Column,
    pub(crate) moves: Column,
    pub(crate) idle: Elapsed,
    pub(crate) age: Elapsed,
    pub(crate) refs: BTreeMap<PropertyNo, Adjacency>,
    pub(crate) values: BTreeMap<PropertyNo, Published>,
    pub(crate) live: Arc<Vec<ActorNo>>,
    pub(crate) by_type: Arc<Vec<Vec<ActorNo>>>,
    pub(crate) hosted: Arc<Vec<u32>>,
}

/// Share and amount of one resource.
#[derive(Clone, Debug, Default)]
pub struct UsageColumns {
    /// Share of the (host) server's capacity, 0–100.
    pub perc: Column,
    /// Amount in use: cores, bytes or bytes per second.
    pub size: Column,
}

/// Times that grow by themselves.
#[derive(Clone, Debug)]
pub enum Elapsed {
    /// Seconds that have passed.
    Seconds(Column),
    /// The time at which they began to.
    Since(Column),
}

impl Default for Elapsed {
    fn default() -> Self {
        Elapsed::Seconds(Column::default())
    }
}

impl Elapsed {
    /// The seconds that have passed at `t`; [`UNKNOWN`](crate::UNKNOWN) if that is not known.
    #[inline]
    pub fn at(&self, no: u32, t: f64) -> f64 {
        match self {
            Elapsed::Seconds(seconds) => seconds.at(no),
            Elapsed::Since(since) => t - since.at(no),
        }
    }

    pub(crate) fn column(&mut self) -> &mut Column {
        match self {
            Elapsed::Seconds(column) | Elapsed::Since(column) => column,
        }
    }

    /// The column of times that were given as they are; what was there of another kind is gone.
    pub(crate) fn seconds(&mut self) -> &mut Column {
        if let Elapsed::Since(_) = self {
            *self = Elapsed::Seconds(Column::default());
        }
        self.column()
    }

    /// The column of beginnings; what was there of another kind is gone.
    pub(crate) fn since(&mut self) -> &mut Column {
        if let Elapsed::Seconds(_) = self {
            *self = Elapsed::Since(Column::default());
        }
        self.column()
    }
}

impl Frame {
    /// The type of an actor, if it is alive.
    #[inline]
    pub fn type_of(&self, actor: ActorNo) -> Option<TypeNo> {
        let actor_type = self.types.get(actor as usize).copied();
        actor_type.filter(|no| *no != NOBODY)
    }

    /// Whether an actor is alive.
    #[inline]
    pub fn is_live(&self, actor: ActorNo) -> bool {
        self.type_of(actor).is_some()
    }

    /// The host of an actor; [`NOBODY`] if it is not alive.
    #[inline]
    pub fn host_of(&self, actor: ActorNo) -> ServerNo {
        self.hosts.get(actor as usize).copied().unwrap_or(NOBODY)
    }

    /// Host of each actor, by number; [`NOBODY`] of those that are not alive.
    pub fn hosts(&self) -> &[ServerNo] {
        &self.hosts
    }

    /// The live actors, in order of id.
    pub fn live(&self) -> &[ActorNo] {
        &self.live
    }

    /// The live actors of a type, in order of id.
    pub fn of_type(&self, actor_type: TypeNo) -> &[ActorNo] {
        self.by_type
            .get(actor_type as usize)
            .map_or(&[], Vec::as_slice)
    }

    /// How many live actors a server hosts.
    #[inline]
    pub fn hosted(&self, server: ServerNo) -> u32 {
        self.hosted.get(server as usize).copied().unwrap_or(0)
    }

    /// Use of one resource by actors.
    pub fn usage(&self, resource: Resource) -> &UsageColumns {
        &self.usage[resource]
    }

    /// An actor's use of one resource.
    pub fn usage_of(&self, actor: ActorNo, resource: Resource) -> Usage {
        let reported = self.reported.get(actor as usize).copied().unwrap_or(0);
        Usage {
            perc: self.usage[resource].perc.get(actor),
            size: self.usage[resource].size.get(actor),
            capacity: None,
            reported: reported & (1 << resource as u8) != 0,
        }
    }

    /// Queued messages.
    pub fn mailbox(&self) -> &Column {
        &self.mailbox
    }

    /// Moves since an actor was first activated.
    pub fn moves(&self) -> &Column {
        &self.moves
    }

    /// Time since the last call.
    pub fn idle(&self) -> &Elapsed {
        &self.idle
    }

    /// Time since the first activation.
    pub fn age(&self) -> &Elapsed {
        &self.age
    }

    /// References in one property.
    pub fn refs(&self, property: PropertyNo) -> Option<&Adjacency> {
        self.refs.get(&property)
    }

    /// References, property by property.
    pub fn all_refs(&self) -> impl Iterator<Item = (PropertyNo, &Adjacency)> {
        self.refs.iter().map(|(property, refs)| (*property, refs))
    }

    /// What is published under one name.
    pub fn published(&self, property: PropertyNo) -> Option<&Published> {
        self.values.get(&property)
    }

    /// What is published, property by property.
    pub fn all_published(&self) -> impl Iterator<Item = (PropertyNo, &Published)> {
        self.values.iter().map(|(property, of)| (*property, of))
    }

    /// The same tick with no more than its servers, its actors if `has_actors`, and its calls if `has_calls`.
    #[must_use]
    pub fn keeping(&self, has_actors: bool, has_calls: bool) -> Frame {
        let mut kept = match has_actors {
            true => self.clone(),
            false => Frame {
                t: self.t,
                period_seconds: self.period_seconds,
                window: self.window,
                servers: self.servers.clone(),
                ..Frame::default()
            },
        };
        kept.calls = match has_calls {
            true => self.calls.clone(),
            false => CallTable::default(),
        };
        kept
    }

    /// Gives memory back that was taken for growth.
    pub(crate) fn shrink(&mut self) {
        for resource in Resource::ALL {
            self.usage[resource].perc.shrink();
            self.usage[resource].size.shrink();
        }
        self.mailbox.shrink();
        self.moves.shrink();
        self.idle.column().shrink();
        self.age.column().shrink();
        Arc::make_mut(&mut self.types).shrink_to_fit();
        Arc::make_mut(&mut self.hosts).shrink_to_fit();
        Arc::make_mut(&mut self.reported).shrink_to_fit();
        self.refs.values_mut().for_each(Adjacency::shrink);
        self.values.values_mut().for_each(Published::shrink);
    }

    /// Bytes held in memory by actors and calls; shared columns count in full.
    pub fn bytes(&self) -> usize {
        let of_usage = |usage: &UsageColumns| usage.perc.bytes() + usage.size.bytes();
        let usage: usize = self.usage.iter().map(|(_, usage)| of_usage(usage)).sum();
        let times = [&self.idle, &self.age].map(|elapsed| match elapsed {
            Elapsed::Seconds(column) | Elapsed::Since(column) => column.bytes(),
        });
        let lists = self.by_type.iter().map(|of_type| of_type.capacity());
        let numbers = self.types.capacity()
            + self.hosts.capacity()
            + self.live.capacity()
            + self.hosted.capacity()
            + lists.sum::<usize>();
        let refs = self.refs.values().map(Adjacency::bytes);
        let values = self.values.values().map(Published::bytes);
        usage
            + times.iter().sum::<usize>()
            + self.mailbox.bytes()
            + self.moves.bytes()
            + numbers * size_of::<u32>()
            + self.reported.capacity()
            + refs.sum::<usize>()
            + values.sum::<usize>()
            + self.calls.bytes()
    }
}
