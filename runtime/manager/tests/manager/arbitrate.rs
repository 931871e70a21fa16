//! Arbitration, behavior by behavior.

mod balance;
mod colocate;
mod drain;
mod hundreds;
mod migrate;
mod once;
mod optimum;
mod order;
mod pin;
mod properties;
mod requirements;
mod reserve;
mod restraints;
mod scale;
mod separate;
mod spread;
