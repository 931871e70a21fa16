//! What is done once for each firing and places nobody: `passivate`, `checkpoint` and `alert`.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_model::{
    Action, ActionBody, ActionId, ActorId, Behavior, Binding, Cause, Goal, Reason, Rejection,
};

use super::{Arbitration, Circumstances};

/// One firing that asked for something that is done once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occasion {
    rule_index: usize,
    binding: Binding,
    behavior: Behavior,
    /// `None` for an alert.
    actor: Option<ActorId>,
    /// Which of the alerts of its firing: their texts change with the values in them.
    place: usize,
}

/// Adds the orders of the firings that have not had theirs. What the plan moves, or is on its way,
/// arrives first: the order follows in a later period.
pub(super) fn add_orders(
    mut arbitration: Arbitration,
    circumstances: Circumstances<'_>,
) -> Arbitration {
    let decision = &mut arbitration.decision;
    let refused = decision.rejected.iter().map(|refused| refused.intent);
    let mut is_refused = vec![false; decision.intents.len()];
    for place in refused {
        is_refused[place] = true;
    }
    let mut alerts = BTreeMap::new();
    for (place, intent) in decision.intents.iter().enumerate() {
        let (actor, body) = match &intent.goal {
            Goal::Passivate { actor } => (
                Some(actor),
                ActionBody::Passivate {
                    actor: actor.clone(),
                },
            ),
            Goal::Checkpoint { actor } => (
                Some(actor),
                ActionBody::Checkpoint {
                    actor: actor.clone(),
                },
            ),
            Goal::Alert { text } => (
                None,
                ActionBody::Alert {
                    text: Arc::clone(text),
                },
            ),
            _ => continue,
        };
        if is_refused[place] {
            continue;
        }
        let waits_for = |actor: &ActorId| match decision.placement.get(actor) {
            Some(to) => Some(Reason::MovesFirst {
                actor: actor.clone(),
                to: to.clone(),
            }),
            None if circumstances.moving.contains_key(actor) => Some(Reason::StillMoving {
                actor: actor.clone(),
            }),
            None => None,
        };
        if let Some(reason) = actor.and_then(waits_for) {
            let intent = place;
            decision.rejected.push(Rejection { intent, reason });
            continue;
        }
        let occasions: Vec<Occasion> = intent
            .causes
            .iter()
            .map(|cause| Occasion {
                rule_index: cause.rule_index,
                binding: cause.binding.clone(),
                behavior: intent.goal.behavior(),
                actor: actor.cloned(),
                place: match actor {
                    Some(_) => 0,
                    None => next_place(&mut alerts, cause),
                },
            })
            .collect();
        if occasions
            .iter()
            .any(|now| !circumstances.done.contains(now))
        {
            decision.actions.push(Action {
                id: circumstances.first_action + decision.actions.len() as ActionId,
                body,
                epoch: None,
                deadline: None,
                group: None,
            });
            decision.action_intents.push(vec![place]);
        }
        arbitration.done.extend(occasions);
    }
    decision.rejected.sort_by_key(|refused| refused.intent);
    arbitration
}

/// Counts the alerts of a firing.
fn next_place<'i>(alerts: &mut BTreeMap<(usize, &'i Binding), usize>, cause: &'i Cause) -> usize {
    let count = alerts
        .entry((cause.rule_index, &cause.binding))
        .or_default();
    *count += 1;
    *count
}
