//! What is done once for each firing and places nobody: `passivate` and `checkpoint`.

use std::collections::BTreeSet;

use plasma_model::{
    Action, ActionBody, ActionId, ActorId, Behavior, Binding, Goal, Reason, Rejection,
};

use super::{Arbitration, Circumstances};

/// One firing that asked for something that is done once.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occasion {
    rule_index: usize,
    binding: Binding,
    behavior: Behavior,
    actor: ActorId,
}

/// Adds the orders of the firings that have not had theirs. What the plan moves, or is on its way,
/// arrives first: the order follows in a later period.
pub(super) fn add_orders(
    mut arbitration: Arbitration,
    circumstances: Circumstances<'_>,
) -> Arbitration {
    let decision = &mut arbitration.decision;
    let refused = decision.rejected.iter().map(|refused| refused.intent);
    let refused: BTreeSet<usize> = refused.collect();
    for (place, intent) in decision.intents.iter().enumerate() {
        let (actor, body) = match &intent.goal {
            Goal::Passivate { actor } => (
                actor,
                ActionBody::Passivate {
                    actor: actor.clone(),
                },
            ),
            Goal::Checkpoint { actor } => (
                actor,
                ActionBody::Checkpoint {
                    actor: actor.clone(),
                },
            ),
            _ => continue,
        };
        if refused.contains(&place) {
            continue;
        }
        let waits_for = match decision.placement.get(actor) {
            Some(to) => Some(Reason::MovesFirst {
                actor: actor.clone(),
                to: to.clone(),
            }),
            None if circumstances.moving.contains_key(actor) => Some(Reason::StillMoving {
                actor: actor.clone(),
            }),
            None => None,
        };
        if let Some(reason) = waits_for {
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
                actor: actor.clone(),
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
