//! The simulator as an engine: an application under virtual time, driven like the embedded cluster.

use std::cell::RefCell;
use std::mem;
use std::rc::Rc;
use std::time::Duration;

use plasma_actor::{
    Accounts, ActorId, Application, Catalog, Epoch, MovingActor, NodePeriod, OrderResult, Reporter,
    ServerId, ServerUse, Setup, Time,
};
use plasma_engine::embedded::{Loads, Moved, Moves, ServerLoad, place};
use plasma_engine::{
    Batch, ClientPeriod, Engine, EngineError, NoProvider, Notice, Orders, Stopper,
};
use plasma_model::{Event, Hello};

use crate::fault::Faults;
use crate::notice::notice;
use crate::sim_config::SimConfig;
use crate::world::{NodeAccounts, World};

/// The engine's name in events.
const NAME: &str = "sim";

/// Version of the event format.
const FORMAT_VERSION: u32 = 1;

/// How long calls and moves may take to end when the engine stops, in virtual time.
const FINISH_MAX: Duration = Duration::from_secs(30);

/// An application on a simulated cluster. A period passes in as little time as its computation
/// takes; the same configuration gives the same batches.
pub struct SimEngine {
    world: World,
    config: SimConfig,
    catalog: Catalog,
    hello: Hello,
    schema: String,
    reporter: Reporter,
    moves: Moves,
    loads: Rc<RefCell<Loads<ActorId>>>,
    stopper: Stopper,
    /// When the first period began.
    began: Time,
    window: u64,
    /// Processor time that each node had used at the end of the last period.
    used: Vec<Duration>,
    opened: bool,
    finished: bool,
    events: Vec<Event>,
}

impl SimEngine {
    /// Starts the servers, creates the application's actors and sets its clients going.
    ///
    /// # Errors
    /// If a figure of the configuration is out of its range, or the application cannot be set up.
    pub fn start(
        app: &dyn Application,
        config: SimConfig,
        faults: Box<dyn Faults>,
    ) -> Result<Self, EngineError> {
        config.check()?;
        let catalog = app.catalog().map_err(|error| cannot_start(&error))?;
        let world = World::new(config.world(), &catalog, faults);
        let world = world.map_err(|error| cannot_start(&error))?;
        let servers: Vec<ServerId> = world.servers();
        let names = servers.iter().map(|server| server_name(*server));
        let mut engine = SimEngine {
            hello: Hello {
                version: FORMAT_VERSION,
                engine: NAME.to_owned(),
                period: config.period.as_secs_f64(),
            },
            schema: catalog.schema(),
            reporter: Reporter::new(catalog.clone(), names.clone()),
            moves: Moves::new(names.zip(servers.iter().map(|server| server.0))),
            loads: Rc::default(),
            stopper: Stopper::new(),
            began: Time::ZERO,
            window: 0,
            used: Vec::new(),
            opened: false,
            finished: false,
            events: Vec::new(),
            world,
            config,
            catalog,
        };
        engine.populate(app)?;
        engine.begin();
        Ok(engine)
    }

    /// The simulated cluster, to be looked at.
    #[must_use]
    pub fn world(&self) -> &World {
        &self.world
    }

    fn populate(&mut self, app: &dyn Application) -> Result<(), EngineError> {
        let SimConfig {
            seed,
            start,
            servers,
            ..
        } = self.config;
        let mut setup = Setup::new(seed);
        app.create(&mut setup)
            .map_err(|error| cannot_start(&error))?;
        let actors = setup.into_actors();
        let places = place(start, seed, actors.len(), servers as usize);
        self.world
            .populate(actors, &places)
            .map_err(|error| cannot_start(&error))?;
        for client in app.load(seed).into_clients() {
            self.world.start_client(client);
        }
        let loads = Rc::clone(&self.loads);
        self.world
            .set_admission(Box::new(move |server, actors, state_bytes| {
                loads.borrow_mut().admit(server.0, actors, state_bytes)
            }));
        Ok(())
    }

