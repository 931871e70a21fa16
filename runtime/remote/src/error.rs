//! Why a running cluster cannot be heard or changed from outside.

use std::io;

use plasma_engine::{EngineError, system_text};

/// Why a running cluster cannot be heard or changed from outside.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// The URL names no running cluster.
    #[error(
        "`{url}` names no running cluster: {problem}; expected ws://HOST:PORT or http://HOST:PORT"
    )]
    Url {
        /// The URL.
        url: String,
        /// What is wrong with it.
        problem: String,
    },
    /// Nobody answers there.
    #[error(
        "cannot reach {url}: {}; `plasma run POLICY --listen HOST:PORT` serves a running cluster",
        system_text(source)
    )]
    Connect {
        /// The URL.
        url: String,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody answers who speaks otherwise.
    #[error("{url} is no stream of a cluster: {found}; `plasma run` prints the URL of its stream")]
    NotPlasma {
        /// The URL.
        url: String,
        /// What was found instead.
        found: String,
    },
    /// The other side does not want to.
    #[error("{url} refuses (status {status}): {reason}")]
    Refused {
        /// The URL.
        url: String,
        /// The HTTP status.
        status: u16,
        /// The reason given.
        reason: String,
    },
    /// The stream is of another version of the format.
    #[error(
        "{url} streams version {version} of the events; this program reads version {reads}: use \
         the same release on both sides"
    )]
    Version {
        /// The URL.
        url: String,
        /// The stream's version.
        version: u32,
        /// The version understood.
        reads: u32,
    },
    /// A frame cannot be read.
    #[error("{url} sent a frame that cannot be read: {problem}; {}", after(*last_tick_seconds))]
    BadFrame {
        /// The URL.
        url: String,
        /// What is wrong with it.
        problem: String,
        /// Time of the last tick, in seconds.
        last_tick_seconds: Option<f64>,
    },
    /// The connection was lost.
    #[error(
        "the stream from {url} was lost: {cause}; {}, connect again to go on",
        after(*last_tick_seconds)
    )]
    Lost {
        /// The URL.
        url: String,
        /// Why.
        cause: String,
        /// Time of the last tick, in seconds.
        last_tick_seconds: Option<f64>,
    },
    /// The text is no policy for the cluster.
    #[error("{diagnostics}")]
    WrongPolicy {
        /// Its diagnostics, for people.
        diagnostics: String,
    },
}

fn after(last_tick_seconds: Option<f64>) -> String {
    match last_tick_seconds {
        Some(t) => format!("the last tick was at {t} s"),
        None => "no tick had come".to_owned(),
    }
}

impl From<RemoteError> for EngineError {
    fn from(error: RemoteError) -> Self {
        EngineError::Stream(error.to_string())
    }
}
