//! `drain(s)`: nothing comes to the server, and who is on it leaves. What cannot leave stays, with the
//! reason; the server receives nothing all the same.

use plasma_model::Reason;

use crate::arbitrate::admission::{Block, Blocked};
use crate::arbitrate::cluster::{ActorNo, ServerNo};
use crate::arbitrate::demand::{DemandNo, Regard, Status};
use crate::arbitrate::solver::Solver;

/// Moves the actors of a server elsewhere, the largest first, each with its group.
pub(crate) fn drain(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    server: ServerNo,
) -> Result<(), Reason> {
    // From here on: who makes way for those that leave does not come here either.
    solver.demands.status[demand] = Status::Standing;
    let mut kept: Option<(Block, ActorNo)> = None;
    for resident in largest_first(solver, server) {
        if solver.draft.host(resident) != server {
            // It went with its group.
            continue;
        }
        if let Err(blocked) = leave(solver, demand, resident, server)
            && kept.is_none_or(|(most, _)| blocked.most > most)
        {
            kept = Some((blocked.most, resident));
        }
    }
    if let Some((block, actor)) = kept {
        let reason = solver.reason(block, actor);
        solver.rejected.push((demand, reason));
    }
    Ok(())
}

/// The residents of a server, those first that need the most room.
pub(super) fn largest_first(solver: &Solver<'_>, server: ServerNo) -> Vec<ActorNo> {
    let fullness = |actor: ActorNo| {
        let uses = solver.uses(&[actor]);
        solver.draft.share_of(server, &uses)
    };
    let residents = solver.draft.residents(server);
    let mut residents: Vec<(f64, ActorNo)> =
        residents.map(|actor| (fullness(actor), actor)).collect();
    residents.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    residents.into_iter().map(|(_, actor)| actor).collect()
}

/// Moves an actor with its group to the best other server. Less and less of what ranks lower is
/// respected until there is one.
pub(super) fn leave(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    actor: ActorNo,
    from: ServerNo,
) -> Result<(), Blocked> {
    let mut regard = Regard::All;
    loop {
        let unit = solver.unit(actor, regard);
        let blocked = match solver.best_target(&unit, regard, |server| server != from) {
            Ok(target) => {
                solver.move_unit(&unit, target.server, demand);
                return Ok(());
            }
            Err(blocked) => blocked,
        };
        if solver.leave_making_way(&unit, from, regard, demand) {
            return Ok(());
        }
        let firm = solver.unit(actor, Regard::Standing);
        if regard == Regard::All && firm.len() < unit.len() {
            // Too large, or without room as a whole: then what is decided so far.
            solver.dissolve(actor);
            continue;
        }
        match solver.concede(regard, blocked) {
            Some(less) => regard = less,
            None => return Err(blocked),
        }
    }
}
