//! A handle that ends a wait for the end of the period, from any thread.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Instant;

/// Ends the wait in [`next_batch`](crate::Engine::next_batch). Clones share the same signal; once
/// given, it stays.
#[derive(Clone, Debug, Default)]
pub struct Stopper {
    signal: Arc<(Mutex<bool>, Condvar)>,
}

impl Stopper {
    /// A signal that has not been given.
    pub fn new() -> Self {
        Stopper::default()
    }

    /// Gives the signal.
    pub fn stop(&self) {
        let (stopped, changed) = &*self.signal;
        *stopped.lock().unwrap_or_else(PoisonError::into_inner) = true;
        changed.notify_all();
    }

    /// Whether the signal has been given.
    pub fn is_stopped(&self) -> bool {
        let (stopped, _) = &*self.signal;
        *stopped.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `deadline` or until the signal is given; says whether it was given.
    pub fn wait_until(&self, deadline: Instant) -> bool {
        let (stopped, changed) = &*self.signal;
        let guard = stopped.lock().unwrap_or_else(PoisonError::into_inner);
        let timeout = deadline.saturating_duration_since(Instant::now());
        let (guard, _) = changed
            .wait_timeout_while(guard, timeout, |stopped| !*stopped)
            .unwrap_or_else(PoisonError::into_inner);
        *guard
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signal_reaches_every_clone_and_stays() {
        let stopper = Stopper::new();
        let other = stopper.clone();
        assert!(!stopper.wait_until(Instant::now()));
        other.stop();
        assert!(stopper.is_stopped());
        assert!(stopper.wait_until(Instant::now()));
    }
}
