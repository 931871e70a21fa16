//! Recorded events: a reader that streams them, an engine that replays them, a writer that records.
//!
//! A trace is JSON Lines, one event a line, or MessagePack (by the file's name, `.msgpack`),
//! optionally compressed with zstd (`.zst`). It is read an event at a time, so that its size is
//! bounded by the disk only.

mod culprit;
mod decode;
mod error;
mod extent;
mod input;
mod lines;
mod packed;
mod reader;
mod record;
mod replay;
mod usual;
mod wording;

pub use error::{Problem, TraceError};
pub use reader::{Located, TraceReader};
pub use record::{RecordError, Recorder};
pub use replay::TraceEngine;
