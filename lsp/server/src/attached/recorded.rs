//! A policy on a recorded cluster, from its first tick to its last.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use plasma_engine::trace::TraceReader;
use plasma_ide::Attached;
use plasma_scenario::TraceTicks;

use super::follower::Follower;

/// What a policy does in a recorded cluster.
#[derive(Debug)]
pub(crate) struct Replay {
    /// What there is to see at its end.
    pub(crate) attached: Attached,
    /// Why it ended early, if it did.
    pub(crate) message: Option<String>,
}

/// Replays a policy on a file; `None` if nobody waits for it any more. `go_on` is told after how many ticks it is.
///
/// # Errors
///
/// If there is no whole tick in it, or it cannot be read: why, for people.
pub(crate) fn replay(
    path: &Path,
    mut follower: Follower,
    go_on: &mut dyn FnMut(usize) -> bool,
) -> Result<Option<Replay>, String> {
    let reader = TraceReader::open(path).map_err(|error| error.to_string())?;
    let mut ticks = TraceTicks::new(reader).map_err(|error| error.to_string())?;
    let mut last = None;
    let mut message = None;
    loop {
        match ticks.next_tick() {
            Ok(Some(columns)) => {
                follower.see(columns);
                last = Some(columns.clone());
            }
            Ok(None) => break,
            // What was whole before it can be looked at: the file may still be written.
            Err(error) => {
                message = Some(error.to_string());
                break;
            }
        }
        if !go_on(follower.ticks()) {
            return Ok(None);
        }
    }
    match (last, message) {
        (Some(columns), message) => Ok(Some(Replay {
            attached: follower.attached(Arc::new(columns)),
            message,
        })),
        (None, Some(message)) => Err(message),
        (None, None) => Err(format!("{}: there is no tick in it", path.display())),
    }
}

/// What tells that a file is another one than before: its length, and when it was written.
pub(crate) fn stamp(path: &Path) -> Option<(u64, SystemTime)> {
    let known = std::fs::metadata(path).ok()?;
    Some((known.len(), known.modified().ok()?))
}
