//! What a driver tells a core.

use std::sync::Arc;
use std::time::Duration;

use crate::application::NewActor;
use crate::external::ExternalResult;
use crate::frame::Frame;
use crate::id::{ActorId, Address, Epoch, FunctionId};

/// What a driver tells a core.
pub enum Input {
    /// A frame for this node has arrived.
    Frame(Frame),
    /// The time of [`wake_at`](crate::ServerCore::wake_at) has come.
    Tick,
    /// Another node is there (at the start, and when it comes back with its next incarnation).
    /// Nodes do not talk to nodes they have not been told of.
    PeerUp {
        /// The other node's present life.
        address: Address,
        /// Whether actors may be activated there; false for pure gateways.
        hosts_actors: bool,
    },
    /// A node (this one, too) is to be stopped: nobody comes there any more, and calls to those who were
    /// there find their new place.
    PeerLeaves(Address),
    /// A node that was to be stopped stays.
    PeerStays(Address),
    /// This life of a node has been declared dead.
    PeerDown(Address),
    /// An order of the manager or the driver.
    Order(Order),
    /// A call from outside the cluster; answered by [`Effect::Answer`](crate::Effect::Answer).
    Call(GatewayCall),
    /// The answer to [`Effect::Admission`](crate::Effect::Admission).
    Admission(Admission),
    /// Outside work has ended.
    ExternalDone {
        /// The number it was given with.
        number: u64,
        /// Its result.
        result: ExternalResult,
    },
}

/// An order to a server. Its outcome is an [`Effect::Outcome`](crate::Effect::Outcome) of the same
/// id.
#[derive(Clone, Debug)]
pub enum Order {
    /// Creates an actor on this server.
    Create {
        /// Chosen by the driver, to recognise the outcome.
        id: u64,
        /// The actor and its state.
        actor: NewActor,
    },
    /// Moves actors from this server to another, all or none.
    Migrate(MigrationOrder),
}

/// An order to move actors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationOrder {
    /// Chosen by the driver, to recognise the outcome.
    pub id: u64,
    /// At most [`WAVE_MAX`](crate::WAVE_MAX) actors that live here.
    pub actors: Vec<MovingActor>,
    /// Where to.
    pub to: Address,
    /// How long the move may take from now until its state is sent; after that it ends by its own
    /// protocol.
    pub deadline: Duration,
}

/// An actor to be moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MovingActor {
    /// The actor.
    pub actor: ActorId,
    /// The epoch the order was decided in, if it is to be checked.
    pub epoch: Option<Epoch>,
}

/// A call from outside the cluster.
#[derive(Clone, Debug)]
pub struct GatewayCall {
    /// Chosen by the driver, to recognise the answer.
    pub id: u64,
    /// Whom to call.
    pub actor: ActorId,
    /// Which function.
    pub function: FunctionId,
    /// The encoded arguments.
    pub arguments: Arc<[u8]>,
    /// How long to wait for the reply; `None`: one way, never answered.
    pub deadline: Option<Duration>,
}

/// Whether a move may come here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Admission {
    /// The source of the move.
    pub from: Address,
    /// The source's number for it.
    pub wave: u64,
    /// `Err` says why not (`cpu 97 %`).
    pub verdict: Result<(), String>,
}
