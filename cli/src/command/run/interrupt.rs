//! Ending a run early: the first Ctrl-C stops it with its report, the second ends the process.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use plasma_engine::Stopper;

use super::live;
use crate::failure::Failure;

/// Exit status of a process that was interrupted.
const INTERRUPTED_STATUS: i32 = 130;

/// What Ctrl-C does. It comes as a signal, or, under the live view, as a key: a terminal in raw mode
/// makes no signals. Clones share the count.
#[derive(Clone, Debug)]
pub(super) struct Interrupt {
    stopper: Stopper,
    was_raised: Arc<AtomicBool>,
}

/// What is left to do after an interrupt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Next {
    /// The run ends by itself.
    Wait,
    /// The process is to end now.
    Exit,
}

impl Interrupt {
    /// Takes over the process's Ctrl-C.
    pub(super) fn handle(stopper: Stopper) -> Result<Self, Failure> {
        let interrupt = Interrupt::new(stopper);
        let of_signal = interrupt.clone();
        ctrlc::set_handler(move || of_signal.raise())
            .map_err(|error| Failure::new(format!("cannot handle Ctrl-C: {error}")))?;
        Ok(interrupt)
    }

    fn new(stopper: Stopper) -> Self {
        Interrupt {
            stopper,
            was_raised: Arc::default(),
        }
    }

    /// Ctrl-C: stops the run; a second one ends the process, the terminal as it was before.
    pub(super) fn raise(&self) {
        if self.count() == Next::Exit {
            live::give_terminal_back();
            std::process::exit(INTERRUPTED_STATUS);
        }
    }

    /// Stops the run, however often it is asked to.
    pub(super) fn stop(&self) {
        self.stopper.stop();
    }

    fn count(&self) -> Next {
        if self.was_raised.swap(true, Ordering::SeqCst) {
            return Next::Exit;
        }
        self.stop();
        Next::Wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_one_stops_the_run_and_the_second_the_process() {
        let stopper = Stopper::new();
        let of_signal = Interrupt::new(stopper.clone());
        let of_key = of_signal.clone();
        assert!(!stopper.is_stopped());
        assert_eq!(of_key.count(), Next::Wait);
        assert!(stopper.is_stopped());
        assert_eq!(of_signal.count(), Next::Exit);
    }

    #[test]
    fn stopping_twice_does_not_end_the_process() {
        let interrupt = Interrupt::new(Stopper::new());
        interrupt.stop();
        interrupt.stop();
        assert_eq!(interrupt.count(), Next::Wait);
    }
}
