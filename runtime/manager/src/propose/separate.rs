//! `separate(a, b)`: different servers. The cheaper of the two moves away, with its group.

use plasma_model::Reason;

use crate::arbitrate::admission::Blocked;
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
    let mut regard = Regard::All;
    loop {
        let mut best: Option<(Target, Vec<ActorNo>)> = None;
        let mut blocked = (Blocked::NOWHERE, b);
        // On a tie the second one moves.
        for (mover, other) in [(b, a), (a, b)] {
            let mut unit = solver.unit(mover, regard);
            if unit.binary_search(&other).is_ok() {
                unit = solver.unit(mover, Regard::Standing);
            }
            let from = solver.draft.host(other);
            match solver.best_target(&unit, regard, |server| server != from) {
                Err(block) => {
                    let reason_of = if block.most > blocked.0.most {
                        mover
                    } else {
                        blocked.1
                    };
                    blocked = (blocked.0.and(block), reason_of);
                }
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
        if others_make_way(solver, demand, a, b, regard) {
            return Ok(());
        }
        match solver.concede(regard, blocked.0) {
            Some(less) => regard = less,
            None => return Err(solver.reason(blocked.0.most, blocked.1)),
        }
    }
}

/// Moves one of the two where others leave for it, if that can be.
fn others_make_way(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    a: ActorNo,
    b: ActorNo,
    regard: Regard,
) -> bool {
    let host = solver.draft.host(a);
    [b, a].into_iter().any(|mover| {
        let unit = solver.unit(mover, Regard::Standing);
        solver.leave_making_way(&unit, host, regard, demand)
    })
}
