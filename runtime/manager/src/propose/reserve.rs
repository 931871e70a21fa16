//! `reserve(a, res)`: a server of its own. A free server if there is one, otherwise the one that
//! needs the least moved is freed, the actor's own included.

mod candidate;
mod crowd;

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use plasma_model::{Reason, Resource};

use crate::arbitrate::admission::Block;
use crate::arbitrate::cluster::{ActorNo, ServerNo};
use crate::arbitrate::demand::{DemandNo, Regard, Status};
use crate::arbitrate::solver::Solver;
use candidate::{Candidate, Entering, FreeRoom};

pub(crate) use candidate::Unfreeable;
pub(crate) use crowd::Crowds;

/// Gives an actor, with those colocated with it, a server of its own. Where an earlier decision gave
/// it one, there it stays, and newcomers leave.
pub(crate) fn reserve(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    actor: ActorNo,
    resource: Resource,
) -> Result<(), Reason> {
    let host = solver.draft.host(actor);
    let held_on = solver.demands.held.get(&actor).copied();
    if !solver.is_reserved(host) && !leaves_unreserved_server(solver) {
        let actor = solver.draft.cluster().actor_id(actor);
        return Err(Reason::NoServerLeft { actor });
    }
    if solver.is_alone(actor) {
        return Ok(());
    }
    let request = Request {
        demand,
        actor,
        resource,
        held_on,
    };
    let mut blocked = (Block::NoOther, actor);
    for attempt in attempts(solver, demand) {
        match request.serve(solver, attempt) {
            Ok(()) => return Ok(()),
            Err(block) => blocked = blocked.max(block),
        }
    }
    let reason = solver.reason(blocked.0, blocked.1);
    if held_on == Some(host) {
        // Newcomers that fit nowhere else stay, but no more of them come.
        solver.rejected.push((demand, reason));
        return Ok(());
    }
    Err(reason)
}

/// Whether a server would be left for all the others if one more were reserved.
fn leaves_unreserved_server(solver: &Solver<'_>) -> bool {
    let unreserved = solver
        .servers()
        .filter(|server| !solver.is_draining(*server) && !solver.is_reserved(*server));
    unreserved.take(2).count() == 2
}

/// How hard to try.
#[derive(Clone, Copy)]
struct Attempt {
    no: usize,
    /// Which groups move whole.
    units: Regard,
    /// What the moves respect.
    respect: Regard,
}

/// The attempts that differ for this demand, the gentlest first.
fn attempts(solver: &Solver<'_>, demand: DemandNo) -> impl Iterator<Item = Attempt> + use<> {
    let groups = !solver.demands.colocations.is_empty();
    let lower = solver.demands.some_pending_after(demand);
    let attempt = |no, units, respect| Attempt { no, units, respect };
    [
        Some(attempt(0, Regard::All, Regard::All)),
        // A group too large to move at once follows its reserved member afterwards.
        groups.then_some(attempt(1, Regard::Standing, Regard::All)),
        (groups || lower).then_some(attempt(2, Regard::Standing, Regard::Standing)),
    ]
    .into_iter()
    .flatten()
}

struct Request {
    demand: DemandNo,
    actor: ActorNo,
    resource: Resource,
    held_on: Option<ServerNo>,
}

