//! Texts with holes that are filled when a rule fires.

use std::sync::Arc;

use super::{ActorRef, EntityRef, Operand, ServerRef};

/// A text with holes.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// Its pieces, in the order of the text.
    pub pieces: Vec<MessagePiece>,
}

/// A piece of a text with holes.
#[derive(Clone, Debug)]
pub enum MessagePiece {
    /// Text that is always the same.
    Text(Arc<str>),
    /// A number, shown with its unit.
    Number {
        /// Which.
        operand: Operand,
        /// Its unit, as METRICS names it; empty for a plain number.
        unit: &'static str,
    },
    /// An actor or a server, shown by its id.
    Entity(EntityRef),
    /// What an actor publishes and nothing tells the unit of: a text, a truth value or a plain number.
    Published {
        /// By whom.
        actor: ActorRef,
        /// Under which name.
        property: Arc<str>,
    },
    /// A label of a server.
    Label {
        /// Of which server.
        server: ServerRef,
        /// Which label.
        name: Arc<str>,
    },
}

impl Message {
    /// The numbers in it.
    pub fn operands(&self) -> impl Iterator<Item = &Operand> {
        self.pieces.iter().filter_map(|piece| match piece {
            MessagePiece::Number { operand, .. } => Some(operand),
            _ => None,
        })
    }
}
