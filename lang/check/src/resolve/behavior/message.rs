//! Arguments that are texts with holes: each hole is an actor, a server or a value.

use std::sync::Arc;

use plasma_diagnostic::Span;
use plasma_model::BehaviorRow;
use plasma_syntax::tree::{ExprId, ExprKind};
use plasma_syntax::{MessagePart, message_parts, message_text};

use crate::error::{type_mismatch, wrong_argument::message};
use crate::program::{
    ActorRef, EntityRef, Feature, Message, MessagePiece, Operand as Checked, Scope, ServerRef,
    TextOperand,
};
use crate::resolve::RuleChecker;
use crate::resolve::entity::Entity;
use crate::resolve::operand::{Number, Operand};

impl RuleChecker<'_, '_> {
    /// The text that an argument is.
    pub(super) fn message_argument(&mut self, row: &BehaviorRow, id: ExprId) -> Option<Message> {
        let tree = self.checker.tree;
        let literal = tree.unparenthesized(id);
        let span = tree.expr(literal).span;
        if *tree.kind(literal) != ExprKind::Text {
            self.fail(message::not_a_text(row, span, tree.text(span)));
            return None;
        }
        let mut holes = tree.holes(literal).iter();
        let mut pieces = Vec::new();
        for part in message_parts(tree.source(), span) {
            match part {
                MessagePart::Text(span) => {
                    pieces.push(MessagePiece::Text(message_text(tree.text(span)).into()));
                }
                MessagePart::Hole(place) => {
                    let hole = holes.as_slice().first().copied();
                    let is_here = |id: &ExprId| {
                        let span = tree.expr(*id).span;
                        span.start >= place.start && span.end <= place.end
                    };
                    // One with a mistake was reported by the parser, and is not among them.
                    match hole.filter(is_here) {
                        None => self.is_broken = true,
                        Some(hole) => {
                            holes.next();
                            pieces.extend(self.message_piece(hole));
                        }
                    }
                }
                // Reported by the parser.
                MessagePart::Open(_) | MessagePart::Stray(_) => self.is_broken = true,
            }
        }
        Some(Message { pieces })
    }

    fn message_piece(&mut self, id: ExprId) -> Option<MessagePiece> {
        let tree = self.checker.tree;
        let span = tree.expr(id).span;
        let text = tree.text(span);
        let piece = match self.operand(id)? {
            Operand::Entity(Entity::Actor(actor), _) => {
                MessagePiece::Entity(EntityRef::Actor(actor))
            }
            Operand::Entity(Entity::Server(server), _) => {
                MessagePiece::Entity(EntityRef::Server(server))
            }
            Operand::Entity(entity, span) => {
                let noun = entity.noun();
                self.fail(type_mismatch::entity_as_value(span, text, noun));
                return None;
            }
            Operand::Unknown(name) => {
                self.unknown_variable(name);
                return None;
            }
            Operand::Text(TextOperand::Literal(text), _) => MessagePiece::Text(text),
            Operand::Text(TextOperand::Published { actor, property }, _) => {
                MessagePiece::Published { actor, property }
            }
            Operand::Text(TextOperand::Label { server, name }, _) => {
                MessagePiece::Label { server, name }
            }
            Operand::Truth(published) => {
                let (actor, property) = published.into_parts();
                MessagePiece::Published { actor, property }
            }
            Operand::Inferred(inferred) => {
                let (actor, property) = inferred.into_parts();
                let property: Arc<str> = self.text(property).into();
                MessagePiece::Published { actor, property }
            }
            // As it is written, with its unit.
            Operand::Number(Number {
                param: Some(place), ..
            }) => MessagePiece::Text(self.checker.params.value_text(place).into()),
            Operand::Number(_) if matches!(*tree.kind(id), ExprKind::Number(_)) => {
                MessagePiece::Text(text.into())
            }
            operand => {
                let operand = self.number(operand)?;
                let unit = operand.unit().unwrap_or("");
                let operand = operand.into_checked()?;
                MessagePiece::Number { operand, unit }
            }
        };
        self.names_one(&piece, span)?;
        Some(piece)
    }

    /// Whether it is clear of which actor or server a piece tells.
    fn names_one(&mut self, piece: &MessagePiece, span: Span) -> Option<()> {
        let mut is_some_actor = false;
        let mut is_some_server = false;
        let mut actor = |actor: &ActorRef| is_some_actor |= matches!(actor, ActorRef::Anonymous(_));
        let mut servers = Vec::new();
        match piece {
            MessagePiece::Text(_) => {}
            MessagePiece::Entity(EntityRef::Actor(of)) => actor(of),
            MessagePiece::Published { actor: of, .. } => actor(of),
            MessagePiece::Entity(EntityRef::Server(server))
            | MessagePiece::Label { server, .. } => servers.push(server.clone()),
            MessagePiece::Number { operand, .. } => {
                for_each_owner(operand, &mut actor, &mut servers)
            }
        }
        for server in servers {
            match server {
                ServerRef::HostOf(of) => actor(&of),
                ServerRef::Variable(id) => {
                    let variable = self.resolved.get(id.0 as usize);
                    is_some_server |= variable.is_some_and(|v| v.scope == Scope::ImplicitServer);
                }
            }
        }
        let text = self.checker.tree.text(span);
        if is_some_actor {
            self.fail(message::some_actor(span, text));
            return None;
        }
        if is_some_server {
            self.fail(message::some_server(span));
            return None;
        }
        Some(())
    }
}

/// Visits whose measured values a number is made of. Calls may be those of a whole type.
fn for_each_owner(
    operand: &Checked,
    actor: &mut dyn FnMut(&ActorRef),
    servers: &mut Vec<ServerRef>,
) {
    operand.for_each_feature(&mut |feature| match feature {
        Feature::ServerResource { server, .. } => servers.push(server.clone()),
        Feature::ActorResource { actor: of, .. } | Feature::Published { actor: of, .. } => {
            actor(of)
        }
        Feature::Gauge { of, .. } => match of {
            EntityRef::Actor(of) => actor(of),
            EntityRef::Server(server) => servers.push(server.clone()),
        },
        Feature::Calls { .. } => {}
    });
}
