//! The embedded engine: a cluster of server threads in this process, each with its own executor,
//! processor quota, memory and network accounts.
//!
//! [`Cluster`] runs an application and is an [`Engine`](plasma_engine::Engine). A server is a
//! thread that drives a [`ServerCore`](plasma_actor::ServerCore) (module `node`): it takes frames
//! and commands from its inbox, gives them to the core, runs turns as far as its quota allows, and
//! sends what comes of them over links that cost time. Nothing is shared between servers but their
//! inboxes.

mod clock;
mod cluster;
mod command;
mod config;
mod egress;
mod external;
mod inbox;
mod ingress;
mod loads;
mod meter;
mod node;
mod nodes;
mod notices;
mod profiling;
mod provider;

pub use cluster::Cluster;
pub use config::{ClusterConfig, SERVERS_MAX};
pub use profiling::ProfilingCost;
