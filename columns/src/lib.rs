//! The cluster in columns: what is measured of a million actors, in dense numbers.
//!
//! [`Columns`] is a [`Snapshot`](plasma_model::Snapshot) arranged for evaluation. Names of actors,
//! servers, types, properties and functions are numbered once ([`Names`]); a measured value is a
//! place in a [`Column`]; references are lists of numbers ([`Adjacency`]); calls are kept apart by
//! kind of caller, type of callee and function ([`Partition`]), since that is how policies ask for
//! them. Numbers stay the same from one period to the next, so a window looks at the same place of
//! several [`Frame`]s, and what changed is known by number ([`Changes`]).

mod adjacency;
mod calls;
mod changes;
mod column;
mod columns;
mod forgetting;
mod frame;
mod names;
mod number_set;
mod partition;
mod period;
mod published;
mod rows;
mod search;
mod servers;

pub use adjacency::Adjacency;
pub use calls::{CallKey, CallTable, CallerKind};
pub use changes::{ChangedCalls, Changes};
pub use column::{Column, UNKNOWN};
pub use columns::{Columns, ExpectedCalls};
pub use forgetting::SPARE_NAMES;
pub use frame::{Elapsed, Frame, UsageColumns};
pub use names::Names;
pub use number_set::NumberSet;
pub use partition::{CallPlaces, Partition};
pub use period::CallFigures;
pub use published::Published;
pub use search::place_from;
pub use servers::ServerTable;

/// Number of an actor: of its name, alive or not.
pub type ActorNo = u32;

/// Number of a server: of its name, alive or not.
pub type ServerNo = u32;

/// Number of an actor type.
pub type TypeNo = u32;

/// Number of a property.
pub type PropertyNo = u32;

/// Number of a function.
pub type FunctionNo = u32;

/// The number of nobody.
pub const NOBODY: u32 = u32::MAX;
