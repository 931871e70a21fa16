//! The window in rows, as the format is worded: what the window on columns means. Tests hold that one to it.

mod actor;
mod calls;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_model::{
    Actor, ActorId, ActorUpdate, Caller, Calls, CallsRecord, CallsView, Event, Field, Hello,
    Resource, ServerId, ServerUpdate, Snapshot,
};

use super::{
    CLIENT, GONE_PERIODS_KEPT, WindowError, actor as actors, calls as records, check_hello,
    check_name, check_time, length_seconds, server, usage,
};
use actor::ActorHistory;

/// Names (types, functions, properties) kept once; beyond this bound they are kept apart, which
/// costs memory but changes nothing.
const NAMES_MAX: usize = 1 << 16;

/// Folds a stream of events into snapshots.
#[derive(Clone, Debug, Default)]
pub(super) struct RowWindow {
    period_override_seconds: Option<f64>,
    hello: Option<Hello>,
    /// Complete right after a tick; between ticks the base of the next one.
    snapshot: Snapshot,
    histories: BTreeMap<ActorId, ActorHistory>,
    gone: BTreeMap<ActorId, Gone>,
    stale: BTreeSet<ServerId>,
    calls: Vec<Calls>,
    names: Names,
    ticks: u64,
}

/// What is still needed of an actor that has ended.
#[derive(Clone, Debug)]
struct Gone {
    actor_type: Arc<str>,
    server: ServerId,
    /// Ticks seen when it ended.
    ticks: u64,
}

impl RowWindow {
    /// An empty window. `period_seconds` overrules the period that the stream's `hello` announces;
    /// without both it is the default.
    pub(super) fn new(period_seconds: Option<f64>) -> Self {
        RowWindow {
            period_override_seconds: period_seconds,
            ..RowWindow::default()
        }
    }

    /// Takes one event over. A tick answers with the snapshot of the period that it ends.
    ///
    /// # Errors
    ///
    /// What is wrong with the event; the window is then as it was before. The reader of the stream
    /// adds the line.
    pub(super) fn push(&mut self, event: Event) -> Result<Option<&Snapshot>, WindowError> {
        match event {
            Event::Hello(hello) => self.hello(hello)?,
            Event::Schema { .. } => {}
            Event::Server(update) => self.server(update)?,
            Event::Actor(update) => self.actor(update)?,
            Event::Calls(record) => self.calls(record)?,
            Event::ActorGone { id } => self.actor_gone(id)?,
            Event::ServerGone { id } => self.server_gone(id)?,
            Event::Tick { t, window } => return self.tick(t, window).map(Some),
            // What a recording holds beside measurements.
            Event::Decision { .. }
            | Event::Policy { .. }
            | Event::Actions { .. }
            | Event::Outcome(_) => {}
        }
        Ok(None)
    }

    /// The length of a period in seconds.
    pub(super) fn period_seconds(&self) -> f64 {
        length_seconds(self.period_override_seconds, self.hello.as_ref())
    }

    /// Notes that a server has sent nothing in the running period: at the tick its figures and
    /// those of its actors are unknown, and nothing may move from or to it. Its next `server`
    /// event ends that.
    pub(super) fn mark_stale(&mut self, server: &ServerId) {
        if self.snapshot.servers.contains_key(server) {
            self.stale.insert(server.clone());
        }
    }

    fn hello(&mut self, hello: Hello) -> Result<(), WindowError> {
        check_hello(self.hello.as_ref(), &hello)?;
        self.hello = Some(hello);
        Ok(())
    }

    fn server(&mut self, update: ServerUpdate) -> Result<(), WindowError> {
        server::check(&update)?;
        let server = self.snapshot.servers.entry(update.id.clone()).or_default();
        server::update(server, &update);
        self.stale.remove(&update.id);
        Ok(())
    }

    fn actor(&mut self, update: ActorUpdate) -> Result<(), WindowError> {
        self.check_actor(&update)?;
        let id = update.id.clone();
        if let (Field::Known(actor_type), Field::Known(server)) =
            (&update.actor_type, &update.server)
            && !self.snapshot.actors.contains_key(&id)
        {
            let actor_type = self.names.intern(actor_type);
            let entry = Actor::new(actor_type, server.clone());
            self.snapshot.actors.insert(id.clone(), entry);
            self.histories.insert(id.clone(), ActorHistory::new());
            self.gone.remove(&id);
        }
        if let (Some(actor), Some(history)) = (
            self.snapshot.actors.get_mut(&id),
            self.histories.get_mut(&id),
        ) {
            history.update(actor, update, &self.snapshot.servers, &mut self.names);
        }
        Ok(())
    }

    fn check_actor(&self, update: &ActorUpdate) -> Result<(), WindowError> {
        let actor = || update.id.clone();
        if update.id.as_str() == CLIENT {
            return Err(WindowError::ClientActor);
        }
        check_name("actor", "id", update.id.as_str())?;
        if let Field::Known(actor_type) = &update.actor_type {
            check_name("actor", "type", actor_type)?;
        }
        let known = self.snapshot.actors.get(&update.id);
        match (&update.actor_type, known) {
            (Field::Keep, Some(_)) => {}
            (Field::Known(now), Some(known)) if **now == *known.actor_type => {}
            (Field::Known(now), Some(known)) => {
                return Err(WindowError::TypeChanged {
                    actor: actor(),
                    before: known.actor_type.to_string(),
                    after: now.clone(),
                });
            }
            (Field::Known(_), None) => {}
            _ => return Err(WindowError::NoType { actor: actor() }),
        }
        match (&update.server, known) {
            (Field::Keep, Some(_)) => {}
            (Field::Known(server), _) if !self.snapshot.servers.contains_key(server) => {
                return Err(WindowError::UnknownHost {
                    actor: actor(),
                    server: server.clone(),
                });
            }
            (Field::Known(_), _) => {}
            _ => return Err(WindowError::NoHost { actor: actor() }),
        }
        let values = match &update.values {
            Field::Known(values) => Some(values.iter()),
            Field::Keep | Field::Unknown => None,
        };
        let values = values.into_iter().flatten();
        actors::check(
            update.id.as_str(),
            actors::usage_updates(&update.cpu, &update.mem, &update.net),
            [update.age, update.idle],
            values.map(|(property, value)| (property.as_str(), value)),
        )
    }

