//! Recorded events: a reader that streams them, an engine that replays them, a writer that records.
//!
//! A trace is JSON Lines, one event a line, or MessagePack (by the file's name, `.msgpack`),
//! optionally compressed with zstd (`.zst`); what has no name, such as standard input, is known by its
//! first bytes. It is read an event at a time, so that its size is
//! bounded by the disk only.

mod decode;
mod error;
mod extent;
mod input;
mod lines;
mod packed;
mod reader;
mod record;
mod replay;
mod shape;
mod usual;
mod wording;

pub use error::{Problem, TraceError};
pub use input::KnownBy;
pub use reader::{Located, TraceReader};
pub use record::{RecordError, Recorder};
pub use replay::TraceEngine;
