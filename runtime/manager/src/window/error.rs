//! What a stream of events can get wrong. The reader of the stream adds the line.

use plasma_model::{ActorId, ServerId};
use thiserror::Error;

/// An event that contradicts the format or the events before it. The window is as it was before.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum WindowError {
    /// The stream speaks another version of the format.
    #[error("the stream has format version {version}; this program reads version 1")]
    Version {
        /// The version it announced.
        version: u32,
    },
    /// A second `hello` announces another period.
    #[error(
        "a second `hello` changes the period from {before} s to {after} s; start a new stream \
         instead"
    )]
    PeriodChanged {
        /// Seconds announced before.
        before: f64,
        /// Seconds announced now.
        after: f64,
    },
    /// A number that cannot be measured.
    #[error("{what} is {}: expected {expected}", figure(*value))]
    Figure {
        /// Which field of what.
        what: String,
        /// What was given.
        value: f64,
        /// What would be accepted.
        expected: &'static str,
    },
    /// A name without a character.
    #[error("`{field}` of the `{event}` event is empty: expected a text of at least one character")]
    NoName {
        /// The kind of event.
        event: &'static str,
        /// Its field.
        field: &'static str,
    },
    /// The name of the world outside, taken by an actor.
    #[error("an actor cannot be called `client`: that name stands for callers outside the cluster")]
    ClientActor,
    /// An actor's first event does not say its type.
    #[error("actor `{actor}` appears without a `type`: its first event must give one")]
    NoType {
        /// Which actor.
        actor: ActorId,
    },
    /// An actor's first event does not say its host.
    #[error("actor `{actor}` appears without a `server`: its first event must name its host")]
    NoHost {
        /// Which actor.
        actor: ActorId,
    },
    /// An actor's type is for life.
    #[error(
        "actor `{actor}` changes its type from {before} to {after}: send `actor_gone` before an id \
         is used again"
    )]
    TypeChanged {
        /// Which actor.
        actor: ActorId,
        /// Its type so far.
        before: String,
        /// The type given now.
        after: String,
    },
    /// The host of an actor was never introduced.
    #[error(
        "actor `{actor}` is on server `{server}`, which no event has introduced: send its `server` \
         event first"
    )]
    UnknownHost {
        /// Which actor.
        actor: ActorId,
        /// Its host.
        server: ServerId,
    },
    /// A server left with actors on it.
    #[error(
        "server `{server}` has gone but still hosts actor `{actor}`: move its actors or send their \
         `actor_gone` before the tick"
    )]
    HostGone {
        /// Which server.
        server: ServerId,
        /// One of the actors left on it.
        actor: ActorId,
    },
    /// An event about an actor that was never introduced.
    #[error("`{event}` names actor `{actor}`, which no event has introduced")]
    UnknownActor {
        /// The kind of event.
        event: &'static str,
        /// Which actor.
        actor: ActorId,
    },
    /// An event about a server that was never introduced.
    #[error("`server_gone` names server `{server}`, which no event has introduced")]
    UnknownServer {
        /// Which server.
        server: ServerId,
    },
    /// Time does not pass.
    #[error("the tick at {t} s does not come after the one at {before} s")]
    TickOrder {
        /// Time of the tick before.
        before: f64,
        /// Time of this one.
        t: f64,
    },
}

/// A figure with as many digits as say something.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size.is_finite() && (size >= 1e15 || (size > 0.0 && size < 1e-6)) => {
            format!("{value:e}")
        }
        _ => value.to_string(),
    }
}