    fn calls(&mut self, record: CallsRecord) -> Result<(), WindowError> {
        records::check(&CallsView::of(&record))?;
        let (_, to_server) = self.introduced("calls", &record.to)?;
        let from = if record.from == CLIENT {
            Caller::Client
        } else {
            let id = ActorId::from(record.from);
            let (actor_type, _) = self.introduced("calls", &id)?;
            Caller::Actor { id, actor_type }
        };
        self.calls.push(Calls {
            from,
            to: record.to,
            to_server,
            function: self.names.intern(&record.function),
            count: record.count,
            size: record.size,
            latency: records::latency(record.latency),
        });
        Ok(())
    }

    /// Type and (last) host of an actor that lives or ended not long ago.
    fn introduced(
        &self,
        event: &'static str,
        id: &ActorId,
    ) -> Result<(Arc<str>, ServerId), WindowError> {
        let live = self.snapshot.actors.get(id);
        let gone = self.gone.get(id);
        live.map(|actor| (actor.actor_type.clone(), actor.server.clone()))
            .or_else(|| gone.map(|gone| (gone.actor_type.clone(), gone.server.clone())))
            .ok_or_else(|| WindowError::UnknownActor {
                event,
                actor: id.clone(),
            })
    }

    fn actor_gone(&mut self, id: ActorId) -> Result<(), WindowError> {
        let Some(actor) = self.snapshot.actors.remove(&id) else {
            return Err(WindowError::UnknownActor {
                event: "actor_gone",
                actor: id,
            });
        };
        self.histories.remove(&id);
        let gone = Gone {
            actor_type: actor.actor_type,
            server: actor.server,
            ticks: self.ticks,
        };
        self.gone.insert(id, gone);
        Ok(())
    }

    fn server_gone(&mut self, id: ServerId) -> Result<(), WindowError> {
        self.stale.remove(&id);
        match self.snapshot.servers.remove(&id) {
            Some(_) => Ok(()),
            None => Err(WindowError::UnknownServer { server: id }),
        }
    }

    fn tick(&mut self, t: f64, window: Option<u64>) -> Result<&Snapshot, WindowError> {
        self.check_tick(t)?;
        self.forget_stale_figures();
        self.complete_calls(t);
        let first_tick = self.ticks == 0;
        let servers = &self.snapshot.servers;
        // Both maps have the same keys.
        let histories = self.histories.values_mut();
        for (actor, history) in self.snapshot.actors.values_mut().zip(histories) {
            if let Some(host) = servers.get(&actor.server) {
                history.tick(actor, host, t, first_tick);
            }
        }
        self.ticks += 1;
        let ticks = self.ticks;
        self.gone
            .retain(|_, gone| ticks - gone.ticks < GONE_PERIODS_KEPT);
        self.snapshot.period_seconds = self.period_seconds();
        self.snapshot.t = t;
        self.snapshot.window = window;
        Ok(&self.snapshot)
    }

    fn check_tick(&self, t: f64) -> Result<(), WindowError> {
        check_time((self.ticks > 0).then_some(self.snapshot.t), t)?;
        for (id, actor) in &self.snapshot.actors {
            if !self.snapshot.servers.contains_key(&actor.server) {
                return Err(WindowError::HostGone {
                    server: actor.server.clone(),
                    actor: id.clone(),
                });
            }
        }
        Ok(())
    }

    fn forget_stale_figures(&mut self) {
        for id in &self.stale {
            if let Some(server) = self.snapshot.servers.get_mut(id) {
                server.stale = true;
                for resource in Resource::ALL {
                    usage::update_server(&mut server.usage[resource], &Field::Unknown);
                }
            }
        }
        if self.stale.is_empty() {
            return;
        }
        let histories = self.histories.values_mut();
        for (actor, history) in self.snapshot.actors.values().zip(histories) {
            if self.stale.contains(&actor.server) {
                history.forget_figures();
            }
        }
    }

    /// Ends the period's calls: each at its callee's present (or last) host, repeated ones added.
    fn complete_calls(&mut self, t: f64) {
        let mut calls = std::mem::take(&mut self.calls);
        for entry in &mut calls {
            if let Some(actor) = self.snapshot.actors.get(&entry.to) {
                entry.to_server = actor.server.clone();
            } else if let Some(gone) = self.gone.get(&entry.to) {
                entry.to_server = gone.server.clone();
            }
            if let Some(history) = self.histories.get_mut(&entry.to)
                && entry.count > 0.0
            {
                history.called(t);
            }
        }
        self.snapshot.calls = calls::merge(calls);
    }
}

/// Keeps equal names once.
#[derive(Clone, Debug, Default)]
struct Names(BTreeSet<Arc<str>>);

impl Names {
    fn intern(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.0.get(name) {
            return known.clone();
        }
        let name: Arc<str> = Arc::from(name);
        if self.0.len() < NAMES_MAX {
            self.0.insert(name.clone());
        }
        name
    }

    fn intern_keys<V>(&mut self, map: BTreeMap<String, V>) -> BTreeMap<Arc<str>, V> {
        map.into_iter()
            .map(|(name, value)| (self.intern(&name), value))
            .collect()
    }
}
