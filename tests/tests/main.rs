//! The tests that look at the product from outside: the specification pages and the layout of the
//! repository.

mod book;
mod corpus;
mod diff;
mod differential;
mod gain;
mod lints;
mod modules;
mod moment;
mod random;
mod spec;
mod stdlib;
mod tidy;
mod tree_sitter;
mod why;
