//! The way of a call from its maker to a mailbox.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use slotmap::DefaultKey;

use crate::actor::{Calls, Functions, tag_of};
use crate::context::{CallContext, malformed};
use crate::error::{Buffer, CallError, Executed};
use crate::frame::{Body, Message};
use crate::id::{ActorId, Address};
use crate::reference::Target;
use crate::time::Time;

use super::cell::{CallBody, Envelope, Header, ReplyTo, TypedCell};
use super::chain::Chain;
use super::edges::CLIENTS;
use super::entry::{Held, Route};
use super::event::ActorPhase;
use super::guard::guarded;
use super::meter::Priced;
use super::outstanding::{Answer, Asker, Outstanding, Visitor, key_of, number_of};
use super::shared::{Shared, Work};

/// How often a call may be sent on from server to server.
const HOPS_MAX: u8 = 32;
/// A callee's server ends a call this much (but at most a tenth) earlier than its caller would, so
/// that its word about what the call waited for arrives in time.
const EXPLAIN_MARGIN: Duration = Duration::from_millis(5);

/// A call about to be posted.
struct Posting<'a> {
    context: &'a CallContext,
    callee: u32,
    actor: ActorId,
    reply: ReplyTo,
    deadline: Time,
    chain: Option<std::rc::Rc<Chain>>,
}

impl Shared {
    /// Makes a call whose caller waits.
    pub(crate) fn ask<A: Functions>(
        &mut self,
        context: &CallContext,
        target: &Target,
        call: A::Call,
        within: Option<Duration>,
    ) -> Result<DefaultKey, CallError> {
        self.counters.sent += 1;
        let made = self.make_ask::<A>(context, target, call, within);
        if made.is_err() {
            self.counters.refused += 1;
            if context.entry == CLIENTS {
                self.client_errors += 1;
            }
        }
        made
    }

    fn make_ask<A: Functions>(
        &mut self,
        context: &CallContext,
        target: &Target,
        call: A::Call,
        within: Option<Duration>,
    ) -> Result<DefaultKey, CallError> {
        let chain = Self::chain_of(context);
        if let Some(chain) = &chain {
            Chain::admits(chain, target.id)?;
        }
        if self.outstanding.len() >= self.config.limits.outstanding {
            return Err(CallError::Overloaded(Buffer::Outstanding));
        }
        let (edge, callee) = self.callee::<A>(context.entry, target)?;
        let time = within.unwrap_or(self.config.limits.call_deadline);
        let deadline = (self.now + time).min(context.deadline);
        let task = self.current_task(context.entry);
        let function = call.function();
        self.count::<A>(edge, function, &call);
        let key = self.outstanding.insert(Outstanding {
            asker: Asker::Task(task),
            callee,
            function: u16::try_from(function).unwrap_or(u16::MAX),
            deadline,
            sent_at: self.now,
            owner: context.entry,
            edge,
            link: None,
            awaited: false,
            result: None,
        });
        self.outstanding_sweep.note(deadline);
        let posting = Posting {
            context,
            callee,
            actor: target.id,
            reply: ReplyTo::Value(key),
            deadline,
            chain,
        };
        if let Err(error) = self.post::<A>(posting, edge, call) {
            self.outstanding.remove(key);
            return Err(error);
        }
        Ok(key)
    }

    /// Makes a call for whose result nobody waits.
    pub(crate) fn send_one_way<A: Functions>(
        &mut self,
        context: &CallContext,
        target: &Target,
        call: A::Call,
    ) -> Result<(), CallError> {
        self.counters.sent += 1;
        let sent = self.make_send::<A>(context, target, call);
        if sent.is_err() {
            self.counters.refused += 1;
        }
        sent
    }

