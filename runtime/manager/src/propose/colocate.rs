//! `colocate(a, b)`: same server. The whole group gathers where its fixed member is, or where the
//! least has to move.

use plasma_model::Reason;

use crate::arbitrate::admission::Block;
use crate::arbitrate::cluster::{ActorNo, ServerNo};
use crate::arbitrate::demand::{DemandNo, Regard};
use crate::arbitrate::solver::Solver;

/// Brings two actors, and with them their group, to one server.
pub(crate) fn colocate(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    a: ActorNo,
    b: ActorNo,
) -> Result<(), Reason> {
    if let Err(block) = gather(solver, demand, a, b) {
        // The one that could have moved is the one without room.
        let mover = if solver.may_leave(a, Regard::All).is_ok() {
            a
        } else {
            b
        };
        return Err(solver.reason(block, mover));
    }
    solver.join_firmly(a, b, demand);
    Ok(())
}

fn gather(solver: &mut Solver<'_>, demand: DemandNo, a: ActorNo, b: ActorNo) -> Result<(), Block> {
    if solver.draft.host(a) == solver.draft.host(b) {
        return Ok(());
    }
    if solver.are_together(a, b, Regard::All) {
        let whole = solver.unit(a, Regard::All);
        if gather_unit(solver, demand, &whole, Regard::All).is_ok() {
            return Ok(());
        }
        solver.dissolve(a);
    }
    // Too large, or without room as a whole: then what is decided so far and these two.
    let pair = solver.firm_pair(a, b);
    gather_unit(solver, demand, &pair, Regard::All)
        .or_else(|_| gather_unit(solver, demand, &pair, Regard::Standing))
}

fn gather_unit(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    unit: &[ActorNo],
    regard: Regard,
) -> Result<(), Block> {
    let fixed = fixed_host(solver, unit, regard)?;
    let candidates = solver
        .servers()
        .filter(|server| fixed.is_none_or(|fixed| fixed == *server));
    let target = solver.best_target(unit, regard, candidates)?;
    solver.move_unit(unit, target.server, demand);
    Ok(())
}

/// The host of the members that may not leave theirs, if there are such. Two such hosts: what holds
/// the second member.
fn fixed_host(
    solver: &Solver<'_>,
    unit: &[ActorNo],
    regard: Regard,
) -> Result<Option<ServerNo>, Block> {
    let mut fixed: Option<ServerNo> = None;
    for actor in unit {
        let Err(block) = solver.may_leave(*actor, regard) else {
            continue;
        };
        let host = solver.draft.host(*actor);
        if fixed.is_some_and(|fixed| fixed != host) {
            return Err(block);
        }
        fixed = Some(host);
    }
    Ok(fixed)
}
