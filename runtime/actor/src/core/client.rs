//! Clients: async functions that call actors from a node of their own.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::{self, Waker};

use slotmap::DefaultKey;

use crate::application::{ClientFuture, StartClient};
use crate::context::{CallContext, Context};
use crate::error::Waited;
use crate::time::Time;

use super::cell::{Interrupted, ReplyTo};
use super::edges::CLIENTS;
use super::event::Event;
use super::guard::panic_text;
use super::shared::Shared;
use super::task::Task;
use super::turn::FOREIGN_WAIT;

/// Starts a client; its first turn is put into the run queue.
pub(crate) fn start(core: &Rc<RefCell<Shared>>, client: StartClient) {
    let call = CallContext::new(CLIENTS, None, Time::NEVER, ReplyTo::Nobody, None);
    let context = Context::new(core.clone(), call);
    let began = catch_unwind(AssertUnwindSafe(|| client(context)));
    let mut shared = core.borrow_mut();
    let future = match began {
        Ok(future) => future,
        Err(panic) => {
            let reason = panic_text(&*panic);
            shared.event(Event::ClientFailed { reason });
            return;
        }
    };
    let task = shared.tasks.insert(Task {
        entry: CLIENTS,
        queued: false,
        waiting: Waited::Processor,
        client: Some(future),
    });
    shared.wake(task);
}

/// Runs a turn of a client.
pub(crate) fn resume(core: &Rc<RefCell<Shared>>, task: DefaultKey) {
    let future = match core.borrow_mut().tasks.get_mut(task) {
        Some(task) => task.client.take(),
        None => None,
    };
    let Some(mut future) = future else {
        return;
    };
    let polled = catch_unwind(AssertUnwindSafe(|| {
        let mut context = task::Context::from_waker(Waker::noop());
        future.as_mut().poll(&mut context).is_ready()
    }));
    let mut shared = core.borrow_mut();
    let reason = match polled {
        Ok(true) => None,
        Ok(false) if shared.waits => {
            if let Some(task) = shared.tasks.get_mut(task) {
                task.client = Some(future);
            }
            return;
        }
        Ok(false) => Some(FOREIGN_WAIT.to_owned()),
        Err(panic) => Some(panic_text(&*panic)),
    };
    shared.tasks.remove(task);
    if let Some(reason) = reason {
        shared.event(Event::ClientFailed { reason });
    }
    drop(shared);
    drop(future);
}

impl Shared {
    /// The entry of a task whose turn begins.
    pub(crate) fn resumed(&mut self, task: DefaultKey) -> Option<u32> {
        let waiting = self.tasks.get_mut(task)?;
        waiting.queued = false;
        let entry = waiting.entry;
        self.current = Some(task);
        Some(entry)
    }

    /// Takes all clients, to be dropped while the core is not borrowed.
    pub(crate) fn take_clients(&mut self) -> Vec<ClientFuture> {
        let mut taken = Vec::new();
        self.tasks.retain(|_, task| match task.client.take() {
            Some(client) => {
                taken.push(client);
                false
            }
            None => true,
        });
        taken
    }

    /// Takes all running calls, to be dropped while the core is not borrowed.
    pub(crate) fn interrupt_all(&mut self) -> Vec<Interrupted> {
        let hosted = self.entries.iter_mut().filter_map(|e| e.hosted.as_mut());
        hosted.map(|hosted| hosted.cell.interrupt()).collect()
    }
}
