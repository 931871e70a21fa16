//! A frame of the stream: a list of events, in JSON or MessagePack.

use std::io::Cursor;
use std::sync::OnceLock;

use axum::body::Bytes;
use axum::extract::ws::{Message, Utf8Bytes};
use plasma_engine::trace::{Problem, TraceReader};
use plasma_model::Event;
use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use serde_json::Value as Json;

/// Depth to which MessagePack may be nested; the same as in JSON.
const DEPTH_MAX: usize = 128;

/// How events are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// A text frame.
    Json,
    /// A binary frame.
    MessagePack,
}

impl Encoding {
    /// The WebSocket subprotocol that asks for it.
    pub(crate) const fn protocol(self) -> &'static str {
        match self {
            Encoding::Json => "plasma.v1.json",
            Encoding::MessagePack => "plasma.v1.msgpack",
        }
    }

    /// What asks for it as `?format=`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Encoding::Json => "json",
            Encoding::MessagePack => "msgpack",
        }
    }
}

/// Events on their way; encoded once for all who get them.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) events: Vec<Event>,
    json: OnceLock<Message>,
    packed: OnceLock<Message>,
}

impl Frame {
    pub(crate) fn new(events: Vec<Event>) -> Self {
        Frame {
            events,
            json: OnceLock::new(),
            packed: OnceLock::new(),
        }
    }

    /// The frame as it is sent.
    pub(crate) fn message(&self, encoding: Encoding) -> Message {
        let encoded = match encoding {
            Encoding::Json => &self.json,
            Encoding::MessagePack => &self.packed,
        };
        let message = encoded.get_or_init(|| message(&self.events, encoding));
        // Shares the bytes.
        message.clone()
    }
}

/// Events as a message.
pub(crate) fn message(events: &[Event], encoding: Encoding) -> Message {
    // Maps with text for keys, finite numbers: neither format can refuse them.
    match encoding {
        Encoding::Json => {
            let text = serde_json::to_string(events).unwrap_or_default();
            Message::Text(Utf8Bytes::from(text))
        }
        Encoding::MessagePack => {
            let bytes = rmp_serde::to_vec_named(events).unwrap_or_default();
            Message::Binary(Bytes::from(bytes))
        }
    }
}

/// Reads the events of a text frame.
///
/// # Errors
/// What is wrong with which event, and what was expected.
pub(crate) fn of_text(text: &str) -> Result<Vec<Event>, String> {
    serde_json::from_str(text).map_err(|error| {
        let list: Result<Vec<Json>, _> = serde_json::from_str(text);
        match list {
            Ok(list) => explained(&list, &error.to_string()),
            Err(error) => format!("{error}; expected a list of events in JSON"),
        }
    })
}

/// Reads the events of a binary frame.
///
/// # Errors
/// What is wrong with which event, and what was expected.
pub(crate) fn of_bytes(bytes: &[u8]) -> Result<Vec<Event>, String> {
    parse_packed(bytes).map_err(|error| {
        let list: Result<Vec<Json>, _> = parse_packed(bytes);
        match list {
            Ok(list) => explained(&list, &error),
            Err(error) => format!("{error}; expected a list of events in MessagePack"),
        }
    })
}

fn parse_packed<T: DeserializeOwned>(bytes: &[u8]) -> Result<Vec<T>, String> {
    let mut rest = bytes;
    let mut deserializer = rmp_serde::Deserializer::new(&mut rest);
    deserializer.set_max_depth(DEPTH_MAX);
    let list = Vec::deserialize(&mut deserializer).map_err(|error| error.to_string())?;
    match rest {
        [] => Ok(list),
        _ => Err(format!("{} bytes follow the list", rest.len())),
    }
}

/// Which event of a list is wrong, in the words that traces are refused with.
fn explained(list: &[Json], error: &str) -> String {
    let mistakes = (1..).zip(list).filter_map(|(number, json)| {
        let line = Cursor::new(format!("{json}\n"));
        let read = TraceReader::new("", Box::new(line)).next_event();
        let problem = read.err()?.problem;
        // Of a single line it is the column; within a frame it is nowhere.
        let problem = match problem {
            Problem::NotJson { message, .. } => message,
            problem => problem.to_string(),
        };
        Some(format!("event {number} of the frame: {problem}"))
    });
    mistakes
        .into_iter()
        .next()
        .unwrap_or_else(|| error.to_owned())
}