    fn make_send<A: Functions>(
        &mut self,
        context: &CallContext,
        target: &Target,
        call: A::Call,
    ) -> Result<(), CallError> {
        let (edge, callee) = self.callee::<A>(context.entry, target)?;
        self.count::<A>(edge, call.function(), &call);
        let posting = Posting {
            context,
            callee,
            actor: target.id,
            reply: ReplyTo::Nobody,
            deadline: Time::NEVER,
            chain: None,
        };
        self.post::<A>(posting, edge, call)
    }

    /// The edge block and the entry of a callee.
    fn callee<A: Functions>(
        &mut self,
        owner: u32,
        target: &Target,
    ) -> Result<(u32, u32), CallError> {
        let edge = target.edge.get();
        if let Some(callee) = self.edges.callee_entry(edge, owner, target.id) {
            return Ok((edge, callee));
        }
        let callee = self.entry_of(target.id).ok_or_else(|| CallError::Refused {
            reason: format!("`{}` is not among the application's types", A::NAME),
        })?;
        let functions = A::FUNCTIONS;
        let edge = self.edges.block(owner, callee, target.id, functions);
        target.edge.set(edge);
        Ok((edge, callee))
    }

    fn count<A: Functions>(&mut self, edge: u32, function: usize, call: &A::Call) {
        if self.profiling {
            let fixed_size = A::FUNCTIONS.get(function).and_then(|f| f.fixed_size);
            let size = || guarded(A::NAME, || Ok(call.encoded_size())).unwrap_or(0);
            self.edges.count(edge, function, fixed_size, size);
        }
    }

    /// Puts a call into its callee's mailbox if that is here, else on its way.
    fn post<A: Functions>(
        &mut self,
        posting: Posting<'_>,
        edge: u32,
        call: A::Call,
    ) -> Result<(), CallError> {
        let mailbox_max = self.config.limits.mailbox;
        if let Some(entry) = self.entries.get_mut(posting.callee as usize)
            && entry.route == Route::Here
            && let Some(hosted) = &mut entry.hosted
            && hosted.phase != ActorPhase::Quarantined
        {
            let runs = hosted.runs();
            let cell: &mut dyn Any = &mut *hosted.cell;
            if let Some(cell) = cell.downcast_mut::<TypedCell<A>>() {
                if cell.mailbox.len() >= mailbox_max {
                    return Err(CallError::Overloaded(Buffer::Mailbox));
                }
                let header = Header {
                    function: u16::try_from(call.function()).unwrap_or(u16::MAX),
                    caller: posting.context.actor,
                    reply: posting.reply,
                    deadline: posting.deadline,
                    chain: posting.chain,
                };
                let body = CallBody::Value(call);
                cell.mailbox.push_back(Envelope { header, body });
                if runs && !entry.scheduled && cell.state.is_some() {
                    entry.scheduled = true;
                    self.runnable.push_back(Work::Deliver(posting.callee));
                }
                return Ok(());
            }
        }
        self.edges.unsettle(edge);
        self.post_encoded::<A>(posting, &call)
    }

    fn post_encoded<A: Functions>(
        &mut self,
        posting: Posting<'_>,
        call: &A::Call,
    ) -> Result<(), CallError> {
        debug_assert_eq!(
            posting.actor.tag(),
            tag_of::<A>(),
            "a reference of another type"
        );
        let mut arguments = Vec::new();
        guarded(A::NAME, || call.encode(&mut arguments)).map_err(malformed)?;
        self.meter.price(Priced::Encode(arguments.len()));
        let Some(function) = A::FUNCTIONS.get(call.function()) else {
            return Err(malformed(crate::wire::WireError::no_function(A::NAME)));
        };
        self.charge_link(posting.context.entry, arguments.len());
        let message = Message {
            actor: posting.actor,
            function: function.id,
            arguments: arguments.into(),
            caller: posting.context.actor,
            origin: self.own(),
            number: match posting.reply {
                ReplyTo::Value(key) => Some(number_of(key)),
                _ => None,
            },
            remaining_nanos: None,
            ancestors: Chain::actors(posting.chain.as_ref()).collect(),
            hops: 0,
        };
        self.dispatch(posting.callee, message, posting.deadline)
    }

