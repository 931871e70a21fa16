//! The simulated engine: the same server core and managers under virtual time and one seed.
//!
//! A [`World`] is a cluster on one thread: cores, a virtual processor for each ([`WorldConfig`]),
//! links with latency and bandwidth, and a network that loses, repeats, delays and reorders frames
//! as [`Faults`] say. Everything left to chance comes from the seed, so that a seed is a run:
//! [`World::trace_hash`] is its fingerprint. [`check`] holds what must be true of every run.
//! [`SimEngine`] runs an [`Application`](plasma_actor::Application) on a world as an
//! [`Engine`](plasma_engine::Engine), so that whatever drives the embedded cluster drives it too.

pub mod check;
mod config;
mod engine;
mod fault;
mod network;
mod node;
mod notice;
mod price;
mod processor;
mod queue;
mod random;
mod sim_config;
mod trace_hash;
mod wire;
mod world;

pub use config::WorldConfig;
pub use engine::SimEngine;
pub use fault::{
    Fault, FaultKind, Faults, NoFaults, OVERTAKEN_MAX, Passing, PlannedFaults, RandomFaults,
};
pub use network::Traffic;
pub use random::{Random, Stream};
pub use sim_config::SimConfig;
pub use trace_hash::TraceHash;
pub use world::{Admit, DIRECTORY, Ended, Mock, NodeAccounts, PopulateError, Tamper, Told, World};
