//! Ctrl-C while something is evaluated: back to the prompt. While a line is edited it is a key like
//! any other, and the editor's business.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;

static IS_INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C is only noted; a second one before the evaluation has ended ends the process.
pub(super) fn listen() -> Result<(), Failure> {
    ctrlc::set_handler(|| {
        if IS_INTERRUPTED.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
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
