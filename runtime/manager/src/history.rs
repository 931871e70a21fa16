//! The moves that a manager ordered, as far as cooldowns and limits ask for them.

use std::collections::{BTreeMap, BTreeSet};

use plasma_model::{ActionBody, ActionId, ActorId, Decision};

/// A move, with the rules that asked for it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Move {
    pub(crate) actor: ActorId,
    /// Places of the rules in the program.
    pub(crate) rules: BTreeSet<usize>,
    /// When it was ordered.
    pub(crate) t_seconds: f64,
}

/// The moves planned, under way and made. One that failed was none; one that nobody answered for
/// counts as made.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct History {
    planned: BTreeMap<ActionId, Move>,
    under_way: BTreeMap<ActionId, Move>,
    made: Vec<Move>,
}

impl History {
    /// Replaces what was planned by a newer plan.
    pub(crate) fn plan(&mut self, decision: &Decision) {
        let served = decision.actions.iter().zip(&decision.action_intents);
        self.planned = served
            .filter_map(|(action, intents)| {
                let ActionBody::Migrate { actor, .. } = &action.body else {
                    return None;
                };
                let asked = intents.iter().filter_map(|at| decision.intents.get(*at));
                let rules = asked.flat_map(|intent| intent.causes.iter().map(|c| c.rule_index));
                let planned = Move {
                    actor: actor.clone(),
                    rules: rules.collect(),
                    t_seconds: decision.t,
                };
                Some((action.id, planned))
            })
            .collect();
    }

    /// Notes that a planned move was ordered.
    pub(crate) fn order(&mut self, id: ActionId, t_seconds: f64) {
        if let Some(planned) = self.planned.remove(&id) {
            let ordered = Move {
                t_seconds,
                ..planned
            };
            self.under_way.insert(id, ordered);
        }
    }

    /// Notes how a move that was ordered ended.
    pub(crate) fn end(&mut self, id: ActionId, was_made: bool) {
        let ended = self.under_way.remove(&id);
        self.made.extend(ended.filter(|_| was_made));
    }

    /// Notes that everything planned was done at once.
    pub(crate) fn make_planned(&mut self) {
        let planned = std::mem::take(&mut self.planned);
        self.made.extend(planned.into_values());
    }

    /// Forgets which rules asked for the moves: they are of a policy that is no longer in force.
    pub(crate) fn forget_rules(&mut self) {
        let moves = self.planned.values_mut().chain(self.under_way.values_mut());
        for known in moves.chain(&mut self.made) {
            known.rules.clear();
        }
    }

    /// Forgets the moves that were made before a moment.
    pub(crate) fn forget_before(&mut self, t_seconds: f64) {
        self.made.retain(|made| made.t_seconds >= t_seconds);
    }

    /// The moves made within a length of time that ends now, and those under way.
    pub(crate) fn within(&self, seconds: f64, now_seconds: f64) -> impl Iterator<Item = &Move> {
        let is_recent = move |made: &&Move| is_within(made.t_seconds, seconds, now_seconds);
        let recent = self.made.iter().filter(is_recent);
        recent.chain(self.under_way.values())
    }

    /// The moves made.
    pub(crate) fn made(&self) -> &[Move] {
        &self.made
    }
}

/// Whether a time lies in the window (now − length, now].
pub(crate) fn is_within(t_seconds: f64, seconds: f64, now_seconds: f64) -> bool {
    // Times are sums of periods: a hair less than the length is the length.
    now_seconds - t_seconds < seconds * (1.0 - 1e-12) - 1e-9
}
