//! The elasticity managers: windows, proposals, arbitration, local and global rounds.
//!
//! Everything here is a plain function or a state machine over the model's nouns: no clock, no
//! randomness, no threads, no IO. The cluster and the simulator drive the same code.

mod arbitrate;
mod global;
mod history;
mod migration;
mod propose;
mod reservation;
mod restraint;
mod scaling;
mod window;

pub use arbitrate::{
    Arbitration, Circumstances, Cluster, Occasion, Phase, arbitrate, arbitrate_cluster,
};
pub use global::{Evaluated, Gem, Round};
pub use migration::{
    Execution, MOVE_DEADLINE_SECONDS, MOVES_IN_FLIGHT_MAX, MOVES_PER_SERVER_MAX,
    SERVER_DEADLINE_SECONDS,
};
pub use reservation::{HeldReservation, Memory};
pub use restraint::{Budget, Restraints};
pub use scaling::{Recent, Scaling};
pub use window::{Window, WindowError};

/// Greatest number of actors that move at once, all or none.
pub const GROUP_MEMBERS_MAX: usize = 64;