impl Request {
    fn serve(&self, solver: &mut Solver<'_>, attempt: Attempt) -> Result<(), (Block, ActorNo)> {
        let unit = solver.unit(self.actor, attempt.units);
        let company = solver.unit(self.actor, Regard::All);
        let moves = solver.moves.len();
        let mut room = FreeRoom::new(solver, &unit);
        // While it is served, its own claim does not close the host that it is about to leave.
        solver.demands.status[self.demand] = Status::Dropped;
        let mut blocked = (Block::NoOther, self.actor);
        let mut hosts: Vec<ServerNo> = company.iter().map(|a| solver.draft.host(*a)).collect();
        hosts.sort_unstable();
        let all = crowd::crowds(solver, attempt.respect);
        let entering = Entering {
            uses: solver.uses(&unit),
            price: solver.draft.cluster().price_of(&unit),
        };
        let mut prospects = Vec::new();
        for server in self.open_servers(solver) {
            let is_host = hosts.binary_search(&server).is_ok();
            match solver.unfreeable.get(server, attempt.no, moves) {
                Some(block) if !is_host => blocked = blocked.max(block),
                _ if is_host => {
                    let candidate = self.candidate(solver, &unit, server, attempt.respect);
                    prospects.push(Reverse(self.prospect(&candidate)));
                }
                _ => {
                    let crowd = &all[server];
                    prospects.push(Reverse(self.prospect_of(solver, &entering, server, crowd)));
                }
            }
        }
        room.is_some_server_free = all.iter().any(|crowd| crowd.actors == 0);
        crowd::keep(solver, attempt.respect, all);
        // The first one mostly is the one: the others need not be put into order.
        let mut prospects = BinaryHeap::from(prospects);
        while let Some(Reverse(prospect)) = prospects.pop() {
            let candidate = &self.candidate(solver, &unit, prospect.server, attempt.respect);
            let checkpoint = solver.checkpoint();
            let unevenness = solver.unevenness();
            let mut emptied = self.empty(solver, candidate, attempt, &room);
            if emptied.is_err() {
                solver.rollback(checkpoint);
                // Not without changing places: what the unit leaves behind is free, too.
                emptied = solver.while_away(&unit, candidate.server, |solver| {
                    self.empty(solver, candidate, attempt, &room)
                });
            }
            if let Err(block) = emptied
                // A cooldown is this demand's own; others may free the server.
                && !matches!(block.0, Block::Cooling(..))
                && !is_host_of(solver, &company, candidate.server)
            {
                let server = candidate.server;
                solver.unfreeable.insert(server, attempt.no, moves, block);
            }
            let entered =
                emptied.and_then(|()| self.enter(solver, &unit, candidate.server, attempt));
            let stayed_even = |()| {
                let even = solver.stayed_even(&unevenness);
                even.map_err(|block| (block, self.actor))
            };
            match entered.and_then(stayed_even) {
                Ok(()) => return Ok(()),
                Err(block) => {
                    solver.rollback(checkpoint);
                    blocked = blocked.max(block);
                }
            }
        }
        Err(blocked)
    }

    /// The servers that come into question: where it has one already, only that.
    fn open_servers(&self, solver: &Solver<'_>) -> impl Iterator<Item = ServerNo> + use<> {
        let host = solver.draft.host(self.actor);
        let sticks = self.held_on.filter(|held| *held == host);
        let mut servers = solver.servers();
        if let Some(held) = sticks {
            servers = held..held + 1;
        }
        servers
    }

    /// Moves the strangers away, each with its group to the emptiest server that admits it.
    fn empty(
        &self,
        solver: &mut Solver<'_>,
        candidate: &Candidate,
        attempt: Attempt,
        room: &FreeRoom,
    ) -> Result<(), (Block, ActorNo)> {
        let Some(largest) = candidate.strangers.first() else {
            return Ok(());
        };
        if let Some(resource) = room.lacks(candidate) {
            return Err((Block::Full(resource), *largest));
        }
        for stranger in &candidate.strangers {
            if !room.is_some_server_free
                && let Some(reserve) = solver.reservation_of(*stranger, attempt.respect)
            {
                // It is to have a server of its own, too, and there is none.
                return Err((Block::Lost(reserve), *stranger));
            }
            solver
                .may_leave(*stranger, attempt.respect)
                .map_err(|block| (block, *stranger))?;
        }
        for stranger in &candidate.strangers {
            if solver.draft.host(*stranger) != candidate.server {
                continue;
            }
            let group = solver.unit(*stranger, attempt.units);
            let target = solver
                .best_target(&group, attempt.respect, |server| server != candidate.server)
                .map_err(|blocked| (blocked.most, *stranger))?;
            solver.move_unit(&group, target.server, self.demand);
        }
        Ok(())
    }

    fn enter(
        &self,
        solver: &mut Solver<'_>,
        unit: &[ActorNo],
        server: ServerNo,
        attempt: Attempt,
    ) -> Result<(), (Block, ActorNo)> {
        solver
            .admit_unevenly(unit, server, attempt.respect)
            .map_err(|block| (block, self.actor))?;
        solver.move_unit(unit, server, self.demand);
        Ok(())
    }
}

fn is_host_of(solver: &Solver<'_>, unit: &[ActorNo], server: ServerNo) -> bool {
    unit.iter().any(|actor| solver.draft.host(*actor) == server)
}
