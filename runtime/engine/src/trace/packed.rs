//! A trace in MessagePack: maps behind one another, each an event, or arrays of them.

use plasma_model::{EVENT_LINE_BYTES_MAX, Event, EventView};
use serde::Deserialize;
use serde_json::Value as Json;

use super::decode::{accepted, mistake};
use super::extent::{Extent, Header, extent, header};
use super::input::{Input, KnownBy};
use super::{Problem, wording};
use crate::Position;

/// From this length on an event is long: more than what is just there is read for it.
const LONG_EVENT_BYTES_MIN: usize = 256 << 10;

/// Depth to which data may be nested; the same as in JSON Lines.
const DEPTH_MAX: usize = 128;

/// How an event begins that is nearly certainly an update of an actor, or calls: behind the head of
/// the map.
const ACTOR_BEGINS: &[u8] = b"\xa5event\xa5actor";
const CALLS_BEGIN: &[u8] = b"\xa5event\xa5calls";

/// The events of a trace, one at a time.
pub(super) struct Packed {
    input: Input,
    buffer: Vec<u8>,
    /// How many bytes stood before those of the buffer.
    passed_bytes: u64,
    /// Where in the buffer the event last found begins.
    start: usize,
    /// Where it ends.
    end: usize,
    number: u64,
    /// How many events of the running array are still to come.
    left_in_array: u64,
}

impl Packed {
    pub(super) fn new(input: Input) -> Packed {
        Packed {
            input,
            buffer: Vec::new(),
            passed_bytes: 0,
            start: 0,
            end: 0,
            number: 0,
            left_in_array: 0,
        }
    }

    /// Where the event last found stands.
    pub(super) fn position(&self) -> Position {
        Position::Event {
            number: self.number,
            offset_bytes: self.passed_bytes + self.start as u64,
        }
    }

    /// Goes on to the next event; `false` at the end.
    pub(super) fn advance(&mut self) -> Result<bool, Problem> {
        self.number += 1;
        self.start = self.end;
        loop {
            match header(self.rest()) {
                Header::Incomplete if self.fill()? => {}
                Header::Incomplete if self.rest().is_empty() && self.left_in_array == 0 => {
                    return Ok(false);
                }
                Header::Incomplete => return Err(CUT),
                Header::Array { bytes, len } if self.left_in_array == 0 => {
                    self.start += bytes;
                    self.left_in_array = len;
                }
                Header::Array { .. } | Header::Other => return Err(NO_EVENT),
                Header::Map => break,
            }
        }
        let bytes = self.whole_map()?;
        self.end = self.start + bytes;
        self.left_in_array = self.left_in_array.saturating_sub(1);
        Ok(true)
    }

    /// Reads on until the map at the start is whole; its length.
    fn whole_map(&mut self) -> Result<usize, Problem> {
        loop {
            match extent(self.rest()) {
                Extent::Whole { bytes } if bytes <= EVENT_LINE_BYTES_MAX => return Ok(bytes),
                Extent::Reserved { at } => {
                    let offset = self.passed_bytes + (self.start + at) as u64;
                    return Err(Problem::NotMessagePack {
                        message: format!("byte {offset} is 0xc1, which begins nothing"),
                        known_by: self.input.known_by(),
                    });
                }
                Extent::Incomplete if self.rest().len() <= EVENT_LINE_BYTES_MAX => {
                    if !self.fill()? {
                        return Err(CUT);
                    }
                }
                Extent::Whole { .. } | Extent::Incomplete => return Err(TOO_LONG),
            }
        }
    }

    /// What of the buffer does not belong to an event before.
    fn rest(&self) -> &[u8] {
        self.buffer.get(self.start..).unwrap_or_default()
    }

    /// The event last found.
    pub(super) fn event(&self) -> Result<EventView<'_>, Problem> {
        let bytes = self.buffer.get(self.start..self.end).unwrap_or_default();
        let behind_head = bytes.get(head_bytes(bytes)..).unwrap_or_default();
        if behind_head.starts_with(CALLS_BEGIN)
            && let Ok(calls) = parse(bytes)
        {
            return Ok(EventView::Calls(calls));
        }
        if behind_head.starts_with(ACTOR_BEGINS)
            && let Ok(actor) = parse(bytes)
        {
            return Ok(EventView::Actor(actor));
        }
        match parse::<Event>(bytes) {
            Ok(event) => accepted(event).map(EventView::Owned),
            Err(error) => Err(explain(bytes, &error, self.input.known_by())),
        }
    }

    /// Reads on, so that an event that is not whole may become so; `false` at the end.
    fn fill(&mut self) -> Result<bool, Problem> {
        self.buffer.drain(..self.start);
        self.passed_bytes += self.start as u64;
        self.start = 0;
        let before = self.buffer.len();
        let mut wanted = 1;
        if before > LONG_EVENT_BYTES_MIN {
            // Twice as much each time: a long event is looked through few times.
            wanted = before;
        }
        while self.buffer.len() - before < wanted {
            let bytes_max = LONG_EVENT_BYTES_MIN.max(wanted);
            if self.input.read_some(bytes_max, &mut self.buffer)? == 0 {
                break;
            }
        }
        Ok(self.buffer.len() > before)
    }
}

/// The reader of the trace adds the last tick.
const CUT: Problem = Problem::Truncated {
    last_tick_seconds: None,
};

const NO_EVENT: Problem = Problem::NoEvent { what: "data" };

const TOO_LONG: Problem = Problem::EventTooLong {
    max_bytes: EVENT_LINE_BYTES_MAX,
};

/// Length of the head of a map.
fn head_bytes(bytes: &[u8]) -> usize {
    match bytes.first() {
        Some(0xde) => 3,
        Some(0xdf) => 5,
        _ => 1,
    }
}

fn parse<'b, T: Deserialize<'b>>(bytes: &'b [u8]) -> Result<T, rmp_serde::decode::Error> {
    let mut deserializer = rmp_serde::Deserializer::from_read_ref(bytes);
    deserializer.set_max_depth(DEPTH_MAX);
    T::deserialize(&mut deserializer)
}

/// Finds out what is wrong with a map that is no event: off the fast path, so it may parse again.
fn explain(bytes: &[u8], error: &rmp_serde::decode::Error, known_by: KnownBy) -> Problem {
    match parse::<Json>(bytes) {
        Ok(json) => mistake(&json, &error.to_string(), "data"),
        Err(error) => Problem::NotMessagePack {
            message: wording::of_packed(&error),
            known_by,
        },
    }
}
