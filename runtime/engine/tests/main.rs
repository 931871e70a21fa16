//! Recorded events from end to end: written, read, replayed as an engine, and every bad input.

mod bad_input;
mod conformance;
mod packed;
mod recording;
