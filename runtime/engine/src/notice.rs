//! What people should hear of that is no measurement: failures inside the cluster that it survived.

use std::fmt;

use plasma_model::{ActorId, ServerId};

/// Something that went wrong in the cluster and was contained.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Notice {
    /// A handler panicked or broke a rule; its call failed and its actor was started again.
    HandlerFailed {
        /// The actor.
        actor: ActorId,
        /// The function.
        function: String,
        /// The panic's message.
        reason: String,
    },
    /// A client panicked; it ends, the others go on.
    ClientFailed {
        /// The panic's message.
        reason: String,
    },
    /// An actor had state and was started without it: there was no checkpoint.
    StateLost {
        /// The actor.
        actor: ActorId,
    },
    /// An actor failed too often and is not started again.
    Quarantined {
        /// The actor.
        actor: ActorId,
    },
    /// A handler kept its server's thread for long.
    LongTurn {
        /// The server.
        server: ServerId,
        /// How long, in seconds.
        seconds: f64,
    },
    /// The connection between two nodes broke: calls between them ended as unavailable.
    SessionBroken {
        /// The node that noticed.
        node: String,
        /// The other node.
        peer: String,
    },
    /// The store refused a write.
    StoreFailed {
        /// The node.
        node: String,
        /// The store's reason.
        reason: String,
    },
    /// More of the same than is told one by one.
    More {
        /// How many.
        count: u64,
    },
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Notice::HandlerFailed {
                actor,
                function,
                reason,
            } => write!(
                f,
                "{actor}.{function} failed: {reason}; the actor starts again from its checkpoint"
            ),
            Notice::ClientFailed { reason } => {
                write!(
                    f,
                    "a client failed: {reason}; its load is missing from now on"
                )
            }
            Notice::StateLost { actor } => write!(
                f,
                "state_lost: {actor} had state and no checkpoint; it starts without it"
            ),
            Notice::Quarantined { actor } => {
                write!(f, "{actor} failed too often and is not started again")
            }
            Notice::LongTurn { server, seconds } => write!(
                f,
                "a handler on {server} ran for {seconds:.1} s without a pause; nothing else ran there"
            ),
            Notice::SessionBroken { node, peer } => write!(
                f,
                "the connection from {node} to {peer} broke; calls between them ended as unavailable"
            ),
            Notice::StoreFailed { node, reason } => write!(f, "the store of {node}: {reason}"),
            Notice::More { count } => write!(f, "and {count} more such events"),
        }
    }
}
