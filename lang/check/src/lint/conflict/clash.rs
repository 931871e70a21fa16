//! Which behaviors contradict each other, and which of the two is honoured.

use plasma_model::{Bounds, Resource};

use super::judge::Judge;
use super::scene::{Need, Part, Scene, whole_types};
use crate::program::{BehaviorKind, Rule, ServerRef, TypeSet, VariableId};

/// What to arrange so that two behaviors contradict each other.
#[derive(Clone, Debug)]
pub(super) enum Clash {
    /// `separate` and `colocate` of two actors, which live apart, or together.
    Pair {
        a: VariableId,
        b: VariableId,
        are_together: bool,
        /// Whether the one that is honoured has to move one of the two.
        moves: bool,
    },
    /// `pin` and `reserve` of an actor on a server that nobody else can leave.
    Crowded { actor: VariableId },
    /// `pin` of an actor and `migrate` to another server.
    Elsewhere {
        actor: VariableId,
        to: ServerRef,
        /// The rule that moves it.
        by: Firing,
    },
    /// `pin` of an actor and `drain` of its host.
    Drained {
        actor: VariableId,
        server: ServerRef,
        /// The rule that drains.
        by: Firing,
    },
    /// `pin` of whole types and `balance` of these.
    Loaded {
        types: TypeSet,
        resource: Resource,
        bounds: Bounds,
    },
    /// Nothing: no contradiction is wanted.
    None,
}

/// What a rule fires for.
#[derive(Clone, Debug)]
pub(super) struct Firing {
    variables: Vec<VariableId>,
    /// Place of its condition.
    condition: usize,
}

/// Two behaviors that contradict each other.
pub(super) struct Contradiction {
    pub(super) clash: Clash,
    /// Whether the first one is honoured.
    pub(super) first_wins: bool,
    /// Variables that are the same actor.
    pub(super) same: Vec<(VariableId, VariableId)>,
}

/// A behavior that a rule asks for, and the rule's part of a scene.
#[derive(Clone, Copy)]
pub(super) struct Ask<'r> {
    pub(super) rule: &'r Rule,
    pub(super) behavior: &'r BehaviorKind,
    pub(super) part: &'r Part,
}

/// In which order arbitration serves behaviors; `None` for one that contradicts none.
pub(super) fn rank(behavior: &BehaviorKind) -> Option<u8> {
    match behavior {
        BehaviorKind::Pin(_) => Some(0),
        BehaviorKind::Drain(_) => Some(1),
        BehaviorKind::Reserve { .. } => Some(2),
        BehaviorKind::Separate(..) => Some(3),
        BehaviorKind::Colocate(..) => Some(4),
        BehaviorKind::Migrate { .. } => Some(5),
        BehaviorKind::Balance { .. } => Some(6),
        BehaviorKind::Spread { .. }
        | BehaviorKind::Passivate(_)
        | BehaviorKind::Checkpoint(_)
        | BehaviorKind::ScaleOut(_)
        | BehaviorKind::ScaleIn(_)
        | BehaviorKind::Alert(_) => None,
    }
}

/// Whether a behavior can contradict any of a higher rank.
pub(super) fn may_contradict(first: &BehaviorKind) -> bool {
    matches!(first, BehaviorKind::Pin(_) | BehaviorKind::Separate(..))
}

/// Whether two behaviors can contradict each other, the one of the lower rank first.
pub(super) fn can_contradict(first: &BehaviorKind, second: &BehaviorKind) -> bool {
    match first {
        BehaviorKind::Pin(_) => matches!(
            second,
            BehaviorKind::Drain(_)
                | BehaviorKind::Reserve { .. }
                | BehaviorKind::Migrate { .. }
                | BehaviorKind::Balance { .. }
        ),
        BehaviorKind::Separate(..) => matches!(second, BehaviorKind::Colocate(..)),
        _ => false,
    }
}

