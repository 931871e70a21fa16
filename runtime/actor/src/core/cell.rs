//! An activation's typed part: its state, its mailbox and its running calls.

use std::any::Any;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

use slotmap::DefaultKey;

use crate::actor::{Calls, Functions, HandlerFuture, Value};
use crate::id::ActorId;
use crate::time::Time;
use crate::wire::{self, WireError};

use super::chain::Chain;
use super::guard::guarded;

/// What is known of a call besides its arguments.
#[derive(Clone)]
pub(crate) struct Header {
    /// The function's index.
    pub(crate) function: u16,
    /// The calling actor; `None` for clients.
    pub(crate) caller: Option<ActorId>,
    pub(crate) reply: ReplyTo,
    /// [`Time::NEVER`] if nobody waits.
    pub(crate) deadline: Time,
    pub(crate) chain: Option<Rc<Chain>>,
}

/// Where a call's result goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ReplyTo {
    /// Nowhere: the call is one-way.
    Nobody,
    /// To an unanswered call of this node, as a value.
    Value(DefaultKey),
    /// To an unanswered call of this node, as bytes.
    Bytes(DefaultKey),
    /// To another node, by a visiting call of this one.
    Visitor(DefaultKey),
}

/// A call in a mailbox.
pub(crate) struct Envelope<C> {
    pub(crate) header: Header,
    pub(crate) body: CallBody<C>,
}

/// The arguments of a call: moved if it was made on this node, else bytes until its turn.
pub(crate) enum CallBody<C> {
    Value(C),
    Bytes(Arc<[u8]>),
}

impl<C: Calls> CallBody<C> {
    fn bytes(&self) -> Result<Arc<[u8]>, WireError> {
        match self {
            Self::Bytes(bytes) => Ok(bytes.clone()),
            Self::Value(call) => guarded("a call", || {
                let mut bytes = Vec::new();
                call.encode(&mut bytes)?;
                Ok(bytes.into())
            }),
        }
    }
}

/// A call that has begun.
pub(crate) struct Running<A: Functions> {
    pub(crate) task: DefaultKey,
    pub(crate) header: Header,
    /// `None` while it is being polled.
    pub(crate) future: Option<HandlerFuture<A>>,
}

/// The typed part of an activation of type `A`.
pub(crate) struct TypedCell<A: Functions> {
    /// `None` while a `&mut self` call has it, or before there is one.
    pub(crate) state: Option<Rc<A>>,
    pub(crate) mailbox: VecDeque<Envelope<A::Call>>,
    pub(crate) running: Vec<Running<A>>,
}

impl<A: Functions> TypedCell<A> {
    pub(crate) fn new(state: Option<A>) -> Self {
        Self {
            state: state.map(Rc::new),
            mailbox: VecDeque::new(),
            running: Vec::new(),
        }
    }

    /// Whether a call of this function may begin now.
    pub(crate) fn admits(&self, function: u16) -> bool {
        let shared = A::FUNCTIONS
            .get(usize::from(function))
            .is_some_and(|function| function.shared);
        self.state.is_some() && (shared || self.running.is_empty())
    }
}

/// A queued call as bytes.
pub(crate) type EncodedCall = (Header, Arc<[u8]>);
/// A call taken from its queue, and its arguments if they can be encoded.
pub(crate) type TakenCall = (Header, Result<Arc<[u8]>, WireError>);

/// The calls of a dropped activation that had begun, and their futures, to be dropped while the
/// core is not borrowed.
pub(crate) struct Interrupted {
    pub(crate) calls: Vec<(DefaultKey, Header)>,
    pub(crate) futures: Vec<Box<dyn Any>>,
}

