//! A small cluster for tests: some cores, links of one millisecond, and a fate for every frame.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use plasma_actor::{
    ActorId, Address, Calls, Catalog, Config, Context, Effect, Event, Frame, FrameKind, Functions,
    GatewayCall, Input, Limits, Load, MemoryStore, Meter, MigrationOrder, MovingActor, NewActor,
    Order, OrderResult, Ref, ServerCore, Setup, Time, Types,
};

use crate::actors::{Counter, Log};
use crate::trouble;

/// What becomes of a frame on its link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Pass,
    Lose,
    Repeat,
    Delay(Duration),
}

/// How long a frame is on its way.
pub(crate) const LATENCY: Duration = Duration::from_millis(1);

/// Counts a nanosecond for every stamp, so that cycles are whatever turns there were.
struct TurnMeter(u64);

impl Meter for TurnMeter {
    fn stamp(&mut self) -> u64 {
        self.0 += 1;
        self.0
    }

    fn burn(&mut self, work: Duration) {
        self.0 += u64::try_from(work.as_nanos()).unwrap_or(u64::MAX);
    }
}

type Fates = Box<dyn FnMut(&Frame, u64) -> Fate>;

/// Node 0 has the directory and the clients, nodes 1.. the actors.
pub(crate) struct World {
    pub(crate) now: Time,
    pub(crate) cores: Vec<ServerCore>,
    frames: BTreeMap<(Time, u64), Frame>,
    sent: u64,
    fates: Fates,
    pub(crate) events: Vec<(usize, Event)>,
    pub(crate) outcomes: BTreeMap<u64, OrderResult>,
    pub(crate) answers: BTreeMap<u64, Result<Vec<u8>, plasma_actor::CallError>>,
    /// Every frame's kind, source and target, in order of sending; acknowledgements left out.
    pub(crate) trace: Vec<(FrameKind, u32, u32)>,
    orders: u64,
}

pub(crate) fn catalog() -> Catalog {
    let mut types = Types::default();
    types.add::<Counter>().add::<Log>();
    types.into_catalog().expect("the names differ")
}

/// The same, with the types that misbehave.
fn whole_catalog() -> Catalog {
    let mut types = Types::default();
    types.add::<Counter>().add::<Log>();
    trouble::types(&mut types);
    types.into_catalog().expect("the names differ")
}

impl World {
    /// A cluster of this many servers.
    pub(crate) fn new(servers: usize) -> Self {
        Self::with_limits(servers, Limits::default())
    }

    pub(crate) fn with_limits(servers: usize, limits: Limits) -> Self {
        Self::with_config(servers, |config| config.limits = limits)
    }

    pub(crate) fn with_config(servers: usize, adapt: impl Fn(&mut Config)) -> Self {
        let addresses: Vec<Address> = (0..=servers as u32).map(Address::first).collect();
        let mut cores = Vec::new();
        for address in &addresses {
            let directory = addresses[0].server;
            let mut config = if address.server == directory {
                Config::gateway(*address, directory)
            } else {
                Config::server(*address, directory)
            };
            adapt(&mut config);
            let (store, meter) = (MemoryStore::default(), TurnMeter(0));
            let core = ServerCore::new(config, whole_catalog(), Box::new(store), Box::new(meter));
            cores.push(core.expect("the log is empty"));
        }
        let mut world = Self {
            now: Time::ZERO,
            cores,
            frames: BTreeMap::new(),
            sent: 0,
            fates: Box::new(|_, _| Fate::Pass),
            events: Vec::new(),
            outcomes: BTreeMap::new(),
            answers: BTreeMap::new(),
            trace: Vec::new(),
            orders: 0,
        };
        for node in 0..addresses.len() {
            for address in addresses.iter().filter(|a| a.server.0 != node as u32) {
                let hosts_actors = address.server.0 > 0;
                world.input(
                    node,
                    Input::PeerUp {
                        address: *address,
                        hosts_actors,
                    },
                );
            }
        }
        world
    }

    /// Sets what becomes of frames from now on; the number counts all frames sent so far.
    pub(crate) fn fates(&mut self, fates: impl FnMut(&Frame, u64) -> Fate + 'static) {
        self.fates = Box::new(fates);
    }

    pub(crate) fn input(&mut self, node: usize, input: Input) {
        let effects = self.cores[node].step(self.now, input);
        self.carry_out(node, effects);
    }

