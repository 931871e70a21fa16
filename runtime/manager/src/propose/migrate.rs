//! `migrate(a, s)`: the actor goes to that server with its group, and stays there.

use plasma_model::Reason;

use crate::arbitrate::admission::Block;
use crate::arbitrate::cluster::{ActorNo, ServerNo};
use crate::arbitrate::demand::{DemandNo, Regard};
use crate::arbitrate::solver::Solver;

/// Brings an actor to a server.
pub(crate) fn migrate(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    actor: ActorNo,
    to: ServerNo,
) -> Result<(), Reason> {
    let mut regard = Regard::All;
    while solver.draft.host(actor) != to {
        let unit = solver.unit(actor, regard);
        let Err(block) = solver.admit(&unit, to, regard) else {
            solver.move_unit(&unit, to, demand);
            break;
        };
        if solver.enter_making_way(&unit, to, regard, demand).is_ok() {
            break;
        }
        let firm = solver.unit(actor, Regard::Standing);
        if regard == Regard::All && firm.len() < unit.len() {
            // Too large, or without room as a whole: then what is decided so far.
            solver.dissolve(actor);
            continue;
        }
        match solver.concede(regard, block.into()) {
            Some(less) => regard = less,
            None => return Err(reason(solver, block, actor, to)),
        }
    }
    Ok(())
}

fn reason(solver: &Solver<'_>, block: Block, actor: ActorNo, to: ServerNo) -> Reason {
    let cluster = solver.draft.cluster();
    match block {
        Block::Full(resource) => Reason::NoRoomOn {
            server: cluster.servers[to].id.clone(),
            actor: cluster.actor_id(actor),
            resource,
        },
        block => solver.reason(block, actor),
    }
}
