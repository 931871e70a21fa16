//! The simulator, and the core under it, told in runs.

mod atomic_move;
mod calls;
mod determinism;
mod engine;
mod ledger;
mod moves;
mod partitions;
mod planted;
mod quota;
mod seeds;
mod story;
