//! Where an event stands in what it was read from.

use std::fmt;
use std::sync::Arc;

/// Where an event stands in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Position {
    /// Its line, from 1.
    Line(u64),
    /// In a file without lines.
    Event {
        /// Its number, from 1.
        number: u64,
        /// How many bytes stand before it; of a compressed file, once decompressed.
        offset_bytes: u64,
    },
}

/// Where an event stands, for messages: `trace.jsonl:12`, `trace.msgpack: event 12 (byte 1240)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the file, as the user gave it.
    pub file: Arc<str>,
    /// Where in it.
    pub position: Position,
}

impl fmt::Display for Position {
    /// As it follows the file's name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Position::Line(line) => write!(f, ":{line}"),
            Position::Event {
                number,
                offset_bytes,
            } => write!(f, ": event {number} (byte {offset_bytes})"),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.file, self.position)
    }
}
