//! What the managers need of an actor engine: the trait [`Engine`], and what every engine shares.
//!
//! An engine runs (or replays) an actor cluster in numbered periods. It tells what it measured as
//! [`Event`](plasma_model::Event)s, one [`Batch`] a period, and carries out [`Orders`]; each order
//! ends with at most one outcome, which is an event again. The module [`conformance`] is the
//! contract as an executable suite, [`trace`] reads and writes recorded events, [`embedded`] is what
//! the engines share that run a cluster themselves.
//!
//! Everything here is synchronous: the caller's thread waits for the end of the period, and a
//! [`Stopper`] in any other thread ends that wait.

mod batch;
mod client;
pub mod conformance;
pub mod embedded;
mod engine;
mod error;
mod ledger;
mod notice;
mod position;
mod provider;
mod stopper;
mod system_text;
pub mod trace;

pub use batch::{Batch, Origin};
pub use client::ClientPeriod;
pub use engine::{Engine, Orders};
pub use error::EngineError;
pub use ledger::{ACTIONS_REMEMBERED_MAX, Admission, Ledger};
pub use notice::Notice;
pub use position::{Place, Position};
pub use provider::{Change, NoProvider, Provider, ServersChanged};
pub use stopper::Stopper;
pub use system_text::system_text;
