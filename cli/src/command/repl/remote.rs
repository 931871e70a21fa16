//! Engines in other processes.

use plasma_engine::Engine;

use crate::failure::Failure;

/// Whether this is the address of an engine, rather than the name of a file.
pub(super) fn is_address(target: &str) -> bool {
    target.contains("://")
}

/// Connects to an engine.
pub(super) fn connect(address: &str) -> Result<Box<dyn Engine + Send>, Failure> {
    Err(Failure::new(format!("cannot connect to {address}"))
        .help("`:attach` takes snapshots and traces; --app NAME starts a cluster"))
}