/// The ways in which two behaviors contradict each other, the one of the lower rank first.
pub(super) fn contradictions(
    scene: &mut Scene,
    first: Ask<'_>,
    second: Ask<'_>,
) -> Option<Vec<Contradiction>> {
    let are_required = (first.rule.is_required(), second.rule.is_required());
    let first_wins = !are_required.1 || are_required.0;
    let one = |clash, same| {
        Some(vec![Contradiction {
            clash,
            first_wins,
            same,
        }])
    };
    match (first.behavior, second.behavior) {
        (BehaviorKind::Separate(a, b), BehaviorKind::Colocate(c, d)) => {
            let [a, b] = [a, b].map(|actor| scene.argument(first.part, actor));
            let [c, d] = [c, d].map(|actor| scene.argument(second.part, actor));
            let (a, b, c, d) = (a?, b?, c?, d?);
            let mut ways = Vec::new();
            for same in [vec![(a, c), (b, d)], vec![(a, d), (b, c)]] {
                for (are_together, moves) in [(!first_wins, false), (first_wins, true)] {
                    let both = are_required == (true, true);
                    ways.push(Contradiction {
                        clash: Clash::Pair {
                            a,
                            b,
                            are_together,
                            moves: moves && !both,
                        },
                        // Of two requirements the one that holds goes on to hold.
                        first_wins: if both { !are_together } else { first_wins },
                        same: same.clone(),
                    });
                }
            }
            ways.sort_by_key(|way| matches!(way.clash, Clash::Pair { moves: true, .. }));
            Some(ways)
        }
        (BehaviorKind::Pin(a), BehaviorKind::Reserve { actor, .. }) => {
            let a = scene.argument(first.part, a)?;
            let b = scene.argument(second.part, actor)?;
            one(Clash::Crowded { actor: a }, vec![(a, b)])
        }
        (BehaviorKind::Pin(a), BehaviorKind::Migrate { actor, to }) => {
            let a = scene.argument(first.part, a)?;
            let b = scene.argument(second.part, actor)?;
            let to = scene.server(second.part, to)?;
            let clash = Clash::Elsewhere {
                actor: b,
                to,
                by: Firing::of(scene, second.part, Some(b)),
            };
            one(clash, vec![(a, b)])
        }
        (BehaviorKind::Pin(a), BehaviorKind::Drain(server)) => {
            let actor = scene.argument(first.part, a)?;
            let server = scene.server(second.part, server)?;
            let clash = Clash::Drained {
                actor,
                server,
                by: Firing::of(scene, second.part, None),
            };
            one(clash, Vec::new())
        }
        (
            BehaviorKind::Pin(_),
            BehaviorKind::Balance {
                types,
                resource,
                bounds,
            },
        ) => {
            let pinned = whole_types(first.rule, first.behavior)?;
            let is_whole = match (types, pinned) {
                (_, TypeSet::Any) => true,
                (TypeSet::Any, TypeSet::Of(_)) => false,
                (TypeSet::Of(types), TypeSet::Of(pinned)) => types.is_subset(pinned),
            };
            let clash = Clash::Loaded {
                types: types.clone(),
                resource: *resource,
                bounds: *bounds,
            };
            if is_whole {
                one(clash, Vec::new())
            } else {
                None
            }
        }
        _ => None,
    }
}

impl Firing {
    /// What a rule fires for, and the actor of a bare type that it asks something for.
    fn of(scene: &Scene, part: &Part, actor: Option<VariableId>) -> Firing {
        let mut variables = part.variables.clone();
        variables.retain(|id| scene.needs.get(id.0 as usize) == Some(&Need::Always));
        variables.extend(actor.filter(|id| !part.variables.contains(id)));
        Firing {
            variables,
            condition: part.condition,
        }
    }

    /// Whether the rule fires only where this is so, for certain.
    pub(super) fn all(
        &self,
        mut judge: Judge<'_>,
        scene: &Scene,
        is_so: &mut dyn FnMut(&Judge<'_>) -> bool,
    ) -> bool {
        let Some(condition) = scene.conditions.get(self.condition) else {
            return false;
        };
        let mut are_all = true;
        let is_within = judge.for_each(&self.variables, &mut |judge| {
            if are_all && !is_so(judge) {
                judge.gave_up = false;
                are_all = judge.truth(condition) != Some(true) && !judge.gave_up;
            }
        });
        are_all && is_within
    }
}

impl Rule {
    /// Whether it is a requirement.
    pub(super) fn is_required(&self) -> bool {
        self.priority == plasma_model::REQUIREMENT_PRIORITY
    }
}
