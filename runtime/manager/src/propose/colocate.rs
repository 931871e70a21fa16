//! `colocate(a, b)`: same server. The whole group gathers where its fixed member is, or where the
//! least has to move.

use plasma_model::Reason;

use crate::arbitrate::admission::{Block, Blocked};
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
    if let Err(blocked) = gather(solver, demand, a, b) {
        // The one that could have moved is the one without room.
        let mover = if solver.may_leave(a, Regard::All).is_ok() {
            a
        } else {
            b
        };
        return Err(solver.reason(blocked.most, mover));
    }
    solver.join_firmly(a, b, demand);
    Ok(())
}

fn gather(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    a: ActorNo,
    b: ActorNo,
) -> Result<(), Blocked> {
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
    let mut regard = Regard::All;
    loop {
        let Err(blocked) = gather_unit(solver, demand, &pair, regard) else {
            return Ok(());
        };
        match solver.concede(regard, blocked) {
            Some(less) => regard = less,
            None => return Err(blocked),
        }
    }
}

/// Gathers a unit on the best server; where none admits it as it is, on the first that others can
/// leave for it.
fn gather_unit(
    solver: &mut Solver<'_>,
    demand: DemandNo,
    unit: &[ActorNo],
    regard: Regard,
) -> Result<(), Blocked> {
    let fixed = fixed_host(solver, unit, regard)?;
    let target = match fixed {
        Some(fixed) => solver.best_of(unit, regard, std::iter::once(fixed)),
        None => solver.best_target(unit, regard, |_| true),
    };
    match target {
        Ok(target) => {
            solver.move_unit(unit, target.server, demand);
            Ok(())
        }
        Err(blocked) => {
            // Others leave only for those that are to be apart from them.
            if !unit.iter().any(|actor| solver.is_to_be_apart(*actor)) {
                return Err(blocked);
            }
            let mut hosts: Vec<ServerNo> = unit.iter().map(|a| solver.draft.host(*a)).collect();
            hosts.sort_unstable();
            hosts.dedup();
            hosts.retain(|host| fixed.is_none_or(|fixed| fixed == *host));
            let mut hosts = hosts.into_iter();
            let entered = hosts.any(|server| {
                let entered = solver.enter_making_way(unit, server, regard, demand);
                entered.is_ok()
            });
            if entered { Ok(()) } else { Err(blocked) }
        }
    }
}

/// The host of the members that may not leave theirs, if there are such. Two such hosts: the one of
/// the two that tells more.
fn fixed_host(
    solver: &Solver<'_>,
    unit: &[ActorNo],
    regard: Regard,
) -> Result<Option<ServerNo>, Block> {
    let mut fixed: Option<(ServerNo, Block)> = None;
    for actor in unit {
        let Err(block) = solver.may_leave(*actor, regard) else {
            continue;
        };
        let host = solver.draft.host(*actor);
        match fixed {
            Some((other, by)) if other != host => return Err(by.max(block)),
            _ => fixed = Some((host, block)),
        }
    }
    Ok(fixed.map(|(host, _)| host))
}
