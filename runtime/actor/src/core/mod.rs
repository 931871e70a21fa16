//! The server core: a state machine that hosts actors and is its own executor.
//!
//! Inputs ([`receive`]) change tables and fill mailboxes; turns ([`turn`]) run handlers. Both leave
//! effects for the driver. All state is in [`shared::Shared`], whose parts each have a file: the way
//! of a call ([`send`], [`route`], [`outstanding`]), links ([`session`]), the directory, moves
//! ([`move_source`], [`move_target`]), failures and checkpoints, accounts ([`edges`]).

mod account;
pub(crate) mod actor_type;
pub(crate) mod cell;
pub(crate) mod chain;
mod checkpoint;
mod client;
mod config;
mod directory;
mod edges;
mod entry;
mod event;
mod failure;
mod guard;
mod input;
pub(crate) mod meter;
mod move_source;
mod move_target;
mod outside;
pub(crate) mod outstanding;
mod period;
mod receive;
mod route;
mod send;
mod session;
pub(crate) mod shared;
mod task;
pub(crate) mod timer;
mod trail;
mod turn;
mod undelivered;

use std::cell::RefCell;
use std::rc::Rc;

pub use account::{Accounts, ActorAccount, CallsAccount, Counters, Latency, Sender};
pub use config::{Config, Limits, SessionTimes};
pub use event::{
    ActorPhase, Effect, Event, HostedActor, MigrationDone, MigrationRefusal, OrderResult,
};
pub use input::{Admission, GatewayCall, Input, MigrationOrder, MovingActor, Order};
pub use meter::{Meter, Priced};

use crate::application::StartClient;
use crate::catalog::Catalog;
use crate::directory::Record;
use crate::id::{ActorId, Address};
use crate::store::Store;
use crate::time::Time;
use crate::wire::WireError;

use directory::Directory;
use entry::Route;
use shared::{Shared, Work};

/// The longest chain of callers that wait for each other.
pub const DEPTH_MAX: usize = 16;
/// How many timers an actor may have.
pub const TIMERS_MAX: usize = 256;
/// How many actors may move as one wave.
pub const WAVE_MAX: usize = 64;
/// How many bytes of a moving actor travel in one frame.
pub const CHUNK_BYTES: usize = 64 * 1024;

/// A node of the cluster: a server that hosts actors, a gateway that hosts clients, or the
/// directory's node; one core can be all three. It is not `Send`: create it on its thread.
pub struct ServerCore {
    shared: Rc<RefCell<Shared>>,
    catalog: Catalog,
}

/// What [`ServerCore::run`] did.
#[must_use]
pub struct Ran {
    /// How many turns ran; fewer than asked for if no more work was runnable.
    pub turns: u32,
    /// The longest of them, in the meter's cycles.
    pub longest_turn_cycles: u64,
    /// What came of them.
    pub effects: Vec<Effect>,
}

impl ServerCore {
    /// A core without actors. `store` keeps its checkpoints (and, on the directory's node, the log,
    /// which is read now); `meter` measures and spends processor time.
    ///
    /// # Errors
    /// When the directory's log cannot be read.
    pub fn new(
        config: Config,
        catalog: Catalog,
        store: Box<dyn Store>,
        meter: Box<dyn Meter>,
    ) -> Result<Self, WireError> {
        let has_directory = config.directory == config.address.server;
        let mut shared = Shared::new(config, catalog.clone(), store, meter);
        if has_directory {
            shared.directory = Some(Directory::open(&*shared.store)?);
        }
        Ok(Self {
            shared: Rc::new(RefCell::new(shared)),
            catalog,
        })
    }

    /// Takes an input. Never runs a handler: what an input makes runnable, [`run`](Self::run) runs.
    /// Inputs are cheap and should be given as they come, also when the quota is used up.
    pub fn step(&mut self, now: Time, input: Input) -> Vec<Effect> {
        let mut shared = self.shared.borrow_mut();
        shared.now = now;
        let profiling = shared.profiling;
        let began = if profiling { shared.meter.stamp() } else { 0 };
        match input {
            Input::Frame(frame) => shared.frame_arrived(frame),
            Input::Tick => {}
            Input::PeerUp {
                address,
                hosts_actors,
            } => shared.peer_up(address, hosts_actors),
            Input::PeerLeaves(address) => shared.peer_leaves(address),
            Input::PeerStays(address) => shared.set_hosting(address, true),
            Input::PeerDown(address) => shared.peer_down(address),
            Input::Order(Order::Create { id, actor }) => shared.create_by_order(id, actor),
            Input::Order(Order::Migrate(order)) => shared.migrate(order),
            Input::Call(call) => shared.call_from_outside(call),
            Input::Admission(admission) => shared.admission_decided(admission),
            Input::ExternalDone { number, result } => shared.external_done(number, result),
        }
        shared.fire_due();
        shared.run_loopback();
        if profiling {
            let ended = shared.meter.stamp();
            shared.other_cycles += ended.saturating_sub(began);
        }
        std::mem::take(&mut shared.effects)
    }

    /// Fires due timers and runs up to `turns` turns: a turn polls one handler once. All of them
    /// see the time `now`.
    pub fn run(&mut self, now: Time, turns: u32) -> Ran {
        self.begin_run(now);
        let mut ran = 0;
        while ran < turns && self.run_turn() {
            ran += 1;
        }
        let mut shared = self.shared.borrow_mut();
        Ran {
            turns: ran,
            longest_turn_cycles: shared.longest_turn_cycles,
            effects: std::mem::take(&mut shared.effects),
        }
    }

