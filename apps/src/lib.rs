//! The built-in applications with their workload generators.
//!
//! Each is written with the public interface of `plasma_actor`, as a user's own would be: a type
//! that implements [`Application`] and whose fields are its parameters. Their policies are in
//! `stdlib`, under the same names.

pub mod metadata;

use plasma_actor::Application;

/// Every built-in application, with its default parameters.
#[must_use]
pub fn all() -> &'static [&'static dyn Application] {
    &[&metadata::METADATA]
}
