//! What a manager would know from an engine's events: the suite's view of the engine.

use std::collections::{BTreeMap, BTreeSet};

use plasma_model::{Action, ActionBody, ActionId, ActorId, Event, Field, OutcomeResult, ServerId};

use super::{Violation, expect};
use crate::{Batch, Engine, Orders};

/// Batches after which an order without an outcome counts as unanswered.
const BATCHES_AWAITED_MAX: usize = 200;

/// Deadline given to orders, in seconds: longer than any test machine needs.
const DEADLINE_SECONDS: f64 = 30.0;

/// Where an actor is said to be.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Known {
    pub(super) server: ServerId,
    pub(super) epoch: Option<u64>,
}

/// Follows an engine's events, and gives it orders.
pub(super) struct Observer {
    pub(super) engine: Box<dyn Engine>,
    pub(super) servers: BTreeSet<ServerId>,
    pub(super) actors: BTreeMap<ActorId, Known>,
    pub(super) outcomes: BTreeMap<ActionId, Vec<OutcomeResult>>,
    pub(super) window: u64,
}

impl Observer {
    pub(super) fn new(engine: Box<dyn Engine>) -> Self {
        Observer {
            engine,
            servers: BTreeSet::new(),
            actors: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            window: 0,
        }
    }

    /// The next batch, followed.
    pub(super) fn next_batch(&mut self) -> Result<Option<Batch>, Violation> {
        let batch = self.engine.next_batch()?;
        for event in batch.iter().flat_map(|batch| &batch.events) {
            self.follow(event)?;
        }
        Ok(batch)
    }

    /// Stops the engine and follows what it still tells.
    pub(super) fn finish(&mut self) -> Result<Vec<Event>, Violation> {
        let events = self.engine.finish()?;
        for event in &events {
            self.follow(event)?;
        }
        Ok(events)
    }

    fn follow(&mut self, event: &Event) -> Result<(), Violation> {
        match event {
            Event::Server(update) => {
                self.servers.insert(update.id.clone());
            }
            Event::ServerGone { id } => {
                expect(self.servers.remove(id), || {
                    format!("server_gone of {id}, which was never there")
                })?;
            }
            Event::Actor(update) => {
                let epoch = match update.epoch {
                    Field::Known(epoch) => Some(epoch),
                    Field::Keep | Field::Unknown => None,
                };
                match (self.actors.get_mut(&update.id), &update.server) {
                    (Some(known), Field::Known(server)) => {
                        known.server = server.clone();
                        known.epoch = epoch.or(known.epoch);
                    }
                    (Some(known), _) => known.epoch = epoch.or(known.epoch),
                    (None, Field::Known(server)) => {
                        expect(matches!(update.actor_type, Field::Known(_)), || {
                            format!("actor {} appears without its type", update.id)
                        })?;
                        let server = server.clone();
                        self.actors
                            .insert(update.id.clone(), Known { server, epoch });
                    }
                    (None, _) => {
                        return Err(Violation(format!(
                            "actor {} appears without its server",
                            update.id
                        )));
                    }
                }
                let host = &self.actors[&update.id].server;
                expect(self.servers.contains(host), || {
                    format!(
                        "actor {} is on {host}, which was never introduced",
                        update.id
                    )
                })?;
            }
            Event::ActorGone { id } => {
                expect(self.actors.remove(id).is_some(), || {
                    format!("actor_gone of {id}, which was never there")
                })?;
            }
            Event::Outcome(outcome) => {
                let results = self.outcomes.entry(outcome.id).or_default();
                results.push(outcome.result.clone());
            }
            Event::Tick { window, .. } => {
                self.window = window.unwrap_or(self.window);
            }
            Event::Hello(_)
            | Event::Schema { .. }
            | Event::Calls(_)
            | Event::Decision { .. }
            | Event::Policy { .. }
            | Event::Actions { .. } => {}
        }
        Ok(())
    }

    /// Lets periods pass until the engine has told of two actors and two servers.
    pub(super) fn settle(&mut self) -> Result<(), Violation> {
        for _ in 0..BATCHES_AWAITED_MAX {
            if self.actors.len() >= 2 && self.servers.len() >= 2 {
                return Ok(());
            }
            if self.next_batch()?.is_none() {
                break;
            }
        }
        Err(Violation(format!(
            "expected two servers and two actors, saw {} and {}",
            self.servers.len(),
            self.actors.len()
        )))
    }

    /// The actor at `place` in order of ids, with what is known of it.
    pub(super) fn actor(&self, place: usize) -> Result<(ActorId, Known), Violation> {
        let actor = self.actors.iter().nth(place);
        actor
            .map(|(id, known)| (id.clone(), known.clone()))
            .ok_or_else(|| Violation(format!("expected more than {place} actors")))
    }

    /// A server other than `host`.
    pub(super) fn other_server(&self, host: &ServerId) -> Result<ServerId, Violation> {
        let other = self.servers.iter().find(|server| *server != host);
        other
            .cloned()
            .ok_or_else(|| Violation("expected two servers".to_owned()))
    }

    /// An order to move the actor at `place` to another server.
    pub(super) fn order(&self, id: ActionId, place: usize) -> Result<Action, Violation> {
        let (actor, known) = self.actor(place)?;
        let to = self.other_server(&known.server)?;
        Ok(Action {
            id,
            body: ActionBody::Migrate {
                actor,
                from: known.server,
                to,
            },
            epoch: known.epoch,
            deadline: Some(DEADLINE_SECONDS),
            group: None,
        })
    }

    pub(super) fn submit(&mut self, lease: u64, actions: Vec<Action>) -> Result<(), Violation> {
        let window = self.window;
        Ok(self.engine.submit(Orders {
            window,
            lease,
            actions,
        })?)
    }

    /// Lets periods pass until order `id` has an outcome, and gives the first one.
    pub(super) fn outcome(&mut self, id: ActionId) -> Result<OutcomeResult, Violation> {
        for _ in 0..BATCHES_AWAITED_MAX {
            if let Some(result) = self.outcomes.get(&id).and_then(|results| results.first()) {
                return Ok(result.clone());
            }
            if self.next_batch()?.is_none() {
                break;
            }
        }
        Err(Violation(format!("order {id} was never answered")))
    }

    /// Expects that `order` is refused, and that its actor stays where it is.
    pub(super) fn expect_refusal(&mut self, lease: u64, order: Action) -> Result<(), Violation> {
        let before = self.actors.clone();
        let id = order.id;
        self.submit(lease, vec![order])?;
        let result = self.outcome(id)?;
        let OutcomeResult::Failed { error, .. } = &result else {
            return Err(Violation(format!("expected a refusal, got {result:?}")));
        };
        expect(!error.trim().is_empty(), || {
            "the refusal gives no reason".to_owned()
        })?;
        self.next_batch()?;
        expect(self.actors == before, || {
            "a refused order changed a placement or an epoch".to_owned()
        })
    }
}
