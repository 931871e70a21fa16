//! Arbitration, behavior by behavior.

mod balance;
mod colocate;
mod order;
mod pin;
mod properties;
mod reserve;
mod restraints;
mod separate;
