//! Work outside the core, and how its result comes back.

use std::any::Any;
use std::cell::RefCell;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{self, Poll};

use crate::core::shared::Shared;
use crate::error::{CallError, Waited};

/// The result of outside work, to be awaited. See [`Context::external`](crate::Context::external).
#[must_use = "the result is dropped"]
pub struct External<R> {
    core: Rc<RefCell<Shared>>,
    entry: u32,
    number: u64,
    result: PhantomData<fn() -> R>,
}

impl<R> External<R> {
    pub(crate) fn new(core: Rc<RefCell<Shared>>, entry: u32, number: u64) -> Self {
        Self {
            core,
            entry,
            number,
            result: PhantomData,
        }
    }
}

impl<R: Any + Send> Future for External<R> {
    type Output = Result<R, CallError>;

    fn poll(self: Pin<&mut Self>, _: &mut task::Context<'_>) -> Poll<Self::Output> {
        let mut core = self.core.borrow_mut();
        let Some(result) = core.take_external(self.number) else {
            let task = core.current_task(self.entry);
            core.await_external(self.number, task);
            core.wait(Waited::External);
            return Poll::Pending;
        };
        Poll::Ready(match result.map(|value| value.downcast::<R>()) {
            Ok(Ok(value)) => Ok(*value),
            Ok(Err(_)) => Err(CallError::Refused {
                reason: "the mock of the outside work gave a value of another type".to_owned(),
            }),
            Err(reason) => Err(CallError::Refused { reason }),
        })
    }
}

impl<R> Drop for External<R> {
    fn drop(&mut self) {
        // Borrowed only while an activation is taken down: the result is then found without a task.
        if let Ok(mut core) = self.core.try_borrow_mut() {
            core.forget_external(self.number);
        }
    }
}

/// Outside work as a driver runs it: on any thread, giving back the result for
/// [`Input::ExternalDone`](crate::Input::ExternalDone).
pub struct ExternalWork {
    /// To be given back with the result.
    pub number: u64,
    /// What it is, in the application's words.
    pub name: &'static str,
    /// The work.
    pub run: Box<dyn FnOnce() -> ExternalResult + Send>,
}

/// What outside work gave: a value of the type its handler awaits, or a reason why it was refused.
pub type ExternalResult = Result<Box<dyn Any + Send>, String>;
