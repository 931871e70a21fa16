//! What a handler or a client can do: the only operations its future may wait for.

use std::any::Any;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use crate::actor::{Calls, Functions};
use crate::core::cell::ReplyTo;
use crate::core::chain::Chain;
use crate::core::meter::Priced;
use crate::core::shared::Shared;
use crate::error::{CallError, Executed};
use crate::external::{External, ExternalWork};
use crate::id::ActorId;
use crate::reference::Ref;
use crate::reply::{Reply, ReplyForm};
use crate::sleep::Sleep;
use crate::time::Time;
use crate::wire;

/// The longest sleep of a handler: it blocks its actor. Longer waits are timers
/// ([`Context::after`]). Clients may sleep as long as they like.
pub const SLEEP_MAX: Duration = Duration::from_millis(100);

/// One running call (or client) as its handler sees it.
pub struct Context {
    pub(crate) core: Rc<RefCell<Shared>>,
    pub(crate) call: CallContext,
}

/// Who runs, for whom and until when.
pub(crate) struct CallContext {
    pub(crate) entry: u32,
    /// `None` for clients.
    pub(crate) actor: Option<ActorId>,
    pub(crate) deadline: Time,
    pub(crate) reply: ReplyTo,
    /// The actors that wait for this call.
    pub(crate) chain: Option<Rc<Chain>>,
    /// The same with this actor, made at its first call.
    pub(crate) own_chain: OnceCell<Rc<Chain>>,
}

impl CallContext {
    pub(crate) fn new(
        entry: u32,
        actor: Option<ActorId>,
        deadline: Time,
        reply: ReplyTo,
        chain: Option<Rc<Chain>>,
    ) -> Self {
        Self {
            entry,
            actor,
            deadline,
            reply,
            chain,
            own_chain: OnceCell::new(),
        }
    }
}

impl Context {
    pub(crate) fn new(core: Rc<RefCell<Shared>>, call: CallContext) -> Self {
        Self { core, call }
    }

    /// The time at which the present turn began.
    #[must_use]
    pub fn now(&self) -> Time {
        self.core.borrow().now
    }

    /// How long the caller still waits for the reply; `None` if nobody waits.
    #[must_use]
    pub fn remaining(&self) -> Option<Duration> {
        let waits = self.call.deadline != Time::NEVER;
        waits.then(|| self.call.deadline.since(self.now()))
    }

    /// The actor the call runs on; `None` for a client.
    #[must_use]
    pub fn actor(&self) -> Option<ActorId> {
        self.call.actor
    }

    /// A reference to the actor the call runs on, if it is of type `A`.
    #[must_use]
    pub fn this<A: Functions>(&self) -> Option<Ref<A>> {
        self.actor().and_then(Ref::from_id)
    }

    /// Posts a call to this actor itself after a pause. Timers move with their actor (as remaining
    /// time) and are part of its checkpoints.
    ///
    /// # Errors
    /// `Overloaded` beyond [`TIMERS_MAX`](crate::TIMERS_MAX) timers; `Refused` if the call is for
    /// another type than this actor's, or this is a client.
    pub fn after<C: Calls>(&self, pause: Duration, call: C) -> Result<(), CallError> {
        if self.actor().is_none_or(|actor| actor.tag() != C::ACTOR) {
            let reason = "a timer's call must be of the actor's own type; clients have no timers";
            return Err(CallError::Refused {
                reason: reason.to_owned(),
            });
        }
        let mut arguments = Vec::new();
        call.encode(&mut arguments).map_err(malformed)?;
        let function = call.function();
        let mut core = self.core.borrow_mut();
        core.add_timer(self.call.entry, pause, function, arguments.into())
    }

    /// Waits. In a handler at most [`SLEEP_MAX`], since the actor is blocked: a longer sleep fails
    /// the call.
    #[must_use = "sleeping happens at `.await`"]
    pub fn sleep(&self, pause: Duration) -> Sleep {
        let now = self.now();
        let blocks = self.call.actor.is_some() && pause > SLEEP_MAX;
        Sleep::new(self.core.clone(), self.call.entry, now + pause, blocks)
    }

    /// Uses up processor time: spins on the thread's clock in the embedded cluster, advances the
    /// server's busy time in the simulator.
    pub fn burn(&self, work: Duration) {
        self.core.borrow_mut().meter.burn(work);
    }

    /// Does work outside the core (a file, a socket, a long computation) on a thread of the
    /// driver's. `name` says what it is: the simulator refuses it, or answers it with a mock of
    /// this name.
    pub fn external<R: Any + Send>(
        &self,
        name: &'static str,
        work: impl FnOnce() -> R + Send + 'static,
    ) -> External<R> {
        let number = self
            .core
            .borrow_mut()
            .start_external(|number| ExternalWork {
                number,
                name,
                run: Box::new(move || Ok(Box::new(work()))),
            });
        External::new(self.core.clone(), self.call.entry, number)
    }

    /// Creates an actor on this server and gives it a key of its own. It can be called at once:
    /// calls are held until the directory has agreed.
    ///
    /// # Errors
    /// `Refused` if the state cannot be encoded, the type is not in the catalog, or this node hosts
    /// no actors.
    pub fn create<A: Functions>(&self, state: A) -> Result<Ref<A>, CallError> {
        let mut bytes = Vec::new();
        wire::encode(&state, &mut bytes).map_err(malformed)?;
        let created = self.core.borrow_mut().create_here::<A>(bytes)?;
        Ok(Ref::to(created))
    }

    /// Turns a handler's result into the reply. To be called by [`Functions::handle`] once, last.
    #[must_use]
    pub fn reply<R: Serialize + Any>(&self, result: R) -> Reply {
        Reply(match self.call.reply {
            ReplyTo::Nobody => ReplyForm::Nothing,
            ReplyTo::Value(_) => ReplyForm::Value(Box::new(result)),
            ReplyTo::Bytes(_) | ReplyTo::Visitor(_) => {
                let mut bytes = Vec::new();
                match wire::encode(&result, &mut bytes) {
                    Ok(()) => {
                        let price = Priced::Encode(bytes.len());
                        self.core.borrow_mut().meter.price(price);
                        ReplyForm::Bytes(Arc::from(bytes))
                    }
                    Err(error) => ReplyForm::Error(CallError::Malformed {
                        reason: error.to_string(),
                        executed: Executed::Yes,
                    }),
                }
            }
        })
    }

    /// The same for a function that returns `Result<R, CallError>`: an error ends the caller's call
    /// as [`CallError::Failed`] with this error as the reason.
    #[must_use]
    pub fn reply_result<R: Serialize + Any>(&self, result: Result<R, CallError>) -> Reply {
        match result {
            Ok(result) => self.reply(result),
            Err(error) => Reply(ReplyForm::Error(CallError::Failed {
                reason: error.to_string(),
            })),
        }
    }
}

pub(crate) fn malformed(error: wire::WireError) -> CallError {
    CallError::Malformed {
        reason: error.to_string(),
        executed: Executed::No,
    }
}
