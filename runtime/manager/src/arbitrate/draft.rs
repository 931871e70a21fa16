//! A placement in the making: hosts and predicted loads, with every step undoable.

use std::collections::BTreeSet;

use plasma_model::{PerResource, Resource};

use super::cluster::{ActorNo, Cluster, Gauge, ServerNo};
use super::ranking::Ranking;
use super::tally::Tally;

/// Slack in comparisons with a capacity or a bound that a move must keep, relative to it: sums of
/// floats taken in another order must not decide otherwise.
pub(crate) const KEEP_TOLERANCE: f64 = 1e-9;

/// What is added to the fullness of servers that come last; far more than any of them is full.
const ASIDE: f64 = 1e12;

/// Hosts and predicted loads.
#[derive(Clone, Debug)]
pub(crate) struct Draft<'c> {
    cluster: &'c Cluster<'c>,
    hosts: Vec<u32>,
    used: Vec<PerResource<f64>>,
    residents: Vec<Vec<u32>>,
    /// Place of each actor among its host's residents.
    places: Vec<u32>,
    /// The residents of each server for which a reservation is asked, in order.
    claimants: Vec<BTreeSet<ActorNo>>,
    /// The actors for which a reservation is asked, in order.
    claims: Vec<ActorNo>,
    /// Every step since the snapshot, with the host that was left.
    journal: Vec<(u32, u32)>,
    /// What is left of the journal when the draft is reset: the moves under way.
    journal_start: usize,
    /// The loads without any step of the journal but those under way.
    used_start: Vec<PerResource<f64>>,
    tallies: Vec<Tally>,
    /// How often the residents of each server have changed.
    versions: Vec<u32>,
    /// Servers that come last in the order of fullness, since they take in nobody or almost nobody.
    is_aside: Vec<bool>,
    /// Servers in order of fullness; empty until it is first asked for.
    fullness: Ranking,
    /// Servers whose place in that order is out of date.
    outdated: Vec<u32>,
}

impl<'c> Draft<'c> {
    /// The snapshot's placement, actors on their way counted where they go to. `claims` are the
    /// actors for which a reservation is asked, in order.
    pub(crate) fn new(cluster: &'c Cluster<'c>, claims: &[ActorNo]) -> Self {
        let used = cluster.servers.iter().map(|server| {
            PerResource::from_fn(|resource| match server.gauges[resource] {
                Gauge::Known { used, .. } => used,
                _ => 0.0,
            })
        });
        let hosts = cluster.hosts().to_vec();
        let mut numbers = vec![0_usize; cluster.servers.len()];
        for host in &hosts {
            numbers[*host as usize] += 1;
        }
        let residents = numbers.into_iter().map(Vec::with_capacity);
        let mut draft = Draft {
            cluster,
            used: used.collect(),
            residents: residents.collect(),
            places: Vec::with_capacity(hosts.len()),
            hosts,
            claimants: vec![BTreeSet::new(); cluster.servers.len()],
            claims: claims.to_vec(),
            journal: Vec::new(),
            journal_start: 0,
            used_start: Vec::new(),
            tallies: Vec::new(),
            versions: vec![0; cluster.servers.len()],
            is_aside: vec![false; cluster.servers.len()],
            fullness: Ranking::new(Vec::new()),
            outdated: Vec::new(),
        };
        for (no, host) in draft.hosts.iter().enumerate() {
            let residents = &mut draft.residents[*host as usize];
            draft.places.push(residents.len() as u32);
            residents.push(no as u32);
        }
        for claim in &draft.claims {
            draft.claimants[draft.hosts[*claim] as usize].insert(*claim);
        }
        for (no, to) in cluster.moving() {
            draft.put(no, to);
        }
        draft.journal_start = draft.journal.len();
        draft.used_start.clone_from(&draft.used);
        draft
    }

    /// Puts everybody back to where the draft began.
    pub(crate) fn reset(&mut self) {
        self.tallies.clear();
        self.rollback(self.journal_start);
        // Without the rounding of what has been added and taken off.
        self.used.clone_from(&self.used_start);
        self.fullness = Ranking::new(Vec::new());
        self.outdated.clear();
    }

    /// The cluster that is placed.
    pub(crate) fn cluster(&self) -> &'c Cluster<'c> {
        self.cluster
    }

    /// An actor's host.
    pub(crate) fn host(&self, actor: ActorNo) -> ServerNo {
        self.hosts[actor] as ServerNo
    }

    /// The host of each actor.
    pub(crate) fn hosts(&self) -> &[u32] {
        &self.hosts
    }

    /// Takes the placement, and leaves one of nobody.
    pub(crate) fn take(&mut self) -> Self {
        let nobody = Draft {
            cluster: self.cluster,
            hosts: Vec::new(),
            used: Vec::new(),
            residents: Vec::new(),
            places: Vec::new(),
            claimants: Vec::new(),
            claims: Vec::new(),
            journal: Vec::new(),
            journal_start: 0,
            used_start: Vec::new(),
            tallies: Vec::new(),
            versions: Vec::new(),
            is_aside: Vec::new(),
            fullness: Ranking::new(Vec::new()),
            outdated: Vec::new(),
        };
        std::mem::replace(self, nobody)
    }

