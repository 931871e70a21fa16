//! What the embedded cluster and the simulator share: the arithmetic of quotas and links, where
//! actors start, who is admitted, and orders on their way. Pure: times come in, times go out, so
//! that both drivers give the same answers.

mod admission;
mod link;
mod moves;
mod placement;
mod quota;

pub use admission::{Loads, ServerLoad};
pub use link::{Direction, Link, LinkError};
pub use moves::{Departure, Moved, Mover, Moves};
pub use placement::{Start, StartError, place};
pub use quota::{Bucket, Entitlement, INPUTS_MAX, SLICE};
