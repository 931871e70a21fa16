//! `migrate(a, s)`: the actor lives on the server, with those colocated with it.

use plasma_model::Reason;

use crate::arbitrate::cluster::{ActorNo, ServerNo};
use crate::arbitrate::demand::{DemandNo, Regard};
use crate::arbitrate::solver::Solver;

/// Brings an actor to a server; those that must be apart from it leave for it.
pub(crate) fn migrate(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    actor: ActorNo,
    to: ServerNo,
) -> Result<(), Reason> {
    if solver.draft.host(actor) == to {
        return Ok(());
    }
    let mut regard = Regard::All;
    loop {
        let unit = solver.unit(actor, regard);
        let blocked = match solver.best_target(&unit, regard, std::iter::once(to)) {
            Ok(target) => {
                solver.move_unit(&unit, target.server, demand);
                return Ok(());
            }
            Err(blocked) => blocked,
        };
        if solver.enter_making_way(&unit, to, regard, demand).is_ok() {
            return Ok(());
        }
        match solver.concede(regard, blocked) {
            Some(less) => regard = less,
            None => return Err(solver.reason(blocked.most, actor)),
        }
    }
}