    /// Sends a call towards its callee by the route known here, or holds it until there is one.
    ///
    /// # Errors
    /// If it cannot be sent; its maker has not been told then.
    pub(crate) fn dispatch(
        &mut self,
        callee: u32,
        message: Message,
        deadline: Time,
    ) -> Result<(), CallError> {
        let Some(route) = self.entry(callee).map(|entry| entry.route) else {
            return Err(CallError::NotFound);
        };
        match route {
            Route::Here => self.deliver_here(callee, message, deadline),
            Route::At(place) if self.is_alive(place) => {
                self.send_call(callee, place, message, deadline)
            }
            Route::At(_) | Route::Unknown => {
                self.hold(callee, message, deadline)?;
                self.locate(callee);
                Ok(())
            }
            Route::Locating | Route::Flushing { .. } => self.hold(callee, message, deadline),
        }
    }

    fn hold(&mut self, callee: u32, message: Message, deadline: Time) -> Result<(), CallError> {
        let held_max = self.config.limits.held;
        let own = self.own();
        let Some(entry) = self.entry(callee) else {
            return Err(CallError::NotFound);
        };
        if entry.held.len() >= held_max {
            return Err(CallError::Overloaded(Buffer::Held));
        }
        // A call of this node that has come back is older than those that have not left yet.
        let is_new = |held: &Held| match held {
            Held::Call { message, .. } => message.origin == own && message.hops == 0,
            Held::Marker(_) => false,
        };
        let has_come_back = message.origin == own && message.hops > 0;
        let place = entry.held.iter().position(is_new).filter(|_| has_come_back);
        let place = place.unwrap_or(entry.held.len());
        entry.held.insert(place, Held::Call { message, deadline });
        Ok(())
    }

