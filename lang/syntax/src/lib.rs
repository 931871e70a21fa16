//! Lexer, grammar and tree of the Plasma language.
//!
//! [`parse()`] turns the text of a policy into a [`tree::Tree`] and diagnostics, never an error: what
//! could not be understood is a hole in the tree, and everything around it is there.
//! [`parse_cluster`] does the same for cluster literals, [`parse_repl_input`] for a prompt.
//! [`format()`] lays a policy out anew. [`lexemes()`] gives an editor the words and signs alone.

mod builder;
pub mod cluster;
mod descent;
mod error;
mod expected;
mod format;
mod holes;
mod lexeme;
mod lexer;
mod limit;
mod message;
mod number;
mod parse;
mod token;
pub mod tree;
mod words;

pub use format::format;
pub use lexeme::{Lexeme, LexemeKind, lexemes, lexemes_within};
pub use limit::{NESTING_DEPTH_MAX, POLICY_BYTES_MAX, POLICY_RULES_MAX, SYNTAX_ERRORS_MAX};
pub use message::{MessagePart, message_parts, message_text};
pub use number::{Number, Quantity, UNITS, Unit, unit_named};
pub use parse::{
    Parsed, ParsedCluster, ReplInput, ReplStatus, Replaced, parse, parse_again, parse_cluster,
    parse_repl_input,
};
