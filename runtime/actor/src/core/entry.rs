//! What a core knows of an actor: its route, and its activation if it is here.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use crate::actor::Origin;
use crate::frame::{Marker, Message};
use crate::id::{ActorId, Address, Epoch, FunctionId};
use crate::time::Time;

use super::cell::Cell;
use super::event::ActorPhase;

/// An actor as its core knows it. Entries are found by their number, and never removed.
pub(crate) struct Entry {
    pub(crate) id: ActorId,
    /// The index of its type in the catalog.
    pub(crate) kind: u16,
    /// Whether a turn for it is in the run queue.
    pub(crate) scheduled: bool,
    pub(crate) route: Route,
    pub(crate) hosted: Option<Hosted>,
    /// Calls and markers that wait for the route, in order.
    pub(crate) held: VecDeque<Held>,
    /// Where it went when it left: what others send here for it follows it.
    pub(crate) trail: Option<Address>,
    /// Whether it was here, and left, since the present flush of the route began.
    pub(crate) left_during_flush: bool,
    /// While it is back: the markers that follow what was sent after it, with the node each was
    /// sent to. Until all are answered, what comes straight from its maker waits in `direct`.
    pub(crate) trail_markers: BTreeMap<u64, Address>,
    /// Calls and markers that came straight from their makers, in order.
    pub(crate) direct: VecDeque<Held>,
    /// The nodes that send their calls for it here; they are told when it leaves.
    pub(crate) callers: BTreeSet<Address>,
    /// The highest epoch ever activated here: no epoch runs twice.
    pub(crate) last_epoch: Epoch,
    /// The epoch in which there was no state to begin with.
    pub(crate) stateless: Option<Epoch>,
    /// Cycles of its turns in this period.
    pub(crate) cycles: u64,
}

/// How calls made on this node reach an actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// Not known, not asked for.
    Unknown,
    /// The directory has been asked.
    Locating,
    /// It is here.
    Here,
    /// At another node.
    At(Address),
    /// Calls sent to the old place may be on their way: new ones are held until the marker is
    /// answered.
    Flushing {
        /// The old place.
        old: Address,
        /// The marker's number.
        marker: u64,
    },
}

/// Something that waits for a route.
pub(crate) enum Held {
    Call { message: Message, deadline: Time },
    Marker(Marker),
}

/// An activation, or what is to become one.
pub(crate) struct Hosted {
    pub(crate) cell: Box<dyn Cell>,
    pub(crate) phase: ActorPhase,
    pub(crate) epoch: Epoch,
    /// Where its state comes from, until its `activated` has run.
    pub(crate) origin: Option<Origin>,
    pub(crate) timers: BTreeMap<u64, ActorTimer>,
    /// The move it is part of, by the source and its number.
    pub(crate) wave: Option<(Address, u64)>,
    /// How many of its queued calls went to the target with its state.
    pub(crate) sent_calls: usize,
    /// How many of these were left out because their callers had given up.
    pub(crate) unsent_calls: u64,
    /// How large its state was when last encoded.
    pub(crate) state_bytes: u64,
    /// Whether its state may have changed since the last checkpoint.
    pub(crate) changed: bool,
    /// Whether a timer for its next checkpoint runs.
    pub(crate) checkpoint_pending: bool,
    /// How often it has failed.
    pub(crate) deaths: u32,
    /// Bytes it exchanged with other nodes in this period.
    pub(crate) link_bytes: u64,
}

/// A call that an actor has posted to itself for later.
pub(crate) struct ActorTimer {
    pub(crate) due: Time,
    pub(crate) function: FunctionId,
    pub(crate) arguments: Arc<[u8]>,
}

impl Entry {
    pub(crate) fn new(id: ActorId, kind: u16) -> Self {
        Self {
            id,
            kind,
            scheduled: false,
            route: Route::Unknown,
            hosted: None,
            held: VecDeque::new(),
            trail: None,
            left_during_flush: false,
            trail_markers: BTreeMap::new(),
            direct: VecDeque::new(),
            callers: BTreeSet::new(),
            last_epoch: Epoch(0),
            stateless: None,
            cycles: 0,
        }
    }
}

impl Hosted {
    pub(crate) fn new(cell: Box<dyn Cell>, phase: ActorPhase, epoch: Epoch) -> Self {
        Self {
            cell,
            phase,
            epoch,
            origin: None,
            timers: BTreeMap::new(),
            wave: None,
            sent_calls: 0,
            unsent_calls: 0,
            state_bytes: 0,
            changed: false,
            checkpoint_pending: false,
            deaths: 0,
            link_bytes: 0,
        }
    }

    /// Whether it may take turns.
    pub(crate) fn runs(&self) -> bool {
        matches!(self.phase, ActorPhase::Active | ActorPhase::Draining)
    }

    /// The timers with the time that is left of each.
    pub(crate) fn remaining_timers(&self, now: Time) -> Vec<(Duration, FunctionId, Arc<[u8]>)> {
        let left = |timer: &ActorTimer| {
            let remaining = timer.due.since(now);
            (remaining, timer.function, timer.arguments.clone())
        };
        self.timers.values().map(left).collect()
    }
}
