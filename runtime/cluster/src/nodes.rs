//! The threads of a cluster: started together, told together, stopped together.

use std::collections::BTreeMap;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
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
    pub(crate) servers: u32,
    inboxes: Inboxes,
    messages: Receiver<Message>,
    threads: Vec<JoinHandle<()>>,
    /// How the nodes that have ended did so.
    ended: BTreeMap<u32, Option<Counters>>,
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
        let numbers = GATEWAY..=config.servers;
        let inboxes: Inboxes = numbers.clone().map(|_| Arc::default()).collect();
        let (sender, messages) = mpsc::channel();
        let mut nodes = Nodes {
            servers: config.servers,
            inboxes: Arc::clone(&inboxes),
            messages,
            threads: Vec::new(),
            ended: BTreeMap::new(),
        };
        for (number, inbox) in numbers.zip(inboxes.iter()) {
            let setup = NodeSetup {
                config: core_config(number, config),
                catalog: catalog.clone(),
                clocks: clocks.clone(),
                bucket: (number != GATEWAY).then(|| bucket(number, config, quota_cores, clocks)),
                link: link(number, config),
                inbox: Arc::clone(inbox),
                inboxes: Arc::clone(&inboxes),
                engine: sender.clone(),
                loads: Arc::clone(loads),
            };
            let thread = thread::Builder::new()
                .name(ServerId(number).to_string())
                .spawn(move || node::run(setup))
                .map_err(|error| EngineError::Start(format!("no thread to be had: {error}")))?;
            nodes.threads.push(thread);
        }
        nodes.introduce();
        Ok(nodes)
    }

    /// Tells each node of all others.
    fn introduce(&self) {
        for own in GATEWAY..=self.servers {
            for other in (GATEWAY..=self.servers).filter(|other| *other != own) {
                let input = Input::PeerUp {
                    address: Address::first(other),
                    hosts_actors: other != GATEWAY,
                };
                self.command(own, Command::Input(input));
            }
        }
    }

    /// Gives a node a command.
    pub(crate) fn command(&self, number: u32, command: Command) {
        if let Some(inbox) = self.inboxes.get(number as usize) {
            inbox.command(command);
        }
    }

    /// Gives all nodes a command.
    pub(crate) fn command_all(&self, command: impl Fn() -> Command) {
        for inbox in self.inboxes.iter() {
            inbox.command(command());
        }
    }

    /// How many nodes there are.
    pub(crate) fn len(&self) -> usize {
        self.inboxes.len()
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
        while self.ended.len() < self.len() && Instant::now() < deadline {
            // Messages of no interest any more, and ends.
            let _ = self.receive(deadline);
        }
        let mut hanging = Vec::new();
        for (number, thread) in (GATEWAY..).zip(self.threads.drain(..)) {
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
