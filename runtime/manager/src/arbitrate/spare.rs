//! Moves that turned out to be needless: what was moved to make room, or before something better was
//! found, goes back where it was, as long as everything decided still holds and nothing follows.

use std::cmp::Reverse;

use super::cluster::{ActorNo, ServerNo};
use super::demand::{DemandNo, Regard};
use super::passes::Solution;
use super::solver::Solver;

/// Leaves out the moves that nothing needs. A plan without them is kept only if the next one would
/// find nothing to do after it either.
pub(super) fn spare(mut solution: Solution<'_>) -> Solution<'_> {
    let checkpoint = solution.last.draft.checkpoint();
    let reserved = solution.last.reserved();
    let mut is_any_spared = false;
    for (_, first) in moved_units(&solution) {
        let last = &mut solution.last;
        let unit = last.unit(first, Regard::Standing);
        if let Some(origin) = common_origin(last, &unit)
            && last.admit(&unit, origin, Regard::Standing).is_ok()
        {
            is_any_spared = true;
            for actor in &unit {
                last.draft.put(*actor, origin);
            }
        }
    }
    if !is_any_spared {
        return solution;
    }
    let draft = solution.last.draft.take();
    let mut trial = Solver::new(solution.demands.clone(), draft);
    trial.solve();
    let is_stable = trial.moves.is_empty()
        && trial.demands.status == solution.last.demands.status
        && trial.reserved() == reserved;
    if is_stable {
        solution.last = trial;
    } else {
        trial.draft.rollback(checkpoint);
        solution.last.draft = trial.draft;
    }
    solution
}

/// The units that the plan moves, each by the first of its members that moved and the lowest demand for
/// which one did; those that were moved for the lowest demands first.
fn moved_units(solution: &Solution<'_>) -> Vec<(Reverse<DemandNo>, ActorNo)> {
    let solver = &solution.last;
    let cluster = solver.draft.cluster();
    let mut alone = Vec::new();
    let mut grouped: Vec<(ActorNo, DemandNo)> = Vec::new();
    for movers in solution.movers.by_actor() {
        let actor = movers[0].actor;
        if solver.draft.host(actor) == cluster.host(actor) || cluster.moving_to(actor).is_some() {
            continue;
        }
        let lowest = movers.iter().map(|mover| mover.demand).max();
        let lowest = lowest.unwrap_or_default();
        match solver.demands.seats.of(actor) {
            Some(_) => grouped.push((solver.firm_root(actor), lowest)),
            None => alone.push((Reverse(lowest), actor)),
        }
    }
    grouped.sort_unstable();
    let mut units = alone;
    for of_group in grouped.chunk_by(|a, b| a.0 == b.0) {
        // In order of demand: the last is the lowest.
        if let Some((root, lowest)) = of_group.last() {
            let first = solver.unit(*root, Regard::Standing).first().copied();
            units.push((Reverse(*lowest), first.unwrap_or(*root)));
        }
    }
    units.sort_unstable();
    units
}

/// The server on which all members were before the plan, if there is one.
fn common_origin(solver: &Solver<'_>, unit: &[ActorNo]) -> Option<ServerNo> {
    let cluster = solver.draft.cluster();
    let origin = cluster.host(*unit.first()?);
    unit.iter()
        .all(|actor| cluster.host(*actor) == origin && cluster.moving_to(*actor).is_none())
        .then_some(origin)
}
