//! Parts of one rule with the variables and types of another one, so that the two can be compared.

use crate::program::{
    ActorRef, Aggregation, Atom, AtomKind, BehaviorKind, Calculation, CalculationKind, CallerRef,
    Condition, EntityRef, Feature, Message, MessagePiece, Operand, OrSide, ServerRef, TextOperand,
    TypeSet, VariableId,
};
use crate::schema::TypeId;

/// What stands in the place of what.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Renaming<'m> {
    /// For each variable of one rule, the one of the other rule that stands in its place. What mentions
    /// a variable without a place is `None`.
    variables: &'m [VariableId],
    /// For each actor type of one schema, the one of the other schema; the same types without it.
    types: Option<&'m [TypeId]>,
}

impl<'m> Renaming<'m> {
    /// For each variable, the one that stands in its place.
    pub(crate) fn of(variables: &'m [VariableId]) -> Renaming<'m> {
        Renaming {
            variables,
            types: None,
        }
    }

    /// And for each actor type.
    pub(crate) fn with_types(self, types: &'m [TypeId]) -> Renaming<'m> {
        Renaming {
            types: Some(types),
            ..self
        }
    }

    fn id(&self, id: VariableId) -> Option<VariableId> {
        self.variables.get(id.0 as usize).copied()
    }

    /// The types with the other schema's ids.
    pub(crate) fn type_set(&self, set: &TypeSet) -> TypeSet {
        match (set, self.types) {
            (TypeSet::Of(ids), Some(types)) => {
                let ids = ids.iter().filter_map(|id| types.get(id.0 as usize));
                TypeSet::Of(ids.copied().collect())
            }
            _ => set.clone(),
        }
    }

    pub(crate) fn actor(&self, actor: &ActorRef) -> Option<ActorRef> {
        Some(match actor {
            ActorRef::Variable(id) => ActorRef::Variable(self.id(*id)?),
            ActorRef::Anonymous(types) => ActorRef::Anonymous(self.type_set(types)),
        })
    }

    pub(crate) fn server(&self, server: &ServerRef) -> Option<ServerRef> {
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

    fn operand(&self, operand: &Operand) -> Option<Operand> {
        Some(match operand {
            Operand::Number(value) => Operand::Number(*value),
            Operand::Feature(feature) => Operand::Feature(self.feature(feature)?),
            Operand::Calculation(calculation) => {
                Operand::Calculation(Box::new(self.calculation(calculation)?))
            }
        })
    }

    /// The places of aggregations stay those of their rule.
    fn calculation(&self, calculation: &Calculation) -> Option<Calculation> {
        let mut renamed = calculation.clone();
        match &mut renamed.kind {
            CalculationKind::Negative(inner) | CalculationKind::Absolute(inner) => {
                *inner = self.operand(inner)?;
            }
            CalculationKind::Arithmetic { left, right, .. } => {
                (*left, *right) = (self.operand(left)?, self.operand(right)?);
            }
            CalculationKind::OfNumbers(_, values) => {
                for value in values {
                    *value = self.operand(value)?;
                }
            }
            CalculationKind::OverCluster(aggregation) => {
                *aggregation = self.aggregation(aggregation)?
            }
            CalculationKind::OverWindow(windowed) => {
                windowed.feature = self.feature(&windowed.feature)?;
            }
            CalculationKind::Forecast(forecast) => {
                forecast.feature = self.feature(&forecast.feature)?;
            }
        }
        Some(renamed)
    }

    pub(crate) fn aggregation(&self, aggregation: &Aggregation) -> Option<Aggregation> {
        let value = match &aggregation.value {
            Some(value) => Some(self.operand(value)?),
            None => None,
        };
        Some(Aggregation {
            variables: self.ids(&aggregation.variables)?,
            filter: self.side(&aggregation.filter)?,
            value,
            ..aggregation.clone()
        })
    }

    fn ids(&self, ids: &[VariableId]) -> Option<Vec<VariableId>> {
        ids.iter().map(|id| self.id(*id)).collect()
    }

    fn side(&self, side: &OrSide) -> Option<OrSide> {
        Some(OrSide {
            locals: self.ids(&side.locals)?,
            condition: self.condition(&side.condition)?,
        })
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

    /// The condition with the other rule's variables.
    pub(crate) fn condition(&self, condition: &Condition) -> Option<Condition> {
        Some(match condition {
            Condition::Constant(value) => Condition::Constant(*value),
            Condition::Not(inner) => Condition::Not(Box::new(self.condition(inner)?)),
            Condition::And(parts) => {
                let parts = parts.iter().map(|part| self.condition(part));
                Condition::And(parts.collect::<Option<_>>()?)
            }
            Condition::Or(sides) => {
                let sides = sides.iter().map(|side| self.side(side));
                Condition::Or(sides.collect::<Option<_>>()?)
            }
            Condition::Sustained {
                condition,
                window_seconds,
                span,
            } => Condition::Sustained {
                condition: Box::new(self.condition(condition)?),
                window_seconds: *window_seconds,
                span: *span,
            },
            Condition::Atom(atom) => Condition::Atom(self.atom(atom)?),
        })
    }

    /// The behavior with the other rule's variables.
    pub(crate) fn behavior(&self, behavior: &BehaviorKind) -> Option<BehaviorKind> {
        let mut renamed = behavior.clone();
        match &mut renamed {
            BehaviorKind::Balance { types, .. } | BehaviorKind::Spread { types, .. } => {
                *types = self.type_set(types);
            }
            BehaviorKind::Reserve { actor, .. }
            | BehaviorKind::Pin(actor)
            | BehaviorKind::Passivate(actor)
            | BehaviorKind::Checkpoint(actor) => *actor = self.actor(actor)?,
            BehaviorKind::Colocate(a, b) | BehaviorKind::Separate(a, b) => {
                (*a, *b) = (self.actor(a)?, self.actor(b)?);
            }
            BehaviorKind::Drain(server) => *server = self.server(server)?,
            BehaviorKind::Migrate { actor, to } => {
                (*actor, *to) = (self.actor(actor)?, self.server(to)?);
            }
            BehaviorKind::ScaleOut(_) | BehaviorKind::ScaleIn(_) => {}
            BehaviorKind::Alert(message) => *message = self.message(message)?,
        }
        Some(renamed)
    }

    fn message(&self, message: &Message) -> Option<Message> {
        let piece = |piece: &MessagePiece| {
            let mut renamed = piece.clone();
            match &mut renamed {
                MessagePiece::Text(_) => {}
                MessagePiece::Number { operand, .. } => *operand = self.operand(operand)?,
                MessagePiece::Entity(entity) => *entity = self.entity(entity)?,
                MessagePiece::Published { actor, .. } => *actor = self.actor(actor)?,
                MessagePiece::Label { server, .. } => *server = self.server(server)?,
            }
            Some(renamed)
        };
        let pieces = message.pieces.iter().map(piece);
        Some(Message {
            pieces: pieces.collect::<Option<_>>()?,
        })
    }

    /// Whether a behavior with the other rule's variables asks for the same as `other`.
    pub(crate) fn is_same(&self, behavior: &BehaviorKind, other: &BehaviorKind) -> bool {
        let same = |mine: &ActorRef, other: &ActorRef| self.actor(mine).as_ref() == Some(other);
        let same_pair = |(a, b): (&ActorRef, &ActorRef), (c, d): (&ActorRef, &ActorRef)| {
            same(a, c) && same(b, d) || same(a, d) && same(b, c)
        };
        let same_server =
            |mine: &ServerRef, other: &ServerRef| self.server(mine).as_ref() == Some(other);
        match behavior {
            BehaviorKind::Balance {
                types,
                resource,
                bounds,
            } => matches!(
                other,
                BehaviorKind::Balance { types: t, resource: r, bounds: b }
                    if types == t && resource == r && bounds == b
            ),
            BehaviorKind::Spread { types, by } => matches!(
                other,
                BehaviorKind::Spread { types: t, by: b } if types == t && by == b
            ),
            BehaviorKind::Reserve { actor, resource } => matches!(
                other,
                BehaviorKind::Reserve { actor: a, resource: r } if same(actor, a) && resource == r
            ),
            BehaviorKind::Colocate(a, b) => matches!(
                other,
                BehaviorKind::Colocate(c, d) if same_pair((a, b), (c, d))
            ),
            BehaviorKind::Separate(a, b) => matches!(
                other,
                BehaviorKind::Separate(c, d) if same_pair((a, b), (c, d))
            ),
            BehaviorKind::Pin(actor) => {
                matches!(other, BehaviorKind::Pin(other) if same(actor, other))
            }
            // It is done once for each firing, and the rules do not begin to fire at one time.
            BehaviorKind::Passivate(_) | BehaviorKind::Checkpoint(_) => false,
            BehaviorKind::ScaleOut(count) => {
                matches!(other, BehaviorKind::ScaleOut(other) if count == other)
            }
            BehaviorKind::ScaleIn(count) => {
                matches!(other, BehaviorKind::ScaleIn(other) if count == other)
            }
            // Its text names the rule's own variables.
            BehaviorKind::Alert(_) => false,
            BehaviorKind::Drain(server) => {
                matches!(other, BehaviorKind::Drain(other) if same_server(server, other))
            }
            BehaviorKind::Migrate { actor, to } => matches!(
                other,
                BehaviorKind::Migrate { actor: a, to: t } if same(actor, a) && same_server(to, t)
            ),
        }
    }
}