    /// What is counted by place.
    pub(crate) fn tallies(&self) -> &[Tally] {
        &self.tallies
    }

    /// Counts by place from now on.
    pub(crate) fn add_tally(&mut self, tally: Tally) {
        self.tallies.push(tally);
    }

    /// Begins a pass: counts nothing any more, and puts no server aside but those that take in nobody.
    pub(crate) fn begin_pass(&mut self) {
        self.tallies.clear();
        for (server, view) in self.cluster.servers.iter().enumerate() {
            let closed = view.stale || view.draining;
            if std::mem::replace(&mut self.is_aside[server], closed) != closed {
                self.outdated.push(server as u32);
            }
        }
    }

    /// The actors on a server, in no particular order.
    pub(crate) fn residents(&self, server: ServerNo) -> impl ExactSizeIterator<Item = ActorNo> {
        let residents = self.residents[server].iter();
        residents.map(|actor| *actor as ActorNo)
    }

    /// How often the residents of a server have changed.
    pub(crate) fn version(&self, server: ServerNo) -> u32 {
        self.versions[server]
    }

    /// Whether nobody is on a server.
    pub(crate) fn is_empty(&self, server: ServerNo) -> bool {
        self.residents[server].is_empty()
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

    /// Brings the order of the servers by fullness up to date, for [`Draft::by_fullness`].
    pub(crate) fn rank_by_fullness(&mut self) {
        if self.fullness.figures().is_empty() {
            let servers = 0..self.cluster.servers.len();
            let figures = servers.map(|server| self.fullness_figure(server));
            self.fullness = Ranking::new(figures.collect());
        }
        while let Some(server) = self.outdated.pop() {
            let server = server as ServerNo;
            let figure = self.fullness_figure(server);
            self.fullness.set(server, figure);
        }
    }

    /// The least full server that is not put aside.
    pub(crate) fn least_full(&self) -> Option<ServerNo> {
        let first = self.fullness.first()?;
        (self.fullness.figure(first) < ASIDE).then_some(first)
    }

    fn fullness_figure(&self, server: ServerNo) -> f64 {
        let fullness = self.fullness_with(server, &PerResource::default());
        match self.is_aside[server] {
            true => fullness + ASIDE,
            false => fullness,
        }
    }

    /// Puts a server last in the order of fullness.
    pub(crate) fn set_aside(&mut self, server: ServerNo) {
        self.is_aside[server] = true;
        self.outdated.push(server as u32);
    }

    /// The servers, the least full first, then by number, as they were ranked last.
    pub(crate) fn by_fullness(&self) -> &Ranking {
        &self.fullness
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
        let entering = || unit.iter().filter(|actor| self.host(**actor) != to);
        PerResource::from_fn(|resource| {
            entering()
                .map(|actor| self.cluster.use_of(*actor, resource))
                .sum()
        })
    }

    /// What moving a unit to `to` costs, in bytes.
    pub(crate) fn price(&self, unit: &[ActorNo], to: ServerNo) -> f64 {
        let moving = unit.iter().filter(|actor| self.host(**actor) != to);
        moving.map(|actor| self.cluster.price(*actor)).sum()
    }

    /// Puts an actor on a server.
    pub(crate) fn put(&mut self, actor: ActorNo, to: ServerNo) {
        let from = self.hosts[actor];
        if from as ServerNo != to {
            self.journal.push((actor as u32, from));
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
                self.relocate(actor as ActorNo, from as ServerNo);
            }
        }
    }

    fn relocate(&mut self, actor: ActorNo, to: ServerNo) {
        let from = std::mem::replace(&mut self.hosts[actor], to as u32) as ServerNo;
        let place = self.places[actor] as usize;
        self.residents[from].swap_remove(place);
        if let Some(moved) = self.residents[from].get(place) {
            self.places[*moved as usize] = place as u32;
        }
        self.places[actor] = self.residents[to].len() as u32;
        self.residents[to].push(actor as u32);
        if !self.claims.is_empty() && self.claims.binary_search(&actor).is_ok() {
            self.claimants[from].remove(&actor);
            self.claimants[to].insert(actor);
        }
        for tally in &mut self.tallies {
            tally.follow(actor, from, to);
        }
        for resource in Resource::ALL {
            let amount = self.cluster.use_of(actor, resource);
            self.used[from][resource] -= amount;
            self.used[to][resource] += amount;
        }
        for server in [from, to] {
            self.versions[server] = self.versions[server].wrapping_add(1);
        }
        if !self.fullness.figures().is_empty() {
            self.outdated.extend([from as u32, to as u32]);
        }
    }
}
