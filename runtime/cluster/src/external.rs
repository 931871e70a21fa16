//! Outside work of handlers (files, sockets, long computations), on threads of its own.

use std::sync::mpsc::{self, Receiver, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use plasma_actor::{ExternalResult, ExternalWork, Input};

use crate::command::Command;
use crate::inbox::Inbox;

/// Threads of one node; they are started with its first outside work.
const WORKERS: usize = 4;

/// Outside work that may wait for a thread; more of it is refused.
const WAITING_MAX: usize = 1024;

/// The threads that do a node's outside work. They end when it does.
pub(crate) struct Workers {
    inbox: Arc<Inbox>,
    queue: Option<SyncSender<ExternalWork>>,
}

impl Workers {
    /// No threads yet; results go to `inbox`.
    pub(crate) fn new(inbox: Arc<Inbox>) -> Self {
        Workers { inbox, queue: None }
    }

    /// Does work on some thread; its result comes back as an input.
    pub(crate) fn begin(&mut self, work: ExternalWork) {
        let inbox = &self.inbox;
        let queue = self.queue.get_or_insert_with(|| start(inbox));
        let refused = match queue.try_send(work) {
            Ok(()) => return,
            Err(TrySendError::Full(work) | TrySendError::Disconnected(work)) => work,
        };
        let reason = format!("more than {WAITING_MAX} pieces of outside work wait for a thread");
        give_back(inbox, refused.number, Err(reason));
    }
}

fn start(inbox: &Arc<Inbox>) -> SyncSender<ExternalWork> {
    let (sender, receiver) = mpsc::sync_channel(WAITING_MAX);
    let receiver = Arc::new(Mutex::new(receiver));
    for _ in 0..WORKERS {
        let (inbox, receiver) = (Arc::clone(inbox), Arc::clone(&receiver));
        thread::spawn(move || serve(&inbox, &receiver));
    }
    sender
}

fn serve(inbox: &Inbox, queue: &Mutex<Receiver<ExternalWork>>) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        // The node has ended.
        let Ok(ExternalWork { number, run, .. }) = next else {
            return;
        };
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(run))
            .unwrap_or_else(|_| Err("the outside work panicked".to_owned()));
        give_back(inbox, number, result);
    }
}

fn give_back(inbox: &Inbox, number: u64, result: ExternalResult) {
    inbox.command(Command::Input(Input::ExternalDone { number, result }));
}
