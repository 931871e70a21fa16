//! The managers' tests: stories in a small notation, and properties over random clusters.

mod arbitrate;
mod change;
mod memory;
mod notation;
mod window;
