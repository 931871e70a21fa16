//! What servers send each other.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::directory::{DirectoryAnswer, DirectoryRequest};
use crate::error::CallError;
use crate::id::{ActorId, Address, Epoch, FunctionId};

/// Bytes of headers that each frame adds to its payload on a link.
pub const FRAME_HEADER_BYTES: usize = 48;

/// One message between two nodes, as a link carries it. Links may lose, repeat, delay and reorder
/// frames: sessions put that right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Who sends it.
    pub from: Address,
    /// For whom it is.
    pub to: Address,
    /// The session's number: the higher one has replaced the lower.
    pub(crate) session: u32,
    /// The number within its lane of the session, from 1; 0 for frames that are not numbered.
    pub(crate) number: u64,
    /// The highest number received without gaps, for each lane.
    pub(crate) acknowledged: [u64; 2],
    pub(crate) body: Body,
}

/// What a frame says. For tests and statistics; [`FrameKind::is_bulk`] is for links.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum FrameKind {
    /// Nothing but the session's number and acknowledgements.
    Acknowledge,
    /// How far the sessions before this one had been received.
    Received,
    /// A call that awaits a reply.
    Request,
    /// A call that does not.
    OneWay,
    /// A reply or error.
    Reply,
    /// To a caller: your call went on to another server.
    Moved,
    /// Asks to be answered once all earlier calls on this path have arrived.
    Marker,
    /// The answer.
    MarkerDone,
    /// Move, step 1: the source asks the target for room.
    Admit,
    /// Step 2: the target agrees.
    Admitted,
    /// Step 3: a piece of state, held calls and timers.
    Chunk,
    /// Step 4: the target has a complete, inactive copy.
    Prepared,
    /// The target does not agree, or cannot decode.
    Refused,
    /// The source gives up.
    Abort,
    /// Step 7: the target has activated the actors.
    Activated,
    /// To the directory: where is an actor, or shall it be activated?
    Locate,
    /// To the directory: how do the actors of a move stand?
    Look,
    /// Step 5, to the directory: the compare-and-set of a move.
    Commit,
    /// To the directory: the rival compare-and-set of the source.
    Retain,
    /// To the directory: a new epoch for an actor that failed where it is.
    Reactivate,
    /// From the directory: the answer to a request.
    DirectoryAnswer,
    /// Step 6, from the directory to the target: your copies are committed.
    Committed,
}

impl FrameKind {
    /// Whether links should let other frames of the same pair pass it.
    #[must_use]
    pub fn is_bulk(self) -> bool {
        self == Self::Chunk
    }

    /// Whether it is a call or a reply, and not the runtime's own business.
    #[must_use]
    pub fn is_call(self) -> bool {
        matches!(self, Self::Request | Self::OneWay | Self::Reply)
    }
}

/// A call on its way between servers, or held until its way is known.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) actor: ActorId,
    pub(crate) function: FunctionId,
    pub(crate) arguments: Arc<[u8]>,
    /// The calling actor; `None` for clients and outside calls.
    pub(crate) caller: Option<ActorId>,
    /// The node it was made on.
    pub(crate) origin: Address,
    /// That node's number for the reply; `None` for one-way calls.
    pub(crate) number: Option<u64>,
    /// Time until its deadline when it was sent; `None` if it has none.
    pub(crate) remaining_nanos: Option<u64>,
    /// The actors that wait for this call, the nearest first.
    pub(crate) ancestors: Vec<ActorId>,
    /// How often it was sent on.
    pub(crate) hops: u8,
}

/// The request of a caller's node to know when its earlier calls have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marker {
    pub(crate) actor: ActorId,
    pub(crate) origin: Address,
    pub(crate) number: u64,
    pub(crate) hops: u8,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Body {
    Acknowledge,
    /// Numbers of sessions, and of the last frame received of each.
    Received(Vec<(u32, u64)>),
    Call(Message),
    Reply {
        number: u64,
        result: Result<Arc<[u8]>, CallError>,
    },
    Moved {
        actor: ActorId,
        number: Option<u64>,
        to: Address,
    },
    Marker(Marker),
    MarkerDone {
        number: u64,
    },
    Admit {
        wave: u64,
        actors: Vec<(ActorId, Epoch)>,
        state_bytes: u64,
    },
    Admitted {
        wave: u64,
    },
    Refused {
        wave: u64,
        reason: String,
    },
    Chunk {
        wave: u64,
        index: u32,
        last: bool,
        bytes: Arc<[u8]>,
    },
    Prepared {
        wave: u64,
    },
    Abort {
        wave: u64,
    },
    Activated {
        wave: u64,
    },
    Directory {
        number: u64,
        request: DirectoryRequest,
    },
    DirectoryAnswer {
        number: u64,
        answer: DirectoryAnswer,
    },
    Committed {
        source: Address,
        wave: u64,
    },
}

impl Body {
    pub(crate) fn kind(&self) -> FrameKind {
        match self {
            Self::Acknowledge => FrameKind::Acknowledge,
            Self::Received(_) => FrameKind::Received,
            Self::Call(message) if message.number.is_some() => FrameKind::Request,
            Self::Call(_) => FrameKind::OneWay,
            Self::Reply { .. } => FrameKind::Reply,
            Self::Moved { .. } => FrameKind::Moved,
            Self::Marker(_) => FrameKind::Marker,
            Self::MarkerDone { .. } => FrameKind::MarkerDone,
            Self::Admit { .. } => FrameKind::Admit,
            Self::Admitted { .. } => FrameKind::Admitted,
            Self::Refused { .. } => FrameKind::Refused,
            Self::Chunk { .. } => FrameKind::Chunk,
            Self::Prepared { .. } => FrameKind::Prepared,
            Self::Abort { .. } => FrameKind::Abort,
            Self::Activated { .. } => FrameKind::Activated,
            Self::Directory { request, .. } => match request {
                DirectoryRequest::Locate { .. } => FrameKind::Locate,
                DirectoryRequest::Look { .. } => FrameKind::Look,
                DirectoryRequest::Commit { .. } => FrameKind::Commit,
                DirectoryRequest::Retain { .. } => FrameKind::Retain,
                DirectoryRequest::Reactivate { .. } => FrameKind::Reactivate,
            },
            Self::DirectoryAnswer { .. } => FrameKind::DirectoryAnswer,
            Self::Committed { .. } => FrameKind::Committed,
        }
    }

    fn payload_bytes(&self) -> usize {
        match self {
            Self::Received(sessions) => 12 * sessions.len(),
            Self::Call(message) => message.arguments.len() + 8 * message.ancestors.len(),
            Self::Reply { result, .. } => result.as_ref().map_or(16, |bytes| bytes.len()),
            Self::Chunk { bytes, .. } => bytes.len(),
            Self::Admit { actors, .. } => 16 * actors.len(),
            Self::Refused { reason, .. } => reason.len(),
            Self::Directory { request, .. } => 16 * request.actors(),
            Self::DirectoryAnswer { answer, .. } => 48 * answer.records(),
            _ => 0,
        }
    }
}

impl Frame {
    /// What it says.
    #[must_use]
    pub fn kind(&self) -> FrameKind {
        self.body.kind()
    }

    /// Its size on a link, in bytes.
    #[must_use]
    pub fn size_bytes(&self) -> usize {
        FRAME_HEADER_BYTES + self.body.payload_bytes()
    }
}
