//! Parts of one rule with the variables of another one, so that the two can be compared.

use crate::program::{
    ActorRef, Atom, AtomKind, BehaviorKind, CallerRef, Condition, EntityRef, Feature, Operand,
    OrSide, ServerRef, TextOperand, VariableId,
};

/// For each variable of one rule, the one of the other rule that stands in its place.
pub(super) struct Renaming<'m>(pub(super) &'m [VariableId]);

impl Renaming<'_> {
    fn id(&self, id: VariableId) -> Option<VariableId> {
        self.0.get(id.0 as usize).copied()
    }

    pub(super) fn actor(&self, actor: &ActorRef) -> Option<ActorRef> {
        Some(match actor {
            ActorRef::Variable(id) => ActorRef::Variable(self.id(*id)?),
            ActorRef::Anonymous(types) => ActorRef::Anonymous(types.clone()),
        })
    }

    fn server(&self, server: &ServerRef) -> Option<ServerRef> {
        Some(match server {
            ServerRef::HostOf(actor) => ServerRef::HostOf(self.actor(actor)?),
            ServerRef::Variable(id) => ServerRef::Variable(self.id(*id)?),
        })
    }

    fn entity(&self, entity: &EntityRef) -> Option<EntityRef> {
        Some(match entity {
            EntityRef::Actor(actor) => EntityRef::Actor(self.actor(actor)?),
            EntityRef::Server(server) => EntityRef::Server(self.server(server)?),
        })
    }

    fn feature(&self, feature: &Feature) -> Option<Feature> {
        let mut renamed = feature.clone();
        match &mut renamed {
            Feature::ServerResource { server, .. } => *server = self.server(server)?,
            Feature::ActorResource { actor, .. } | Feature::Published { actor, .. } => {
                *actor = self.actor(actor)?;
            }
            Feature::Calls { caller, callee, .. } => {
                if let CallerRef::Actor(actor) = caller {
                    *actor = self.actor(actor)?;
                }
                *callee = self.actor(callee)?;
            }
            Feature::Gauge { of, .. } => *of = self.entity(of)?,
        }
        Some(renamed)
    }

    /// `None` for a calculation, which is left undecided.
    fn operand(&self, operand: &Operand) -> Option<Operand> {
        match operand {
            Operand::Number(value) => Some(Operand::Number(*value)),
            Operand::Feature(feature) => Some(Operand::Feature(self.feature(feature)?)),
            Operand::Calculation(_) => None,
        }
    }

    fn text(&self, text: &TextOperand) -> Option<TextOperand> {
        let mut renamed = text.clone();
        match &mut renamed {
            TextOperand::Literal(_) => {}
            TextOperand::Published { actor, .. } => *actor = self.actor(actor)?,
            TextOperand::Label { server, .. } => *server = self.server(server)?,
        }
        Some(renamed)
    }

    fn atom(&self, atom: &Atom) -> Option<Atom> {
        let mut kind = atom.kind.clone();
        match &mut kind {
            AtomKind::Compare { left, right, .. } => {
                (*left, *right) = (self.operand(left)?, self.operand(right)?);
            }
            AtomKind::Same { left, right, .. } => {
                (*left, *right) = (self.entity(left)?, self.entity(right)?);
            }
            AtomKind::InRef { member, owner, .. } => {
                (*member, *owner) = (self.actor(member)?, self.actor(owner)?);
            }
            AtomKind::On { actor, server } => {
                (*actor, *server) = (self.actor(actor)?, self.server(server)?);
            }
            AtomKind::Published { actor, .. } => *actor = self.actor(actor)?,
            AtomKind::CompareText { left, right, .. } => {
                (*left, *right) = (self.text(left)?, self.text(right)?);
            }
        }
        let span = atom.span;
        Some(Atom { kind, span })
    }

    /// The condition with the other rule's variables; `None` if it has a calculation.
    pub(super) fn condition(&self, condition: &Condition) -> Option<Condition> {
        Some(match condition {
            Condition::Constant(value) => Condition::Constant(*value),
            Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner)?)),
            Condition::And(parts) => {
                let parts = parts.iter().map(|part| self.condition(part));
                Condition::And(parts.collect::<Option<_>>()?)
            }
            Condition::Or(sides) => {
                let sides = sides.iter().map(|side| {
                    Some(OrSide {
                        locals: side.locals.clone(),
                        condition: self.condition(&side.condition)?,
                    })
                });
                Condition::Or(sides.collect::<Option<_>>()?)
            }
            // It would have to be compared as a whole.
            Condition::Sustained { .. } => return None,
            Condition::Atom(atom) => Condition::Atom(self.atom(atom)?),
        })
    }

    /// Whether a behavior with the other rule's variables asks for the same as `other`.
    pub(super) fn is_same(&self, behavior: &BehaviorKind, other: &BehaviorKind) -> bool {
        let same = |mine: &ActorRef, other: &ActorRef| self.actor(mine).as_ref() == Some(other);
        let same_server =
            |mine: &ServerRef, other: &ServerRef| self.server(mine).as_ref() == Some(other);
        match (behavior, other) {
            (
                BehaviorKind::Balance {
                    types,
                    resource,
                    bounds,
                },
                BehaviorKind::Balance {
                    types: other_types,
                    resource: other_resource,
                    bounds: other_bounds,
                },
            ) => types == other_types && resource == other_resource && bounds == other_bounds,
            (
                BehaviorKind::Reserve { actor, resource },
                BehaviorKind::Reserve {
                    actor: other_actor,
                    resource: other_resource,
                },
            ) => same(actor, other_actor) && resource == other_resource,
            (BehaviorKind::Colocate(a, b), BehaviorKind::Colocate(c, d))
            | (BehaviorKind::Separate(a, b), BehaviorKind::Separate(c, d)) => {
                same(a, c) && same(b, d) || same(a, d) && same(b, c)
            }
            (BehaviorKind::Pin(actor), BehaviorKind::Pin(other)) => same(actor, other),
            (BehaviorKind::Drain(server), BehaviorKind::Drain(other)) => same_server(server, other),
            (
                BehaviorKind::Migrate { actor, to },
                BehaviorKind::Migrate {
                    actor: other_actor,
                    to: other_to,
                },
            ) => same(actor, other_actor) && same_server(to, other_to),
            _ => false,
        }
    }
}
