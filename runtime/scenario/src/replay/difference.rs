//! How the decisions of two policies on one tick differ.

use std::collections::BTreeMap;

use plasma_model::{ActionBody, Decision, Intent};

/// What a policy does on a tick and another one does not.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Places of the actions of the new decision that the old one does not have.
    pub added: Vec<usize>,
    /// Places of the actions of the old decision that the new one does not have.
    pub dropped: Vec<usize>,
    /// Actors that both move, to different servers; servers that both add, in different number.
    pub changed: Vec<ActionChange>,
    /// Places of the intents that only the new decision has, or has at another priority.
    pub asked: Vec<usize>,
    /// Places of the intents that only the old decision has, or has at another priority.
    pub not_asked: Vec<usize>,
}

/// An action that both decisions have, in different ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionChange {
    /// Place among the actions of the old decision.
    pub old: usize,
    /// Place among those of the new one.
    pub new: usize,
}

impl Difference {
    /// Compares what two policies decided on one snapshot.
    pub fn of(old: &Decision, new: &Decision) -> Difference {
        let mut difference = Difference::default();
        let places = |decision: &Decision| -> BTreeMap<String, usize> {
            let actions = decision.actions.iter().enumerate();
            actions
                .map(|(place, action)| (subject(&action.body), place))
                .collect()
        };
        let (before, after) = (places(old), places(new));
        for (subject, place) in &after {
            let Some(known) = before.get(subject) else {
                difference.added.push(*place);
                continue;
            };
            let bodies = old.actions.get(*known).zip(new.actions.get(*place));
            if bodies.is_some_and(|(old, new)| old.body != new.body) {
                difference.changed.push(ActionChange {
                    old: *known,
                    new: *place,
                });
            }
        }
        let dropped = before
            .iter()
            .filter(|(subject, _)| !after.contains_key(*subject));
        difference.dropped = dropped.map(|(_, place)| *place).collect();
        difference.added.sort_unstable();
        difference.dropped.sort_unstable();
        difference.asked = not_among(&new.intents, &old.intents);
        difference.not_asked = not_among(&old.intents, &new.intents);
        difference
    }

    /// Whether the same is done, whatever is asked for.
    pub fn does_the_same(&self) -> bool {
        self.added.is_empty() && self.dropped.is_empty() && self.changed.is_empty()
    }

    /// Whether the same is asked for and done.
    pub fn is_empty(&self) -> bool {
        self.does_the_same() && self.asked.is_empty() && self.not_asked.is_empty()
    }
}

/// What an action is about: what of it may be another way is left out.
fn subject(action: &ActionBody) -> String {
    match action {
        ActionBody::Migrate { actor, .. } => format!("migrate {actor}"),
        ActionBody::AddServer { .. } => "add".to_owned(),
        other => other.to_string(),
    }
}

/// The places of the intents that are not among others.
fn not_among(intents: &[Intent], others: &[Intent]) -> Vec<usize> {
    let mut known: BTreeMap<String, Vec<&Intent>> = BTreeMap::new();
    for other in others {
        known.entry(other.goal.to_string()).or_default().push(other);
    }
    let is_new = |intent: &Intent| {
        let alike = known.get(&intent.goal.to_string());
        !alike.is_some_and(|alike| alike.iter().any(|other| is_same(intent, other)))
    };
    let places = intents.iter().enumerate();
    let new = places.filter(|(_, intent)| is_new(intent));
    new.map(|(place, _)| place).collect()
}

/// Whether two intents ask for the same, and count as much.
fn is_same(one: &Intent, other: &Intent) -> bool {
    one.goal == other.goal && one.priority == other.priority
}

#[cfg(test)]
mod tests {
    use plasma_model::{Action, ActionId, Goal};

    use super::*;

    fn action(id: ActionId, body: ActionBody) -> Action {
        Action {
            id,
            body,
            epoch: None,
            deadline: None,
            group: None,
        }
    }

    fn migrate(actor: &str, to: &str) -> ActionBody {
        ActionBody::Migrate {
            actor: actor.into(),
            from: "s1".into(),
            to: to.into(),
        }
    }

    fn pin(actor: &str, priority: i64) -> Intent {
        Intent {
            goal: Goal::Pin {
                actor: actor.into(),
            },
            priority,
            causes: Vec::new(),
        }
    }

    fn decision(bodies: Vec<ActionBody>, intents: Vec<Intent>) -> Decision {
        let actions = (1..).zip(bodies).map(|(id, body)| action(id, body));
        Decision {
            actions: actions.collect(),
            intents,
            ..Decision::default()
        }
    }

    #[test]
    fn decisions_differ_in_what_is_added_dropped_and_changed() {
        let old = decision(
            vec![
                migrate("a", "s2"),
                migrate("b", "s2"),
                ActionBody::AddServer { count: 1 },
            ],
            vec![pin("x", 0), pin("y", 0)],
        );
        let new = decision(
            vec![
                migrate("b", "s3"),
                ActionBody::AddServer { count: 1 },
                migrate("c", "s2"),
            ],
            vec![pin("x", 5), pin("z", 0)],
        );
        let difference = Difference::of(&old, &new);
        assert_eq!(difference.added, [2]);
        assert_eq!(difference.dropped, [0]);
        assert_eq!(difference.changed, [ActionChange { old: 1, new: 0 }]);
        assert_eq!(
            (difference.asked, difference.not_asked),
            (vec![0, 1], vec![0, 1])
        );
        assert!(Difference::of(&old, &old).is_empty());
    }

    #[test]
    fn the_number_of_servers_added_may_change() {
        let add = |count| decision(vec![ActionBody::AddServer { count }], Vec::new());
        let difference = Difference::of(&add(1), &add(2));
        assert_eq!(difference.changed, [ActionChange { old: 0, new: 0 }]);
        assert!(!difference.does_the_same());
    }
}
