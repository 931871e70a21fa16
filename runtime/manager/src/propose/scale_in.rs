//! `scale_in(n)`: the servers that need the least state moved are emptied. A server that cannot be emptied
//! whole is left alone, and the next one is tried.

use plasma_model::Reason;

use super::drain::{largest_first, leave};
use crate::arbitrate::admission::Block;
use crate::arbitrate::cluster::{ActorNo, ServerNo};
use crate::arbitrate::demand::{DemandNo, Regard, Status};
use crate::arbitrate::solver::Solver;

/// Empties up to `count` servers.
pub(crate) fn scale_in(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    count: u32,
) -> Result<(), Reason> {
    // From here on: who makes way does not come to a server that is being emptied.
    solver.demands.status[demand] = Status::Standing;
    let mut first_refused: Option<Reason> = None;
    let mut emptied = 0;
    for server in candidates(solver) {
        if emptied == count {
            return Ok(());
        }
        match empty(solver, demand, server) {
            Ok(()) => emptied += 1,
            Err(reason) => {
                first_refused.get_or_insert(reason);
            }
        }
    }
    match first_refused.filter(|_| emptied < count) {
        None if emptied == count => Ok(()),
        // Some server always is the last one.
        reason => {
            let reason = reason.unwrap_or(Reason::LastServer);
            if emptied == 0 {
                return Err(reason);
            }
            solver.rejected.push((demand, reason));
            Ok(())
        }
    }
}

/// The servers in the order in which they are tried: those that an earlier pass has chosen, then those
/// from which the least has to be moved, by the placement before the plan.
fn candidates(solver: &Solver<'_>) -> Vec<ServerNo> {
    let cluster = solver.draft.cluster();
    let mut prices = vec![0.0; cluster.servers.len()];
    for actor in 0..cluster.actor_count() {
        let host = cluster.moving_to(actor).unwrap_or(cluster.host(actor));
        prices[host] += cluster.price(actor);
    }
    let is_chosen = |server: ServerNo| solver.demands.leaving.contains(&server);
    let mut servers: Vec<ServerNo> = solver.servers().collect();
    servers.sort_by(|a, b| {
        let by_choice = is_chosen(*b).cmp(&is_chosen(*a));
        by_choice
            .then(prices[*a].total_cmp(&prices[*b]))
            .then(a.cmp(b))
    });
    // What is on its way out already is nobody's choice.
    servers.retain(|server| !cluster.servers[*server].leaves);
    servers
}

/// Moves everybody off a server, or leaves everything as it was.
fn empty(solver: &mut Solver<'_>, demand: DemandNo, server: ServerNo) -> Result<(), Reason> {
    if !is_another_left(solver, server) {
        return Err(Reason::LastServer);
    }
    if let Some((block, actor)) = kept(solver, server) {
        return Err(cannot_empty(solver, server, block, actor));
    }
    let checkpoint = solver.checkpoint();
    let drain_before = solver.demands.drains.insert(server, demand);
    for resident in largest_first(solver, server) {
        if solver.draft.host(resident) != server {
            // It went with its group.
            continue;
        }
        if let Err(blocked) = leave(solver, demand, resident, server) {
            let reason = cannot_empty(solver, server, blocked.most, resident);
            solver.rollback(checkpoint);
            match drain_before {
                Some(drain) => solver.demands.drains.insert(server, drain),
                None => solver.demands.drains.remove(&server),
            };
            return Err(reason);
        }
    }
    Ok(())
}

/// Whether a server stays that takes actors in.
fn is_another_left(solver: &Solver<'_>, leaving: ServerNo) -> bool {
    let cluster = solver.draft.cluster();
    solver.servers().any(|server| {
        server != leaving
            && !cluster.servers[server].stale
            && !solver.is_draining(server)
            && !solver.is_reserved(server)
    })
}

/// A resident that keeps a server where it is: one that is pinned, or has the server for its own.
fn kept(solver: &Solver<'_>, server: ServerNo) -> Option<(Block, ActorNo)> {
    if solver.draft.cluster().servers[server].stale {
        let first = solver.draft.residents(server).min();
        return Some((Block::Stale(server), first.unwrap_or_default()));
    }
    let residents = solver.draft.residents(server);
    let kept = residents.filter_map(|actor| {
        let pin = solver.pin_of(actor, Regard::All);
        let keeps = pin.or_else(|| solver.fulfilled_reservation_of(actor, Regard::All))?;
        Some((keeps, actor))
    });
    let (demand, actor) = kept.min()?;
    Some((Block::Lost(demand), actor))
}

fn cannot_empty(solver: &Solver<'_>, server: ServerNo, block: Block, actor: ActorNo) -> Reason {
    let id = solver.draft.cluster().servers[server].id.clone();
    match block {
        Block::Stale(_) => Reason::StaleServer { server: id },
        _ => Reason::CannotEmpty {
            server: id,
            because: Box::new(solver.reason(block, actor)),
        },
    }
}
