//! From the solved placement to the plan: actions with their intents, rejections, reservations.

use std::collections::{BTreeMap, BTreeSet};

use plasma_model::{Action, ActionBody, ActionId, Decision, Intent, Reason, Rejection, Snapshot};

use super::Arbitration;
use super::budget::Within;
use super::cluster::ActorNo;
use super::demand::{Ask, DemandNo, Orphans};
use super::passes::Solution;
use super::schedule::Step;
use crate::reservation::HeldReservation;

/// Writes the plan down.
pub(super) fn assemble(
    snapshot: &Snapshot,
    intents: Vec<Intent>,
    orphans: Orphans,
    solution: &Solution<'_>,
    within: &Within,
    first_action: ActionId,
) -> Arbitration {
    let mut decision = Decision {
        t: snapshot.t,
        ..Decision::default()
    };
    for at_once in &within.steps {
        add_steps(&mut decision, solution, at_once, first_action);
    }
    decision.rejected = rejections(solution, orphans, within);
    let required = decision.rejected.iter().map(|refused| refused.intent);
    let is_required = |place: &usize| intents.get(*place).is_some_and(Intent::is_required);
    decision.unmet = required.filter(is_required).collect();
    let reserved = reservations(solution, &intents, &decision.rejected);
    decision.intents = intents;
    Arbitration {
        decision,
        reserved,
        ..Arbitration::default()
    }
}

/// The net moves, in the order in which they were made; what is colocated goes together, as far as
/// so many can move at once.
pub(super) fn steps(solution: &Solution<'_>) -> Vec<Step> {
    let solver = &solution.last;
    let mut groups: BTreeMap<ActorNo, (usize, Step)> = BTreeMap::new();
    for (actor, mover) in &solution.movers {
        let view = &solver.draft.cluster().actors[*actor];
        let to = solver.draft.host(*actor);
        if to == view.host || view.moving_to.is_some() {
            continue;
        }
        let empty = || {
            (
                0,
                Step {
                    members: Vec::new(),
                    to,
                },
            )
        };
        let (last, step) = groups.entry(solver.firm_root(*actor)).or_insert_with(empty);
        *last = mover.last.max(*last);
        step.members.push(*actor);
    }
    let mut groups: Vec<(usize, Step)> = groups.into_values().collect();
    groups.sort_by_key(|(last, step)| (*last, step.members.first().copied()));
    let waves = groups.into_iter().flat_map(|(_, Step { members, to })| {
        let waves = members
            .chunks(crate::GROUP_MEMBERS_MAX)
            .map(<[ActorNo]>::to_vec);
        waves
            .map(move |members| Step { members, to })
            .collect::<Vec<_>>()
    });
    waves.collect()
}

/// Adds steps that are done at once: more than one actor is a group.
fn add_steps(
    decision: &mut Decision,
    solution: &Solution<'_>,
    at_once: &[Step],
    first_action: ActionId,
) {
    let cluster = solution.last.draft.cluster();
    let first = first_action + decision.actions.len() as ActionId;
    let moves = || {
        let of_step = |step: &Step| {
            let to = step.to;
            step.members
                .clone()
                .into_iter()
                .map(move |actor| (actor, to))
        };
        at_once.iter().flat_map(of_step)
    };
    let group = (moves().count() > 1).then_some(first);
    for (actor, to) in moves() {
        let view = &cluster.actors[actor];
        let to = cluster.servers[to].id.clone();
        decision.placement.insert(view.id.clone(), to.clone());
        decision.actions.push(Action {
            id: first_action + decision.actions.len() as ActionId,
            body: ActionBody::Migrate {
                actor: view.id.clone(),
                from: cluster.servers[view.host].id.clone(),
                to,
            },
            epoch: None,
            deadline: None,
            group,
        });
        decision.action_intents.push(intents_of(solution, actor));
    }
}

/// The intents that an actor's move serves: those it was moved for, and the colocations that make
/// it go with others.
fn intents_of(solution: &Solution<'_>, actor: ActorNo) -> Vec<usize> {
    let solver = &solution.last;
    let moved_for = solution
        .movers
        .get(&actor)
        .map(|mover| mover.demands.as_slice());
    let colocations = solver.demands.colocations.get(&actor).into_iter().flatten();
    let demands: BTreeSet<DemandNo> = moved_for
        .unwrap_or_default()
        .iter()
        .chain(colocations.filter(|demand| solver.stands(**demand)))
        .copied()
        .collect();
    let intents: BTreeSet<usize> = demands
        .iter()
        .filter_map(|demand| solver.demands.list[*demand].intent)
        .collect();
    intents.into_iter().collect()
}

/// Everything refused, in order of intent, one reason each.
fn rejections(solution: &Solution<'_>, orphans: Orphans, within: &Within) -> Vec<Rejection> {
    let solver = &solution.last;
    let intent = |demand: DemandNo| solver.demands.list[demand].intent;
    let mut reasons: BTreeMap<usize, Reason> = orphans.into_iter().collect();
    let refused = solution.lost.iter().chain(&solver.rejected);
    let refused = refused.chain(&within.unfinished);
    for (demand, reason) in refused {
        if let Some(intent) = intent(*demand) {
            reasons.entry(intent).or_insert_with(|| reason.clone());
        }
    }
    for (actor, reason) in &within.waiting {
        for intent in intents_of(solution, *actor) {
            reasons.entry(intent).or_insert_with(|| reason.clone());
        }
    }
    reasons
        .into_iter()
        .map(|(intent, reason)| Rejection { intent, reason })
        .collect()
}

/// The reservations accepted, one for each firing that asks for them.
fn reservations(
    solution: &Solution<'_>,
    intents: &[Intent],
    rejected: &[Rejection],
) -> Vec<HeldReservation> {
    let solver = &solution.last;
    let cluster = solver.draft.cluster();
    let mut reserved = Vec::new();
    for (no, demand) in solver.demands.list.iter().enumerate() {
        let Ask::Reserve {
            actor, resource, ..
        } = demand.ask
        else {
            continue;
        };
        let Some(intent) = demand.intent.and_then(|place| intents.get(place)) else {
            continue;
        };
        let place = demand.intent.unwrap_or_default();
        let refused = rejected
            .binary_search_by_key(&place, |refused| refused.intent)
            .is_ok();
        if refused || !solver.stands(no) {
            continue;
        }
        for cause in &intent.causes {
            reserved.push(HeldReservation {
                rule_index: cause.rule_index,
                binding: cause.binding.clone(),
                actor: cluster.actors[actor].id.clone(),
                resource,
                server: cluster.servers[solver.draft.host(actor)].id.clone(),
                rule: cause.rule.clone(),
                priority: intent.priority,
                false_periods: 0,
            });
        }
    }
    reserved
}
