//! Small steps that the stories of these tests are told in.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::time::Duration;

use plasma_cluster::{Cluster, ClusterConfig};
use plasma_engine::{Batch, Engine, EngineError, Orders};
use plasma_model::{
    Action, ActionBody, ActionId, ActorId, Event, Field, Outcome, OutcomeResult, ServerId,
};

use crate::journal::Journals;

/// Batches after which a test gives up: far more than any of them needs.
const BATCHES_MAX: usize = 3000;

/// A cluster with short periods.
pub(crate) fn config(servers: u32) -> ClusterConfig {
    ClusterConfig {
        servers,
        period: Duration::from_millis(20),
        ..ClusterConfig::default()
    }
}

/// A cluster under observation.
pub(crate) struct Run {
    pub(crate) cluster: Cluster,
    pub(crate) placement: BTreeMap<ActorId, (ServerId, u64)>,
    pub(crate) outcomes: BTreeMap<ActionId, OutcomeResult>,
    pub(crate) notices: Vec<String>,
    /// The servers that have been told of and are not gone.
    pub(crate) servers: BTreeSet<ServerId>,
    next_id: ActionId,
}

impl Run {
    pub(crate) fn start(app: &Journals, servers: u32) -> Result<Self, EngineError> {
        Run::with(app, config(servers))
    }

    pub(crate) fn with(app: &Journals, config: ClusterConfig) -> Result<Self, EngineError> {
        Ok(Run {
            cluster: Cluster::start(app, config)?,
            placement: BTreeMap::new(),
            outcomes: BTreeMap::new(),
            notices: Vec::new(),
            servers: BTreeSet::new(),
            next_id: 0,
        })
    }

    /// Lets a period pass.
    pub(crate) fn period(&mut self) -> Result<Batch, EngineError> {
        let batch = self.cluster.next_batch()?.unwrap_or_default();
        self.follow(&batch.events);
        self.notices
            .extend(batch.notices.iter().map(ToString::to_string));
        Ok(batch)
    }

    /// Lets periods pass until something holds.
    pub(crate) fn until(&mut self, mut holds: impl FnMut(&Run) -> bool) -> Result<(), EngineError> {
        for _ in 0..BATCHES_MAX {
            if holds(self) {
                return Ok(());
            }
            self.period()?;
        }
        Err(EngineError::Broken("it never came to hold".to_owned()))
    }

    /// Gives an order about servers; gives its id.
    pub(crate) fn order(&mut self, body: ActionBody) -> Result<ActionId, EngineError> {
        self.next_id += 1;
        let action = Action {
            id: self.next_id,
            body,
            epoch: None,
            deadline: Some(60.0),
            group: None,
        };
        self.cluster.submit(Orders {
            window: 0,
            lease: 1,
            actions: vec![action],
        })?;
        Ok(self.next_id)
    }

    /// Lets periods pass until an order has ended; gives how, for people.
    pub(crate) fn end_of(&mut self, id: ActionId) -> Result<String, EngineError> {
        self.until(|run| run.outcomes.contains_key(&id))?;
        Ok(match &self.outcomes[&id] {
            OutcomeResult::Done { .. } => "done".to_owned(),
            OutcomeResult::Failed { error, .. } => error.clone(),
        })
    }

    /// Moves every actor to the next server; gives the orders' ids.
    pub(crate) fn move_all(&mut self, servers: u32) -> Result<Vec<ActionId>, EngineError> {
        let next: Vec<String> = (1..=servers)
            .map(|number| format!("s{}", number % servers + 1))
            .collect();
        self.move_where(|_, from| {
            let number: usize = from.as_str().trim_start_matches('s').parse().unwrap_or(1);
            next[number - 1].as_str()
        })
    }

    /// Moves every actor, by its place among all and its host, to a server, unless it is there; gives the
    /// orders' ids.
    pub(crate) fn move_where<'t>(
        &mut self,
        to: impl Fn(usize, &ServerId) -> &'t str,
    ) -> Result<Vec<ActionId>, EngineError> {
        let mut actions = Vec::new();
        for (place, (actor, (from, epoch))) in self.placement.iter().enumerate() {
            let to = ServerId::from(to(place, from));
            if to == *from {
                continue;
            }
            self.next_id += 1;
            actions.push(Action {
                id: self.next_id,
                body: ActionBody::Migrate {
                    actor: actor.clone(),
                    from: from.clone(),
                    to,
                },
                epoch: Some(*epoch),
                deadline: Some(5.0),
                group: None,
            });
        }
        let ids = actions.iter().map(|action| action.id).collect();
        self.cluster.submit(Orders {
            window: 0,
            lease: 1,
            actions,
        })?;
        Ok(ids)
    }

    /// Tells the clients that it is enough, and lets periods pass until they have ended and the
    /// last one has read all journals; then stops the cluster.
    pub(crate) fn end(&mut self, app: &Journals) -> Result<(), EngineError> {
        app.enough.store(true, Ordering::Relaxed);
        self.until(|_| app.with(|findings| findings.contents.len() as u64) == app.journals)?;
        let events = self.cluster.finish()?;
        self.follow(&events);
        Ok(())
    }

    fn follow(&mut self, events: &[Event]) {
        for event in events {
            match event {
                Event::Actor(update) => {
                    if let (Field::Known(server), Field::Known(epoch)) =
                        (&update.server, &update.epoch)
                    {
                        let place = (server.clone(), *epoch);
                        self.placement.insert(update.id.clone(), place);
                    }
                }
                Event::Server(update) => _ = self.servers.insert(update.id.clone()),
                Event::ServerGone { id } => _ = self.servers.remove(id),
                Event::Outcome(Outcome { id, result }) => {
                    self.outcomes.insert(*id, result.clone());
                }
                _ => {}
            }
        }
    }
}
