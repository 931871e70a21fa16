//! Handlers and clients that wait: what for, and whether their next turn is in the run queue.

use slotmap::DefaultKey;

use crate::application::ClientFuture;
use crate::error::Waited;

use super::shared::{Shared, Work};

/// A handler or client that has made an operation it may wait for.
pub(crate) struct Task {
    /// Its actor's entry, or [`CLIENTS`](super::edges::CLIENTS).
    pub(crate) entry: u32,
    /// Whether its next turn is in the run queue.
    pub(crate) queued: bool,
    /// What it last waited for.
    pub(crate) waiting: Waited,
    /// The client itself; `None` for handlers and while it is polled.
    pub(crate) client: Option<ClientFuture>,
}

impl Shared {
    /// The task of the turn that runs now, made when it is first needed.
    pub(crate) fn current_task(&mut self, entry: u32) -> DefaultKey {
        if let Some(task) = self.current {
            return task;
        }
        let task = self.tasks.insert(Task {
            entry,
            queued: false,
            waiting: Waited::Processor,
            client: None,
        });
        self.current = Some(task);
        task
    }

    /// Notes that the running turn waits for an operation.
    pub(crate) fn wait(&mut self, waiting: Waited) {
        self.waits = true;
        if let Some(task) = self.current.and_then(|task| self.tasks.get_mut(task)) {
            task.waiting = waiting;
        }
    }

    /// Puts a task's next turn into the run queue.
    pub(crate) fn wake(&mut self, task: DefaultKey) {
        let Some(waiting) = self.tasks.get_mut(task) else {
            return;
        };
        if !waiting.queued {
            waiting.queued = true;
            waiting.waiting = Waited::Processor;
            self.runnable.push_back(Work::Resume(task));
        }
    }
}