/// The core's view of a [`TypedCell`] whose type it does not know.
pub(crate) trait Cell: Any {
    fn push(&mut self, header: Header, arguments: Arc<[u8]>);
    fn queued(&self) -> usize;
    fn is_running(&self) -> bool;
    fn has_state(&self) -> bool;
    /// Visits the queued calls in order until the visitor returns `false`.
    fn visit_queued(&self, visit: &mut dyn FnMut(&Header) -> bool);
    /// Visits the running calls until the visitor returns `false`.
    fn visit_running(&self, visit: &mut dyn FnMut(DefaultKey, &Header) -> bool);
    /// The queued calls as bytes; they stay queued.
    fn copy_queued(&self) -> Result<Vec<EncodedCall>, WireError>;
    /// Takes the queued calls from this position on.
    fn take_queued(&mut self, from: usize) -> Vec<TakenCall>;
    /// Takes the calls that have begun, and drops the state.
    fn interrupt(&mut self) -> Interrupted;
    fn encode_state(&self) -> Result<Vec<u8>, WireError>;
    fn decode_state(&mut self, bytes: &[u8]) -> Result<(), WireError>;
    /// Gives it the state of a fresh actor; `false` if the type has none.
    fn make_fresh(&mut self, key: u64) -> Result<bool, WireError>;
    fn references(&self) -> Vec<(&'static str, Vec<ActorId>)>;
    fn values(&self) -> Vec<(&'static str, Value)>;
}

impl<A: Functions> Cell for TypedCell<A> {
    fn push(&mut self, header: Header, arguments: Arc<[u8]>) {
        let body = CallBody::Bytes(arguments);
        self.mailbox.push_back(Envelope { header, body });
    }

    fn queued(&self) -> usize {
        self.mailbox.len()
    }

    fn is_running(&self) -> bool {
        !self.running.is_empty()
    }

    fn has_state(&self) -> bool {
        self.state.is_some()
    }

    fn visit_queued(&self, visit: &mut dyn FnMut(&Header) -> bool) {
        for envelope in &self.mailbox {
            if !visit(&envelope.header) {
                return;
            }
        }
    }

    fn visit_running(&self, visit: &mut dyn FnMut(DefaultKey, &Header) -> bool) {
        for running in &self.running {
            if !visit(running.task, &running.header) {
                return;
            }
        }
    }

    fn copy_queued(&self) -> Result<Vec<EncodedCall>, WireError> {
        let copy = |envelope: &Envelope<A::Call>| {
            let bytes = envelope.body.bytes()?;
            Ok((envelope.header.clone(), bytes))
        };
        self.mailbox.iter().map(copy).collect()
    }

    fn take_queued(&mut self, from: usize) -> Vec<TakenCall> {
        let from = from.min(self.mailbox.len());
        let taken = self.mailbox.drain(from..);
        taken
            .map(|envelope| (envelope.header, envelope.body.bytes()))
            .collect()
    }

    fn interrupt(&mut self) -> Interrupted {
        let mut interrupted = Interrupted {
            calls: Vec::new(),
            futures: Vec::new(),
        };
        for running in self.running.drain(..) {
            interrupted.calls.push((running.task, running.header));
            if let Some(future) = running.future {
                interrupted.futures.push(Box::new(future));
            }
        }
        if let Some(state) = self.state.take() {
            interrupted.futures.push(Box::new(state));
        }
        interrupted
    }

    fn encode_state(&self) -> Result<Vec<u8>, WireError> {
        let Some(state) = &self.state else {
            return Err(WireError::new(A::NAME, "its state is in use"));
        };
        guarded(A::NAME, || {
            let mut bytes = Vec::new();
            wire::encode(&**state, &mut bytes)?;
            Ok(bytes)
        })
    }

    fn decode_state(&mut self, bytes: &[u8]) -> Result<(), WireError> {
        let state = guarded(A::NAME, || wire::decode(bytes))?;
        self.state = Some(Rc::new(state));
        Ok(())
    }

    fn make_fresh(&mut self, key: u64) -> Result<bool, WireError> {
        self.state = guarded(A::NAME, || Ok(A::fresh(key)))?.map(Rc::new);
        Ok(self.state.is_some())
    }

    fn references(&self) -> Vec<(&'static str, Vec<ActorId>)> {
        let properties = A::PROPERTIES.iter();
        let mut found: Vec<_> = properties.map(|p| (p.name, Vec::new())).collect();
        if let Some(state) = &self.state {
            let mut visit = |property: usize, actor| {
                if let Some((_, actors)) = found.get_mut(property) {
                    actors.push(actor);
                }
            };
            // Of a type that cannot tell its references, those that it has told.
            let _ = guarded(A::NAME, || {
                state.references(&mut visit);
                Ok(())
            });
        }
        found
    }

    fn values(&self) -> Vec<(&'static str, Value)> {
        let mut found = Vec::new();
        if let Some(state) = &self.state {
            let mut visit = |index: usize, value| {
                if let Some(published) = A::VALUES.get(index) {
                    found.push((published.name, value));
                }
            };
            let _ = guarded(A::NAME, || {
                state.values(&mut visit);
                Ok(())
            });
        }
        found
    }
}
