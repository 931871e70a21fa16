//! A turn of an actor: one call begun or gone on with, until it ends or waits.

use std::any::Any;
use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::task::{self, Poll, Waker};

use slotmap::DefaultKey;

use crate::actor::{Functions, HandledBy, HandlerFuture, Origin, State};
use crate::context::{CallContext, Context};
use crate::error::{CallError, Executed};
use crate::id::ActorId;
use crate::reply::{Reply, ReplyForm};
use crate::time::Time;

use super::cell::{CallBody, Envelope, Header, ReplyTo, Running, TypedCell};
use super::chain::Chain;
use super::event::ActorPhase;
use super::guard::{guarded, panic_text};
use super::meter::Priced;
use super::outstanding::Answer;
use super::shared::{Shared, Work};

/// What a turn is to do.
enum Begun<A: Functions> {
    Nothing,
    Activated(State<A>, CallContext, Origin),
    Call(Call<A>),
}

struct Call<A: Functions> {
    state: State<A>,
    context: CallContext,
    call: A::Call,
    header: Header,
}

/// How far a turn came.
enum Polled<A> {
    Done(State<A>, Reply),
    Pending(HandlerFuture<A>),
}

/// Runs an actor's `activated`, or the next call of its mailbox.
pub(crate) fn deliver<A: Functions>(core: &Rc<RefCell<Shared>>, entry: u32) {
    let begun = core.borrow_mut().begin::<A>(entry);
    match begun {
        Begun::Nothing => {}
        Begun::Activated(mut state, context, origin) => {
            let context = Context::new(core.clone(), context);
            let ran = catch_unwind(AssertUnwindSafe(|| {
                state.get_mut().activated(&context, origin);
                state
            }));
            finish_activated(core, entry, ran);
        }
        Begun::Call(Call {
            state,
            context,
            call,
            header,
        }) => {
            let context = Context::new(core.clone(), context);
            let polled = catch_unwind(AssertUnwindSafe(|| {
                match A::handle(state, context, call).0 {
                    HandledBy::Done(state, reply) => Polled::Done(state, reply),
                    HandledBy::Waiting(future) => poll(future),
                }
            }));
            finish::<A>(core, entry, header, polled);
        }
    }
}

/// Goes on with a call that waited.
pub(crate) fn resume<A: Functions>(core: &Rc<RefCell<Shared>>, entry: u32, task: DefaultKey) {
    let taken = core.borrow_mut().take_running::<A>(entry, task);
    let Some((header, future)) = taken else {
        return;
    };
    let polled = catch_unwind(AssertUnwindSafe(|| poll(future)));
    finish::<A>(core, entry, header, polled);
}

fn poll<A>(mut future: HandlerFuture<A>) -> Polled<A> {
    let mut context = task::Context::from_waker(Waker::noop());
    match future.as_mut().poll(&mut context) {
        Poll::Ready((state, reply)) => Polled::Done(state, reply),
        Poll::Pending => Polled::Pending(future),
    }
}

/// Why a handler that is pending without having waited for an operation is failed.
pub(crate) const FOREIGN_WAIT: &str = "the handler waits for something that is not an operation of \
    its context: use `Context::external` for outside work";

fn finish<A: Functions>(
    core: &Rc<RefCell<Shared>>,
    entry: u32,
    header: Header,
    polled: Result<Polled<A>, Box<dyn Any + Send>>,
) {
    let reason = match polled {
        Ok(Polled::Done(state, reply)) => {
            core.borrow_mut().ended::<A>(entry, &header, state, reply);
            return;
        }
        Ok(Polled::Pending(future)) => {
            let mut shared = core.borrow_mut();
            let fault = shared.fault.take();
            if shared.waits && fault.is_none() {
                shared.waiting::<A>(entry, header, future);
                return;
            }
            drop(shared);
            drop(future);
            fault.unwrap_or_else(|| FOREIGN_WAIT.to_owned())
        }
        Err(panic) => panic_text(&*panic),
    };
    let interrupted = core.borrow_mut().fail(entry, Some(&header), reason);
    drop(interrupted);
}

