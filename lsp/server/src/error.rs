//! Why the server ended other than by the editor's wish.

use std::io;

/// Why the server ended other than by the editor's wish.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The connection closed before the editor asked for `shutdown`.
    #[error("the editor closed the connection without asking for `shutdown`")]
    Disconnected,
    /// The editor sent `exit` before it asked for `shutdown`.
    #[error("the editor sent `exit` without asking for `shutdown` first")]
    ExitWithoutShutdown,
    /// Reading or writing failed, or what was read does not say where a message ends.
    #[error("{0}")]
    Stream(#[from] io::Error),
}
