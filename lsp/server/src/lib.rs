//! The language server.
//!
//! One thread owns the open documents and answers in order: checking is bound by the processor and
//! takes milliseconds. `main_loop` waits for messages, `dispatch` finds who answers, `session`
//! holds the documents, `convert` turns the plain data of `plasma-ide` into protocol types. Only
//! `lsp_types` names the crate that these types come from.

mod convert;
mod dispatch;
mod error;
mod lsp_types;
mod main_loop;
mod session;
mod uri;

pub use error::ServerError;
pub use main_loop::{run, run_stdio};
