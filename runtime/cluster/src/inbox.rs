//! What other threads hand to a node: frames on their way, and commands of the engine.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use plasma_actor::Frame;

use crate::clock::Clocks;
use crate::command::Command;

/// A frame with the time at which its first byte is there.
#[derive(Debug)]
pub(crate) struct Passing {
    pub(crate) arrives_at: Duration,
    pub(crate) frame: Frame,
}

/// What was taken from an inbox. Kept by its node, so that its room is used again.
#[derive(Debug, Default)]
pub(crate) struct Taken {
    pub(crate) passing: Vec<Passing>,
    pub(crate) commands: Vec<Command>,
}

impl Taken {
    fn is_empty(&self) -> bool {
        self.passing.is_empty() && self.commands.is_empty()
    }
}

#[derive(Debug, Default)]
struct Content {
    taken: Taken,
    /// Until when the node sleeps, if it does: what needs it later need not wake it.
    sleeps_until: Option<Duration>,
}

/// The inbox of one node. It is bounded by the sessions' windows: a node sends another no more
/// frames than it may have unacknowledged.
#[derive(Debug, Default)]
pub(crate) struct Inbox {
    content: Mutex<Content>,
    woken: Condvar,
}

impl Inbox {
    /// Hands over a frame that arrives at its time.
    pub(crate) fn carry(&self, passing: Passing) {
        let mut content = self.lock();
        let in_time = content
            .sleeps_until
            .is_some_and(|until| passing.arrives_at < until);
        content.taken.passing.push(passing);
        if in_time {
            // The first to wake it; it looks at everything when it wakes.
            content.sleeps_until = None;
            self.woken.notify_one();
        }
    }

    /// Hands over a command, which is looked at before any frame.
    pub(crate) fn command(&self, command: Command) {
        let mut content = self.lock();
        content.taken.commands.push(command);
        content.sleeps_until = None;
        self.woken.notify_one();
    }

    /// Takes everything that is there; `taken` must be empty.
    pub(crate) fn take(&self, taken: &mut Taken) {
        std::mem::swap(&mut self.lock().taken, taken);
    }

    /// Sleeps until `until`, or until something is handed over that needs the node before.
    pub(crate) fn sleep(&self, clocks: &Clocks, until: Duration) {
        let mut content = self.lock();
        if !content.taken.is_empty() {
            return;
        }
        content.sleeps_until = Some(until);
        loop {
            let left = until.saturating_sub(clocks.now());
            if left.is_zero() || content.sleeps_until.is_none() {
                content.sleeps_until = None;
                return;
            }
            let woken = self.woken.wait_timeout(content, left);
            (content, _) = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_ends_the_sleep_of_its_node() {
        let clocks = Clocks::start();
        let inbox = Inbox::default();
        std::thread::scope(|scope| {
            // However the two threads meet, the sleep ends: the command is there, or wakes it.
            scope.spawn(|| inbox.sleep(&clocks, clocks.now() + Duration::from_secs(3600)));
            inbox.command(Command::StopClients);
        });
        let mut taken = Taken::default();
        inbox.take(&mut taken);
        assert_eq!(taken.commands.len(), 1);
    }

    #[test]
    fn a_sleep_that_is_over_ends_by_itself() {
        let clocks = Clocks::start();
        Inbox::default().sleep(&clocks, clocks.now());
    }
}
