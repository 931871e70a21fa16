//! The language server.
//!
//! One thread owns the open documents and answers in order: checking is bound by the processor and
//! takes milliseconds. `stream` and `message` read and write what goes over the wire, `main_loop`
//! waits for messages, `capabilities` says what is offered, `dispatch` finds who answers, `session`
//! holds the documents and what surrounds them, `convert` and `position` turn the plain data of
//! `plasma-ide` into protocol types. Only `lsp_types` names the crate that these types come from.

mod capabilities;
mod client;
mod convert;
mod dispatch;
mod document;
mod error;
mod lsp_types;
mod main_loop;
mod message;
mod position;
mod session;
mod stream;
mod surroundings;
mod uri;
mod watch;

pub use error::ServerError;
pub use main_loop::run;
pub use stream::{run_stdio, serve};
