//! From the solved placement to the plan: actions with their intents, rejections, reservations.

use std::collections::BTreeMap;

use plasma_model::{
    Action, ActionBody, ActionId, ActorId, Decision, Intent, Reason, Rejection, ServerId,
};

use super::Arbitration;
use super::budget::Within;
use super::cluster::ActorNo;
use super::demand::{Ask, DemandNo, Orphans};
use super::passes::Solution;
use super::schedule::{Step, at_once};
use crate::reservation::HeldReservation;

/// Writes the plan down; the intents are left to be added.
pub(super) fn assemble(
    intents: &[Intent],
    orphans: Orphans,
    solution: &Solution<'_>,
    within: &Within,
    first_action: ActionId,
) -> Arbitration {
    let cluster = solution.last.draft.cluster();
    let mut decision = Decision {
        t: cluster.t_seconds(),
        ..Decision::default()
    };
    let moves: usize = within.steps.iter().map(|step| step.members.len()).sum();
    decision.actions.reserve(moves);
    decision.action_intents.reserve(moves);
    for at_once in at_once(&within.steps) {
        add_steps(&mut decision, solution, at_once, first_action);
    }
    decision.placement = placement(&within.steps, &decision.actions);
    decision.rejected = rejections(intents.len(), solution, orphans, within);
    let required = decision.rejected.iter().map(|refused| refused.intent);
    let is_required = |place: &usize| intents.get(*place).is_some_and(Intent::is_required);
    decision.unmet = required.filter(is_required).collect();
    let reserved = reservations(solution, intents, &decision.rejected);
    Arbitration {
        decision,
        reserved,
        ..Arbitration::default()
    }
}

/// Where each moved actor will be; the actions are those of the steps.
fn placement(steps: &[Step], actions: &[Action]) -> BTreeMap<ActorId, ServerId> {
    let moves = steps.iter().flat_map(Step::moves).zip(actions);
    let mut moves: Vec<(ActorNo, &Action)> =
        moves.map(|((actor, _), action)| (actor, action)).collect();
    // Numbers are in order of id, in which a map is made fastest.
    moves.sort_unstable_by_key(|(actor, _)| *actor);
    let placed = moves
        .into_iter()
        .filter_map(|(_, action)| match &action.body {
            ActionBody::Migrate { actor, to, .. } => Some((actor.clone(), to.clone())),
            _ => None,
        });
    placed.collect()
}

/// The net moves, in the order in which they were made; what is colocated goes together, as far as
/// so many can move at once.
pub(super) fn steps(solution: &Solution<'_>) -> Vec<Step> {
    let solver = &solution.last;
    let cluster = solver.draft.cluster();
    let mut moved: Vec<(ActorNo, ActorNo, usize)> = Vec::new();
    for movers in solution.movers.by_actor() {
        let actor = movers[0].actor;
        if solver.draft.host(actor) == cluster.host(actor) || cluster.moving_to(actor).is_some() {
            continue;
        }
        let last = movers.last().map_or(0, |mover| mover.place);
        moved.push((solver.firm_root(actor), actor, last));
    }
    moved.sort_unstable();
    let mut groups: Vec<(usize, Step)> = Vec::with_capacity(moved.len());
    for group in moved.chunk_by(|a, b| a.0 == b.0) {
        let members: Vec<ActorNo> = group.iter().map(|(_, actor, _)| *actor).collect();
        let last = group.iter().map(|(_, _, last)| *last).max();
        let to = solver.draft.host(members[0]);
        groups.push((last.unwrap_or_default(), Step::new(members, to)));
    }
    groups.sort_by_key(|(last, step)| (*last, step.members.first().copied()));
    let mut steps = Vec::with_capacity(groups.len());
    for (_, step) in groups {
        if step.members.len() <= crate::GROUP_MEMBERS_MAX {
            steps.push(step);
            continue;
        }
        let waves = step.members.chunks(crate::GROUP_MEMBERS_MAX);
        steps.extend(waves.map(|members| Step::new(members.to_vec(), step.to)));
    }
    steps
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
    let moves = || at_once.iter().flat_map(Step::moves);
    let group = moves().nth(1).map(|_| first);
    for (actor, to) in moves() {
        decision.actions.push(Action {
            id: first_action + decision.actions.len() as ActionId,
            body: ActionBody::Migrate {
                actor: cluster.actor_id(actor),
                from: cluster.servers[cluster.host(actor)].id.clone(),
                to: cluster.servers[to].id.clone(),
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
    let moved_for = solution.movers.of(actor).iter().map(|mover| mover.demand);
    let colocations = solver.demands.colocations.of(actor).iter().copied();
    let demands = moved_for.chain(colocations.filter(|demand| solver.stands(*demand)));
    let intents = demands.filter_map(|demand| solver.demands.intent(demand));
    let mut intents: Vec<usize> = intents.collect();
    intents.sort_unstable();
    intents.dedup();
    intents
}

/// Everything refused, in order of intent, one reason each.
fn rejections(
    intents: usize,
    solution: &Solution<'_>,
    orphans: Orphans,
    within: &Within,
) -> Vec<Rejection> {
    let demands = &solution.last.demands;
    let mut known = vec![false; intents];
    let mut rejected: Vec<Rejection> = Vec::new();
    let mut refuse = |intent: usize, reason: &Reason| {
        if !std::mem::replace(&mut known[intent], true) {
            let reason = reason.clone();
            rejected.push(Rejection { intent, reason });
        }
    };
    for (intent, reason) in &orphans {
        refuse(*intent, reason);
    }
    let refused = solution.lost.iter().chain(&solution.last.rejected);
    for (demand, reason) in refused {
        if let Some(intent) = demands.intent(*demand) {
            refuse(intent, reason);
        }
    }
    if let Some(reason) = &within.because {
        for intent in within
            .unfinished
            .iter()
            .filter_map(|no| demands.intent(*no))
        {
            refuse(intent, reason);
        }
    }
    for (actor, reason) in within.waiting_actors() {
        for intent in intents_of(solution, actor) {
            refuse(intent, reason);
        }
    }
    rejected.sort_by_key(|refused| refused.intent);
    rejected
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
    let claims = solver.demands.claims.iter();
    let mut asked: Vec<DemandNo> = claims
        .flat_map(|actor| solver.demands.reserves.of(*actor).iter().copied())
        .collect();
    asked.sort_unstable();
    for no in asked {
        let demand = &solver.demands.list[no];
        let Ask::Reserve {
            actor, resource, ..
        } = demand.ask
        else {
            continue;
        };
        let Some(intent) = demand.intent().and_then(|place| intents.get(place)) else {
            continue;
        };
        let place = demand.intent().unwrap_or_default();
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
                actor: cluster.actor_id(actor),
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
