//! The managers' tests: stories in a small notation, and properties over random clusters.

mod arbitrate;
mod dense;
mod memory;
mod notation;
mod window;
