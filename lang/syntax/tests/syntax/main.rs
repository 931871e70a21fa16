//! The reader of the language, held to its specification from outside.
//!
//! Snapshots hold the source and, below it, the tree or the mistakes as a terminal shows them.

#[macro_use]
mod show;

mod bounds;
mod cluster;
mod core_grammar;
mod dump;
mod format;
mod mistakes;
mod never_panics;
mod policies;
mod recovery;
mod render;
mod repl;
mod trees;
