//! Texts with holes, with the values of one firing.

use plasma_check::program::{EntityRef, Message, MessagePiece};
use plasma_model::Value;

use crate::explain::figure;
use crate::reference::{Assignment, Interpreter};

/// What stands for a value that is not known.
const UNKNOWN: &str = "unknown";

/// The text of a firing.
pub(crate) fn message_text<'s>(
    interpreter: &Interpreter<'_, 's>,
    message: &Message,
    assignment: &Assignment<'s>,
) -> String {
    let pieces = message.pieces.iter();
    pieces
        .map(|piece| {
            piece_text(interpreter, piece, assignment).unwrap_or_else(|| UNKNOWN.to_owned())
        })
        .collect()
}

fn piece_text<'s>(
    interpreter: &Interpreter<'_, 's>,
    piece: &MessagePiece,
    assignment: &Assignment<'s>,
) -> Option<String> {
    let first_actor = |actor| interpreter.each(actor, assignment).into_iter().next();
    let first_server = |server| {
        let servers = interpreter.each_server(server, assignment);
        servers.into_iter().next()
    };
    match piece {
        MessagePiece::Text(text) => Some(text.to_string()),
        MessagePiece::Number { operand, unit } => {
            let value = interpreter.value(operand, assignment)?;
            Some(figure(value, unit))
        }
        MessagePiece::Entity(EntityRef::Actor(actor)) => Some(first_actor(actor)?.id.to_string()),
        MessagePiece::Entity(EntityRef::Server(server)) => Some(first_server(server)?.to_string()),
        MessagePiece::Published { actor, property } => {
            let at = first_actor(actor)?;
            Some(match interpreter.published(at, property)? {
                Value::Bool(value) => value.to_string(),
                Value::Number(value) => figure(*value, ""),
                Value::Text(text) => text.to_string(),
            })
        }
        MessagePiece::Label { server, name } => {
            let id = first_server(server)?;
            interpreter.label(&id, name)
        }
    }
}