fn finish_activated<A: Functions>(
    core: &Rc<RefCell<Shared>>,
    entry: u32,
    ran: Result<State<A>, Box<dyn Any + Send>>,
) {
    match ran {
        // What `activated` rebuilds is not part of the encoded state.
        Ok(state) => {
            let mut shared = core.borrow_mut();
            // Nobody waits for what it has asked.
            if let Some(task) = shared.current.take() {
                shared.tasks.remove(task);
            }
            shared.put_back::<A>(entry, state, false);
        }
        Err(panic) => {
            let reason = panic_text(&*panic);
            let interrupted = core.borrow_mut().fail(entry, None, reason);
            drop(interrupted);
        }
    }
}

impl Shared {
    pub(crate) fn typed<A: Functions>(&mut self, entry: u32) -> Option<&mut TypedCell<A>> {
        let hosted = self.entries.get_mut(entry as usize)?.hosted.as_mut()?;
        let cell: &mut dyn Any = &mut *hosted.cell;
        cell.downcast_mut()
    }

    fn begin<A: Functions>(&mut self, entry: u32) -> Begun<A> {
        let actor = match self.entries.get_mut(entry as usize) {
            Some(found) => {
                found.scheduled = false;
                found.id
            }
            None => return Begun::Nothing,
        };
        loop {
            let Some((phase, origin)) = self.ready(entry) else {
                return Begun::Nothing;
            };
            let position = match phase {
                ActorPhase::Draining => match self.drainable(entry) {
                    Some(position) => position,
                    None => return Begun::Nothing,
                },
                _ => 0,
            };
            let Some(cell) = self.typed::<A>(entry) else {
                return Begun::Nothing;
            };
            if let Some(origin) = origin {
                let Some(state) = cell.state.take() else {
                    return Begun::Nothing;
                };
                let context = self.call_context(entry, actor, None);
                return Begun::Activated(State::new(state), context, origin);
            }
            let function = cell.mailbox.get(position).map(|e| e.header.function);
            if !function.is_some_and(|function| cell.admits(function)) {
                return Begun::Nothing;
            }
            let Some(envelope) = take_at(cell, position) else {
                return Begun::Nothing;
            };
            if let Some(call) = self.open::<A>(entry, actor, envelope) {
                return Begun::Call(call);
            }
        }
    }

    /// The phase of an activation that may take a turn, and its origin if it has not been told.
    fn ready(&mut self, entry: u32) -> Option<(ActorPhase, Option<Origin>)> {
        let hosted = self.entries.get_mut(entry as usize)?.hosted.as_mut()?;
        let ready = hosted.runs() && hosted.cell.has_state();
        ready.then(|| (hosted.phase, hosted.origin.take()))
    }

    /// Takes the state for a call; `None` if the call is not to run after all.
    fn open<A: Functions>(
        &mut self,
        entry: u32,
        actor: ActorId,
        envelope: Envelope<A::Call>,
    ) -> Option<Call<A>> {
        let Envelope { header, body } = envelope;
        if header.deadline <= self.now {
            self.counters.expired += 1;
            return None;
        }
        let call = match body {
            CallBody::Value(call) => call,
            CallBody::Bytes(bytes) => {
                self.meter.price(Priced::Decode(bytes.len()));
                let function = usize::from(header.function);
                match guarded(A::NAME, || crate::actor::Calls::decode(function, &bytes)) {
                    Ok(call) => call,
                    Err(error) => {
                        let reason = crate::wire::WireError::to_string(&error);
                        let executed = Executed::No;
                        self.counters.refused += 1;
                        let error = CallError::Malformed { reason, executed };
                        self.answer(header.reply, Err(error));
                        return None;
                    }
                }
            }
        };
        let context = self.call_context(entry, actor, Some(&header));
        let cell = self.typed::<A>(entry)?;
        let shared = A::FUNCTIONS
            .get(usize::from(header.function))
            .is_some_and(|function| function.shared);
        let state = if shared {
            cell.state.clone()?
        } else {
            cell.state.take()?
        };
        if shared && !cell.mailbox.is_empty() {
            self.schedule(entry);
        }
        Some(Call {
            state: State::new(state),
            context,
            call,
            header,
        })
    }

