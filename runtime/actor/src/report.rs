//! What the cores counted in a period, as the events that policies are evaluated on.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use plasma_model::{
    ActorUpdate, CallsRecord, Event, Field, LatencyRecord, ServerUpdate, UsageUpdate,
};

use crate::actor::Value;
use crate::catalog::Catalog;
use crate::core::{Accounts, ActorAccount, ActorPhase, CallsAccount, Sender};
use crate::id::{ActorId, Epoch};

/// How long an actor may be in no node's accounts (it is being moved, or its server missed the
/// period) before it counts as ended.
const ABSENCE_MAX: Duration = Duration::from_secs(10);

/// The caller of clients' calls in events.
const CLIENT: &str = "client";

/// What one server used in a period, as its driver measured it.
#[derive(Clone, Debug)]
pub struct ServerUse {
    /// Its name in events.
    pub id: plasma_model::ServerId,
    /// Processor time it used, its own overhead included.
    pub cpu: Duration,
    /// Its quota, in cores.
    pub cpu_capacity_cores: f64,
    /// Its memory, in bytes.
    pub memory_capacity_bytes: f64,
    /// Its network, in and out together, in bytes per second; `None` if it is unlimited.
    pub network_capacity_bytes_per_second: Option<f64>,
    /// Whether it got less processor time than it was entitled to.
    pub contended: bool,
}

/// What one node hands in at the end of a period.
#[derive(Clone, Debug)]
pub struct NodePeriod {
    /// What it used; `None` for nodes that host no actors (gateways, the directory's node).
    pub server: Option<ServerUse>,
    /// What its core counted.
    pub accounts: Accounts,
}

/// What a period comes to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PeriodReport {
    /// Servers, actors and calls, each in order of their ids; without hello, schema and tick.
    pub events: Vec<Event>,
    /// Servers that handed in nothing: their figures are unknown, nothing should move from or to
    /// them.
    pub stale: Vec<plasma_model::ServerId>,
}

/// Turns the accounts of all nodes into events, period by period. It remembers where each actor was
/// last seen, since a period's accounts are not taken on all nodes at the same instant: an actor
/// that moves meanwhile is in two of them or in none.
pub struct Reporter {
    catalog: Catalog,
    servers: BTreeSet<plasma_model::ServerId>,
    actors: BTreeMap<ActorId, Known>,
}

/// What an actor's account is to be read with: its server's figures of the period.
#[derive(Clone, Copy)]
struct Here<'a> {
    server: &'a ServerUse,
    seconds_per_cycle: Option<f64>,
    period_seconds: f64,
}

/// What has been told about an actor.
struct Known {
    name: plasma_model::ActorId,
    server: plasma_model::ServerId,
    epoch: Epoch,
    absent: Duration,
}

impl Reporter {
    /// A reporter of an application's actors on these servers.
    #[must_use]
    pub fn new(
        catalog: Catalog,
        servers: impl IntoIterator<Item = plasma_model::ServerId>,
    ) -> Self {
        Self {
            catalog,
            servers: servers.into_iter().collect(),
            actors: BTreeMap::new(),
        }
    }

    /// A server is there from the next report on.
    pub fn add_server(&mut self, server: plasma_model::ServerId) {
        self.servers.insert(server);
    }

    /// A server is gone: nothing is told of it any more.
    pub fn remove_server(&mut self, server: &plasma_model::ServerId) {
        self.servers.remove(server);
    }

    /// Where an actor was at the end of the last period, and in which epoch.
    #[must_use]
    pub fn place(&self, actor: ActorId) -> Option<(&plasma_model::ServerId, Epoch)> {
        let known = self.actors.get(&actor)?;
        Some((&known.server, known.epoch))
    }

