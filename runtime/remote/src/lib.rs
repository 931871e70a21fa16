//! A running cluster over the network.
//!
//! On the cluster's side a [`Publisher`] serves its events to whoever asks, as a WebSocket and as a
//! snapshot, and takes a new policy from those who may change it. On the other side a [`RemoteEngine`] is
//! the stream as an engine that is only read, and a [`RemotePolicy`] reads and replaces the policy.
//!
//! A frame of the stream is a list of events, in JSON (text) or MessagePack (binary). The first one says
//! what cluster it is and, once a period has ended, the whole present state up to its tick; then comes one
//! frame a period, and one with what was decided on it. Whoever cannot keep up is shown the present state
//! again, with what has gone meanwhile; the windows' numbers tell what was left out.
//!
//! `present` and `known` keep the cluster as a newcomer must be told of it, `hub` what waits to be sent, `frame`
//! encodes and decodes; `routes` and `subscriber` are the only ones with async, on the publisher's thread.

mod engine;
mod error;
mod exchange;
mod frame;
mod hub;
mod known;
mod policy;
mod present;
mod publisher;
mod routes;
mod subscriber;
mod url;

pub use engine::RemoteEngine;
pub use error::RemoteError;
pub use plasma_listen::{BadToken, ListenError, Token};
pub use policy::{PolicyKeeper, Refused, RemotePolicy};
pub use publisher::{Publisher, PublisherSettings};

/// Bytes that a frame of the stream may have: a cluster of half a million actors.
const FRAME_BYTES_MAX: usize = 256 << 20;

/// Where the stream is served, below the address.
const STREAM_PATH: &str = "/events";

/// The version of the events that are told and understood.
const FORMAT_VERSION: u32 = 1;
