//! The embedded engine: an application's actors on server threads of this process.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use plasma_actor::{
    ActorId, Address, Application, Counters, Epoch, Input, MigrationOrder, MovingActor, NewActor,
    NodePeriod, Order, OrderResult, Reporter, ServerUse, Setup,
};
use plasma_engine::embedded::{Departure, Loads, Moved, Moves, place};
use plasma_engine::{Batch, ClientPeriod, Engine, EngineError, Notice, Orders, Stopper};
use plasma_model::{Event, Hello};

use crate::clock::Clocks;
use crate::command::{Command, Message, MessageBody, NodeAccounts};
use crate::config::ClusterConfig;
use crate::loads;
use crate::nodes::{GATEWAY, Nodes, server_name};
use crate::notices::NOTICES_MAX;

/// Version of the event format.
const FORMAT_VERSION: u32 = 1;

/// Name of the engine in `hello`.
const NAME: &str = "embedded";

/// How long the creation of all actors may take.
const CREATE_MAX: Duration = Duration::from_secs(60);

/// Actors that are being created at a time: more would only wait in the nodes.
const CREATING_MAX: usize = 256;

/// How long a node may take to hand in its accounts before it counts as having missed the period.
const ACCOUNTS_MAX: Duration = Duration::from_millis(200);

/// How long calls and moves may take to end when the cluster stops.
const FINISH_MAX: Duration = Duration::from_secs(7);

/// Pause between two questions whether all is quiet.
const QUIET_POLL: Duration = Duration::from_millis(2);

/// How long the engine listens to its nodes before it looks whether it was stopped, while moves are
/// under way.
const LISTEN: Duration = Duration::from_millis(20);

/// An application running on servers that are threads of this process.
///
/// Node 0 has the clients and the directory, outside of all quotas; nodes 1 and up are the
/// servers `s1`, `s2` and so on.
pub struct Cluster {
    pub(crate) nodes: Nodes,
    clocks: Clocks,
    hello: Hello,
    schema: String,
    config: ClusterConfig,
    quota_cores: f64,
    reporter: Reporter,
    catalog: plasma_actor::Catalog,
    moves: Moves,
    loads: Arc<Mutex<Loads<ActorId>>>,
    stopper: Stopper,
    /// When the first period began.
    began: Duration,
    window: u64,
    opened: bool,
    finished: bool,
    events: Vec<Event>,
    notices: Vec<Notice>,
    notices_left_out: u64,
}

impl Cluster {
    /// Starts the servers, creates the application's actors and sets its clients going.
    ///
    /// # Errors
    /// If the configuration asks for more than the machine has, the application cannot be set up,
    /// or a thread cannot be had.
    pub fn start(app: &dyn Application, config: ClusterConfig) -> Result<Self, EngineError> {
        let start_error = |error: &dyn std::fmt::Display| EngineError::Start(error.to_string());
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let quota_cores = config.quota_cores_on(cores)?;
        let catalog = app.catalog().map_err(|error| start_error(&error))?;
        let mut setup = Setup::new(config.seed);
        app.create(&mut setup)
            .map_err(|error| start_error(&error))?;
        let clocks = Clocks::start();
        let loads = Arc::default();
        let nodes = Nodes::start(&config, quota_cores, &catalog, &clocks, &loads)?;
        let mut cluster = Cluster {
            nodes,
            hello: Hello {
                version: FORMAT_VERSION,
                engine: NAME.to_owned(),
                period: config.period.as_secs_f64(),
            },
            schema: catalog.schema(),
            quota_cores,
            reporter: Reporter::new(catalog.clone(), (1..=config.servers).map(server_name)),
            moves: Moves::new((1..=config.servers).map(|number| (server_name(number), number))),
            catalog,
            loads,
            stopper: Stopper::new(),
            began: clocks.now(),
            window: 0,
            opened: false,
            finished: false,
            events: Vec::new(),
            notices: Vec::new(),
            notices_left_out: 0,
            clocks,
            config,
        };
        cluster.create(setup.into_actors())?;
        let clients = app.load(cluster.config.seed).into_clients();
        cluster
            .nodes
            .command(GATEWAY, Command::StartClients(clients));
        cluster.skip_period();
        Ok(cluster)
    }

    /// The processor quota of each server, in cores.
    pub fn quota_cores(&self) -> f64 {
        self.quota_cores
    }

    /// What all nodes counted, once the cluster is finished.
    pub fn counters(&self) -> Vec<Counters> {
        self.nodes.counters()
    }