    pub(crate) fn send_call(
        &mut self,
        callee: u32,
        place: Address,
        mut message: Message,
        deadline: Time,
    ) -> Result<(), CallError> {
        let link_max = self.config.limits.link_frames;
        let session = self.sessions.get(&place.server);
        if session.is_some_and(|session| session.unacknowledged() >= link_max) {
            return Err(CallError::Overloaded(Buffer::Link));
        }
        let own = self.own();
        let (actor, number) = (message.actor, message.number);
        if message.origin == own {
            let waiting = number.and_then(|number| self.outstanding.get_mut(key_of(number)));
            if let Some(call) = waiting {
                call.link = Some(place);
            }
        } else {
            self.counters.forwarded += 1;
            if message.origin != place {
                let to = place;
                self.send_to(message.origin, Body::Moved { actor, number, to });
            }
        }
        let remaining = (deadline != Time::NEVER).then(|| deadline.since(self.now));
        message.remaining_nanos =
            remaining.map(|time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        debug_assert!(
            self.known_entry(actor) == Some(callee),
            "another entry's call"
        );
        self.send_to(place, Body::Call(message));
        Ok(())
    }

    /// A call of another node has arrived.
    pub(crate) fn arrive(&mut self, from: Address, mut message: Message) {
        let deadline = match message.remaining_nanos {
            None => Time::NEVER,
            Some(nanos) => {
                let remaining = Duration::from_nanos(nanos);
                let margin = EXPLAIN_MARGIN.min(remaining / 10);
                self.now + remaining.saturating_sub(margin)
            }
        };
        message.hops = message.hops.saturating_add(1);
        let Some(callee) = self.entry_of(message.actor) else {
            self.refuse(&message, CallError::NotFound);
            return;
        };
        let refused = Refusable::of(&message);
        let sent = if self.waits_for_trail(callee, message.origin, message.hops) {
            self.hold_direct(callee, Held::Call { message, deadline })
        } else if self.is_for_here(callee, from) {
            self.add_caller(callee, from);
            self.deliver_here(callee, message, deadline)
        } else if message.hops > HOPS_MAX {
            let executed = Executed::No;
            Err(CallError::Unavailable { executed })
        } else {
            self.follow(callee, message, deadline)
        };
        if let Err(error) = sent {
            self.refuse_call(refused, error);
        }
    }

    /// Remembers that a node sends its calls for an actor here.
    pub(crate) fn add_caller(&mut self, callee: u32, from: Address) {
        let own = self.own();
        if from != own
            && let Some(entry) = self.entry(callee)
        {
            entry.callers.insert(from);
        }
    }

    /// Puts a call that came as bytes into the mailbox of an actor that is here.
    pub(crate) fn deliver_here(
        &mut self,
        callee: u32,
        message: Message,
        deadline: Time,
    ) -> Result<(), CallError> {
        let function = self
            .description(callee)
            .and_then(|description| description.function_index(message.function))
            .and_then(|index| u16::try_from(index).ok());
        let Some(function) = function else {
            return Err(malformed(crate::wire::WireError::new(
                "call",
                "the actor's type has no such function",
            )));
        };
        let mailbox_max = self.config.limits.mailbox;
        match self.hosted(callee) {
            None => return Err(CallError::NotFound),
            Some(hosted) if hosted.phase == ActorPhase::Quarantined => {
                let deaths = hosted.deaths;
                return Err(CallError::Quarantined { deaths });
            }
            Some(hosted) if hosted.cell.queued() >= mailbox_max => {
                return Err(CallError::Overloaded(Buffer::Mailbox));
            }
            Some(_) => {}
        }
        let header = Header {
            function,
            caller: message.caller,
            reply: self.reply_to(callee, message.origin, message.number, deadline),
            deadline,
            chain: Chain::from_actors(&message.ancestors),
        };
        self.charge_link(callee, message.arguments.len());
        if let Some(hosted) = self.hosted(callee) {
            hosted.cell.push(header, message.arguments);
        }
        self.schedule(callee);
        Ok(())
    }

    /// Where a call that is known by its origin's number is to be answered.
    pub(crate) fn reply_to(
        &mut self,
        entry: u32,
        origin: Address,
        number: Option<u64>,
        deadline: Time,
    ) -> ReplyTo {
        match number {
            None => ReplyTo::Nobody,
            Some(number) if origin == self.own() => ReplyTo::Bytes(key_of(number)),
            Some(number) => {
                self.visitor_sweep.note(deadline);
                ReplyTo::Visitor(self.visitors.insert(Visitor {
                    origin,
                    number,
                    deadline,
                    entry,
                }))
            }
        }
    }

    /// Ends a call that came as bytes and will not run.
    pub(crate) fn refuse(&mut self, message: &Message, error: CallError) {
        self.refuse_call(Refusable::of(message), error);
    }

    pub(crate) fn refuse_call(&mut self, call: Refusable, error: CallError) {
        let Some(number) = call.number else {
            match &error {
                CallError::Overloaded(buffer) => {
                    *self.counters.dropped.entry(*buffer).or_default() += 1;
                }
                _ => self.counters.failed += 1,
            }
            return;
        };
        self.counters.refused += 1;
        if call.origin == self.own() {
            self.complete(key_of(number), Err(error));
        } else {
            let result = Err(error);
            self.send_to(call.origin, Body::Reply { number, result });
        }
    }

    /// The result of a call of this node, if it has ended; if not, the running turn waits for it.
    pub(crate) fn take_result(&mut self, key: DefaultKey) -> Option<Result<Answer, CallError>> {
        let Some(call) = self.outstanding.get_mut(key) else {
            let executed = Executed::Maybe;
            return Some(Err(CallError::Unavailable { executed }));
        };
        if call.result.is_some() {
            return self.outstanding.remove(key).and_then(|call| call.result);
        }
        call.awaited = true;
        let (callee, function) = (call.callee, usize::from(call.function));
        self.wait_for_call(callee, function);
        None
    }

    fn wait_for_call(&mut self, callee: u32, function: usize) {
        let actor = self.entries.get(callee as usize).map(|entry| entry.id);
        let function = self
            .description(callee)
            .and_then(|description| description.functions.get(function));
        self.wait(match (actor, function) {
            (Some(actor), Some(function)) => crate::error::Waited::Calling {
                actor,
                function: function.id,
            },
            _ => crate::error::Waited::Unknown,
        });
    }

    /// The caller is no longer interested in the reply.
    pub(crate) fn forget_call(&mut self, key: DefaultKey) {
        self.outstanding.remove(key);
    }

    /// A call from outside the cluster.
    pub(crate) fn call_from_outside(&mut self, call: super::input::GatewayCall) {
        self.counters.sent += 1;
        let deadline = call.deadline.map_or(Time::NEVER, |time| self.now + time);
        let own = self.own();
        let mut message = Message {
            actor: call.actor,
            function: call.function,
            arguments: call.arguments.clone(),
            caller: None,
            origin: own,
            number: None,
            remaining_nanos: None,
            ancestors: Vec::new(),
            hops: 0,
        };
        let waits = call.deadline.is_some();
        let is_full = self.outstanding.len() >= self.config.limits.outstanding;
        let callee = match self.entry_of(call.actor) {
            _ if waits && is_full => Err(CallError::Overloaded(Buffer::Outstanding)),
            Some(callee) => Ok(callee),
            None => Err(CallError::NotFound),
        };
        let callee = match callee {
            Ok(callee) => callee,
            Err(error) => {
                self.counters.refused += 1;
                if waits {
                    let (id, result) = (call.id, Err(error));
                    self.effects
                        .push(super::event::Effect::Answer { id, result });
                }
                return;
            }
        };
        if waits {
            let key = self
                .outstanding
                .insert(self.outside_call(&call, callee, deadline));
            self.outstanding_sweep.note(deadline);
            message.number = Some(number_of(key));
        }
        self.count_outside(callee, &message.arguments, call.function);
        let refused = Refusable::of(&message);
        if let Err(error) = self.dispatch(callee, message, deadline) {
            self.refuse_call(refused, error);
        }
    }

    fn outside_call(
        &self,
        call: &super::input::GatewayCall,
        callee: u32,
        deadline: Time,
    ) -> Outstanding {
        let function = self
            .description(callee)
            .and_then(|description| description.function_index(call.function))
            .and_then(|index| u16::try_from(index).ok());
        Outstanding {
            asker: Asker::Outside(call.id),
            callee,
            function: function.unwrap_or(u16::MAX),
            deadline,
            sent_at: self.now,
            owner: CLIENTS,
            edge: crate::reference::NO_EDGE,
            link: None,
            awaited: false,
            result: None,
        }
    }

    fn count_outside(&mut self, callee: u32, arguments: &Arc<[u8]>, id: crate::id::FunctionId) {
        let (Some(description), true) = (self.description(callee), self.profiling) else {
            return;
        };
        let Some(function) = description.function_index(id) else {
            return;
        };
        let Some(actor) = self.entries.get(callee as usize).map(|entry| entry.id) else {
            return;
        };
        let functions = description.functions;
        let edge = self.edges.block(CLIENTS, callee, actor, functions);
        let fixed_size = functions.get(function).and_then(|f| f.fixed_size);
        let size = || arguments.len();
        self.edges.count(edge, function, fixed_size, size);
    }
}

/// What is needed to refuse a call that has been given away.
#[derive(Clone, Copy)]
pub(crate) struct Refusable {
    origin: Address,
    number: Option<u64>,
}

impl Refusable {
    pub(crate) fn of(message: &Message) -> Self {
        Self {
            origin: message.origin,
            number: message.number,
        }
    }
}
