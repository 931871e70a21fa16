//! A whole cluster under virtual time: nodes, network, clock, and the checkers that watch them.

mod order;
mod run;

pub use order::PopulateError;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use plasma_actor::{
    Accounts, ActorId, Address, CallError, Catalog, Config, Event, ExternalResult, Frame, Input,
    MemoryStore, OrderResult, Record, ServerCore, ServerId, StartClient, Time, WireError,
};

use self::run::Happening;
use crate::check::{Activations, Violation};
use crate::config::WorldConfig;
use crate::fault::{Faults, Passing};
use crate::network::{Network, Traffic};
use crate::node::Node;
use crate::processor::Processor;
use crate::queue::Queue;
use crate::random::{Random, Stream};
use crate::trace_hash::TraceHash;

/// The node that has the directory.
pub const DIRECTORY: ServerId = ServerId(0);

/// How far nodes' clocks are ahead of the world's, at most.
const CLOCK_OFFSET_MAX: Duration = Duration::from_secs(10);

/// What stands in for outside work of one name.
pub type Mock = Box<dyn FnMut() -> ExternalResult>;

/// Decides whether actors whose states have so many bytes may move to a server; if not, why.
pub type Admit = Box<dyn FnMut(ServerId, &[ActorId], u64) -> Result<(), String>>;

/// Changes frames between the network and their receiver: a network that breaks what sessions rely
/// on, to see whether the checkers notice.
pub type Tamper = Box<dyn FnMut(Frame) -> Vec<Frame>>;

/// What a node counted in a period.
#[derive(Clone, Debug)]
pub struct NodeAccounts {
    /// Which node.
    pub node: Address,
    /// Processor time it has used since the world began.
    pub used: Duration,
    /// What its core counted.
    pub accounts: Accounts,
}

/// How an order to a world ended, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The order.
    pub id: u64,
    /// When its outcome was known at its server.
    pub at: Time,
    /// How it ended.
    pub result: OrderResult,
}

/// Something that a node told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// When.
    pub at: Time,
    /// Which node.
    pub node: Address,
    /// What.
    pub event: Event,
}

/// A simulated cluster. It does nothing by itself: [`World::run_for`] and its kin let time pass.
pub struct World {
    config: WorldConfig,
    now: Time,
    queue: Queue<Happening>,
    nodes: Vec<Node>,
    network: Network,
    mocks: BTreeMap<&'static str, Mock>,
    admit: Admit,
    tamper: Option<Tamper>,
    hash: TraceHash,
    activations: Activations,
    violations: Vec<Violation>,
    scans: bool,
    happenings_at_once: u32,
    last_order: u64,
    last_client: usize,
    ended: BTreeMap<u64, Ended>,
    answers: BTreeMap<u64, Result<Arc<[u8]>, CallError>>,
    told: Vec<Told>,
}

impl World {
    /// A cluster of the application's types without actors, at time zero.
    ///
    /// # Errors
    /// If a core cannot be created.
    pub fn new(
        config: WorldConfig,
        catalog: &Catalog,
        faults: Box<dyn Faults>,
    ) -> Result<Self, WireError> {
        let nodes = nodes(&config, catalog)?;
        let network = Network::new(config.seed, config.link, nodes.len(), faults);
        let mut world = World {
            now: Time::ZERO,
            queue: Queue::new(config.seed),
            nodes,
            network,
            mocks: BTreeMap::new(),
            admit: Box::new(|_, _, _| Ok(())),
            tamper: None,
            hash: TraceHash::default(),
            activations: Activations::default(),
            violations: Vec::new(),
            scans: false,
            happenings_at_once: 0,
            last_order: 0,
            last_client: 0,
            ended: BTreeMap::new(),
            answers: BTreeMap::new(),
            told: Vec::new(),
            config,
        };
        world.introduce();
        Ok(world)
    }

    /// Tells each node of all others.
    fn introduce(&mut self) {
        let servers = self.servers();
        let addresses: Vec<Address> = self.nodes.iter().map(|node| node.address).collect();
        for node in &addresses {
            for peer in addresses.iter().filter(|peer| *peer != node) {
                let input = Input::PeerUp {
                    address: *peer,
                    hosts_actors: servers.contains(&peer.server),
                };
                self.give(node.server, input);
            }
        }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Time {
        self.now
    }

    /// The seed of the run.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.config.seed
    }

    /// What the world is made of.
    #[must_use]
    pub fn config(&self) -> &WorldConfig {
        &self.config
    }

    /// The servers that host actors.
    #[must_use]
    pub fn servers(&self) -> Vec<ServerId> {
        (1..=self.config.servers).map(ServerId).collect()
    }

    /// Whether a node is a server.
    #[must_use]
    pub fn is_server(&self, node: ServerId) -> bool {
        (1..=self.config.servers).contains(&node.0)
    }

    /// The nodes that run clients.
    #[must_use]
    pub fn gateways(&self) -> Vec<ServerId> {
        let first = self.config.servers + 1;
        (first..first + self.config.gateways)
            .map(ServerId)
            .collect()
    }

    /// All nodes' cores, to be looked at.
    pub fn cores(&self) -> impl Iterator<Item = (Address, &ServerCore)> {
        self.nodes.iter().map(|node| (node.address, &node.core))
    }

    /// What the directory knows.
    #[must_use]
    pub fn directory_records(&self) -> Vec<Record> {
        let directory = self.nodes.first();
        directory
            .and_then(|node| node.core.directory_records())
            .unwrap_or_default()
    }

