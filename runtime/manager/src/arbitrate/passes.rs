//! Passes over the demands, until nothing is left to do.

use std::collections::BTreeMap;

use plasma_model::Reason;

use super::cluster::ActorNo;
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
    pub(super) demands: Demands<'c>,
    /// What moved each actor.
    pub(super) movers: Movers,
    /// Pins that were lost in an earlier pass, each with the demand that moved the actor.
    pub(super) lost: Vec<(DemandNo, Reason)>,
}

/// What moved each actor, by actor, then in order.
#[derive(Debug, Default)]
pub(super) struct Movers(Vec<Mover>);

/// A move of an actor's unit.
#[derive(Clone, Copy, Debug)]
pub(super) struct Mover {
    pub(super) actor: ActorNo,
    /// Its place among all unit moves.
    pub(super) place: usize,
    pub(super) demand: DemandNo,
}

impl Movers {
    /// What moved an actor, in order.
    pub(super) fn of(&self, actor: ActorNo) -> &[Mover] {
        let begin = self.0.partition_point(|mover| mover.actor < actor);
        let moved = self.0[begin..].iter();
        let count = moved.take_while(|mover| mover.actor == actor).count();
        &self.0[begin..begin + count]
    }

    /// The actors that were moved, in order, each with what moved it.
    pub(super) fn by_actor(&self) -> impl Iterator<Item = &[Mover]> {
        self.0.chunk_by(|a, b| a.actor == b.actor)
    }
}

/// Repeats passes, each on the result of the one before, until one that begins as the next plan would
/// finds nothing to do. The first begins where the draft is.
pub(super) fn solve<'c>(mut draft: Draft<'c>, mut demands: Demands<'c>) -> Solution<'c> {
    let mut movers = Vec::new();
    let mut lost: BTreeMap<DemandNo, Reason> = BTreeMap::new();
    let remembered = demands.held.clone();
    let mut made = 0;
    let mut moved_since_fresh = false;
    let mut passes = 0;
    loop {
        passes += 1;
        if demands.hopeless.is_empty() {
            // As the next plan would begin.
            moved_since_fresh = false;
        }
        let mut solver = Solver::new(demands.clone(), draft);
        solver.solve();
        for (demand, members) in solver.moves_from(0) {
            made += 1;
            movers.extend(members.iter().map(|actor| Mover {
                actor: *actor,
                place: made,
                demand,
            }));
        }
        for (demand, reason) in solver.lost_pins() {
            lost.entry(demand).or_insert(reason);
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
            movers.sort_by_key(|mover| mover.actor);
            return Solution {
                last: solver,
                demands,
                movers: Movers(movers),
                lost: lost.into_iter().collect(),
            };
        }
        demands.held = held;
        demands.hopeless = hopeless;
        demands.leaving = leaving;
        if same_view {
            // Begin as the next plan would: no colocation is given up yet.
            demands.hopeless.clear();
        }
        draft = solver.draft;
    }
}

impl Solution<'_> {
    /// The lowest demand that moved an actor.
    pub(super) fn lowest_demand(&self, actor: ActorNo) -> Option<DemandNo> {
        let movers = self.movers.of(actor).iter();
        movers.map(|mover| mover.demand).max()
    }

    /// The reason for which a demand is given up that moved an actor.
    pub(super) fn no_order(&self, actor: ActorNo) -> Reason {
        let actor = self.last.draft.cluster().actor_id(actor);
        Reason::NoOrder { actor }
    }
}
