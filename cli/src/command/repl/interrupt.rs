//! Ctrl-C while something is evaluated: back to the prompt. While a line is edited it is a key like
//! any other, and the editor's business.

use std::sync::atomic::{AtomicBool, Ordering};

use std::time::Duration;

use crate::failure::Failure;
use crate::output;

/// An evaluation that has not ended so long after Ctrl-C is one that cannot be called off.
const PATIENCE: Duration = Duration::from_secs(1);

static IS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C is only noted: tables ask for it, plans do not. A second one before the
/// evaluation has ended ends the process.
pub(super) fn listen() -> Result<(), Failure> {
    ctrlc::set_handler(|| {
        if IS_INTERRUPTED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
        // The handler has a thread of its own.
        std::thread::sleep(PATIENCE);
        if is_interrupted() {
            output::problem("a plan is not interrupted; Ctrl-C again leaves");
        }
    })
    .map_err(|error| Failure::new(format!("cannot handle Ctrl-C: {error}")))
}

/// Forgets a Ctrl-C: what it was meant for has ended.
pub(super) fn clear() {
    IS_INTERRUPTED.store(false, Ordering::SeqCst);
}

/// Whether the present evaluation is to end.
pub(super) fn is_interrupted() -> bool {
    IS_INTERRUPTED.load(Ordering::Relaxed)
}
