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
    if solver.draft.host(actor) == solver.hosts_before[actor] {
        return Ok(());
    }
    let mover = solver
        .moves
        .iter()
        .rev()
        .find(|made| made.members.contains(&actor));
    Err(mover.map_or_else(
        || Reason::StillMoving {
            actor: solver.draft.cluster().actors[actor].id.clone(),
        },
        |made| solver.demands.lost_against(made.demand),
    ))
}
