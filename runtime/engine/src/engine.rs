//! The trait that every engine implements, and the orders it takes.

use plasma_model::{Action, Event, Hello};

use crate::{Batch, EngineError, Stopper};

/// An actor cluster as the managers see it: events out, orders in, in numbered periods.
///
/// What an implementation owes its callers, checked by [`crate::conformance`]:
/// * the first batch opens with `hello` and `schema` (recorded files may lack them), each batch
///   ends with its only `tick`, and window numbers grow; a lost period is a gap, never zeros;
/// * an order is answered at most once, as an `outcome` event of a later batch; an order repeated
///   under the same id is answered, not carried out again;
/// * an order from an older lease, for an older epoch, or about an actor or server that is not
///   there is refused with a reason, and changes nothing;
/// * once stopped, the engine ends what it has begun and leaves nothing half-done.
pub trait Engine {
    /// The engine's name and the length of its periods.
    fn hello(&self) -> &Hello;

    /// What the application offers, as actor declarations of the language, if it is known.
    fn schema(&self) -> Option<&str>;

    /// Waits for the end of the period and gives what was measured in it. `None` once the engine
    /// has been stopped or has nothing more to tell.
    ///
    /// # Errors
    /// If the engine cannot go on; the error says why, and for recorded events where.
    fn next_batch(&mut self) -> Result<Option<Batch>, EngineError>;

    /// Hands orders to the engine; returns without waiting for them. Refused orders are answered
    /// by an outcome like all others.
    ///
    /// # Errors
    /// If the engine takes no orders at all, or none any more.
    fn submit(&mut self, orders: Orders) -> Result<(), EngineError>;

    /// A handle with which any thread can end the wait in [`Engine::next_batch`].
    fn stopper(&self) -> Stopper;

    /// Stops the engine: ends the moves in flight one way or the other and gives the events that
    /// no batch has held yet, outcomes among them. Idempotent: a second call gives nothing.
    ///
    /// # Errors
    /// If something did not end in time; what could be stopped is stopped nevertheless.
    fn finish(&mut self) -> Result<Vec<Event>, EngineError>;
}

/// Orders decided on one window.
#[derive(Clone, Debug, PartialEq)]
pub struct Orders {
    /// Number of the window that was decided on.
    pub window: u64,
    /// Lease epoch of the manager that orders. Older ones than the newest seen are refused.
    pub lease: u64,
    /// The orders, in the order in which they are to be begun.
    pub actions: Vec<Action>,
}

impl From<Orders> for Event {
    fn from(orders: Orders) -> Self {
        Event::Actions {
            window: orders.window,
            lease: orders.lease,
            actions: orders.actions,
        }
    }
}
