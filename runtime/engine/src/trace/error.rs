//! What can be wrong with a trace: always with the file, the line, and what was expected.

use std::io;

use super::input::KnownBy;
use crate::{Position, system_text};

/// A trace that cannot be read any further.
#[derive(Debug, thiserror::Error)]
#[error("{}{problem}", place(file, *position, problem))]
pub struct TraceError {
    /// Name of the file, as the user gave it.
    pub file: String,
    /// Where in it, where that can be said.
    pub position: Option<Position>,
    /// What is wrong.
    pub problem: Problem,
}

/// What is wrong with a trace.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The file cannot be opened.
    #[error("{}", system_text(.0))]
    Open(io::Error),
    /// The file cannot be read on.
    #[error("cannot read the trace: {}", system_text(.0))]
    Read(io::Error),
    /// The trace is a compressed one and cannot be decompressed.
    #[error(
        "cannot decompress the trace: {}; expected zstd, as {}",
        system_text(error),
        told_by(*known_by, "the name .zst says")
    )]
    Decompress {
        /// What is wrong.
        error: io::Error,
        /// What tells that it is compressed.
        known_by: KnownBy,
    },
    /// A line is longer than any event.
    #[error(
        "the line is longer than {} MiB; expected one event a line (JSON Lines)",
        max_bytes >> 20
    )]
    LineTooLong {
        /// Greatest length accepted, in bytes.
        max_bytes: usize,
    },
    /// A line is not text.
    #[error("byte {column} of the line is not UTF-8; expected a trace in {}", accepted(*known_by))]
    NotUtf8 {
        /// The first bad byte, from 1.
        column: usize,
        /// What tells the format.
        known_by: KnownBy,
    },
    /// A line is not JSON.
    #[error(
        "column {column}: {message}; expected one JSON object, as {{\"event\":\"tick\",\"t\":1}}"
    )]
    NotJson {
        /// The column, from 1, in bytes.
        column: usize,
        /// What the JSON parser found.
        message: String,
    },
    /// A line is JSON, but says no event.
    #[error("the {what} names no event; expected an object with a text field `event`")]
    NoEvent {
        /// What holds an event in this format.
        what: &'static str,
    },
    /// Bytes are not MessagePack.
    #[error(
        "{message}; expected MessagePack, one map an event or an array of them, as {}",
        told_by(*known_by, "the name .msgpack says")
    )]
    NotMessagePack {
        /// What was found.
        message: String,
        /// What tells the format.
        known_by: KnownBy,
    },
    /// A piece of MessagePack is longer than any event.
    #[error("the event is longer than {} MiB", max_bytes >> 20)]
    EventTooLong {
        /// Greatest length accepted, in bytes.
        max_bytes: usize,
    },
    /// A line is an event that this version does not know.
    #[error("unknown event `{name}`; expected one of {expected}")]
    UnknownEvent {
        /// Its name.
        name: String,
        /// The names known.
        expected: String,
    },
    /// A field of an event is missing or of the wrong kind.
    #[error("event `{event}`: {message}")]
    BadEvent {
        /// Name of the event.
        event: String,
        /// What is wrong, and what was expected.
        message: String,
    },
    /// The trace is of another version of the format.
    #[error("the trace is in version {version} of the format; this program reads version {reads}")]
    Version {
        /// The trace's version.
        version: u32,
        /// The version understood.
        reads: u32,
    },
    /// The trace ends in the middle of a period.
    #[error("the trace is cut off {}", whole_periods(*last_tick_seconds))]
    Truncated {
        /// Time of the last tick before the cut, in seconds.
        last_tick_seconds: Option<f64>,
    },
    /// The trace has no event at all.
    #[error("the trace is empty; expected at least {{\"event\":\"tick\",\"t\":0}}")]
    Empty,
    /// The trace has events but no tick.
    #[error(
        "the trace has no tick: no period of it has ended; expected a line such as \
         {{\"event\":\"tick\",\"t\":10}} behind the events of each period"
    )]
    NoTick,
}

/// A file that cannot be opened has no place within it.
fn place(file: &str, position: Option<Position>, problem: &Problem) -> String {
    match (problem, position) {
        (Problem::Open(_), _) => format!("cannot read {file}: "),
        (_, Some(position)) => format!("{file}{position}: "),
        (_, None) => format!("{file}: "),
    }
}

fn told_by(known_by: KnownBy, name_says: &'static str) -> &'static str {
    match known_by {
        KnownBy::Name => name_says,
        KnownBy::FirstBytes => "its first bytes say",
    }
}

/// The formats that a trace may be in.
fn accepted(known_by: KnownBy) -> &'static str {
    match known_by {
        KnownBy::Name => {
            "JSON Lines (one in MessagePack must be named .msgpack, a compressed one .zst)"
        }
        KnownBy::FirstBytes => "JSON Lines or MessagePack, plain or compressed with zstd",
    }
}

fn whole_periods(last_tick_seconds: Option<f64>) -> String {
    match last_tick_seconds {
        Some(t) => format!("after the tick at {t} s; up to there (`--at {t}`) it can be read"),
        None => "before its first tick".to_owned(),
    }
}
