//! I23: the same seed gives the same run.

use super::{Property, Violation};
use crate::TraceHash;

/// Runs the same thing twice, and compares the fingerprints.
///
/// # Errors
/// If they differ.
pub fn same_twice(mut run: impl FnMut() -> TraceHash) -> Result<TraceHash, Violation> {
    let (first, second) = (run(), run());
    if first == second {
        return Ok(first);
    }
    let what = format!("{first:?}, then {second:?}");
    Err(Violation::new(Property::Determinism, what))
}
