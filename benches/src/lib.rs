//! What benchmarks are made of: clusters and policies by seed, what could be done at least, clock and
//! statistics. The peers of `benches/peers` measure with the same.

pub mod clock;
pub mod events;
pub mod floor;
pub mod generated;
pub mod pieces;
pub mod policy;
pub mod rows;
pub mod rules;
pub mod statistics;
