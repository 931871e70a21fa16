//! `pin(a)`: the actor does not move. Lost only if something that ranks higher moved it already.

use plasma_model::Reason;

use crate::arbitrate::cluster::ActorNo;
use crate::arbitrate::demand::DemandNo;
use crate::arbitrate::solver::Solver;

/// Holds an actor where it was before the plan.
pub(crate) fn pin(
    solver: &mut Solver<'_>,
    _demand: DemandNo,
    actor: ActorNo,
) -> Result<(), Reason> {
    if solver.draft.host(actor) == solver.host_before(actor) {
        return Ok(());
    }
    let mut moves = solver.moves_from(0).rev();
    let mover = moves.find(|(_, members)| members.contains(&actor));
    Err(mover.map_or_else(
        || Reason::StillMoving {
            actor: solver.draft.cluster().actor_id(actor),
        },
        |(demand, _)| solver.demands.lost_against(demand),
    ))
}
