//! A core's whole state, shared with the contexts of running handlers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;
use slotmap::{DefaultKey, SlotMap};

use crate::catalog::{ActorDescription, Catalog, RegisteredType};
use crate::external::ExternalResult;
use crate::frame::{Body, Frame};
use crate::id::{ActorId, Address, ServerId, TypeTag};
use crate::store::Store;
use crate::time::Time;

use super::account::Counters;
use super::config::Config;
use super::directory::Directory;
use super::edges::Edges;
use super::entry::{Entry, Hosted};
use super::event::{Effect, Event};
use super::meter::Meter;
use super::move_source::OutgoingMove;
use super::move_target::IncomingMove;
use super::outstanding::{Outstanding, Sweep, Visitor};
use super::route::{Creation, MarkerUse, OpenRequest};
use super::session::Session;
use super::task::Task;
use super::timer::Timers;

/// A turn that can run.
#[derive(Clone, Copy)]
pub(crate) enum Work {
    /// The next call of an actor's mailbox.
    Deliver(u32),
    /// A handler or client goes on.
    Resume(DefaultKey),
}

/// What outside work came to.
#[derive(Default)]
pub(crate) struct Outside {
    pub(crate) task: Option<DefaultKey>,
    pub(crate) result: Option<ExternalResult>,
}

pub(crate) struct Shared {
    pub(crate) config: Config,
    pub(crate) catalog: Catalog,
    pub(crate) store: Box<dyn Store>,
    pub(crate) meter: Box<dyn Meter>,
    pub(crate) now: Time,
    pub(crate) effects: Vec<Effect>,

    // Actors and turns.
    pub(crate) entries: Vec<Entry>,
    by_id: IndexMap<ActorId, u32, FxBuildHasher>,
    pub(crate) runnable: VecDeque<Work>,
    pub(crate) tasks: SlotMap<DefaultKey, Task>,
    /// The task of the turn that runs.
    pub(crate) current: Option<DefaultKey>,
    /// Whether the turn that runs waits for an operation.
    pub(crate) waits: bool,
    /// Why the turn that runs must fail.
    pub(crate) fault: Option<String>,
    pub(crate) timers: Timers,
    pub(crate) timer_number: u64,
    pub(crate) created_actors: u32,

    // Calls.
    pub(crate) outstanding: SlotMap<DefaultKey, Outstanding>,
    pub(crate) outstanding_sweep: Sweep,
    pub(crate) visitors: SlotMap<DefaultKey, Visitor>,
    pub(crate) visitor_sweep: Sweep,
    pub(crate) outside: BTreeMap<u64, Outside>,
    pub(crate) outside_number: u64,

    // Other nodes.
    pub(crate) sessions: BTreeMap<ServerId, Session>,
    pub(crate) dead: BTreeSet<Address>,
    /// Bodies this node has sent to itself.
    pub(crate) loopback: VecDeque<Body>,
    pub(crate) frames: Vec<Frame>,

    // Places.
    pub(crate) directory: Option<Directory>,
    pub(crate) requests: BTreeMap<u64, OpenRequest>,
    pub(crate) request_number: u64,
    pub(crate) creations: BTreeMap<u32, Creation>,
    pub(crate) markers: BTreeMap<u64, MarkerUse>,
    pub(crate) marker_number: u64,
    pub(crate) outgoing: BTreeMap<u64, OutgoingMove>,
    pub(crate) wave_number: u64,
    pub(crate) incoming: BTreeMap<(Address, u64), IncomingMove>,

    // Accounts.
    pub(crate) profiling: bool,
    pub(crate) edges: Edges,
    pub(crate) counters: Counters,
    pub(crate) window: u64,
    pub(crate) window_began: Time,
    pub(crate) journal: Vec<(u32, u64)>,
    /// When the last turn ended, or the first one of the run began.
    pub(crate) stamp: u64,
    /// The longest turn of the present run.
    pub(crate) longest_turn_cycles: u64,
    pub(crate) other_cycles: u64,
    pub(crate) dropped_cycles: u64,
    pub(crate) link_bytes: u64,
    pub(crate) client_errors: u64,
}

