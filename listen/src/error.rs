//! Why nothing can be served at an address.

use std::io;
use std::net::SocketAddr;

/// Why nothing can be served at an address.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ListenError {
    /// The text names no address.
    #[error("`{text}` is no address: {problem}; expected HOST:PORT, such as 127.0.0.1:9200")]
    Address {
        /// The text.
        text: String,
        /// What is wrong with it.
        problem: String,
    },
    /// The address can be reached from outside this machine, and nothing keeps strangers out.
    #[error("{address} can be reached from other machines, and no token is set")]
    NeedsToken {
        /// The address.
        address: SocketAddr,
    },
    /// The address is taken, or not ours.
    #[error("cannot listen on {address}: {}", system_text(source))]
    Bind {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

/// The system's text in lower case and without its number.
fn system_text(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut characters = text.chars();
    let first = characters.next().map(char::to_lowercase);
    first.into_iter().flatten().chain(characters).collect()
}
