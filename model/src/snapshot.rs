//! The cluster at the end of one period, as evaluation and arbitration see it.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use crate::{ActorId, PerResource, ServerId};

/// The cluster at the end of one period. Ordered maps: the same snapshot reads the same everywhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Time at the end of the period, in seconds since the stream began.
    pub t: f64,
    /// Length of the period, in seconds.
    pub period_seconds: f64,
    /// Number of the period, if the engine counts them.
    pub window: Option<u64>,
    /// The live servers.
    pub servers: BTreeMap<ServerId, Server>,
    /// The live actors. Each one's host is in `servers`.
    pub actors: BTreeMap<ActorId, Actor>,
    /// Calls received in the period, one entry for each caller, callee and function, in this order.
    pub calls: Vec<Calls>,
}

/// Use of one resource. `None` is unknown, never zero.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Usage {
    /// Share of the (host) server's capacity, 0–100 (above 100 only by an engine's own rounding).
    pub perc: Option<f64>,
    /// Amount in use: cores, bytes or bytes per second.
    pub size: Option<f64>,
    /// Amount available; for servers only.
    pub capacity: Option<f64>,
    /// Whether the resource was ever reported: one never reported is not checked by arbitration,
    /// one that was reported before and is unknown now receives nothing.
    pub reported: bool,
}

/// A live server.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Server {
    /// Use of its resources.
    pub usage: PerResource<Usage>,
    /// Labels such as `zone`.
    pub labels: BTreeMap<String, String>,
    /// Whether the figures are those of an overcommitted host.
    pub contended: bool,
    /// Whether it is being emptied: it receives nothing.
    pub draining: bool,
    /// Whether it missed the window: its features are unknown, nothing moves from or to it.
    pub stale: bool,
}

/// A live actor.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// Its type.
    pub actor_type: Arc<str>,
    /// Its host.
    pub server: ServerId,
    /// Use of its host's resources.
    pub usage: PerResource<Usage>,
    /// References to other actors, by property; some may not be alive.
    pub refs: BTreeMap<Arc<str>, Vec<ActorId>>,
    /// Published values, by property.
    pub values: BTreeMap<Arc<str>, Value>,
    /// Queued messages.
    pub mailbox: Option<u64>,
    /// Seconds since the last call.
    pub idle_seconds: Option<f64>,
    /// Seconds since it was first activated.
    pub age_seconds: Option<f64>,
    /// Moves since it was first activated.
    pub moves: Option<u64>,
}

impl Actor {
    /// An actor of which nothing is known but its type and its host.
    pub fn new(actor_type: Arc<str>, server: ServerId) -> Actor {
        Actor {
            actor_type,
            server,
            usage: PerResource::default(),
            refs: BTreeMap::new(),
            values: BTreeMap::new(),
            mailbox: None,
            idle_seconds: None,
            age_seconds: None,
            moves: None,
        }
    }
}

/// A value that an actor publishes: a number in its base unit (bytes, seconds, 0–100), a truth
/// value or a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// A truth value.
    Bool(bool),
    /// A number in its base unit.
    Number(f64),
    /// A text.
    Text(Arc<str>),
}

/// Who made a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Caller {
    /// Somebody outside the application; all clients together.
    Client,
    /// An actor, which may have ended since.
    Actor {
        /// Which one.
        id: ActorId,
        /// Its type, kept for calls of actors that have ended.
        actor_type: Arc<str>,
    },
}

/// Calls from one caller to one function of one actor in the period.
///
/// A call whose caller or callee has ended by the tick counts in the share's denominator of the
/// server that received it, and binds nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct Calls {
    /// Who called.
    pub from: Caller,
    /// The actor called, which may have ended since.
    pub to: ActorId,
    /// The server that hosts the callee (or last hosted it).
    pub to_server: ServerId,
    /// The function called.
    pub function: Arc<str>,
    /// Number of calls.
    pub count: f64,
    /// Bytes of these calls; `None` if the engine does not measure them.
    pub size: Option<f64>,
    /// How long they took.
    pub latency: Latency,
}

/// How long calls took, in seconds; `None` is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Latency {
    /// Mean.
    pub mean_seconds: Option<f64>,
    /// Median.
    pub p50_seconds: Option<f64>,
    /// 99th percentile.
    pub p99_seconds: Option<f64>,
}

impl Latency {
    /// That of these calls, `count` of them, and `more` others together: the mean weighted by
    /// count, percentiles the greatest.
    pub fn merged(self, count: f64, other: Latency, more: f64) -> Latency {
        let greatest = |a: Option<f64>, b: Option<f64>| match (a, b) {
            (Some(a), Some(b)) => Some(a.max(b)),
            (a, b) => a.or(b),
        };
        Latency {
            mean_seconds: match (self.mean_seconds, other.mean_seconds) {
                (Some(a), Some(b)) if count + more > 0.0 => {
                    Some((a * count + b * more) / (count + more))
                }
                (a, b) => a.or(b),
            },
            p50_seconds: greatest(self.p50_seconds, other.p50_seconds),
            p99_seconds: greatest(self.p99_seconds, other.p99_seconds),
        }
    }
}
