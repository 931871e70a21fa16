//! How a call can end without a reply, and whether it ran.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{ActorId, FunctionId};

/// Whether a call that ended in an error has been executed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Executed {
    /// It has not run and will not run: calling again is safe.
    No,
    /// It may have run, may be running, or may still run.
    Maybe,
    /// It ran.
    Yes,
}

/// What a callee was waiting for when a call to it timed out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Waited {
    /// Its server did not say in time.
    Unknown,
    /// The call stood in the mailbox behind `ahead` others, running ones included.
    Queued {
        /// How many calls were before it.
        ahead: u32,
    },
    /// The call ran, and its handler awaited a call of its own.
    Calling {
        /// Whom it had called.
        actor: ActorId,
        /// In which function.
        function: FunctionId,
    },
    /// The call ran, and its handler slept.
    Sleeping,
    /// The call ran, and its handler awaited outside work.
    External,
    /// The handler was ready to run, but its server had no time for it.
    Processor,
    /// The actor was being moved to another server.
    Moving,
    /// The actor's place was not known yet: the directory had not answered.
    Directory,
    /// The route to the actor was being changed.
    Route,
}

impl fmt::Display for Waited {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => write!(f, "its server did not say for what"),
            Self::Queued { ahead } => write!(f, "it stood behind {ahead} other calls"),
            Self::Calling { actor, function } => {
                write!(f, "its handler awaited {actor:?} in {function:?}")
            }
            Self::Sleeping => write!(f, "its handler slept"),
            Self::External => write!(f, "its handler awaited outside work"),
            Self::Processor => write!(f, "its server had no processor time for it"),
            Self::Moving => write!(f, "the actor was being moved"),
            Self::Directory => write!(f, "the directory had not said where the actor is"),
            Self::Route => write!(f, "the route to the actor was changing"),
        }
    }
}

/// How a call ended without a reply.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum CallError {
    /// The callee is on the chain of callers that wait for this call, so it could never answer.
    #[error("call refused: it closes a cycle of waiting actors {path:?}")]
    Cycle {
        /// The chain, from the callee's own waiting call down to the caller.
        path: Vec<ActorId>,
    },
    /// The chain of waiting callers is longer than [`DEPTH_MAX`](crate::DEPTH_MAX).
    #[error(
        "call refused: more than {} callers wait for each other",
        crate::DEPTH_MAX
    )]
    TooDeep,
    /// A bounded buffer on the way (mailbox, held calls, link) was full.
    #[error("call refused: {0} is full")]
    Overloaded(Buffer),
    /// The deadline passed.
    #[error("no reply by the deadline: {waited}")]
    Timeout {
        /// What the callee was waiting for, as far as is known.
        waited: Waited,
    },
    /// The actor's server, or the link to it, is gone.
    #[error("the actor's server cannot be reached (executed: {executed:?})")]
    Unavailable {
        /// Whether the call ran.
        executed: Executed,
    },
    /// The handler ended without a result: it panicked, waited for something that is not of the
    /// core, or returned an error of a call of its own.
    #[error("the handler failed: {reason}")]
    Failed {
        /// The panic's message, or the error.
        reason: String,
    },
    /// The actor has panicked too often and is not started again.
    #[error("the actor is quarantined after {deaths} failures")]
    Quarantined {
        /// How often it failed.
        deaths: u32,
    },
    /// No such actor: it was never created, and its type cannot be created by calling it.
    #[error("no such actor")]
    NotFound,
    /// The call or its reply could not be written or read: another version of the type.
    #[error("the message does not fit its type: {reason}")]
    Malformed {
        /// What did not fit.
        reason: String,
        /// Whether the call ran.
        executed: Executed,
    },
    /// The operation is not allowed here.
    #[error("refused: {reason}")]
    Refused {
        /// Why, and what to do instead.
        reason: String,
    },
}

impl CallError {
    /// Whether the call has been executed.
    #[must_use]
    pub fn executed(&self) -> Executed {
        match self {
            Self::Cycle { .. }
            | Self::TooDeep
            | Self::Overloaded(_)
            | Self::Quarantined { .. }
            | Self::NotFound
            | Self::Refused { .. } => Executed::No,
            Self::Timeout { .. } | Self::Failed { .. } => Executed::Maybe,
            Self::Unavailable { executed } | Self::Malformed { executed, .. } => *executed,
        }
    }
}

/// A bounded buffer that was full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Buffer {
    /// The callee's mailbox.
    Mailbox,
    /// The calls held for an actor whose place or route is not settled.
    Held,
    /// The link to the callee's server.
    Link,
    /// The calls this server waits for.
    Outstanding,
    /// The actor's timers.
    Timers,
}

impl fmt::Display for Buffer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mailbox => "the actor's mailbox",
            Self::Held => "the queue of calls held for the actor",
            Self::Link => "the link to the actor's server",
            Self::Outstanding => "the table of unanswered calls",
            Self::Timers => "the actor's list of timers",
        })
    }
}
