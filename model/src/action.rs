//! Orders to an engine, and how they ended.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{ActorId, ServerId};

/// Numbers the actions of one manager; a repeated one is answered, not repeated.
pub type ActionId = u64;

/// One order to the engine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Action {
    /// Number of the action, unique in the run.
    pub id: ActionId,
    /// What to do.
    #[serde(flatten)]
    pub body: ActionBody,
    /// The epoch at which the actor is expected; another one refuses the action.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub epoch: Option<u64>,
    /// Seconds after which the action must have ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deadline: Option<f64>,
    /// Actions of one group commit together or not at all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<u64>,
}

/// What an action does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "action", rename_all = "snake_case")]
pub enum ActionBody {
    /// Moves an actor with its state.
    Migrate {
        /// Which actor.
        actor: ActorId,
        /// The host it leaves.
        from: ServerId,
        /// The host it goes to.
        to: ServerId,
    },
    /// Adds servers.
    AddServer {
        /// How many, at least 1.
        count: u32,
    },
    /// Removes a server on which no actor lives.
    RemoveServer {
        /// Which server.
        server: ServerId,
    },
    /// Stores an actor's state and takes it out of memory until it is called.
    Passivate {
        /// Which actor.
        actor: ActorId,
    },
    /// Stores an actor's state.
    Checkpoint {
        /// Which actor.
        actor: ActorId,
    },
    /// Tells somebody.
    Alert {
        /// What.
        text: Arc<str>,
    },
}

impl ActionBody {
    /// The actor that it is about, if it is about one.
    pub fn actor(&self) -> Option<&ActorId> {
        match self {
            ActionBody::Migrate { actor, .. }
            | ActionBody::Passivate { actor }
            | ActionBody::Checkpoint { actor } => Some(actor),
            ActionBody::AddServer { .. }
            | ActionBody::RemoveServer { .. }
            | ActionBody::Alert { .. } => None,
        }
    }

    /// Whether it is about where an actor lives.
    pub fn is_move(&self) -> bool {
        matches!(self, ActionBody::Migrate { .. })
    }
}

impl fmt::Display for ActionBody {
    /// As people write it: `f s1 → s2`, `checkpoint f`, `add 2 servers`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ActionBody::Migrate { actor, from, to } => write!(f, "{actor} {from} → {to}"),
            ActionBody::AddServer { count: 1 } => f.write_str("add a server"),
            ActionBody::AddServer { count } => write!(f, "add {count} servers"),
            ActionBody::RemoveServer { server } => write!(f, "remove server {server}"),
            ActionBody::Passivate { actor } => write!(f, "passivate {actor}"),
            ActionBody::Checkpoint { actor } => write!(f, "checkpoint {actor}"),
            ActionBody::Alert { text } => write!(f, "alert {text:?}"),
        }
    }
}

/// How an action ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    /// The action.
    pub id: ActionId,
    /// How it ended.
    #[serde(flatten)]
    pub result: OutcomeResult,
}

/// How an action ended: `"ok":true` with figures, or `"ok":false` with the reason.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum OutcomeResult {
    /// It was not done; the actor is where it was.
    Failed {
        /// Always `false`.
        ok: False,
        /// Why, for people.
        error: String,
    },
    /// It was done.
    Done {
        /// Always `true`.
        ok: True,
        /// Longest time for which the actor answered nobody, in seconds.
        pause: f64,
        /// Bytes of state that went over.
        bytes: u64,
    },
}

impl OutcomeResult {
    /// An action that was done.
    pub fn done(pause_seconds: f64, bytes: u64) -> Self {
        OutcomeResult::Done {
            ok: True,
            pause: pause_seconds,
            bytes,
        }
    }

    /// An action that was not done.
    pub fn failed(error: impl Into<String>) -> Self {
        OutcomeResult::Failed {
            ok: False,
            error: error.into(),
        }
    }
}

macro_rules! constant_bool {
    ($(#[$doc:meta])* $name:ident, $value:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(try_from = "bool", into = "bool")]
        pub struct $name;

        impl From<$name> for bool {
            fn from(_: $name) -> bool {
                $value
            }
        }

        impl TryFrom<bool> for $name {
            type Error = &'static str;

            fn try_from(value: bool) -> Result<Self, Self::Error> {
                if value == $value { Ok($name) } else { Err(concat!("expected ", $value)) }
            }
        }
    };
}

constant_bool! {
    /// The constant `true` of an outcome that succeeded.
    True, true
}
constant_bool! {
    /// The constant `false` of an outcome that failed.
    False, false
}
