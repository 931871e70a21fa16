//! The directory's records, requests and answers.

use serde::{Deserialize, Serialize};

use crate::id::{ActorId, Address, Epoch};

/// What the directory knows of an actor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The actor.
    pub actor: ActorId,
    /// The server that has it, or had it when that server died.
    pub owner: Address,
    /// Its present epoch.
    pub epoch: Epoch,
    /// Whether it has had state (it was activated before), so that a fresh one would be a loss.
    pub had_state: bool,
    /// Whether the policy reserves its server for it.
    pub reserved: bool,
    /// The last wave that a compare-and-set of this record decided.
    pub last_move: Option<LastMove>,
}

/// A decided move.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastMove {
    /// The node that had it before.
    pub from: Address,
    /// That node's number for the wave it was part of.
    pub wave: u64,
}

/// An actor and the epoch in which somebody believes it to be.
pub(crate) type Expected = (ActorId, Epoch);

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DirectoryRequest {
    /// Where is the actor? If nowhere, activate it (if it was there before or `create` is set) at
    /// `propose`, or at a server of the directory's choice.
    Locate {
        actor: ActorId,
        propose: Option<Address>,
        create: bool,
    },
    /// What are the records of the actors of this wave?
    Look {
        source: Address,
        wave: u64,
        actors: Vec<ActorId>,
    },
    /// Compare-and-set of all the records: from `source` to `target`, each epoch raised by one.
    Commit {
        source: Address,
        wave: u64,
        target: Address,
        actors: Vec<Expected>,
    },
    /// The rival compare-and-set: each epoch raised by one, the actors stay at `source`.
    Retain {
        source: Address,
        wave: u64,
        actors: Vec<Expected>,
    },
    /// A new epoch for an actor whose activation at `owner` has failed.
    Reactivate {
        owner: Address,
        actor: ActorId,
        epoch: Epoch,
    },
}

impl DirectoryRequest {
    pub(crate) fn actors(&self) -> usize {
        match self {
            Self::Locate { .. } | Self::Reactivate { .. } => 1,
            Self::Look { actors, .. } => actors.len(),
            Self::Commit { actors, .. } | Self::Retain { actors, .. } => actors.len(),
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DirectoryAnswer {
    /// The actor's record; `None` if it does not exist or no server can take it.
    Located { record: Option<Record> },
    /// The records that exist, in the order asked for.
    Records { records: Vec<Record> },
    /// Whether the compare-and-set of the wave holds: now, or already before.
    Decided { done: bool },
    /// The directory could not write its log: ask again.
    Unavailable,
}

impl DirectoryAnswer {
    pub(crate) fn records(&self) -> usize {
        match self {
            Self::Located { .. } => 1,
            Self::Records { records } => records.len(),
            Self::Decided { .. } | Self::Unavailable => 0,
        }
    }
}