    /// Begins the first period: what happened until now is not part of it.
    fn begin(&mut self) {
        self.began = self.world.now();
        let past = self.world.take_accounts();
        self.used = past.iter().map(|node| node.used).collect();
    }

    /// Takes in what has happened meanwhile: ends of moves, and what people should hear of.
    fn hear(&mut self) -> Vec<Notice> {
        for ended in self.world.take_ended() {
            let result = match ended.result {
                OrderResult::Migrated(done) => Ok(Moved {
                    pause: done.pause,
                    bytes: done.bytes,
                }),
                OrderResult::NotMigrated(refusal) => Err(refusal.to_string()),
                OrderResult::Created { .. } | OrderResult::NotCreated { .. } => continue,
            };
            let outcomes = self.moves.arrived(ended.id, result);
            self.events.extend(outcomes);
        }
        let told = self.world.take_told();
        told.into_iter()
            .filter_map(|told| notice(&self.catalog, told))
            .collect()
    }

    /// Gives the servers the orders that may begin now.
    fn depart(&mut self) {
        for departure in self.moves.departures() {
            let movers = departure.actors.iter().filter_map(|mover| {
                Some(MovingActor {
                    actor: self.catalog.actor_by_name(mover.actor.as_str())?,
                    epoch: mover.epoch.map(Epoch),
                })
            });
            self.world.order_move(
                departure.wave,
                ServerId(departure.from),
                movers.collect(),
                ServerId(departure.to),
                departure.deadline,
            );
        }
    }

    /// Lets time pass until `limit`, beginning moves as others end.
    fn run_until(&mut self, limit: Time) -> Vec<Notice> {
        let mut notices = Vec::new();
        while self
            .world
            .run_until_done(limit, |world| world.has_ended() && !self.moves.is_idle())
        {
            notices.extend(self.hear());
            self.depart();
        }
        self.world.run_until(limit);
        notices.extend(self.hear());
        notices
    }

    fn server_use(&self, node: &NodeAccounts, used: Duration) -> Option<ServerUse> {
        let link = self.config.link.bytes_per_second;
        self.world.is_server(node.node.server).then(|| ServerUse {
            id: server_name(node.node.server),
            cpu: used,
            cpu_capacity_cores: self.config.quota_cores,
            memory_capacity_bytes: self.config.memory_bytes as f64,
            // Both directions together.
            network_capacity_bytes_per_second: link.map(|bytes| 2.0 * bytes),
            contended: false,
        })
    }

    /// Turns the nodes' accounts into the period's events.
    fn batch(&mut self, notices: Vec<Notice>) -> Batch {
        let mut batch = Batch {
            notices,
            ..Batch::default()
        };
        if !mem::replace(&mut self.opened, true) {
            batch.events.push(Event::Hello(self.hello.clone()));
            let source = self.schema.clone();
            batch.events.push(Event::Schema { source });
        }
        batch.events.append(&mut self.events);
        let mut clients = ClientPeriod::new(self.config.period.as_secs_f64());
        let mut nodes = Vec::new();
        for (place, node) in self.world.take_accounts().into_iter().enumerate() {
            let before = self.used.get(place).copied().unwrap_or_default();
            if let Some(used) = self.used.get_mut(place) {
                *used = node.used;
            }
            clients.absorb(&client_period(&node.accounts));
            nodes.push(NodePeriod {
                server: self.server_use(&node, node.used - before),
                accounts: node.accounts,
            });
        }
        self.publish_loads(&nodes);
        let report = self.reporter.report(self.config.period, &nodes);
        batch.events.extend(report.events);
        batch.stale = report.stale;
        batch.clients = Some(clients);
        let t = self.world.now().since(self.began).as_secs_f64();
        let window = Some(self.window);
        batch.events.push(Event::Tick { t, window });
        batch
    }

