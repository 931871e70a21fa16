//! The threads of a cluster: told together, stopped together. Servers may come and go.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use plasma_actor::{ActorId, Address, Catalog, Config, Counters, Input, ServerId};
use plasma_engine::EngineError;
use plasma_engine::embedded::{Bucket, Link, Loads, SLICE};

use crate::clock::Clocks;
use crate::command::{Command, Ending, Message, MessageBody};
use crate::config::ClusterConfig;
use crate::egress::Inboxes;
use crate::node::{self, NodeSetup};
use crate::provider::{Leaving, Pending};

/// Number of the node that has the clients and the directory. Servers count from 1.
pub(crate) const GATEWAY: u32 = 0;

/// How long a thread may take to end once it is told to; one that does not is abandoned.
const STOP_MAX: Duration = Duration::from_secs(2);

/// What is told of a node whose thread panicked.
const PANICKED: &str = "panicked; this is a defect of Plasma, not of the application";

/// The name of a server in events.
pub(crate) fn server_name(number: u32) -> plasma_model::ServerId {
    ServerId(number).to_string().into()
}

/// The nodes of a cluster.
pub(crate) struct Nodes {
    pub(crate) config: ClusterConfig,
    pub(crate) quota_cores: f64,
    catalog: Catalog,
    clocks: Clocks,
    loads: Arc<Mutex<Loads<ActorId>>>,
    inboxes: Inboxes,
    sender: Sender<Message>,
    messages: Receiver<Message>,
    threads: BTreeMap<u32, JoinHandle<()>>,
    /// The nodes that are there: those that have left are not among them.
    present: BTreeSet<u32>,
    /// How the nodes that have ended did so.
    ended: BTreeMap<u32, Option<Counters>>,
    /// Servers that are being removed.
    pub(crate) leaving: Vec<Leaving>,
    /// Orders about servers that have ended and have not been told.
    pub(crate) changed: Vec<Pending>,
}

impl Nodes {
    /// Starts all threads and makes the nodes known to each other.
    pub(crate) fn start(
        config: &ClusterConfig,
        quota_cores: f64,
        catalog: &Catalog,
        clocks: &Clocks,
        loads: &Arc<Mutex<Loads<ActorId>>>,
    ) -> Result<Self, EngineError> {
        let (sender, messages) = mpsc::channel();
        let mut nodes = Nodes {
            config: config.clone(),
            quota_cores,
            catalog: catalog.clone(),
            clocks: clocks.clone(),
            loads: Arc::clone(loads),
            inboxes: Inboxes::default(),
            sender,
            messages,
            threads: BTreeMap::new(),
            present: BTreeSet::new(),
            ended: BTreeMap::new(),
            leaving: Vec::new(),
            changed: Vec::new(),
        };
        for _ in GATEWAY..=config.servers {
            nodes.begin().map_err(EngineError::Start)?;
        }
        Ok(nodes)
    }

    /// Starts the thread of the next node, and makes it and the others known to each other.
    pub(crate) fn begin(&mut self) -> Result<u32, String> {
        let (number, inbox) = self.inboxes.add();
        let is_server = number != GATEWAY;
        let bucket = || bucket(number, &self.config, self.quota_cores, &self.clocks);
        let setup = NodeSetup {
            config: core_config(number, &self.config),
            catalog: self.catalog.clone(),
            clocks: self.clocks.clone(),
            bucket: is_server.then(bucket),
            link: link(number, &self.config),
            inbox,
            inboxes: self.inboxes.clone(),
            engine: self.sender.clone(),
            loads: Arc::clone(&self.loads),
        };
        let thread = thread::Builder::new()
            .name(ServerId(number).to_string())
            .spawn(move || node::run(setup));
        let thread = thread.map_err(|error| {
            self.inboxes.remove(number);
            format!("no thread to be had: {error}")
        })?;
        self.threads.insert(number, thread);
        for other in &self.present {
            self.introduce(number, *other);
            self.introduce(*other, number);
        }
        self.present.insert(number);
        Ok(number)
    }

    /// Tells a node of another one.
    fn introduce(&self, own: u32, other: u32) {
        let input = Input::PeerUp {
            address: Address::first(other),
            hosts_actors: other != GATEWAY,
        };
        self.command(own, Command::Input(input));
    }

    /// The servers that are there.
    pub(crate) fn servers(&self) -> impl Iterator<Item = u32> {
        self.present
            .iter()
            .copied()
            .filter(|number| *number != GATEWAY)
    }

    /// Whether a node's thread has ended.
    pub(crate) fn has_ended(&self, number: u32) -> bool {
        self.ended.contains_key(&number)
    }