impl Shared {
    pub(crate) fn new(
        config: Config,
        catalog: Catalog,
        store: Box<dyn Store>,
        meter: Box<dyn Meter>,
    ) -> Self {
        let profiling = config.profiling;
        let clients = Entry::new(ActorId::new(TypeTag::of(""), 0), u16::MAX);
        Self {
            config,
            catalog,
            store,
            meter,
            now: Time::ZERO,
            effects: Vec::new(),
            entries: vec![clients],
            by_id: IndexMap::default(),
            runnable: VecDeque::new(),
            tasks: SlotMap::new(),
            current: None,
            waits: false,
            fault: None,
            timers: Timers::default(),
            timer_number: 0,
            created_actors: 0,
            outstanding: SlotMap::new(),
            outstanding_sweep: Sweep::default(),
            visitors: SlotMap::new(),
            visitor_sweep: Sweep::default(),
            outside: BTreeMap::new(),
            outside_number: 0,
            sessions: BTreeMap::new(),
            dead: BTreeSet::new(),
            loopback: VecDeque::new(),
            frames: Vec::new(),
            directory: None,
            requests: BTreeMap::new(),
            request_number: 0,
            creations: BTreeMap::new(),
            markers: BTreeMap::new(),
            marker_number: 0,
            outgoing: BTreeMap::new(),
            wave_number: 0,
            incoming: BTreeMap::new(),
            profiling,
            edges: Edges::default(),
            counters: Counters::default(),
            window: 0,
            window_began: Time::ZERO,
            journal: Vec::new(),
            stamp: 0,
            longest_turn_cycles: 0,
            other_cycles: 0,
            dropped_cycles: 0,
            link_bytes: 0,
            client_errors: 0,
        }
    }

    /// This node's address.
    pub(crate) fn own(&self) -> Address {
        self.config.address
    }

    /// The entry of an actor, made if it is new here; `None` if its type is unknown.
    pub(crate) fn entry_of(&mut self, actor: ActorId) -> Option<u32> {
        if let Some(entry) = self.by_id.get(&actor) {
            return Some(*entry);
        }
        let kind = self.catalog.index(actor.tag())?;
        let entry = u32::try_from(self.entries.len()).ok()?;
        self.entries.push(Entry::new(actor, kind));
        self.by_id.insert(actor, entry);
        Some(entry)
    }

    pub(crate) fn known_entry(&self, actor: ActorId) -> Option<u32> {
        self.by_id.get(&actor).copied()
    }

    pub(crate) fn entry(&mut self, entry: u32) -> Option<&mut Entry> {
        self.entries.get_mut(entry as usize)
    }

    pub(crate) fn hosted(&mut self, entry: u32) -> Option<&mut Hosted> {
        self.entries.get_mut(entry as usize)?.hosted.as_mut()
    }

    pub(crate) fn registered(&self, entry: u32) -> Option<&RegisteredType> {
        let kind = self.entries.get(entry as usize)?.kind;
        self.catalog.registered(kind)
    }

    pub(crate) fn description(&self, entry: u32) -> Option<ActorDescription> {
        self.registered(entry)
            .map(|registered| registered.description)
    }

    pub(crate) fn event(&mut self, event: Event) {
        self.effects.push(Effect::Event(event));
    }

    /// Whether a node can be sent to.
    pub(crate) fn is_alive(&self, address: Address) -> bool {
        address == self.own()
            || self
                .sessions
                .get(&address.server)
                .is_some_and(|session| session.peer == address && session.is_up)
    }

    /// Sends a body to a node; to a dead one, nothing happens.
    pub(crate) fn send_to(&mut self, to: Address, body: Body) {
        if to == self.own() {
            self.loopback.push_back(body);
            return;
        }
        let now = self.now;
        let Some(session) = self.sessions.get_mut(&to.server) else {
            return;
        };
        if session.peer == to && session.is_up {
            session.send(now, body, &mut self.frames);
            self.flush_frames();
        }
    }

    /// Gives the frames made by sessions to the driver.
    pub(crate) fn flush_frames(&mut self) {
        for frame in self.frames.drain(..) {
            self.link_bytes += frame.size_bytes() as u64;
            self.effects.push(Effect::Send(frame));
        }
    }

    /// Charges an actor for bytes on a link.
    pub(crate) fn charge_link(&mut self, entry: u32, bytes: usize) {
        if let Some(hosted) = self.hosted(entry) {
            hosted.link_bytes += (crate::frame::FRAME_HEADER_BYTES + bytes) as u64;
        }
    }
}