    fn begin_run(&mut self, now: Time) {
        let mut shared = self.shared.borrow_mut();
        shared.now = now;
        shared.settle_cycles(true);
        shared.longest_turn_cycles = 0;
        let profiling = shared.profiling;
        let began = if profiling { shared.meter.stamp() } else { 0 };
        shared.fire_due();
        shared.run_loopback();
        // The first turn begins here.
        shared.stamp = shared.meter.stamp();
        if profiling {
            shared.other_cycles += shared.stamp.saturating_sub(began);
        }
    }

    /// Runs one turn; `false` if none is runnable.
    fn run_turn(&mut self) -> bool {
        let (work, entry, kind) = {
            let mut shared = self.shared.borrow_mut();
            let Some(work) = shared.runnable.pop_front() else {
                return false;
            };
            shared.waits = false;
            shared.current = None;
            shared.fault = None;
            let entry = match work {
                Work::Deliver(entry) => Some(entry),
                Work::Resume(task) => shared.resumed(task),
            };
            let Some(entry) = entry else {
                return true;
            };
            shared.meter.price(Priced::Turn);
            let kind = shared.entries.get(entry as usize).map(|found| found.kind);
            (work, entry, kind)
        };
        if let Some(registered) = kind.and_then(|kind| self.catalog.registered(kind)) {
            match work {
                Work::Deliver(entry) => registered.operations.deliver(&self.shared, entry),
                Work::Resume(task) => registered.operations.resume(&self.shared, entry, task),
            }
        } else if let Work::Resume(task) = work {
            client::resume(&self.shared, task);
        }
        let mut shared = self.shared.borrow_mut();
        if !shared.loopback.is_empty() {
            shared.run_loopback();
        }
        shared.charge_turn(entry);
        true
    }

    /// Whether a turn could run now.
    #[must_use]
    pub fn is_runnable(&self) -> bool {
        !self.shared.borrow().runnable.is_empty()
    }

    /// When this core next wants [`Input::Tick`] (or [`run`](Self::run)) if nothing else happens.
    /// `None`: not before some other input.
    #[must_use]
    pub fn wake_at(&self) -> Option<Time> {
        let shared = self.shared.borrow();
        let sweeps = [shared.outstanding_sweep.at, shared.visitor_sweep.at];
        let sweeps = sweeps.into_iter().filter(|time| *time != Time::NEVER);
        let sessions = shared.sessions.values().filter_map(session::Session::next);
        sweeps.chain(sessions).chain(shared.timers.next()).min()
    }

    /// Decides about the cycles measured by the [`run`](Self::run)s since the last call of this:
    /// `false` drops them (the thread was descheduled meanwhile). Without a call they are kept.
    pub fn settle_cycles(&mut self, keep: bool) {
        self.shared.borrow_mut().settle_cycles(keep);
    }

    /// Starts a client on this node. It runs its first turn at the next [`run`](Self::run).
    pub fn start_client(&mut self, now: Time, client: StartClient) {
        self.shared.borrow_mut().now = now;
        client::start(&self.shared, client);
    }

    /// Stops all clients; calls they have made go on, their replies are dropped.
    pub fn stop_clients(&mut self) {
        let stopped = self.shared.borrow_mut().take_clients();
        // Dropped while the core is not borrowed: they hold operations of contexts.
        drop(stopped);
    }

    /// Ends the period: what was counted since the last call of this.
    pub fn take_accounts(&mut self, now: Time) -> Accounts {
        let mut shared = self.shared.borrow_mut();
        shared.now = now;
        shared.take_accounts()
    }

    /// Switches profiling (edges, sizes, cycles, latencies of edges) on or off.
    pub fn set_profiling(&mut self, on: bool) {
        self.shared.borrow_mut().profiling = on;
    }

    /// The actors this node hosts, by id; prepared copies are among them.
    #[must_use]
    pub fn hosted(&self) -> Vec<HostedActor> {
        let shared = self.shared.borrow();
        let hosted = shared.entries.iter().filter_map(|entry| {
            let hosted = entry.hosted.as_ref()?;
            Some(HostedActor {
                actor: entry.id,
                epoch: hosted.epoch,
                phase: hosted.phase,
            })
        });
        let mut hosted: Vec<HostedActor> = hosted.collect();
        hosted.sort_by_key(|hosted| hosted.actor);
        hosted
    }

    /// Where this node would send a call to this actor now; `None` if it would ask the directory,
    /// or hold the call.
    #[must_use]
    pub fn route(&self, actor: ActorId) -> Option<Address> {
        let shared = self.shared.borrow();
        let entry = shared.known_entry(actor)?;
        match shared.entries.get(entry as usize)?.route {
            Route::Here => Some(shared.own()),
            Route::At(place) => Some(place),
            Route::Unknown | Route::Locating | Route::Flushing { .. } => None,
        }
    }

    /// The directory's records, by actor, if the directory is on this node.
    #[must_use]
    pub fn directory_records(&self) -> Option<Vec<Record>> {
        let shared = self.shared.borrow();
        shared.directory.as_ref().map(Directory::records)
    }

    /// What was counted since the core was created.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.shared.borrow().counters.clone()
    }

    /// Whether nothing is going on: no call, hold, admission, prepared copy or move, and nothing
    /// unacknowledged.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.shared.borrow().is_quiet()
    }
}

impl Drop for ServerCore {
    fn drop(&mut self) {
        // Futures hold the core that holds them.
        let (clients, interrupted) = {
            let mut shared = self.shared.borrow_mut();
            (shared.take_clients(), shared.interrupt_all())
        };
        drop(clients);
        drop(interrupted);
    }
}