    /// Lets the servers' local managers know the loads of the period.
    fn publish_loads(&self, nodes: &[NodePeriod]) {
        let mut loads = self.loads.borrow_mut();
        loads.begin_period();
        for (number, node) in (0..).zip(nodes) {
            let Some(server) = &node.server else { continue };
            let seconds = node.accounts.length.as_secs_f64();
            let cycles: u64 = node.accounts.actors.iter().map(|a| a.cycles).sum();
            let cores = server.cpu.as_secs_f64() / seconds.max(f64::MIN_POSITIVE);
            let mut state_bytes = 0;
            for actor in &node.accounts.actors {
                let share = actor.cycles as f64 / cycles.max(1) as f64;
                loads.actor_cores.insert(actor.actor, cores * share);
                state_bytes += actor.state_bytes;
            }
            let load = ServerLoad {
                cores,
                cores_capacity: server.cpu_capacity_cores,
                state_bytes: state_bytes as f64,
                memory_bytes: server.memory_capacity_bytes,
            };
            loads.servers.insert(number, load);
        }
    }

    /// An error if a checker of the world has found anything wrong.
    fn sound(&self) -> Result<(), EngineError> {
        match self.world.violations().first() {
            None => Ok(()),
            Some(violation) => Err(EngineError::Broken(format!(
                "seed {}: {violation}; this is a defect of Plasma, not of the application",
                self.config.seed
            ))),
        }
    }
}

impl Engine for SimEngine {
    fn hello(&self) -> &Hello {
        &self.hello
    }

    fn schema(&self) -> Option<&str> {
        Some(&self.schema)
    }

    fn next_batch(&mut self) -> Result<Option<Batch>, EngineError> {
        if self.finished || self.stopper.is_stopped() {
            return Ok(None);
        }
        self.window += 1;
        let periods = u32::try_from(self.window).unwrap_or(u32::MAX);
        let end = self.began + self.config.period.saturating_mul(periods);
        let notices = self.run_until(end);
        self.sound()?;
        Ok(Some(self.batch(notices)))
    }

    fn submit(&mut self, orders: Orders) -> Result<(), EngineError> {
        if self.finished {
            return Err(EngineError::Stopped);
        }
        let (catalog, reporter) = (&self.catalog, &self.reporter);
        let exists = |name: &plasma_model::ActorId| {
            let actor = catalog.actor_by_name(name.as_str());
            actor.is_some_and(|actor| reporter.place(actor).is_some())
        };
        let answers = self.moves.submit(orders, exists, &mut NoProvider);
        self.events.extend(answers);
        self.depart();
        Ok(())
    }

    fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    fn finish(&mut self) -> Result<Vec<Event>, EngineError> {
        if mem::replace(&mut self.finished, true) {
            return Ok(Vec::new());
        }
        let cancelled = self.moves.cancel_waiting();
        self.events.extend(cancelled);
        let limit = self.world.now() + FINISH_MAX;
        self.world.run_until_quiet(limit);
        self.hear();
        self.sound()?;
        Ok(mem::take(&mut self.events))
    }
}

/// The name of a server in events.
fn server_name(server: ServerId) -> plasma_model::ServerId {
    server.to_string().into()
}

fn cannot_start(error: &dyn std::fmt::Display) -> EngineError {
    EngineError::Start(error.to_string())
}

/// What clients saw, in the form that periods can be merged in.
fn client_period(accounts: &Accounts) -> ClientPeriod {
    let mut clients = ClientPeriod::new(accounts.length.as_secs_f64());
    clients.failed = accounts.client_errors;
    if let Some(latencies) = &accounts.client_latency_nanos {
        for bucket in latencies.iter_recorded() {
            let latency = Duration::from_nanos(bucket.value_iterated_to());
            clients.record_many(latency, bucket.count_since_last_iteration());
        }
    }
    clients
}
