//! What a period's counting comes to, as plain data.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;

use crate::actor::Value;
use crate::error::Buffer;
use crate::id::{ActorId, Epoch};

use super::event::ActorPhase;

/// What a node counted in one period.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// Numbers the periods of this core, from 1.
    pub window: u64,
    /// How long the period was.
    pub length: Duration,
    /// The actors that lived here at its end, by id; prepared copies are left out.
    pub actors: Vec<ActorAccount>,
    /// The calls sent from here, by sender, callee and function. A call is counted in the period in
    /// which it was sent, also if its sender has left since.
    pub calls: Vec<CallsAccount>,
    /// Cycles of actors that have left during the period.
    pub departed_cycles: u64,
    /// Cycles of the core's own work and of clients: all that is not an actor's turn.
    pub other_cycles: u64,
    /// Cycles dropped by [`settle_cycles`](crate::ServerCore::settle_cycles).
    pub dropped_cycles: u64,
    /// Bytes of frames sent and received.
    pub link_bytes: u64,
    /// Latencies of all the clients' calls of the period, in nanoseconds, failed ones left out;
    /// `None` if there were none.
    pub client_latency_nanos: Option<Histogram<u32>>,
    /// Clients' calls that ended with an error.
    pub client_errors: u64,
}

/// An actor at a period's end.
#[derive(Clone, Debug, PartialEq)]
pub struct ActorAccount {
    /// The actor.
    pub actor: ActorId,
    /// Its epoch.
    pub epoch: Epoch,
    /// What it may do.
    pub phase: ActorPhase,
    /// Cycles of its turns in the period.
    pub cycles: u64,
    /// Calls waiting.
    pub mailbox: u64,
    /// Size of its state when it was last encoded, in bytes.
    pub state_bytes: u64,
    /// Bytes of calls and replies it sent to and got from other nodes in the period.
    pub link_bytes: u64,
    /// References by property, in the order of the type's properties.
    pub references: Vec<(&'static str, Vec<ActorId>)>,
    /// Published values.
    pub values: Vec<(&'static str, Value)>,
}

/// Who sent calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sender {
    /// The clients of this node.
    Clients,
    /// An actor.
    Actor(ActorId),
}

/// The calls from one sender to one function of one actor in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct CallsAccount {
    /// Who sent them.
    pub from: Sender,
    /// Who was called.
    pub to: ActorId,
    /// Which function.
    pub function: &'static str,
    /// How many.
    pub count: u64,
    /// Their encoded size in bytes: function id and arguments, whether or not they were encoded.
    pub size_bytes: u64,
    /// Their latency, of those that were answered.
    pub latency: Option<Latency>,
}

/// How long answered calls took, from sending to the reply's arrival.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// How many were answered.
    pub count: u64,
    /// The mean.
    pub mean: Duration,
    /// Median and 99th percentile, kept for clients only.
    pub quantiles: Option<(Duration, Duration)>,
}

/// What a core counted since it was created. After quiet time, over all cores: `sent` = `handled` +
/// `refused` + `expired` + `failed` + the sum of `dropped`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Calls made here, one-way and outside ones included.
    pub sent: u64,
    /// Calls that a handler here ended, with or without a result.
    pub handled: u64,
    /// Calls refused here with an error before they ran.
    pub refused: u64,
    /// Calls that were not started here because their deadline had passed.
    pub expired: u64,
    /// Calls lost with a link, a server or an activation before they ran, and answered as such.
    pub failed: u64,
    /// One-way calls dropped, by the buffer that was full.
    pub dropped: BTreeMap<Buffer, u64>,
    /// Calls whose caller got a `Timeout`.
    pub timed_out: u64,
    /// Frames sent again.
    pub retransmitted: u64,
    /// Calls sent on to where their actor had moved.
    pub forwarded: u64,
}
