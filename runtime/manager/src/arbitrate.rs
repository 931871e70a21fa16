//! Arbitration: all intents of a period, solved together into one plan.
//!
//! Demands are served in strict order (priority, rank of the behavior, rule, binding), each with
//! the semantics *repair it, never make it worse*: what ranks higher is kept by every move made for
//! what ranks lower, and what ranks lower is harmed only where there is no other way. Capacity is
//! never given up. The pass is repeated on its own result until it finds nothing more to do; so a
//! plan carried out on an unchanged workload is followed by an empty one. The reasons for this shape
//! are in docs/decisions/.

pub(crate) mod admission;
mod budget;
mod by_actor;
pub(crate) mod cluster;
pub(crate) mod demand;
pub(crate) mod draft;
mod groups;
mod merge;
mod once;
mod passes;
mod plan;
pub(crate) mod ranking;
mod required;
mod respect;
mod restrained;
mod scale;
mod schedule;
pub(crate) mod solver;
mod spare;
pub(crate) mod tally;
mod way;
mod whole;

use std::collections::{BTreeMap, BTreeSet};

use plasma_columns::Columns;
use plasma_model::{ActionId, ActorId, Decision, Intent, ServerId};

use crate::reservation::{HeldReservation, Memory};
use crate::restraint::Restraints;
use crate::scaling::Scaling;
use cluster::ActorNo;
pub use cluster::Cluster;
use demand::{DemandNo, Demands};
use draft::Draft;
pub use once::Occasion;
use passes::solve;
use schedule::{Schedule, schedule};

/// Rounds in which only one demand is given up where moves wait for one another; then all of them
/// are, so that a plan of many moves is found soon.
const ROUNDS_ONE_BY_ONE: usize = 8;

/// What arbitration knows beside the cluster and the intents.
#[derive(Clone, Copy, Debug)]
pub struct Circumstances<'a> {
    /// The reservations in force.
    pub memory: &'a Memory,
    /// Actors whose move has been ordered and has not ended, and where they go: they count as there,
    /// and no other action moves them.
    pub moving: &'a BTreeMap<ActorId, ServerId>,
    /// What earlier moves forbid.
    pub restraints: &'a Restraints,
    /// The servers that were ordered or are to leave, and how many there may be.
    pub scaling: &'a Scaling,
    /// The firings that had their order, of those of the period before.
    pub done: &'a BTreeSet<Occasion>,
    /// The number of the plan's first action.
    pub first_action: ActionId,
}

/// What arbitration decided.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arbitration {
    /// The plan, with a reason for everything refused.
    pub decision: Decision,
    /// The reservations that this plan makes or confirms.
    pub reserved: Vec<HeldReservation>,
    /// The firings that have had what is done once for each of them.
    pub done: BTreeSet<Occasion>,
}

/// What arbitration has just done; for whoever measures it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Equal intents are one, and all are in their order.
    Ordered,
    /// The demands are met, as far as they can be.
    Solved,
    /// The moves are in an order in which they can be carried out.
    Scheduled,
    /// The plan is written down.
    Written,
}

/// Solves the intents of a period into one plan. The same input gives the same plan, in whatever
/// order the intents come.
pub fn arbitrate(
    columns: &Columns,
    intents: Vec<Intent>,
    circumstances: Circumstances<'_>,
) -> Arbitration {
    let removing = &circumstances.scaling.removing;
    let cluster = Cluster::new(columns, circumstances.moving, removing);
    arbitrate_cluster(&cluster, intents, circumstances, &mut |_| {})
}

/// As [`arbitrate`], for a cluster that has been read; `watch` is called at the end of each phase.
pub fn arbitrate_cluster(
    cluster: &Cluster<'_>,
    intents: Vec<Intent>,
    circumstances: Circumstances<'_>,
    watch: &mut dyn FnMut(Phase),
) -> Arbitration {
    let merged = merge::merge(intents, cluster);
    let scaling = circumstances.scaling;
    let servers = scale::plan(&merged.list, cluster, scaling);
    let (mut demands, orphans) = Demands::new(
        cluster,
        &merged,
        circumstances.memory,
        servers.removing,
        circumstances.restraints,
    );
    watch(Phase::Ordered);
    let mut draft = Draft::new(cluster, &demands.claims);
    for round in 0.. {
        let mut solution = spare::spare(solve(draft, demands.clone()));
        watch(Phase::Solved);
        let wanted = plan::steps(&solution);
        let Schedule { steps, stuck } = schedule(&mut solution.last, wanted);
        watch(Phase::Scheduled);
        if stuck.is_empty() {
            let first = circumstances.first_action;
            let budgets = &circumstances.restraints.budgets;
            let within = budget::within(&mut solution.last, steps, budgets);
            let placed = plan::assemble(&merged.list, orphans, &solution, &within, first);
            let mut placed = servers.add_orders(placed, &solution, first);
            drop(solution);
            drop(demands);
            placed.decision.intents = merged.list;
            let plan = once::add_orders(placed, circumstances);
            watch(Phase::Written);
            return plan;
        }
        // Moves that wait for one another make no plan: the lowest demand behind them is given up,
        // and where that does not help for long, the lowest behind each.
        let waiting = stuck.iter().flat_map(|step| step.members.first());
        let mut behind: Vec<(DemandNo, ActorNo)> = waiting
            .filter_map(|actor| Some((solution.lowest_demand(*actor)?, *actor)))
            .collect();
        behind.sort_unstable();
        let spared = match round < ROUNDS_ONE_BY_ONE {
            true => behind.len().saturating_sub(1),
            false => 0,
        };
        for (demand, actor) in behind.drain(spared..) {
            demands.give_up(demand, solution.no_order(actor));
        }
        solution.last.draft.reset();
        draft = solution.last.draft;
    }
    unreachable!("each round gives up a demand, and there are only so many")
}
