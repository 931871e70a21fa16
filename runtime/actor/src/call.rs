//! A call on its way out: built by a method of a `Ref`, then asked or sent.

use std::any::Any;
use std::cell::RefCell;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{self, Poll};
use std::time::Duration;

use serde::de::DeserializeOwned;
use slotmap::DefaultKey;

use crate::actor::Functions;
use crate::context::Context;
use crate::core::outstanding::Answer;
use crate::core::shared::Shared;
use crate::error::{CallError, Executed};
use crate::reference::Target;
use crate::wire;

/// A call that has not been made yet: `.await` it (or [`ask`](Self::ask) and await later) for the
/// reply, or [`send`](Self::send) it one way.
#[must_use = "a call is made by `.await`, `.ask()` or `.send()`"]
pub struct Call<'a, A: Functions, R> {
    context: &'a Context,
    target: &'a Target,
    call: A::Call,
    within: Option<Duration>,
    reply: PhantomData<fn() -> R>,
}

impl<'a, A: Functions, R: DeserializeOwned + Any> Call<'a, A, R> {
    /// A call of `target`. For the methods of [`Functions::Methods`].
    pub fn new(context: &'a Context, target: &'a Target, call: A::Call) -> Self {
        Self {
            context,
            target,
            call,
            within: None,
            reply: PhantomData,
        }
    }

    /// Shortens the deadline to this long from now. It is never later than the deadline of the call
    /// that makes this one.
    pub fn within(mut self, time: Duration) -> Self {
        self.within = Some(time);
        self
    }

    /// Makes the call now. Dropping the result drops only the reply.
    pub fn ask(self) -> Ask<R> {
        let mut shared = self.context.core.borrow_mut();
        let made = shared.ask::<A>(&self.context.call, self.target, self.call, self.within);
        drop(shared);
        let state = match made {
            Ok(key) => AskState::Made(key),
            Err(error) => AskState::Refused(error),
        };
        Ask {
            core: self.context.core.clone(),
            state,
            reply: PhantomData,
        }
    }

    /// Makes the call one way, at most once.
    ///
    /// # Errors
    /// `Overloaded` if the actor is on this server and its mailbox is full, or the way to it is. A
    /// loss further on is only counted.
    pub fn send(self) -> Result<(), CallError> {
        let mut shared = self.context.core.borrow_mut();
        shared.send_one_way::<A>(&self.context.call, self.target, self.call)
    }
}

impl<A: Functions, R: DeserializeOwned + Any> IntoFuture for Call<'_, A, R> {
    type Output = Result<R, CallError>;
    type IntoFuture = Ask<R>;

    fn into_future(self) -> Ask<R> {
        self.ask()
    }
}

/// The reply of a call that has been made.
#[must_use = "the reply is dropped"]
pub struct Ask<R> {
    core: Rc<RefCell<Shared>>,
    state: AskState,
    reply: PhantomData<fn() -> R>,
}

enum AskState {
    Made(DefaultKey),
    Refused(CallError),
    Ended,
}

impl<R: DeserializeOwned + Any> Future for Ask<R> {
    type Output = Result<R, CallError>;

    fn poll(mut self: Pin<&mut Self>, _: &mut task::Context<'_>) -> Poll<Self::Output> {
        let ask = &mut *self;
        let key = match std::mem::replace(&mut ask.state, AskState::Ended) {
            AskState::Made(key) => key,
            AskState::Refused(error) => return Poll::Ready(Err(error)),
            AskState::Ended => {
                let reason = "an `Ask` was awaited again after its end".to_owned();
                return Poll::Ready(Err(CallError::Refused { reason }));
            }
        };
        let Some(result) = ask.core.borrow_mut().take_result(key) else {
            ask.state = AskState::Made(key);
            return Poll::Pending;
        };
        Poll::Ready(result.and_then(read))
    }
}

fn read<R: DeserializeOwned + Any>(answer: Answer) -> Result<R, CallError> {
    let malformed = |reason| CallError::Malformed {
        reason,
        executed: Executed::Yes,
    };
    match answer {
        Answer::Value(value) => match value.downcast::<R>() {
            Ok(value) => Ok(*value),
            Err(_) => Err(malformed("the reply is of another type".to_owned())),
        },
        Answer::Bytes(bytes) => wire::decode(&bytes).map_err(|error| malformed(error.to_string())),
    }
}

impl<R> Drop for Ask<R> {
    fn drop(&mut self) {
        if let AskState::Made(key) = self.state {
            // Borrowed only while an activation is taken down: its calls are then found without a
            // task when they end.
            if let Ok(mut core) = self.core.try_borrow_mut() {
                core.forget_call(key);
            }
        }
    }
}
