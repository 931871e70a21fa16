//! Processor time as a server's core sees it: cycle stamps, and work done by spinning.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use plasma_actor::Meter;

use crate::clock::{Clocks, thread_cpu};

/// Longest spin between two readings of the thread's clock, which costs a system call.
const SPIN_MAX: Duration = Duration::from_micros(20);

/// The figures that a core's meter shares with the driver of its thread.
#[derive(Debug, Default)]
pub(crate) struct Readings {
    /// Processor time spent by [`Meter::burn`].
    pub(crate) burned: Cell<Duration>,
}

/// The meter of a server thread.
pub(crate) struct ThreadMeter {
    clocks: Clocks,
    readings: Rc<Readings>,
}

impl ThreadMeter {
    pub(crate) fn new(clocks: Clocks, readings: Rc<Readings>) -> Self {
        ThreadMeter { clocks, readings }
    }
}

impl Meter for ThreadMeter {
    fn stamp(&mut self) -> u64 {
        self.clocks.cycles()
    }

    /// Spins until the thread has used that much processor time: waiting for the wall clock would
    /// count time in which the thread did not run.
    fn burn(&mut self, work: Duration) {
        let begin = thread_cpu();
        let mut used = Duration::ZERO;
        while used < work {
            let spin = (work - used).min(SPIN_MAX);
            let from = self.clocks.cycles();
            while self.clocks.between(from, self.clocks.cycles()) < spin {
                std::hint::spin_loop();
            }
            used = thread_cpu().saturating_sub(begin);
        }
        let burned = self.readings.burned.get();
        self.readings.burned.set(burned + used);
    }
}
