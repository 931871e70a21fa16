//! Equal intents become one, under the highest priority, with every cause.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_model::{Binding, Bounds, Goal, Intent, Resource, TypeSet};

/// Identity of a goal, in the order in which intents of one cause are listed.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum GoalKey {
    Actor(u8, String, Option<Resource>),
    Pair(u8, String, String),
    Server(u8, String),
    Count(u8, u32),
    Text(u8, Arc<str>),
    Spread(TypeSet, Option<Arc<str>>),
    Balance(TypeSet, Resource, [Option<u64>; 2]),
}

/// Merges equal intents, drops those that ask for nothing (`colocate(a, a)`), and lists the rest
/// in order of their first cause.
pub(crate) fn merge(intents: Vec<Intent>) -> Vec<Intent> {
    let mut merged: BTreeMap<GoalKey, Intent> = BTreeMap::new();
    for mut intent in intents {
        let Some(key) = canonical(&mut intent.goal) else {
            continue;
        };
        match merged.get_mut(&key) {
            None => {
                merged.insert(key, intent);
            }
            Some(known) => {
                known.priority = known.priority.max(intent.priority);
                known.causes.append(&mut intent.causes);
            }
        }
    }
    // By key, so that equal first causes stay in an order that no order of arrival can change.
    let mut intents: Vec<Intent> = merged.into_values().collect();
    for intent in &mut intents {
        intent.causes.sort();
        intent.causes.dedup();
    }
    fn first(intent: &Intent) -> Option<(usize, &Binding)> {
        intent
            .causes
            .first()
            .map(|cause| (cause.rule_index, &cause.binding))
    }
    intents.sort_by(|a, b| first(a).cmp(&first(b)));
    intents
}

/// Puts the arguments in canonical order; `None` for a goal that asks for nothing.
fn canonical(goal: &mut Goal) -> Option<GoalKey> {
    let rank = goal.behavior().row().rank;
    Some(match goal {
        Goal::Pin { actor } | Goal::Passivate { actor } | Goal::Checkpoint { actor } => {
            GoalKey::Actor(rank, actor.to_string(), None)
        }
        Goal::Reserve { actor, resource } => {
            GoalKey::Actor(rank, actor.to_string(), Some(*resource))
        }
        Goal::Drain { server } => GoalKey::Server(rank, server.to_string()),
        Goal::Migrate { actor, to } => GoalKey::Pair(rank, actor.to_string(), to.to_string()),
        Goal::Separate { a, b } | Goal::Colocate { a, b } => {
            if a == b {
                return None;
            }
            if a > b {
                std::mem::swap(a, b);
            }
            GoalKey::Pair(rank, a.to_string(), b.to_string())
        }
        Goal::ScaleOut { count } | Goal::ScaleIn { count } => GoalKey::Count(rank, *count),
        Goal::Alert { text } => GoalKey::Text(rank, Arc::clone(text)),
        Goal::Spread { types, by } => GoalKey::Spread(types.clone(), by.clone()),
        Goal::Balance {
            types,
            resource,
            bounds: Bounds { upper, lower },
        } => {
            let bits = [upper.map(f64::to_bits), lower.map(f64::to_bits)];
            GoalKey::Balance(types.clone(), *resource, bits)
        }
    })
}
