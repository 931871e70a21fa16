//! How the rules of two policies compare: whether one asks for all that the other one asks for, whatever
//! the cluster, and clusters that may show a difference.
//!
//! An answer of yes is certain, for every cluster and past and for reservations held by the same
//! firings; where the proof is not found the answer is no, which says nothing. What a cluster shows, who
//! asks for it finds out with the evaluator.

mod aggregation;
mod alike;
mod inclusion;
mod plain;
mod proof;
mod side_by_side;

pub use crate::lint::conflict::situation::{Situation, situations};
pub use aggregation::is_same_aggregation;
pub use inclusion::{asks_for_as_much, fires_as_often};
pub use side_by_side::{SideBySide, side_by_side};
