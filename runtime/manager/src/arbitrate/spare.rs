//! Moves that turned out to be needless: what was moved to make room, or before something better was
//! found, goes back where it was, as long as everything decided still holds and nothing follows.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::cluster::{ActorNo, ServerNo};
use super::demand::{DemandNo, Regard};
use super::passes::Solution;
use super::solver::Solver;

/// Leaves out the moves that nothing needs. A plan without them is kept only if the next one would
/// find nothing to do after it either.
pub(super) fn spare(solution: Solution<'_>) -> Solution<'_> {
    let cluster = solution.last.draft.cluster();
    let mut hosts: Vec<ServerNo> = (0..cluster.actors.len())
        .map(|actor| solution.last.draft.host(actor))
        .collect();
    let mut trial = solution.last.clone();
    let mut is_any_spared = false;
    for unit in moved_units(&solution) {
        if let Some(origin) = common_origin(&trial, &unit)
            && trial.admit(&unit, origin, Regard::Standing).is_ok()
        {
            is_any_spared = true;
            for actor in &unit {
                trial.draft.put(*actor, origin);
                hosts[*actor] = origin;
            }
        }
    }
    if !is_any_spared {
        return solution;
    }
    let mut last = Solver::new(cluster, solution.demands.clone(), &hosts);
    last.solve();
    let is_stable = last.moves.is_empty()
        && last.demands.status == solution.last.demands.status
        && last.reserved() == solution.last.reserved();
    match is_stable {
        true => Solution { last, ..solution },
        false => solution,
    }
}

/// The units that the plan moves, those that were moved for the lowest demands first.
fn moved_units(solution: &Solution<'_>) -> Vec<Vec<ActorNo>> {
    let solver = &solution.last;
    let mut units: BTreeMap<ActorNo, (DemandNo, Vec<ActorNo>)> = BTreeMap::new();
    for actor in solution.movers.keys() {
        let view = &solver.draft.cluster().actors[*actor];
        if solver.draft.host(*actor) == view.host || view.moving_to.is_some() {
            continue;
        }
        let lowest = solution.lowest_demand(*actor).unwrap_or_default();
        let unit = units.entry(solver.firm_root(*actor)).or_default();
        unit.0 = unit.0.max(lowest);
        unit.1 = solver.unit(*actor, Regard::Standing);
    }
    let mut units: Vec<_> = units.into_values().collect();
    units.sort_by_key(|(lowest, members)| (Reverse(*lowest), members.first().copied()));
    units.into_iter().map(|(_, members)| members).collect()
}

/// The server on which all members were before the plan, if there is one.
fn common_origin(solver: &Solver<'_>, unit: &[ActorNo]) -> Option<ServerNo> {
    let actors = &solver.draft.cluster().actors;
    let origin = actors[*unit.first()?].host;
    unit.iter()
        .all(|actor| actors[*actor].host == origin && actors[*actor].moving_to.is_none())
        .then_some(origin)
}
