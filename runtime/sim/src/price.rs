//! What work costs in virtual processor time: the one table.
//!
//! The figures stand for the embedded cluster on an ordinary machine; what an application burns by
//! itself comes on top.

use std::time::Duration;

use plasma_actor::Priced;

/// Polling a handler once.
const TURN_NANOS: u64 = 100;
/// Beginning to encode or decode a value.
const VALUE_NANOS: u64 = 50;
/// Encoding or decoding 1024 bytes.
const KIBIBYTE_NANOS: u64 = 500;
/// Handing a frame to the link, or taking one from it: the thread's queue and its wake-up, as
/// `cargo run --release -p plasma-benches -- prices` measures it.
const FRAME_NANOS: u64 = 10_000;

/// The price of a piece of the core's work.
pub(crate) fn of(work: Priced) -> Duration {
    Duration::from_nanos(match work {
        Priced::Turn => TURN_NANOS,
        Priced::Encode(bytes) | Priced::Decode(bytes) => {
            VALUE_NANOS + (bytes as u64).saturating_mul(KIBIBYTE_NANOS) / 1024
        }
    })
}

/// The price of one frame, to its sender and to its receiver each.
pub(crate) fn frame() -> Duration {
    Duration::from_nanos(FRAME_NANOS)
}
