//! Clusters of other processes: heard as a stream, and moved only by giving them another policy.

use plasma_engine::Engine;
use plasma_remote::{RemoteEngine, RemotePolicy};

use crate::failure::Failure;
use crate::token;

/// What changes are noted with over there.
const WHO: &str = "plasma repl";

/// Whether this is the address of a running cluster, rather than the name of a file.
pub(super) fn is_address(target: &str) -> bool {
    target.contains("://")
}

/// A running cluster of another process.
pub(super) struct Remote {
    /// Its stream.
    pub(super) engine: Box<dyn Engine + Send>,
    /// Its policy.
    pub(super) policy: RemotePolicy,
}

/// Connects to a running cluster.
pub(super) fn connect(address: &str) -> Result<Remote, Failure> {
    let failed = |error: plasma_remote::RemoteError| Failure::new(error.to_string());
    let token = token::from_environment()?;
    let engine = RemoteEngine::connect(address, token.as_ref()).map_err(failed)?;
    let who = match std::env::var("USER") {
        Ok(user) if !user.is_empty() => format!("{user} ({WHO})"),
        _ => WHO.to_owned(),
    };
    Ok(Remote {
        engine: Box::new(engine),
        policy: RemotePolicy::new(address, token, Some(who)).map_err(failed)?,
    })
}
