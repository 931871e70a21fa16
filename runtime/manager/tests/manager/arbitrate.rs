//! Arbitration, behavior by behavior.

mod balance;
mod colocate;
mod drain;
mod migrate;
mod once;
mod order;
mod pin;
mod properties;
mod reserve;
mod restraints;
mod scale;
mod separate;
mod spread;
