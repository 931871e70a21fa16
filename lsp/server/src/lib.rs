//! The language server.
//!
//! One thread owns the open documents and answers in order: checking is bound by the processor and
//! takes milliseconds. `stream`, `websocket` and `message` read and write what goes over the wire, `main_loop`
//! waits for messages, `inbox` keeps them in order and `guard` has a fault cost one answer only;
//! `capabilities` says what is offered, `dispatch` finds who answers: itself, or
//! `navigation`, `renaming`, `symbols`, `hierarchy`, `hints`, `lenses`, `commands` and `pull`. What the server has
//! to say unasked goes through `outbox`; `attached` follows the clusters beside the texts on a thread of its own.
//! `session` holds the documents and what
//! surrounds them, `workspace` the files that are not open; `convert` and `position` turn the plain
//! data of `plasma-ide` into protocol types. Only `lsp_types` names the crate that these come from.

mod attached;
mod capabilities;
mod client;
mod commands;
mod convert;
mod dispatch;
mod document;
mod error;
mod guard;
mod hierarchy;
mod hints;
mod inbox;
mod lenses;
mod lsp_types;
mod main_loop;
mod message;
mod navigation;
mod outbox;
mod places;
mod position;
mod progress;
mod pull;
mod renaming;
mod session;
mod settings;
mod shape;
mod stream;
mod surroundings;
mod symbols;
mod uri;
mod watch;
mod websocket;
mod workspace;

pub use error::ServerError;
pub use main_loop::run;
pub use plasma_listen::{ListenError, Listening, Token};
pub use stream::{run_stdio, serve};
pub use websocket::{WebSocketSettings, listen, session_url};