    /// The server that has an actor, by the directory.
    #[must_use]
    pub fn owner(&self, actor: ActorId) -> Option<ServerId> {
        let records = self.directory_records();
        let record = records.iter().find(|record| record.actor == actor)?;
        Some(record.owner.server)
    }

    /// What the network carried so far.
    #[must_use]
    pub fn traffic(&self) -> &Traffic {
        &self.network.traffic
    }

    /// The fingerprint of the run so far.
    #[must_use]
    pub fn trace_hash(&self) -> TraceHash {
        self.hash
    }

    /// What the checkers found wrong.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// Notes something that a test found wrong.
    pub fn report(&mut self, violation: Violation) {
        self.violations.push(violation);
    }

    /// Checks after every frame of the runtime's own business that no actor runs in two places.
    /// Costly: for worlds of a few actors.
    pub fn scan_placements(&mut self) {
        self.scans = true;
    }

    /// Changes what the network does from now on.
    pub fn set_faults(&mut self, faults: Box<dyn Faults>) {
        self.network.set_faults(faults);
    }

    /// Keeps a log of all frames from now on; [`World::frame_log`] gives it.
    pub fn log_frames(&mut self) {
        self.network.log = Some(Vec::new());
    }

    /// The frames that left since [`World::log_frames`].
    #[must_use]
    pub fn frame_log(&self) -> &[Passing] {
        self.network.log.as_deref().unwrap_or_default()
    }

    /// Number of the next frame.
    #[must_use]
    pub fn next_frame(&self) -> u64 {
        self.network.next_number()
    }

    /// Answers outside work of this name from now on; work without a stand-in is refused.
    pub fn mock(&mut self, name: &'static str, mock: Mock) {
        self.mocks.insert(name, mock);
    }

    /// Changes who is admitted where from now on; at first everybody is.
    pub fn set_admission(&mut self, admit: Admit) {
        self.admit = admit;
    }

    /// Changes all frames from now on.
    pub fn tamper(&mut self, tamper: Tamper) {
        self.tamper = Some(tamper);
    }

    /// Gives an input to a node, now.
    pub fn give(&mut self, node: ServerId, input: Input) {
        self.queue.plan(self.now, Happening::Give(node, input));
    }

    /// Starts a client, on the gateways in turn.
    pub fn start_client(&mut self, client: StartClient) {
        let gateways = self.gateways();
        let Some(gateway) = gateways.get(self.last_client % gateways.len().max(1)) else {
            return;
        };
        self.last_client += 1;
        let now = self.now;
        if let Some(node) = self.node_mut(*gateway) {
            let clock = node.clock(now);
            node.core.start_client(clock, client);
        }
        self.plan_wake(*gateway);
    }

    /// Stops all clients.
    pub fn stop_clients(&mut self) {
        for gateway in self.gateways() {
            if let Some(node) = self.node_mut(gateway) {
                node.core.stop_clients();
            }
        }
    }

    /// How a [`World::call`] ended, once it has.
    #[must_use]
    pub fn answer(&self, id: u64) -> Option<&Result<Arc<[u8]>, CallError>> {
        self.answers.get(&id)
    }

    /// How an order ended, once it has.
    #[must_use]
    pub fn outcome(&self, id: u64) -> Option<&OrderResult> {
        self.ended.get(&id).map(|ended| &ended.result)
    }

    /// Whether orders have ended whose outcomes have not been taken.
    #[must_use]
    pub fn has_ended(&self) -> bool {
        !self.ended.is_empty()
    }

    /// Takes the outcomes so far, in order of the orders' ids.
    pub fn take_ended(&mut self) -> Vec<Ended> {
        std::mem::take(&mut self.ended).into_values().collect()
    }

    /// Ends the period on all nodes: what they counted since the last call of this.
    pub fn take_accounts(&mut self) -> Vec<NodeAccounts> {
        let now = self.now;
        let nodes = self.nodes.iter_mut();
        nodes
            .map(|node| NodeAccounts {
                node: node.address,
                used: node.processor.used(),
                accounts: node.core.take_accounts(node.clock(now)),
            })
            .collect()
    }

    /// Takes what the nodes told so far.
    pub fn take_told(&mut self) -> Vec<Told> {
        std::mem::take(&mut self.told)
    }
}

impl World {
    fn node_mut(&mut self, id: ServerId) -> Option<&mut Node> {
        self.nodes.get_mut(usize::try_from(id.0).ok()?)
    }

    fn next_order(&mut self) -> u64 {
        self.last_order += 1;
        self.last_order
    }
}

/// The nodes of a world: the directory's, the servers, the gateways.
fn nodes(config: &WorldConfig, catalog: &Catalog) -> Result<Vec<Node>, WireError> {
    let mut clocks = Random::new(config.seed, Stream::Clocks);
    let numbers = 0..=config.servers + config.gateways;
    numbers
        .map(|number| {
            let address = Address::first(number);
            let is_server = (1..=config.servers).contains(&number);
            let core_config = Config {
                hosts_actors: is_server,
                profiling: config.profiling,
                asks_admission: true,
                limits: config.limits,
                session: config.session,
                ..Config::server(address, DIRECTORY)
            };
            let processor = Processor::new(config.quota_cores.filter(|_| is_server));
            let core = ServerCore::new(
                core_config,
                catalog.clone(),
                Box::new(MemoryStore::default()),
                processor.meter(),
            )?;
            let clock_offset = clocks.up_to(CLOCK_OFFSET_MAX);
            Ok(Node::new(address, core, processor, clock_offset))
        })
        .collect()
}
