//! What a core tells its driver.

use std::sync::Arc;
use std::time::Duration;

use crate::actor::Origin;
use crate::error::CallError;
use crate::external::ExternalWork;
use crate::frame::Frame;
use crate::id::{ActorId, Address, Epoch};

/// What a core wants done.
pub enum Effect {
    /// Send a frame to `frame.to`.
    Send(Frame),
    /// Answer a [`GatewayCall`](crate::GatewayCall).
    Answer {
        /// The call's id.
        id: u64,
        /// The encoded reply.
        result: Result<Arc<[u8]>, CallError>,
    },
    /// An order has ended.
    Outcome {
        /// The order's id.
        id: u64,
        /// How.
        result: OrderResult,
    },
    /// Do outside work, then give its result back.
    External(ExternalWork),
    /// Decide whether a move may come here, soon. Only if the config asks for it.
    Admission {
        /// The source of the move.
        from: Address,
        /// The source's number for it.
        wave: u64,
        /// Who comes.
        actors: Vec<ActorId>,
        /// How large their states were when last encoded, in bytes.
        state_bytes: u64,
    },
    /// Something to be known.
    Event(Event),
}

/// How an order ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OrderResult {
    /// The actor is created and lives here.
    Created {
        /// Its first epoch.
        epoch: Epoch,
    },
    /// The actor was not created.
    NotCreated {
        /// Why.
        reason: String,
    },
    /// The actors have moved.
    Migrated(MigrationDone),
    /// The actors are where they were.
    NotMigrated(MigrationRefusal),
}

/// A move that succeeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MigrationDone {
    /// From the first call held until the source heard that the actors run again (one link latency
    /// longer than the true pause).
    pub pause: Duration,
    /// How many bytes went over: state, held calls, timers.
    pub bytes: u64,
    /// How many calls were held and went with the actors.
    pub held_calls: u64,
}

/// Why actors did not move.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MigrationRefusal {
    /// The order is not possible as it is.
    #[error("the order is impossible: {0}")]
    Invalid(String),
    /// The actor is not here, or in another epoch.
    #[error("the order is out of date: {0}")]
    Stale(String),
    /// The target did not agree.
    #[error("target refused: {0}")]
    Refused(String),
    /// Running calls did not end in time.
    #[error("busy: running calls did not end in time")]
    Busy,
    /// The target did not answer in time or cannot be reached.
    #[error("the target cannot be reached")]
    Unreachable,
    /// The order's deadline passed before the state was sent.
    #[error("the order's deadline passed")]
    Deadline,
}

/// Something that happened, for logs, tests and managers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Event {
    /// An activation began here.
    Activated {
        /// The actor.
        actor: ActorId,
        /// Its epoch.
        epoch: Epoch,
        /// Where its state came from.
        origin: Origin,
    },
    /// An activation ended here.
    Deactivated {
        /// The actor.
        actor: ActorId,
        /// Its epoch.
        epoch: Epoch,
    },
    /// A move failed after the state was sent, and the directory left the actor here.
    Retained {
        /// The actor.
        actor: ActorId,
        /// Its new epoch.
        epoch: Epoch,
    },
    /// An actor that had state begins anew, without it.
    StateLost {
        /// The actor.
        actor: ActorId,
    },
    /// A handler failed; its activation is dropped.
    HandlerFailed {
        /// The actor.
        actor: ActorId,
        /// The function that failed.
        function: &'static str,
        /// The panic's message.
        reason: String,
    },
    /// A client panicked, or waited for something that is not an operation of its context.
    ClientFailed {
        /// The panic's message.
        reason: String,
    },
    /// An actor failed too often and is not started again.
    Quarantined {
        /// The actor.
        actor: ActorId,
    },
    /// The session to another node broke: calls to it and from it end as `Unavailable`.
    SessionBroken {
        /// The other node.
        peer: Address,
    },
    /// The store refused a write.
    StoreFailed {
        /// Its error.
        reason: String,
    },
}

/// An actor on this node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HostedActor {
    /// The actor.
    pub actor: ActorId,
    /// Its epoch here.
    pub epoch: Epoch,
    /// What it may do.
    pub phase: ActorPhase,
}

/// What an actor on a node may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ActorPhase {
    /// Its place or state is awaited.
    Starting,
    /// It runs.
    Active,
    /// Running calls end, new ones are held: a move has begun.
    Draining,
    /// Its state has been sent; it does nothing until the directory has spoken.
    Sent,
    /// A complete copy that does nothing until the directory has spoken.
    Prepared,
    /// It failed too often.
    Quarantined,
}
