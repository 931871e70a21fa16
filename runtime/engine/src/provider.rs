//! Where the servers of an engine come from: the trait [`Provider`].

use plasma_model::{ActionId, ServerId};

/// Adds servers to an engine and removes them. Nothing here waits: what is begun ends later, and is told by
/// [`Provider::ended`], each order once.
///
/// What an implementation owes its callers: an order is begun at most once and ends at most once; a
/// server is removed only if no actor lives on it or is on the way there; what fails leaves the servers as
/// they were, as far as that can be, and says why.
pub trait Provider {
    /// Begins to add servers.
    ///
    /// # Errors
    /// Why none is added; nothing was begun then.
    fn add(&mut self, order: ActionId, count: u32) -> Result<(), String>;

    /// Begins to remove a server.
    ///
    /// # Errors
    /// Why it stays; nothing was begun then.
    fn remove(&mut self, order: ActionId, server: &ServerId) -> Result<(), String>;

    /// What has ended since it was last asked.
    fn ended(&mut self) -> Vec<ServersChanged>;
}

/// How an order about servers ended.
#[derive(Clone, Debug, PartialEq)]
pub struct ServersChanged {
    /// The order.
    pub order: ActionId,
    /// What has changed, or why nothing has.
    pub result: Result<Change, String>,
}

/// A change of the servers.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// These are there now, each with the engine's number for it.
    Added(Vec<(ServerId, u32)>),
    /// This one is gone.
    Removed(ServerId),
}

/// The provider of an engine whose servers are given.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProvider;

impl Provider for NoProvider {
    fn add(&mut self, _: ActionId, _: u32) -> Result<(), String> {
        Err("unsupported".to_owned())
    }

    fn remove(&mut self, _: ActionId, _: &ServerId) -> Result<(), String> {
        Err("unsupported".to_owned())
    }

    fn ended(&mut self) -> Vec<ServersChanged> {
        Vec::new()
    }
}
