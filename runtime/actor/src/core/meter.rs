//! Processor time, as the driver measures and spends it.

use std::time::Duration;

/// The driver's side of processor time.
pub trait Meter {
    /// A stamp of the processor's cycle counter (in the simulator: of the server's busy time). Read
    /// once a turn: the end of one is the start of the next.
    fn stamp(&mut self) -> u64;

    /// Spends this much processor time now: spins on the thread's clock, or advances the busy time.
    fn burn(&mut self, work: Duration);

    /// Says what is about to be done, for drivers whose stamps do not advance by themselves.
    fn price(&mut self, work: Priced) {
        let _ = work;
    }
}

/// Work that has a fixed price in the simulator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Priced {
    /// Polling a handler once.
    Turn,
    /// Encoding this many bytes.
    Encode(usize),
    /// Decoding this many bytes.
    Decode(usize),
}