    /// Tells a server to end: it is not there any more for anybody.
    pub(crate) fn dismiss(&mut self, number: u32) {
        self.present.remove(&number);
        self.command_all(|| Command::Input(Input::PeerDown(Address::first(number))));
        self.command(number, Command::Stop);
    }

    /// Forgets a server whose thread has ended.
    pub(crate) fn forget(&mut self, number: u32) {
        self.inboxes.remove(number);
        if let Some(thread) = self.threads.remove(&number) {
            // Its last act was to say that it ends.
            let _ = thread.join();
        }
    }

    /// Gives a node a command.
    pub(crate) fn command(&self, number: u32, command: Command) {
        if let Some(inbox) = self.inboxes.get(number) {
            inbox.command(command);
        }
    }

    /// Gives all nodes a command.
    pub(crate) fn command_all(&self, command: impl Fn() -> Command) {
        for number in &self.present {
            self.command(*number, command());
        }
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.present.len()
    }

    /// Whether the counters of all nodes that ever were are known.
    pub(crate) fn all_counted(&self) -> bool {
        self.present
            .is_subset(&self.ended.keys().copied().collect())
    }

    /// The next message of a node; `None` if there is none by `deadline`.
    ///
    /// # Errors
    /// If a node has ended that was not told to.
    pub(crate) fn receive(&mut self, deadline: Instant) -> Result<Option<Message>, EngineError> {
        let wait = deadline.saturating_duration_since(Instant::now());
        let message = match self.messages.recv_timeout(wait) {
            Ok(message) => message,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return Ok(None),
        };
        if let MessageBody::Ended(ending) = message.body {
            let number = message.from.server.0;
            let (counters, problem) = match ending {
                Ending::Stopped(counters) => (Some(*counters), None),
                Ending::Refused(reason) => (None, Some(format!("cannot start: {reason}"))),
                Ending::Panicked => (None, Some(PANICKED.to_owned())),
            };
            self.ended.insert(number, counters);
            if let Some(problem) = problem {
                let node = message.from.server;
                return Err(EngineError::Broken(format!("{node} {problem}")));
            }
            return self.receive(deadline);
        }
        Ok(Some(message))
    }

    /// Stops all threads. One that does not end in time is abandoned: it is in a handler that does
    /// not return.
    ///
    /// # Errors
    /// If a thread was abandoned.
    pub(crate) fn stop(&mut self) -> Result<(), EngineError> {
        self.command_all(|| Command::Stop);
        let deadline = Instant::now() + STOP_MAX;
        let is_running = |nodes: &Nodes| {
            let mut threads = nodes.threads.keys();
            threads.any(|number| !nodes.ended.contains_key(number))
        };
        while is_running(self) && Instant::now() < deadline {
            // Messages of no interest any more, and ends.
            let _ = self.receive(deadline);
        }
        let mut hanging = Vec::new();
        for (number, thread) in std::mem::take(&mut self.threads) {
            if self.ended.contains_key(&number) {
                // Its last act was to say so.
                let _ = thread.join();
            } else {
                hanging.push(ServerId(number).to_string());
            }
        }
        if hanging.is_empty() {
            return Ok(());
        }
        Err(EngineError::Broken(format!(
            "a handler on {} does not return; its thread was abandoned",
            hanging.join(", ")
        )))
    }

    /// What all nodes counted, once they have been stopped.
    pub(crate) fn counters(&self) -> Vec<Counters> {
        self.ended.values().flatten().cloned().collect()
    }
}

fn core_config(number: u32, config: &ClusterConfig) -> Config {
    let (address, directory) = (Address::first(number), ServerId(GATEWAY));
    let core = match number {
        GATEWAY => Config::gateway(address, directory),
        _ => Config::server(address, directory),
    };
    Config {
        profiling: config.profiling,
        asks_admission: number != GATEWAY,
        ..core
    }
}

/// The gateway stands for many clients' machines: it has the links' latency, but not the bandwidth
/// of a single server.
fn link(number: u32, config: &ClusterConfig) -> Link {
    match number {
        GATEWAY => Link {
            bytes_per_second: None,
            ..config.link
        },
        _ => config.link,
    }
}

/// Slices of different servers begin at different times, so that they do not all want to run at
/// the same instant.
fn bucket(number: u32, config: &ClusterConfig, quota_cores: f64, clocks: &Clocks) -> Bucket {
    let offset = SLICE * number / config.servers.max(1);
    Bucket::new(quota_cores, clocks.now() + offset)
}
