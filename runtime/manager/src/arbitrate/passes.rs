//! Passes over the demands, until nothing is left to do.

use std::collections::{BTreeMap, BTreeSet};

use plasma_model::Reason;

use super::cluster::{ActorNo, Cluster, ServerNo};
use super::demand::{DemandNo, Demands};
use super::draft::Draft;
use super::solver::Solver;

/// Passes after which the plan is taken as it is. Passes end by themselves, since no demand is made
/// worse by those below it; only a mean that shifts with every move (servers of different capacity, a
/// balance without bounds) could go on.
const PASSES_MAX: usize = 64;

/// Where the passes ended.
pub(super) struct Solution<'c> {
    /// The last pass, which found nothing more to do.
    pub(super) last: Solver<'c>,
    /// The demands as that pass began.
    pub(super) demands: Demands,
    /// What moved each actor, in order: the place of the last unit move, and every demand.
    pub(super) movers: BTreeMap<ActorNo, Mover>,
    /// Pins that were lost in an earlier pass, each with the demand that moved the actor.
    pub(super) lost: Vec<(DemandNo, Reason)>,
}

/// What moved one actor.
#[derive(Clone, Debug, Default)]
pub(super) struct Mover {
    pub(super) last: usize,
    pub(super) demands: Vec<DemandNo>,
}

/// Repeats passes, each on the result of the one before, until one that begins as the next plan would
/// finds nothing to do.
pub(super) fn solve<'c>(cluster: &'c Cluster<'c>, mut demands: Demands) -> Solution<'c> {
    let start = Draft::new(cluster, BTreeSet::new());
    let mut hosts: Vec<ServerNo> = (0..cluster.actors.len()).map(|no| start.host(no)).collect();
    let mut movers: BTreeMap<ActorNo, Mover> = BTreeMap::new();
    let mut lost: BTreeMap<DemandNo, Reason> = BTreeMap::new();
    let remembered = demands.held.clone();
    let mut made = 0;
    let mut moved_since_fresh = false;
    let mut passes = 0;
    loop {
        passes += 1;
        let mut solver = Solver::new(cluster, demands.clone(), &hosts);
        solver.solve();
        for moved in &solver.moves {
            made += 1;
            for actor in &moved.members {
                let mover = movers.entry(*actor).or_default();
                mover.last = made;
                mover.demands.push(moved.demand);
            }
        }
        for (demand, reason) in solver.lost_pins() {
            lost.entry(demand).or_insert(reason);
        }
        for (no, host) in hosts.iter_mut().enumerate() {
            *host = solver.draft.host(no);
        }
        moved_since_fresh |= !solver.moves.is_empty();
        // The next plan will remember what this one reserves; so does the next pass.
        let mut held = remembered.clone();
        held.extend(solver.reserved());
        let hopeless = solver.hopeless();
        let leaving = solver.leaving();
        let same_view =
            held == demands.held && hopeless == demands.hopeless && leaving == demands.leaving;
        if (same_view && !moved_since_fresh) || passes == PASSES_MAX {
            return Solution {
                last: solver,
                demands,
                movers,
                lost: lost.into_iter().collect(),
            };
        }
        demands.held = held;
        demands.hopeless = hopeless;
        demands.leaving = leaving;
        if same_view {
            // Begin as the next plan would: no colocation is given up yet.
            demands.hopeless.clear();
            moved_since_fresh = false;
        }
    }
}

impl Solution<'_> {
    /// The lowest demand that moved an actor.
    pub(super) fn lowest_demand(&self, actor: ActorNo) -> Option<DemandNo> {
        let mover = self.movers.get(&actor)?;
        mover.demands.iter().copied().max()
    }

    /// The reason for which a demand is given up that moved an actor.
    pub(super) fn no_order(&self, actor: ActorNo) -> Reason {
        let actor = self.last.draft.cluster().actors[actor].id.clone();
        Reason::NoOrder { actor }
    }
}
