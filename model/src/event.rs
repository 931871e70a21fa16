//! What an engine tells the managers: the same events in snapshots, traces and live streams.
//!
//! The JSON form is fixed by the format reference: one object a line, tagged by `event`. Unknown
//! fields are ignored, unknown events are errors. Times in seconds, sizes in bytes; CPU capacity in
//! cores, memory in bytes, network in bytes per second.

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::parse::known_entries;
use crate::{Action, ActorId, Outcome, PlanDocument, ServerId, Value};

/// A field of an update: left out (keeps its value), `null` (unknown again) or given.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Field<T> {
    /// Left out: the value known so far stays.
    #[default]
    Keep,
    /// `null`: a missing sample.
    Unknown,
    /// A new value.
    Known(T),
}

impl<T> Field<T> {
    /// Whether the field was left out.
    pub fn is_keep(&self) -> bool {
        matches!(self, Field::Keep)
    }

    /// The field with its value, if there is one, made into another.
    pub fn map<U>(self, into: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Field::Keep => Field::Keep,
            Field::Unknown => Field::Unknown,
            Field::Known(value) => Field::Known(into(value)),
        }
    }
}

impl<T> From<Option<T>> for Field<T> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Field::Unknown, Field::Known)
    }
}

impl<T: Serialize> Serialize for Field<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Field::Keep | Field::Unknown => serializer.serialize_none(),
            Field::Known(value) => value.serialize(serializer),
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Field<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::<T>::deserialize(deserializer).map(Field::from)
    }
}

/// One event of a snapshot, a trace or a live stream.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// Opens a stream.
    Hello(Hello),
    /// What the application offers, in the language's actor declarations.
    Schema {
        /// The declarations.
        source: String,
    },
    /// A server appeared or changed.
    Server(ServerUpdate),
    /// An actor appeared or changed.
    Actor(ActorUpdate),
    /// Calls received in the period that the next tick ends.
    Calls(CallsRecord),
    /// An actor ended.
    ActorGone {
        /// Which actor.
        id: ActorId,
    },
    /// A server left the cluster.
    ServerGone {
        /// Which server.
        id: ServerId,
    },
    /// A period ended.
    Tick {
        /// Time at the end of the period, seconds since the stream began.
        t: f64,
        /// Number of the period, so that a lost one is visible.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        window: Option<u64>,
    },
    /// What was decided after the tick before (recordings only).
    Decision {
        /// Time of the tick that was decided on.
        t: f64,
        /// Hash of the policy's text.
        policy: String,
        /// The plan, without its statistics.
        plan: PlanDocument,
    },
    /// Another policy was put in force while the cluster ran: decisions are by it from the next tick on.
    Policy {
        /// Time of the last tick that was decided on by the one before; 0 before the first.
        t: f64,
        /// Hash of its text, by which decisions name it.
        policy: String,
        /// Its text.
        source: String,
        /// Who wanted it.
        by: String,
    },
    /// Orders to the engine.
    Actions {
        /// Number of the period that was decided on.
        window: u64,
        /// Lease epoch of the manager that orders; older ones are refused.
        lease: u64,
        /// The orders.
        actions: Vec<Action>,
    },
    /// How an order ended.
    Outcome(Outcome),
}

/// Opens a stream of events.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hello {
    /// Version of the format; 1.
    pub version: u32,
    /// Name of the engine.
    pub engine: String,
    /// Length of a period in seconds.
    pub period: f64,
}

/// New figures of one resource. Of `perc`, `size` and `capacity` two give the third.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct UsageUpdate {
    /// Share of the capacity in use, 0–100.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub perc: Field<f64>,
    /// Amount in use: cores, bytes or bytes per second.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub size: Field<f64>,
    /// Amount available (servers only): cores, bytes or bytes per second.
    #[serde(skip_serializing_if = "Field::is_keep")]
    pub capacity: Field<f64>,
}

/// A server appeared or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ServerUpdate {
    /// Which server.
    pub id: ServerId,
    /// Processor use.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub cpu: Field<UsageUpdate>,
    /// Memory use.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub mem: Field<UsageUpdate>,
    /// Network use.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub net: Field<UsageUpdate>,
    /// Labels such as `zone`.
    #[serde(
        default,
        skip_serializing_if = "Field::is_keep",
        deserialize_with = "known_entries"
    )]
    pub labels: Field<BTreeMap<String, String>>,
    /// Whether the figures are those of an overcommitted host.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub contended: Field<bool>,
}

impl ServerUpdate {
    /// An update of server `id` that changes nothing yet.
    pub fn new(id: ServerId) -> Self {
        ServerUpdate {
            id,
            cpu: Field::Keep,
            mem: Field::Keep,
            net: Field::Keep,
            labels: Field::Keep,
            contended: Field::Keep,
        }
    }
}

/// An actor appeared or changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActorUpdate {
    /// Which actor.
    pub id: ActorId,
    /// Its type; required at first sight.
    #[serde(rename = "type", default, skip_serializing_if = "Field::is_keep")]
    pub actor_type: Field<String>,
    /// Its host; required at first sight.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub server: Field<ServerId>,
    /// Processor use.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub cpu: Field<UsageUpdate>,
    /// Memory use.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub mem: Field<UsageUpdate>,
    /// Network use.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub net: Field<UsageUpdate>,
    /// References to other actors, by property.
    #[serde(
        default,
        skip_serializing_if = "Field::is_keep",
        deserialize_with = "known_entries"
    )]
    pub refs: Field<BTreeMap<String, Vec<ActorId>>>,
    /// Published values, by property.
    #[serde(
        default,
        skip_serializing_if = "Field::is_keep",
        deserialize_with = "known_entries"
    )]
    pub values: Field<BTreeMap<String, Value>>,
    /// Queued messages.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub mailbox: Field<u64>,
    /// Seconds since the last call.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub idle: Field<f64>,
    /// Seconds since it was first activated.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub age: Field<f64>,
    /// Moves since it was first activated.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub moves: Field<u64>,
    /// The epoch of its activation, from engines that fence orders: an order names the epoch it was
    /// decided on, and is refused if the actor has moved since.
    #[serde(default, skip_serializing_if = "Field::is_keep")]
    pub epoch: Field<u64>,
}

impl ActorUpdate {
    /// An update of actor `id` that changes nothing yet.
    pub fn new(id: ActorId) -> Self {
        ActorUpdate {
            id,
            actor_type: Field::Keep,
            server: Field::Keep,
            cpu: Field::Keep,
            mem: Field::Keep,
            net: Field::Keep,
            refs: Field::Keep,
            values: Field::Keep,
            mailbox: Field::Keep,
            idle: Field::Keep,
            age: Field::Keep,
            moves: Field::Keep,
            epoch: Field::Keep,
        }
    }
}

/// Calls from one caller to one function of one actor, in one period. Repeated lines add up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CallsRecord {
    /// An actor's id, or `client`.
    pub from: String,
    /// The actor called.
    pub to: ActorId,
    /// The function called.
    #[serde(rename = "fn")]
    pub function: String,
    /// Number of calls in the period.
    pub count: f64,
    /// Bytes of these calls in the period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<f64>,
    /// How long they took, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency: Option<LatencyRecord>,
}

/// How long calls took, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct LatencyRecord {
    /// Mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// Median.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p50: Option<f64>,
    /// 99th percentile.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p99: Option<f64>,
}