    /// By how much the calls sent and the calls that have ended differ: not at all, once the cluster
    /// is finished. `None` if a node has not told what it counted.
    pub fn lost_calls(&self) -> Option<u64> {
        let counters = self.counters();
        if !self.nodes.all_counted() {
            return None;
        }
        Some(unaccounted(&counters))
    }

    /// Creates actors where the configuration wants them, some at a time.
    fn create(&mut self, actors: Vec<NewActor>) -> Result<(), EngineError> {
        let servers = self.config.servers as usize;
        let places = place(self.config.start, self.config.seed, actors.len(), servers);
        let mut orders = (0_u64..).zip(actors).zip(places);
        let deadline = Instant::now() + CREATE_MAX;
        let mut creating = 0;
        loop {
            for ((id, actor), place) in orders.by_ref().take(CREATING_MAX - creating) {
                let order = Command::Input(Input::Order(Order::Create { id, actor }));
                // Servers count from 1, places from 0.
                self.nodes.command(place as u32 + 1, order);
                creating += 1;
            }
            if creating == 0 {
                return Ok(());
            }
            let message = self.nodes.receive(deadline)?.ok_or_else(|| {
                EngineError::Start(format!(
                    "actors were not created within {CREATE_MAX:?}: {creating} are still awaited"
                ))
            })?;
            match message.body {
                MessageBody::Outcome {
                    result: OrderResult::Created { .. },
                    ..
                } => creating -= 1,
                MessageBody::Outcome {
                    result: OrderResult::NotCreated { reason },
                    ..
                } => return Err(EngineError::Start(format!("no actor created: {reason}"))),
                _ => self.hear(message),
            }
        }
    }

    /// Begins a period afresh, without the figures counted so far. Before the first period, time
    /// begins afresh too.
    pub(crate) fn skip_period(&mut self) {
        if self.window == 0 {
            self.began = self.clocks.now();
        }
        self.nodes.command_all(|| Command::TakeAccounts(0));
    }

    /// Whether the configuration wants calls and turns to be counted.
    pub(crate) fn profiles(&self) -> bool {
        self.config.profiling
    }

    /// The signal that ends every wait.
    pub(crate) fn stop_signal(&self) -> Stopper {
        self.stopper.clone()
    }

    /// Takes in a message that is not awaited by anybody.
    pub(crate) fn hear(&mut self, message: Message) {
        match message.body {
            MessageBody::Outcome { id, result } => {
                if let Some(result) = end_of_wave(result) {
                    let outcomes = self.moves.arrived(id, result);
                    self.events.extend(outcomes);
                    self.depart();
                }
            }
            MessageBody::Notice(notice) => self.notify(notice),
            // Accounts handed in too late: their server was told to be stale in that period.
            MessageBody::Period(period) => self.notices_left_out += period.notices_left_out,
            MessageBody::Empty { hosted, is_quiet } => {
                let number = message.from.server.0;
                self.nodes.heard_empty(number, hosted, is_quiet);
            }
            MessageBody::Cost(_) | MessageBody::Quiet(_) => {}
            MessageBody::Ended(_) => {}
        }
    }

    fn notify(&mut self, notice: Notice) {
        if self.notices.len() < NOTICES_MAX {
            self.notices.push(notice);
        } else {
            self.notices_left_out += 1;
        }
    }

    fn depart(&mut self) {
        for departure in self.moves.departures() {
            let from = departure.from;
            let order = Order::Migrate(self.migration(departure));
            self.nodes
                .command(from, Command::Input(Input::Order(order)));
        }
    }

    /// A wave in the servers' names.
    fn migration(&self, departure: Departure) -> MigrationOrder {
        let movers = departure.actors.iter();
        MigrationOrder {
            id: departure.wave,
            actors: movers
                .filter_map(|mover| {
                    Some(MovingActor {
                        actor: self.catalog.actor_by_name(mover.actor.as_str())?,
                        epoch: mover.epoch.map(Epoch),
                    })
                })
                .collect(),
            to: Address::first(departure.to),
            deadline: departure.deadline,
        }
    }

