//! `drain(s)`: the server is emptied by ordinary moves. What cannot leave stays, and the server receives
//! nothing all the same.

use plasma_model::Reason;

use crate::arbitrate::admission::Blocked;
use crate::arbitrate::cluster::{ActorNo, Gauge, ServerNo};
use crate::arbitrate::demand::{DemandNo, Regard};
use crate::arbitrate::solver::Solver;

/// Moves the actors of a server elsewhere, those that use most first.
pub(crate) fn drain(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    server: ServerNo,
) -> Result<(), Reason> {
    if solver.draft.cluster().servers[server].stale {
        let server = solver.draft.cluster().servers[server].id.clone();
        return Err(Reason::StaleServer { server });
    }
    let mut stays: Option<Reason> = None;
    for actor in largest_first(solver, server) {
        // It may have left with somebody else.
        if solver.draft.host(actor) != server {
            continue;
        }
        if let Err(blocked) = move_away(solver, demand, server, actor) {
            stays.get_or_insert_with(|| solver.reason(blocked.most, actor));
        }
    }
    if let Some(reason) = stays {
        solver.rejected.push((demand, reason));
    }
    Ok(())
}

/// The actors of a server, by what they use most of, in order of number where that is equal.
fn largest_first(solver: &Solver<'_>, server: ServerNo) -> Vec<ActorNo> {
    let cluster = solver.draft.cluster();
    let size = |actor: &ActorNo| {
        let uses = &cluster.actors[*actor].uses;
        let shares = uses.iter().filter_map(|(resource, amount)| {
            let Gauge::Known { capacity, .. } = cluster.servers[server].gauges[resource] else {
                return None;
            };
            Some((*amount)? / capacity)
        });
        shares.fold(0.0, f64::max)
    };
    let mut actors = solver.draft.residents(server).to_vec();
    actors.sort_by(|a, b| size(b).total_cmp(&size(a)).then(a.cmp(b)));
    actors
}

fn move_away(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    server: ServerNo,
    actor: ActorNo,
) -> Result<(), Blocked> {
    let mut regard = Regard::All;
    loop {
        let unit = solver.unit(actor, regard);
        let elsewhere = solver.servers().filter(|other| *other != server);
        match solver.best_target(&unit, regard, elsewhere) {
            Ok(target) => {
                solver.move_unit(&unit, target.server, demand);
                return Ok(());
            }
            Err(blocked) => match solver.concede(regard, blocked) {
                Some(less) => regard = less,
                None => return Err(blocked),
            },
        }
    }
}
