//! HTTP and WebSocket at an address: who may come in, how many at a time, and an orderly end.
//!
//! What is served is somebody else's: [`start`] takes the routes, and gives them a [`Lobby`], by which they
//! take in guests (connections that stay) and hear of the end. Everything runs on one thread of its own;
//! the rest of the program stays without async.
//!
//! Nothing comes in from outside this machine without a [`Token`]; pages of other origins, which a
//! browser would let talk to an address of this machine, are refused, and so are names that were made to
//! point here (DNS rebinding).

mod door;
mod error;
mod listening;
mod lobby;
mod token;

pub use error::ListenError;
pub use listening::{Listening, Settings, start};
pub use lobby::{Guest, Lobby};
pub use token::{BadToken, Token};
