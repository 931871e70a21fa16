//! A handler's or client's pause.

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{self, Poll};

use crate::core::shared::Shared;
use crate::core::timer::Due;
use crate::error::Waited;
use crate::time::Time;

/// A pause that ends at its time. See [`Context::sleep`](crate::Context::sleep).
pub struct Sleep {
    core: Rc<RefCell<Shared>>,
    entry: u32,
    until: Time,
    /// It is longer than a handler may sleep.
    blocks: bool,
    registered: bool,
}

impl Sleep {
    pub(crate) fn new(core: Rc<RefCell<Shared>>, entry: u32, until: Time, blocks: bool) -> Self {
        Self {
            core,
            entry,
            until,
            blocks,
            registered: false,
        }
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, _: &mut task::Context<'_>) -> Poll<()> {
        let sleep = &mut *self;
        let mut core = sleep.core.borrow_mut();
        if core.now >= sleep.until {
            return Poll::Ready(());
        }
        let task = core.current_task(sleep.entry);
        if !sleep.registered {
            sleep.registered = true;
            core.timers.at(sleep.until, Due::Sleep { task });
        }
        if sleep.blocks {
            core.fault = Some(
                "a handler may sleep at most 100 ms, since it blocks its actor: use \
                 `Context::after`"
                    .to_owned(),
            );
        }
        core.wait(Waited::Sleeping);
        Poll::Pending
    }
}
