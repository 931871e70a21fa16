//! Why an engine cannot go on.

use crate::trace::TraceError;

/// Why an engine cannot go on, or takes no orders.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// Recorded events could not be read.
    #[error(transparent)]
    Trace(#[from] TraceError),
    /// The engine only tells what is or was.
    #[error("{what}: it can be read, but its cluster takes no orders")]
    ReadOnly {
        /// What is being read: `run.jsonl is a recording`.
        what: String,
    },
    /// The stream of a cluster that runs elsewhere could not be opened, or ended too early.
    #[error("{0}")]
    Stream(String),
    /// Orders came after the engine was stopped.
    #[error("the engine has been stopped and takes no more orders")]
    Stopped,
    /// The engine could not be started with what it was given.
    #[error("the cluster cannot start: {0}")]
    Start(String),
    /// A part of the engine ended that should not have.
    #[error("the cluster cannot go on: {0}")]
    Broken(String),
}