    fn carry_out(&mut self, node: usize, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Send(frame) => self.send(frame),
                Effect::Outcome { id, result } => {
                    assert!(self.outcomes.insert(id, result).is_none(), "two outcomes");
                }
                Effect::Answer { id, result } => {
                    self.answers.insert(id, result.map(|bytes| bytes.to_vec()));
                }
                Effect::Event(event) => self.events.push((node, event)),
                Effect::External(work) => {
                    let (number, result) = (work.number, (work.run)());
                    self.input(node, Input::ExternalDone { number, result });
                }
                Effect::Admission { .. } => panic!("nobody asked for admissions"),
            }
        }
    }

    fn send(&mut self, frame: Frame) {
        self.sent += 1;
        if frame.kind() != FrameKind::Acknowledge {
            let (from, to) = (frame.from.server.0, frame.to.server.0);
            self.trace.push((frame.kind(), from, to));
        }
        let arrives = self.now + LATENCY;
        match (self.fates)(&frame, self.sent) {
            Fate::Pass => {
                self.frames.insert((arrives, 2 * self.sent), frame);
            }
            Fate::Lose => {}
            Fate::Repeat => {
                let again = (arrives + LATENCY, 2 * self.sent + 1);
                self.frames.insert(again, frame.clone());
                self.frames.insert((arrives, 2 * self.sent), frame);
            }
            Fate::Delay(time) => {
                self.frames.insert((arrives + time, 2 * self.sent), frame);
            }
        }
    }

    /// Runs everything that can happen at the present time.
    pub(crate) fn settle(&mut self) {
        loop {
            let mut ran = 0;
            for node in 0..self.cores.len() {
                let did = self.cores[node].run(self.now, 1000);
                ran += did.turns;
                self.carry_out(node, did.effects);
            }
            if ran == 0 {
                return;
            }
        }
    }

    /// Lets this much time pass.
    pub(crate) fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        loop {
            self.settle();
            let frame = self.frames.keys().next().map(|(time, _)| *time);
            let wakes = self.cores.iter().filter_map(ServerCore::wake_at);
            let Some(next) = wakes.chain(frame).min().filter(|next| *next <= end) else {
                self.now = end;
                return;
            };
            self.now = self.now.max(next);
            while let Some(key) = self.frames.keys().next().copied() {
                if key.0 > self.now {
                    break;
                }
                let frame = self.frames.remove(&key).expect("it was just seen");
                self.input(frame.to.server.0 as usize, Input::Frame(frame));
            }
            for node in 0..self.cores.len() {
                if self.cores[node].wake_at().is_some_and(|at| at <= self.now) {
                    self.input(node, Input::Tick);
                }
            }
        }
    }

    /// Creates an actor on a server.
    pub(crate) fn create<A: Functions>(&mut self, node: usize, key: u64, state: &A) -> Ref<A> {
        let mut setup = Setup::new(0);
        setup.create(state).expect("it can be encoded");
        let created: Vec<NewActor> = setup.into_actors();
        let mut actor = created.into_iter().next().expect("one was created");
        let reference = Ref::new(key);
        actor.actor = Ref::id(&reference);
        let id = self.order(node, |id| Order::Create { id, actor });
        self.pass(LATENCY * 4);
        assert!(
            matches!(self.outcomes[&id], OrderResult::Created { .. }),
            "{:?}",
            self.outcomes[&id]
        );
        reference
    }

    fn order(&mut self, node: usize, order: impl FnOnce(u64) -> Order) -> u64 {
        self.orders += 1;
        self.input(node, Input::Order(order(self.orders)));
        self.orders
    }

    /// Orders a move; its outcome will be under the id returned.
    pub(crate) fn migrate(&mut self, actors: &[ActorId], from: usize, to: usize) -> u64 {
        let actors = actors
            .iter()
            .map(|actor| MovingActor {
                actor: *actor,
                epoch: None,
            })
            .collect();
        self.order(from, |id| {
            Order::Migrate(MigrationOrder {
                id,
                actors,
                to: Address::first(to as u32),
                deadline: Duration::from_secs(2),
            })
        })
    }

    /// Starts a client on node 0.
    pub(crate) fn client<F, L>(&mut self, start: F)
    where
        F: FnOnce(Context) -> L + Send + 'static,
        L: Future<Output = ()> + 'static,
    {
        let mut load = Load::new();
        load.client(start);
        for client in load.into_clients() {
            self.cores[0].start_client(self.now, client);
        }
    }

    /// Makes a call from outside, at this node, and returns its id.
    pub(crate) fn call<A: Functions>(&mut self, node: usize, to: &Ref<A>, call: &A::Call, id: u64) {
        let mut arguments = Vec::new();
        call.encode(&mut arguments).expect("it can be encoded");
        let actor = Ref::id(to);
        let function = A::FUNCTIONS[call.function()].id;
        self.input(
            node,
            Input::Call(GatewayCall {
                id,
                actor,
                function,
                arguments: arguments.into(),
                deadline: Some(Duration::from_secs(1)),
            }),
        );
    }

    /// The servers on which an actor is active.
    pub(crate) fn active_on(&self, actor: ActorId) -> Vec<usize> {
        let is_active = |core: &ServerCore| {
            core.hosted().iter().any(|hosted| {
                hosted.actor == actor && hosted.phase == plasma_actor::ActorPhase::Active
            })
        };
        let nodes = self.cores.iter().enumerate();
        nodes
            .filter(|(_, core)| is_active(core))
            .map(|(n, _)| n)
            .collect()
    }
}

/// Something a client tells its test.
pub(crate) struct Told<T>(std::sync::Arc<std::sync::Mutex<Vec<T>>>);

impl<T> Clone for Told<T> {
    fn clone(&self) -> Self {
        Self(self.0.clone())
    }
}

impl<T> Told<T> {
    pub(crate) fn new() -> Self {
        Self(std::sync::Arc::default())
    }

    pub(crate) fn tell(&self, value: T) {
        self.0.lock().expect("no teller panics").push(value);
    }

    pub(crate) fn take(&self) -> Vec<T> {
        std::mem::take(&mut self.0.lock().expect("no teller panics"))
    }
}

/// A number of frames that were given another fate than to pass.
pub(crate) fn counter() -> (Rc<Cell<u32>>, Rc<Cell<u32>>) {
    let count = Rc::new(Cell::new(0));
    (count.clone(), count)
}
