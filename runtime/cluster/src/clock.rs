//! The clocks of a server thread: time since the cluster's start, the thread's processor time, and
//! cycles for the accounts of single turns.

use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};

/// The clocks of one cluster; cheap to clone into its threads.
#[derive(Clone, Debug)]
pub(crate) struct Clocks {
    start: Instant,
    cycles: quanta::Clock,
}

impl Clocks {
    /// Clocks that start now.
    pub(crate) fn start() -> Self {
        Clocks {
            start: Instant::now(),
            cycles: quanta::Clock::new(),
        }
    }

    /// Time since the start.
    pub(crate) fn now(&self) -> Duration {
        self.start.elapsed()
    }

    /// The instant `since_start` after the start.
    pub(crate) fn instant(&self, since_start: Duration) -> Instant {
        self.start + since_start
    }

    /// Raw cycles: a few nanoseconds to read, of no unit but proportional to time on this machine.
    pub(crate) fn cycles(&self) -> u64 {
        self.cycles.raw()
    }

    /// Time that passed between two readings of [`Clocks::cycles`].
    pub(crate) fn between(&self, begin: u64, end: u64) -> Duration {
        self.cycles.delta(begin, end)
    }
}

/// Processor time that the calling thread has used since it began.
pub(crate) fn thread_cpu() -> Duration {
    let time = clock_gettime(ClockId::ThreadCPUTime);
    let seconds = u64::try_from(time.tv_sec).unwrap_or(0);
    let nanos = u32::try_from(time.tv_nsec).unwrap_or(0);
    Duration::new(seconds, nanos)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_do_not_run_backwards() {
        let clocks = Clocks::start();
        let (now, cycles, cpu) = (clocks.now(), clocks.cycles(), thread_cpu());
        assert!(clocks.now() >= now);
        assert!(clocks.cycles() >= cycles);
        assert!(thread_cpu() >= cpu);
    }
}
