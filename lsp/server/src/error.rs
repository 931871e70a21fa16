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
    /// Standard input or output failed, or what was read is no message of the protocol.
    #[error("standard input or output: {0}")]
    Stream(#[from] io::Error),
}