    /// Waits for the end of the period; `false` if the cluster was stopped meanwhile. A caller who
    /// comes late has missed periods: their numbers are left out. Moves that wait for others depart
    /// as those end.
    fn wait_for_period(&mut self) -> Result<bool, EngineError> {
        let period = self.config.period;
        let elapsed = self.clocks.now().saturating_sub(self.began);
        let whole = elapsed.as_nanos() / period.as_nanos().max(1);
        self.window = (self.window + 1).max(u64::try_from(whole).unwrap_or(u64::MAX));
        let window = u32::try_from(self.window).unwrap_or(u32::MAX);
        let end = self.began + period.saturating_mul(window);
        let end = self.clocks.instant(end);
        while !self.moves.is_idle() && !self.stopper.is_stopped() {
            let now = Instant::now();
            if now >= end {
                break;
            }
            match self.nodes.receive(end.min(now + LISTEN))? {
                Some(message) => self.hear(message),
                None => self.nodes.ask_leaving(),
            }
            self.note_servers();
        }
        Ok(!self.stopper.wait_until(end))
    }

    /// Takes note of the servers that have come or gone.
    fn note_servers(&mut self) {
        let events = self.moves.servers_changed(&mut self.nodes);
        let present: Vec<u32> = self.nodes.servers().collect();
        for event in &events {
            if let Event::ServerGone { id } = event {
                self.reporter.remove_server(id);
            }
        }
        for number in present {
            self.reporter.add_server(server_name(number));
        }
        self.events.extend(events);
    }

    /// Asks all nodes for their accounts; those that do not answer in time are left out.
    fn collect(&mut self) -> Result<Vec<(u32, NodeAccounts)>, EngineError> {
        let window = self.window;
        self.nodes.command_all(|| Command::TakeAccounts(window));
        let deadline = Instant::now() + ACCOUNTS_MAX;
        let mut periods = Vec::new();
        while periods.len() < self.nodes.len() {
            let Some(message) = self.nodes.receive(deadline)? else {
                break;
            };
            match message.body {
                MessageBody::Period(period) if period.window == window => {
                    periods.push((message.from.server.0, *period));
                }
                _ => self.hear(message),
            }
        }
        periods.sort_by_key(|(number, _)| *number);
        Ok(periods)
    }

    fn server_use(&self, number: u32, period: &NodeAccounts) -> ServerUse {
        let link = self.config.link.bytes_per_second;
        ServerUse {
            id: server_name(number),
            cpu: period.cpu,
            cpu_capacity_cores: self.quota_cores,
            memory_capacity_bytes: self.config.memory_bytes as f64,
            // Both directions together.
            network_capacity_bytes_per_second: link.map(|bytes| 2.0 * bytes),
            contended: period.contended,
        }
    }

    /// Turns the accounts into the period's events.
    fn batch(&mut self, t_seconds: f64, periods: Vec<(u32, NodeAccounts)>) -> Batch {
        let mut batch = Batch::default();
        if !std::mem::replace(&mut self.opened, true) {
            batch.events.push(Event::Hello(self.hello.clone()));
            let source = self.schema.clone();
            batch.events.push(Event::Schema { source });
        }
        batch.events.append(&mut self.events);
        let mut nodes = Vec::new();
        for (number, period) in periods {
            self.notices_left_out += period.notices_left_out;
            let server = (number != GATEWAY).then(|| self.server_use(number, &period));
            if number == GATEWAY {
                batch.clients = Some(client_period(&period));
            }
            let node = NodePeriod {
                server,
                accounts: period.accounts,
            };
            nodes.push((number, node));
        }
        self.publish_loads(&nodes);
        let nodes: Vec<NodePeriod> = nodes.into_iter().map(|(_, node)| node).collect();
        let report = self.reporter.report(self.config.period, &nodes);
        batch.events.extend(report.events);
        batch.stale = report.stale;
        batch.notices.append(&mut self.notices);
        if self.notices_left_out > 0 {
            batch.notices.push(Notice::More {
                count: std::mem::take(&mut self.notices_left_out),
            });
        }
        batch.events.push(Event::Tick {
            t: t_seconds,
            window: Some(self.window),
        });
        batch
    }

    /// Tells the local managers what the servers and actors used in the period.
    fn publish_loads(&self, nodes: &[(u32, NodePeriod)]) {
        let mut loads = self.loads.lock().unwrap_or_else(PoisonError::into_inner);
        loads::publish(&mut loads, nodes);
    }

