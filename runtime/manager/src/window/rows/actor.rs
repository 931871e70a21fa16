//! One actor's state between ticks: what was sent about it, and what is counted from first sight.

use std::collections::BTreeMap;

use plasma_model::{Actor, ActorUpdate, Field, PerResource, Resource, Server, ServerId};

use super::Names;
use crate::window::actor::usage_updates;
use crate::window::usage::ActorFigures;

/// What the window keeps about an actor beside its entry in the snapshot.
#[derive(Clone, Debug, Default)]
pub(super) struct ActorHistory {
    figures: PerResource<ActorFigures>,
    /// Whether it has been in a snapshot.
    seen: bool,
    /// `None`: its age is unknown until the engine gives one.
    born_at: Option<f64>,
    last_called_at: Option<f64>,
    /// `None`: unknown until the engine gives them.
    moves: Option<u64>,
    age_given: Field<f64>,
    idle_given: Field<f64>,
    moves_given: bool,
}

impl ActorHistory {
    /// An actor at first sight.
    pub(super) fn new() -> Self {
        ActorHistory {
            moves: Some(0),
            ..ActorHistory::default()
        }
    }

    /// Takes an update over; its figures and its host are checked already.
    pub(super) fn update(
        &mut self,
        actor: &mut Actor,
        update: ActorUpdate,
        servers: &BTreeMap<ServerId, Server>,
        names: &mut Names,
    ) {
        if let Field::Known(host) = update.server
            && host != actor.server
        {
            self.move_to(actor, host, servers);
        }
        for (resource, figures) in usage_updates(&update.cpu, &update.mem, &update.net) {
            self.figures[resource].update(figures);
        }
        match update.refs {
            Field::Keep => {}
            Field::Unknown => actor.refs.clear(),
            Field::Known(refs) => actor.refs = names.intern_keys(refs),
        }
        match update.values {
            Field::Keep => {}
            Field::Unknown => actor.values.clear(),
            Field::Known(values) => actor.values = names.intern_keys(values),
        }
        match update.mailbox {
            Field::Keep => {}
            Field::Unknown => actor.mailbox = None,
            Field::Known(queued) => actor.mailbox = Some(queued),
        }
        match update.moves {
            Field::Keep => {}
            Field::Unknown => (self.moves, self.moves_given) = (None, true),
            Field::Known(moves) => (self.moves, self.moves_given) = (Some(moves), true),
        }
        if !update.age.is_keep() {
            self.age_given = update.age;
        }
        if !update.idle.is_keep() {
            self.idle_given = update.idle;
        }
    }

    fn move_to(&mut self, actor: &mut Actor, host: ServerId, servers: &BTreeMap<ServerId, Server>) {
        let before = servers.get(&actor.server);
        for resource in Resource::ALL {
            let capacity = before.and_then(|server| server.usage[resource].capacity);
            self.figures[resource].leave_host(capacity);
        }
        self.moves = self.moves.map(|moves| moves.saturating_add(1));
        actor.server = host;
    }

    /// Notes that the actor was called in the period that ends at `t`.
    pub(super) fn called(&mut self, t: f64) {
        self.last_called_at = Some(t);
    }

    /// Makes every figure unknown: the host missed the window.
    pub(super) fn forget_figures(&mut self) {
        for resource in Resource::ALL {
            self.figures[resource].update(&Field::Unknown);
        }
    }

    /// Writes the actor's figures at the tick at `t` into its entry in the snapshot.
    pub(super) fn tick(&mut self, actor: &mut Actor, host: &Server, t: f64, first_tick: bool) {
        actor.usage = PerResource::from_fn(|resource| {
            self.figures[resource].on_host(host.usage[resource].capacity)
        });
        let age_given = !self.age_given.is_keep();
        match std::mem::take(&mut self.age_given) {
            Field::Keep if self.seen => {}
            Field::Keep => self.born_at = Some(t),
            Field::Unknown => self.born_at = None,
            Field::Known(age) => self.born_at = Some(t - age),
        }
        match std::mem::take(&mut self.idle_given) {
            Field::Keep => {}
            Field::Unknown => self.last_called_at = None,
            Field::Known(idle) => self.last_called_at = Some(t - idle),
        }
        // Who was there before the trace began may be older than it.
        let age_known = age_given || !first_tick;
        actor.age_seconds = self.born_at.filter(|_| age_known).map(|born| t - born);
        actor.idle_seconds = self.last_called_at.map(|called| t - called);
        actor.moves = self.moves.filter(|_| self.moves_given || !first_tick);
        self.seen = true;
    }
}