    /// The events of a period of this length. Servers of which `nodes` has nothing are stale.
    pub fn report(&mut self, length: Duration, nodes: &[NodePeriod]) -> PeriodReport {
        let mut report = PeriodReport::default();
        let mut missing = self.servers.clone();
        for node in nodes {
            if let Some(server) = &node.server {
                missing.remove(&server.id);
                report.events.push(server_event(server, &node.accounts));
            }
        }
        for id in missing {
            report.events.push(unknown_server(&id));
            report.stale.push(id);
        }
        report.events.extend(self.actor_events(length, nodes));
        for node in nodes {
            let calls = node.accounts.calls.iter();
            report
                .events
                .extend(calls.filter_map(|calls| self.calls_event(calls)));
        }
        report
    }

    fn actor_events(&mut self, length: Duration, nodes: &[NodePeriod]) -> Vec<Event> {
        // An actor in the accounts of two nodes has moved between them: the later epoch holds.
        let mut present: BTreeMap<ActorId, (&ActorAccount, Here<'_>)> = BTreeMap::new();
        for node in nodes {
            let Some(server) = &node.server else { continue };
            let here = Here {
                server,
                seconds_per_cycle: seconds_per_cycle(server.cpu, &node.accounts),
                period_seconds: seconds_of(node.accounts.length),
            };
            // A prepared copy does nothing yet; where the actor was, it still is.
            let accounts = node.accounts.actors.iter();
            let accounts = accounts.filter(|account| {
                !matches!(account.phase, ActorPhase::Prepared | ActorPhase::Starting)
            });
            for account in accounts {
                let known = self.actors.get(&account.actor);
                let newest = present
                    .get(&account.actor)
                    .map(|(other, _)| other.epoch)
                    .into_iter()
                    .chain(known.map(|known| known.epoch))
                    .max();
                if newest.is_none_or(|newest| account.epoch >= newest) {
                    present.insert(account.actor, (account, here));
                }
            }
        }
        let mut events = self.absences(length, &present);
        for (id, (account, here)) in present {
            events.push(self.actor_event(id, account, here));
        }
        events
    }

    /// Notes who is in no accounts; gives the ends of those that have been so for too long.
    fn absences<T>(&mut self, length: Duration, present: &BTreeMap<ActorId, T>) -> Vec<Event> {
        let mut events = Vec::new();
        self.actors.retain(|id, known| {
            known.absent = match present.contains_key(id) {
                true => Duration::ZERO,
                false => known.absent + length,
            };
            let stays = known.absent <= ABSENCE_MAX.max(2 * length);
            if !stays {
                let id = known.name.clone();
                events.push(Event::ActorGone { id });
            }
            stays
        });
        events
    }

    fn actor_event(&mut self, id: ActorId, account: &ActorAccount, here: Here<'_>) -> Event {
        let new = !self.actors.contains_key(&id);
        let catalog = &self.catalog;
        let known = self.actors.entry(id).or_insert_with(|| Known {
            name: catalog.actor_name(id).into(),
            server: here.server.id.clone(),
            epoch: account.epoch,
            absent: Duration::ZERO,
        });
        known.server.clone_from(&here.server.id);
        known.epoch = account.epoch;
        let mut update = ActorUpdate::new(known.name.clone());
        if new {
            let name = catalog.describe(id).map_or("", |described| described.name);
            update.actor_type = Field::Known(name.to_owned());
        }
        update.server = Field::Known(here.server.id.clone());
        update.epoch = Field::Known(account.epoch.0);
        let cycles = account.cycles as f64;
        update.cpu = match here.seconds_per_cycle {
            Some(seconds) => amount(cycles * seconds / here.period_seconds),
            None => Field::Unknown,
        };
        update.mem = amount(account.state_bytes as f64);
        update.net = amount(account.link_bytes as f64 / here.period_seconds);
        update.mailbox = Field::Known(account.mailbox);
        let references = account.references.iter();
        let references = references.map(|(property, targets)| {
            let targets = targets.iter().map(|target| self.name(*target)).collect();
            ((*property).to_owned(), targets)
        });
        update.refs = Field::Known(references.collect());
        let values = account.values.iter();
        let values = values
            .filter_map(|(property, value)| Some(((*property).to_owned(), published(value)?)));
        update.values = Field::Known(values.collect());
        Event::Actor(update)
    }

    /// Calls to or from actors that have never been told about bind nothing, and are left out.
    fn calls_event(&self, calls: &CallsAccount) -> Option<Event> {
        let from = match calls.from {
            Sender::Clients => CLIENT.to_owned(),
            Sender::Actor(actor) => self.actors.get(&actor)?.name.as_str().to_owned(),
        };
        let latency = calls.latency.as_ref().map(|latency| LatencyRecord {
            mean: Some(latency.mean.as_secs_f64()),
            p50: latency.quantiles.map(|(p50, _)| p50.as_secs_f64()),
            p99: latency.quantiles.map(|(_, p99)| p99.as_secs_f64()),
        });
        Some(Event::Calls(CallsRecord {
            from,
            to: self.actors.get(&calls.to)?.name.clone(),
            function: calls.function.to_owned(),
            count: calls.count as f64,
            size: Some(calls.size_bytes as f64),
            latency,
        }))
    }

    fn name(&self, actor: ActorId) -> plasma_model::ActorId {
        match self.actors.get(&actor) {
            Some(known) => known.name.clone(),
            None => self.catalog.actor_name(actor).into(),
        }
    }
}

/// What a cycle of an actor's turn stands for: all the server's processor time is shared between
/// its actors in proportion to their turns, so that the shares add up to the whole and what a
/// message costs outside of its turn moves with the actor that causes it. `None` if turns ran and
/// none could be measured, since the thread was interrupted in all of them: unknown, not zero.
fn seconds_per_cycle(cpu: Duration, accounts: &Accounts) -> Option<f64> {
    let present: u64 = accounts.actors.iter().map(|actor| actor.cycles).sum();
    let cycles = present + accounts.departed_cycles;
    if cycles > 0 {
        Some(cpu.as_secs_f64() / cycles as f64)
    } else {
        (accounts.dropped_cycles == 0).then_some(0.0)
    }
}

/// A period's length in seconds, never zero.
fn seconds_of(length: Duration) -> f64 {
    length.as_secs_f64().max(f64::MIN_POSITIVE)
}

fn server_event(server: &ServerUse, accounts: &Accounts) -> Event {
    let seconds = seconds_of(accounts.length);
    let state_bytes: u64 = accounts.actors.iter().map(|actor| actor.state_bytes).sum();
    let mut update = ServerUpdate::new(server.id.clone());
    update.cpu = share(
        server.cpu.as_secs_f64() / seconds,
        Some(server.cpu_capacity_cores),
    );
    update.mem = share(state_bytes as f64, Some(server.memory_capacity_bytes));
    update.net = share(
        accounts.link_bytes as f64 / seconds,
        server.network_capacity_bytes_per_second,
    );
    update.contended = Field::Known(server.contended);
    Event::Server(update)
}

/// A server whose figures are missing.
fn unknown_server(id: &plasma_model::ServerId) -> Event {
    let mut update = ServerUpdate::new(id.clone());
    update.cpu = Field::Unknown;
    update.mem = Field::Unknown;
    update.net = Field::Unknown;
    Event::Server(update)
}

/// An amount of a server's resource, with its capacity if it has one.
fn share(size: f64, capacity: Option<f64>) -> Field<UsageUpdate> {
    Field::Known(UsageUpdate {
        perc: Field::Keep,
        size: Field::Known(size),
        capacity: capacity.map_or(Field::Keep, Field::Known),
    })
}

/// An amount that an actor uses; its host's capacity gives the share.
fn amount(size: f64) -> Field<UsageUpdate> {
    share(size, None)
}

/// A published value as policies see it; a number that is none or infinite is unknown to them.
fn published(value: &Value) -> Option<plasma_model::Value> {
    match value {
        Value::Int(number) => Some(plasma_model::Value::Number(*number as f64)),
        Value::Float(number) => number
            .is_finite()
            .then_some(plasma_model::Value::Number(*number)),
        Value::Bool(truth) => Some(plasma_model::Value::Bool(*truth)),
        Value::Text(text) => Some(plasma_model::Value::Text(text.as_str().into())),
    }
}
