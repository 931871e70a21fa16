//! The servers that an actor could have for its own, and what each would take.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use plasma_model::{PerResource, Resource};

use super::Request;
use super::crowd::Crowd;
use crate::arbitrate::admission::Block;
use crate::arbitrate::cluster::{ActorNo, Gauge, ServerNo};
use crate::arbitrate::demand::Regard;
use crate::arbitrate::solver::Solver;

/// A server that the actor could have.
pub(super) struct Candidate {
    pub(super) server: ServerNo,
    /// Who has to leave it, the largest first.
    pub(super) strangers: Vec<ActorNo>,
    /// What the strangers use.
    pub(super) leaving: PerResource<f64>,
    /// What has to move in all, in bytes.
    price: f64,
    /// Its fullest resource afterwards, as a share of the capacity.
    fullness: f64,
}

/// What comes to a server that none of it lives on.
pub(super) struct Entering {
    pub(super) uses: PerResource<f64>,
    /// What moving it costs, in bytes.
    pub(super) price: f64,
}

/// A candidate in the order in which they are tried: the one it already has, free ones, then by what has
/// to move, how full it gets, and id.
#[derive(Clone, Copy, Debug)]
pub(super) struct Prospect {
    is_held: bool,
    is_occupied: bool,
    price: f64,
    fullness: f64,
    pub(super) server: ServerNo,
}

impl Ord for Prospect {
    fn cmp(&self, other: &Self) -> Ordering {
        let kind = |prospect: &Self| (!prospect.is_held, prospect.is_occupied);
        kind(self)
            .cmp(&kind(other))
            .then(self.price.total_cmp(&other.price))
            .then(self.fullness.total_cmp(&other.fullness))
            .then(self.server.cmp(&other.server))
    }
}

impl PartialOrd for Prospect {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Prospect {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Prospect {}

/// Servers known not to be freed for anybody, as long as nothing has moved since: where a rule asks
/// for more reservations than there is room for, most of them fail for the same reason.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unfreeable {
    moves: usize,
    blocks: BTreeMap<(ServerNo, usize), (Block, ActorNo)>,
}

impl Unfreeable {
    /// What stood against freeing a server in an attempt, if nothing has moved since.
    pub(super) fn get(
        &self,
        server: ServerNo,
        attempt: usize,
        moves: usize,
    ) -> Option<(Block, ActorNo)> {
        let block = self.blocks.get(&(server, attempt)).copied();
        block.filter(|_| self.moves == moves)
    }

    /// Remembers what stood against freeing a server.
    pub(super) fn insert(
        &mut self,
        server: ServerNo,
        attempt: usize,
        moves: usize,
        block: (Block, ActorNo),
    ) {
        if self.moves != moves {
            self.blocks.clear();
            self.moves = moves;
        }
        self.blocks.insert((server, attempt), block);
    }
}

impl Request {
    /// Where a candidate stands among the others.
    pub(super) fn prospect(&self, candidate: &Candidate) -> Prospect {
        Prospect {
            is_held: self.held_on == Some(candidate.server),
            is_occupied: !candidate.strangers.is_empty(),
            price: candidate.price,
            fullness: candidate.fullness,
            server: candidate.server,
        }
    }

    /// As [`Request::prospect`], for a server on which nobody of the unit's company lives.
    pub(super) fn prospect_of(
        &self,
        solver: &Solver<'_>,
        entering: &Entering,
        server: ServerNo,
        crowd: &Crowd,
    ) -> Prospect {
        let (coming, leaving) = (&entering.uses, &crowd.uses);
        let added = PerResource::from_fn(|resource| coming[resource] - leaving[resource]);
        Prospect {
            is_held: self.held_on == Some(server),
            is_occupied: crowd.actors > 0,
            price: crowd.price + entering.price,
            fullness: solver.draft.fullness_with(server, &added),
            server,
        }
    }

    /// What it would take for a unit to have a server.
    pub(super) fn candidate(
        &self,
        solver: &Solver<'_>,
        unit: &[ActorNo],
        server: ServerNo,
        respect: Regard,
    ) -> Candidate {
        let cluster = solver.draft.cluster();
        let use_of = |actor: ActorNo| cluster.use_of(actor, self.resource);
        let mut strangers: Vec<ActorNo> = solver.strangers(unit, server, respect).collect();
        strangers.sort_by(|a, b| use_of(*b).total_cmp(&use_of(*a)).then(a.cmp(b)));
        let price = cluster.price_of(&strangers);
        let leaving = solver.uses(&strangers);
        let mut added = solver.draft.entering(unit, server);
        for resource in Resource::ALL {
            added[resource] -= leaving[resource];
        }
        Candidate {
            server,
            price: price + solver.draft.price(unit, server),
            fullness: solver.draft.fullness_with(server, &added),
            strangers,
            leaving,
        }
    }
}

/// What is free on the servers that others could go to.
pub(super) struct FreeRoom {
    total: PerResource<f64>,
    each: Vec<PerResource<f64>>,
    /// Whether there is a server that nobody would have to leave.
    pub(super) is_some_server_free: bool,
}

impl FreeRoom {
    /// What is free at present, and what the unit leaves behind.
    pub(super) fn new(solver: &Solver<'_>, unit: &[ActorNo]) -> Self {
        let cluster = solver.draft.cluster();
        let free = |server: ServerNo, resource: Resource| {
            let view = &cluster.servers[server];
            if view.stale || solver.is_draining(server) || solver.is_reserved(server) {
                return 0.0;
            }
            match view.gauges[resource] {
                Gauge::Unchecked => f64::INFINITY,
                Gauge::Unknown => 0.0,
                Gauge::Known { capacity, .. } => {
                    (capacity - solver.draft.used(server, resource)).max(0.0)
                }
            }
        };
        let each: Vec<PerResource<f64>> = solver
            .servers()
            .map(|server| PerResource::from_fn(|resource| free(server, resource)))
            .collect();
        let left_behind = solver.uses(unit);
        let total = |resource: Resource| {
            let free: f64 = each.iter().map(|free| free[resource]).sum();
            free + left_behind[resource]
        };
        FreeRoom {
            total: PerResource::from_fn(total),
            each,
            is_some_server_free: true,
        }
    }

    /// The resource that the others have too little of for those who would have to leave a server,
    /// if there is one.
    pub(super) fn lacks(&self, candidate: &Candidate) -> Option<Resource> {
        Resource::ALL.into_iter().find(|resource| {
            let (total, own) = (
                self.total[*resource],
                self.each[candidate.server][*resource],
            );
            // With an unchecked server in it the sum is infinite, and says nothing about the rest.
            total.is_finite() && candidate.leaving[*resource] > (total - own) * (1.0 + 1e-6) + 1e-6
        })
    }
}