    fn call_context(&self, entry: u32, actor: ActorId, header: Option<&Header>) -> CallContext {
        CallContext::new(
            entry,
            Some(actor),
            header.map_or(Time::NEVER, |header| header.deadline),
            header.map_or(ReplyTo::Nobody, |header| header.reply),
            header.and_then(|header| header.chain.clone()),
        )
    }

    fn take_running<A: Functions>(
        &mut self,
        entry: u32,
        task: DefaultKey,
    ) -> Option<(Header, HandlerFuture<A>)> {
        let cell = self.typed::<A>(entry)?;
        let running = cell.running.iter_mut().find(|r| r.task == task)?;
        let future = running.future.take()?;
        Some((running.header.clone(), future))
    }

    /// A call waits: its future is kept.
    fn waiting<A: Functions>(&mut self, entry: u32, header: Header, future: HandlerFuture<A>) {
        let Some(task) = self.current else {
            return;
        };
        let Some(cell) = self.typed::<A>(entry) else {
            return;
        };
        let future = Some(future);
        match cell.running.iter_mut().find(|r| r.task == task) {
            Some(running) => running.future = future,
            None => cell.running.push(Running {
                task,
                header,
                future,
            }),
        }
    }

    /// A call has ended with a reply.
    fn ended<A: Functions>(&mut self, entry: u32, header: &Header, state: State<A>, reply: Reply) {
        self.counters.handled += 1;
        if let Some(task) = self.current.take() {
            self.tasks.remove(task);
            if let Some(cell) = self.typed::<A>(entry) {
                cell.running.retain(|running| running.task != task);
            }
        }
        let shared = A::FUNCTIONS
            .get(usize::from(header.function))
            .is_some_and(|function| function.shared);
        if shared {
            drop(state);
            self.after_call(entry, false);
        } else {
            self.put_back::<A>(entry, state, true);
        }
        let result = match reply.0 {
            ReplyForm::Nothing => return,
            ReplyForm::Value(value) => Ok(Answer::Value(value)),
            ReplyForm::Bytes(bytes) => Ok(Answer::Bytes(bytes)),
            ReplyForm::Error(error) => Err(error),
        };
        self.answer(header.reply, result);
    }

    /// The state of a call that had it alone comes back.
    fn put_back<A: Functions>(&mut self, entry: u32, state: State<A>, changed: bool) {
        if let Some(cell) = self.typed::<A>(entry) {
            cell.state = Some(state.into_shared());
        }
        self.after_call(entry, changed);
    }

    /// Puts an actor's next turn into the run queue if it has something to do.
    pub(crate) fn schedule(&mut self, entry: u32) {
        let Some(found) = self.entries.get_mut(entry as usize) else {
            return;
        };
        let Some(hosted) = &found.hosted else {
            return;
        };
        let work = hosted.origin.is_some() || hosted.cell.queued() > 0;
        if work && !found.scheduled && hosted.runs() && hosted.cell.has_state() {
            found.scheduled = true;
            self.runnable.push_back(Work::Deliver(entry));
        }
    }
}

fn take_at<A: Functions>(cell: &mut TypedCell<A>, position: usize) -> Option<Envelope<A::Call>> {
    if position == 0 {
        return cell.mailbox.pop_front();
    }
    cell.mailbox.remove(position)
}

impl Shared {
    /// The chain of a call made by this call's actor.
    pub(crate) fn chain_of(context: &CallContext) -> Option<Rc<Chain>> {
        let actor = context.actor?;
        let own = context
            .own_chain
            .get_or_init(|| Chain::extend(context.chain.clone(), actor));
        Some(own.clone())
    }
}