    /// Waits until moves have ended and no call is under way.
    fn quiesce(&mut self) -> Result<(), EngineError> {
        let deadline = Instant::now() + FINISH_MAX;
        loop {
            self.nodes.command_all(|| Command::TellQuiet);
            let mut quiet = 0;
            let mut answers = 0;
            while answers < self.nodes.len() {
                let Some(message) = self.nodes.receive(deadline)? else {
                    return Err(EngineError::Broken(format!(
                        "calls or moves did not end within {FINISH_MAX:?} after the stop"
                    )));
                };
                match message.body {
                    MessageBody::Quiet(is_quiet) => {
                        answers += 1;
                        quiet += usize::from(is_quiet);
                    }
                    _ => self.hear(message),
                }
            }
            self.note_servers();
            if quiet == self.nodes.len() && self.moves.is_idle() {
                return Ok(());
            }
            std::thread::sleep(QUIET_POLL);
        }
    }
}

impl Engine for Cluster {
    fn hello(&self) -> &Hello {
        &self.hello
    }

    fn schema(&self) -> Option<&str> {
        Some(&self.schema)
    }

    fn next_batch(&mut self) -> Result<Option<Batch>, EngineError> {
        if self.finished || self.stopper.is_stopped() || !self.wait_for_period()? {
            return Ok(None);
        }
        let t = self.clocks.now().saturating_sub(self.began);
        let periods = self.collect()?;
        // Whole milliseconds: a time that people can type.
        let t_seconds = (t.as_secs_f64() * 1e3).round() / 1e3;
        Ok(Some(self.batch(t_seconds, periods)))
    }

    fn submit(&mut self, orders: Orders) -> Result<(), EngineError> {
        if self.finished {
            return Err(EngineError::Stopped);
        }
        let (catalog, reporter) = (&self.catalog, &self.reporter);
        let exists = |actor: &plasma_model::ActorId| {
            let id = catalog.actor_by_name(actor.as_str());
            id.is_some_and(|id| reporter.place(id).is_some())
        };
        let answers = self.moves.submit(orders, exists, &mut self.nodes);
        self.events.extend(answers);
        self.note_servers();
        self.depart();
        Ok(())
    }

    fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    fn finish(&mut self) -> Result<Vec<Event>, EngineError> {
        if std::mem::replace(&mut self.finished, true) {
            return Ok(Vec::new());
        }
        self.nodes.command(GATEWAY, Command::StopClients);
        let cancelled = self.moves.cancel_waiting();
        self.events.extend(cancelled);
        self.nodes.keep_leaving();
        self.note_servers();
        let quiet = self.quiesce();
        let stopped = self.nodes.stop();
        quiet.and(stopped)?;
        Ok(std::mem::take(&mut self.events))
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if !self.finished {
            // Nobody is left to be told.
            let _ = self.nodes.stop();
        }
    }
}

/// How a wave ended; `None` for orders that are no moves.
fn end_of_wave(result: OrderResult) -> Option<Result<Moved, String>> {
    match result {
        OrderResult::Migrated(done) => Some(Ok(Moved {
            pause: done.pause,
            bytes: done.bytes,
        })),
        OrderResult::NotMigrated(refusal) => Some(Err(refusal.to_string())),
        OrderResult::Created { .. } | OrderResult::NotCreated { .. } => None,
    }
}

/// What clients saw, in the form that periods can be merged in.
fn client_period(period: &NodeAccounts) -> ClientPeriod {
    let mut clients = ClientPeriod::new(period.accounts.length.as_secs_f64());
    clients.failed = period.accounts.client_errors;
    if let Some(latencies) = &period.accounts.client_latency_nanos {
        for bucket in latencies.iter_recorded() {
            let latency = Duration::from_nanos(bucket.value_iterated_to());
            clients.record_many(latency, bucket.count_since_last_iteration());
        }
    }
    clients
}

/// By how much the calls sent and the calls that have ended differ: a call that ended twice is as
/// wrong as one that never did.
fn unaccounted(nodes: &[Counters]) -> u64 {
    let sent: u64 = nodes.iter().map(|node| node.sent).sum();
    let ended: u64 = nodes.iter().map(ended_calls).sum();
    sent.abs_diff(ended)
}

/// Calls that have ended on a node, one way or another.
fn ended_calls(node: &Counters) -> u64 {
    let dropped: u64 = node.dropped.values().sum();
    node.handled + node.refused + node.expired + node.failed + dropped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_ended_twice_is_not_set_off_against_nothing() {
        let node = |sent, handled, failed| Counters {
            sent,
            handled,
            failed,
            ..Counters::default()
        };
        assert_eq!(unaccounted(&[node(5, 2, 1), node(0, 2, 0)]), 0);
        assert_eq!(unaccounted(&[node(5, 2, 1), node(0, 0, 0)]), 2);
        assert_eq!(unaccounted(&[node(5, 4, 1), node(0, 1, 0)]), 1);
    }
}
