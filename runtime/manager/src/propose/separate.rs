//! `separate(a, b)`: different servers. The cheaper of the two moves away, with its group.

use plasma_model::Reason;

use crate::arbitrate::admission::Block;
use crate::arbitrate::cluster::ActorNo;
use crate::arbitrate::demand::{DemandNo, Regard};
use crate::arbitrate::solver::{Solver, Target};

/// Takes two actors apart.
pub(crate) fn separate(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    a: ActorNo,
    b: ActorNo,
) -> Result<(), Reason> {
    if solver.draft.host(a) != solver.draft.host(b) {
        return Ok(());
    }
    if let Some(colocate) = solver.firmly_joined_by(a, b) {
        return Err(solver.demands.lost_against(colocate));
    }
    let mut blocked = (Block::NoOther, b);
    for regard in [Regard::All, Regard::Standing] {
        let mut best: Option<(Target, Vec<ActorNo>)> = None;
        // On a tie the second one moves.
        for (mover, other) in [(b, a), (a, b)] {
            let mut unit = solver.unit(mover, regard);
            if unit.binary_search(&other).is_ok() {
                unit = solver.unit(mover, Regard::Standing);
            }
            let away = solver
                .servers()
                .filter(|server| *server != solver.draft.host(other));
            match solver.best_target(&unit, regard, away) {
                Err(block) => blocked = blocked.max((block, mover)),
                Ok(target) => {
                    if best
                        .as_ref()
                        .is_none_or(|(best, _)| target.is_better_than(best))
                    {
                        best = Some((target, unit));
                    }
                }
            }
        }
        if let Some((target, unit)) = best {
            solver.move_unit(&unit, target.server, demand);
            return Ok(());
        }
    }
    Err(solver.reason(blocked.0, blocked.1))
}
