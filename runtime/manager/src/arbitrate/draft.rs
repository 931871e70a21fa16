//! A placement in the making: hosts and predicted loads, with every step undoable.

use std::collections::BTreeSet;

use plasma_model::{PerResource, Resource};

use super::cluster::{ActorNo, Cluster, Gauge, ServerNo};
use super::tally::Tally;

/// Slack in comparisons with a capacity or a bound that a move must keep, relative to it: sums of
/// floats taken in another order must not decide otherwise.
pub(crate) const KEEP_TOLERANCE: f64 = 1e-9;

/// Hosts and predicted loads.
#[derive(Clone, Debug)]
pub(crate) struct Draft<'c> {
    cluster: &'c Cluster<'c>,
    hosts: Vec<ServerNo>,
    used: Vec<PerResource<f64>>,
    residents: Vec<Vec<ActorNo>>,
    /// Place of each actor among its host's residents.
    places: Vec<usize>,
    /// The residents of each server for which a reservation is asked, in order.
    claimants: Vec<BTreeSet<ActorNo>>,
    claims: BTreeSet<ActorNo>,
    journal: Vec<(ActorNo, ServerNo)>,
    tallies: Vec<Tally>,
}

impl<'c> Draft<'c> {
    /// The snapshot's placement, actors on their way counted where they go to. `claims` are the
    /// actors for which a reservation is asked.
    pub(crate) fn new(cluster: &'c Cluster<'c>, claims: BTreeSet<ActorNo>) -> Self {
        let used = cluster.servers.iter().map(|server| {
            PerResource::from_fn(|resource| match server.gauges[resource] {
                Gauge::Known { used, .. } => used,
                _ => 0.0,
            })
        });
        let mut draft = Draft {
            cluster,
            hosts: cluster.actors.iter().map(|actor| actor.host).collect(),
            used: used.collect(),
            residents: vec![Vec::new(); cluster.servers.len()],
            places: Vec::with_capacity(cluster.actors.len()),
            claimants: vec![BTreeSet::new(); cluster.servers.len()],
            claims,
            journal: Vec::new(),
            tallies: Vec::new(),
        };
        for (no, actor) in cluster.actors.iter().enumerate() {
            let residents = &mut draft.residents[actor.host];
            draft.places.push(residents.len());
            residents.push(no);
        }
        for claim in &draft.claims {
            draft.claimants[draft.hosts[*claim]].insert(*claim);
        }
        for (no, actor) in cluster.actors.iter().enumerate() {
            if let Some(to) = actor.moving_to {
                draft.put(no, to);
            }
        }
        draft.journal.clear();
        draft
    }

    /// The cluster that is placed.
    pub(crate) fn cluster(&self) -> &'c Cluster<'c> {
        self.cluster
    }

    /// An actor's host.
    pub(crate) fn host(&self, actor: ActorNo) -> ServerNo {
        self.hosts[actor]
    }

    /// The host of each actor.
    pub(crate) fn hosts(&self) -> &[ServerNo] {
        &self.hosts
    }

    /// What is counted by place.
    pub(crate) fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    /// Counts by place from now on.
    pub(crate) fn add_tally(&mut self, tally: Tally) {
        self.tallies.push(tally);
    }

    /// The actors on a server, in no particular order.
    pub(crate) fn residents(&self, server: ServerNo) -> &[ActorNo] {
        &self.residents[server]
    }

    /// The residents of a server for which a reservation is asked, in order.
    pub(crate) fn claimants(&self, server: ServerNo) -> impl Iterator<Item = ActorNo> {
        self.claimants[server].iter().copied()
    }

    /// Predicted amount in use, on the resource's scale. Never below 0, though a server's figure
    /// may be less than the sum of its actors' figures.
    pub(crate) fn used(&self, server: ServerNo, resource: Resource) -> f64 {
        self.used[server][resource].max(0.0)
    }

    /// Predicted use in percent of the capacity; `None` if it is unknown or has no scale.
    pub(crate) fn load_perc(&self, server: ServerNo, resource: Resource) -> Option<f64> {
        match self.cluster.servers[server].gauges[resource] {
            Gauge::Known { capacity, .. } => Some(self.used(server, resource) / capacity * 100.0),
            _ => None,
        }
    }

    /// The fullest of a server's resources once `added` has come, as a share of its capacity.
    pub(crate) fn fullness_with(&self, server: ServerNo, added: &PerResource<f64>) -> f64 {
        let shares =
            self.cluster.servers[server]
                .gauges
                .iter()
                .map(|(resource, gauge)| match gauge {
                    Gauge::Known { capacity, .. } => {
                        (self.used(server, resource) + added[resource]) / capacity
                    }
                    _ => 0.0,
                });
        shares.fold(0.0, f64::max)
    }

    /// What an amount of each resource is of a server, as a share of its capacity: the greatest of them.
    pub(crate) fn share_of(&self, server: ServerNo, amounts: &PerResource<f64>) -> f64 {
        let gauges = self.cluster.servers[server].gauges.iter();
        let shares = gauges.map(|(resource, gauge)| match gauge {
            Gauge::Known { capacity, .. } => amounts[resource] / capacity,
            _ => 0.0,
        });
        shares.fold(0.0, f64::max)
    }

    /// What the members of a unit that are not yet on `to` would bring there.
    pub(crate) fn entering(&self, unit: &[ActorNo], to: ServerNo) -> PerResource<f64> {
        let entering = || unit.iter().filter(|actor| self.hosts[**actor] != to);
        PerResource::from_fn(|resource| {
            entering()
                .filter_map(|actor| self.cluster.actors[*actor].uses[resource])
                .sum()
        })
    }

    /// What moving a unit to `to` costs, in bytes.
    pub(crate) fn price(&self, unit: &[ActorNo], to: ServerNo) -> f64 {
        let moving = unit.iter().filter(|actor| self.hosts[**actor] != to);
        moving.map(|actor| self.cluster.price(*actor)).sum()
    }

    /// Puts an actor on a server.
    pub(crate) fn put(&mut self, actor: ActorNo, to: ServerNo) {
        let from = self.hosts[actor];
        if from != to {
            self.journal.push((actor, from));
            self.relocate(actor, to);
        }
    }

    /// A point to which [`Draft::rollback`] returns.
    pub(crate) fn checkpoint(&self) -> usize {
        self.journal.len()
    }

    /// Undoes everything since the checkpoint.
    pub(crate) fn rollback(&mut self, checkpoint: usize) {
        while self.journal.len() > checkpoint {
            if let Some((actor, from)) = self.journal.pop() {
                self.relocate(actor, from);
            }
        }
    }

    fn relocate(&mut self, actor: ActorNo, to: ServerNo) {
        let from = std::mem::replace(&mut self.hosts[actor], to);
        let place = self.places[actor];
        self.residents[from].swap_remove(place);
        if let Some(moved) = self.residents[from].get(place) {
            self.places[*moved] = place;
        }
        self.places[actor] = self.residents[to].len();
        self.residents[to].push(actor);
        if self.claims.contains(&actor) {
            self.claimants[from].remove(&actor);
            self.claimants[to].insert(actor);
        }
        for tally in &mut self.tallies {
            tally.follow(actor, from, to);
        }
        for (resource, amount) in self.cluster.actors[actor].uses.iter() {
            let amount = amount.unwrap_or(0.0);
            self.used[from][resource] -= amount;
            self.used[to][resource] += amount;
        }
    }
}
