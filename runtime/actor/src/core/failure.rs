//! Failed handlers: the call ends, the activation is dropped and begins again from its checkpoint.

use crate::directory::DirectoryRequest;
use crate::error::CallError;
use crate::frame::Message;
use crate::id::{ActorId, Address};
use crate::time::Time;

use super::cell::{Header, Interrupted, ReplyTo};
use super::chain::Chain;
use super::entry::Route;
use super::event::{ActorPhase, Event};
use super::outstanding::number_of;
use super::shared::Shared;

impl Shared {
    /// Ends the activation whose handler has failed. What is returned is to be dropped while the
    /// core is not borrowed, since it may hold operations of contexts.
    pub(crate) fn fail(
        &mut self,
        entry: u32,
        header: Option<&Header>,
        reason: String,
    ) -> Option<Interrupted> {
        let deaths_max = self.config.limits.deaths;
        let functions = self.description(entry)?.functions;
        let found = self.entries.get_mut(entry as usize)?;
        let (actor, hosted) = (found.id, found.hosted.as_mut()?);
        let (epoch, wave) = (hosted.epoch, hosted.wave);
        let mut interrupted = hosted.cell.interrupt();
        hosted.deaths += 1;
        let deaths = hosted.deaths;
        hosted.phase = ActorPhase::Starting;
        hosted.timers.clear();
        hosted.origin = None;
        let current = self.current.take();
        self.end_failed_calls(&mut interrupted, header, current, &reason);
        let function = header
            .and_then(|header| functions.get(usize::from(header.function)))
            .map_or("activated", |function| function.name);
        self.event(Event::HandlerFailed {
            actor,
            function,
            reason,
        });
        self.event(Event::Deactivated { actor, epoch });
        if let Some((source, wave)) = wave
            && source == self.own()
        {
            self.member_failed(wave);
        }
        if deaths >= deaths_max {
            self.quarantine(entry, actor, deaths);
        } else {
            self.request(DirectoryRequest::Reactivate {
                owner: self.own(),
                actor,
                epoch,
            });
        }
        Some(interrupted)
    }

    fn end_failed_calls(
        &mut self,
        interrupted: &mut Interrupted,
        header: Option<&Header>,
        current: Option<slotmap::DefaultKey>,
        reason: &str,
    ) {
        let failed = |reason: &str| CallError::Failed {
            reason: reason.to_owned(),
        };
        if let Some(header) = header {
            self.counters.handled += 1;
            self.answer(header.reply, Err(failed(reason)));
        }
        if let Some(task) = current {
            self.tasks.remove(task);
        }
        for (task, other) in std::mem::take(&mut interrupted.calls) {
            self.tasks.remove(task);
            if current == Some(task) {
                continue;
            }
            self.counters.handled += 1;
            let reason = "another call of the actor failed and took its state along";
            self.answer(other.reply, Err(failed(reason)));
        }
    }

    fn quarantine(&mut self, entry: u32, actor: ActorId, deaths: u32) {
        if let Some(hosted) = self.hosted(entry) {
            hosted.phase = ActorPhase::Quarantined;
        }
        self.event(Event::Quarantined { actor });
        self.refuse_queued(entry, &CallError::Quarantined { deaths });
    }

    /// Refuses all the calls of a mailbox.
    pub(crate) fn refuse_queued(&mut self, entry: u32, error: &CallError) {
        let Some(hosted) = self.hosted(entry) else {
            return;
        };
        for (header, _) in hosted.cell.take_queued(0) {
            match header.reply {
                ReplyTo::Nobody => self.counters.failed += 1,
                reply => {
                    self.counters.refused += 1;
                    self.answer(reply, Err(error.clone()));
                }
            }
        }
    }

    /// The directory has given a failed actor to another server: its calls follow it.
    pub(crate) fn give_up_activation(&mut self, entry: u32, owner: Address) {
        let (queued, given_up) = self.take_queued_messages(entry, 0);
        self.counters.expired += given_up;
        if let Some(found) = self.entry(entry) {
            found.hosted = None;
            found.trail = Some(owner);
        }
        self.set_route(entry, Route::At(owner));
        self.dispatch_all(entry, queued);
    }

    /// The queued calls of an actor from this position on, as messages for other nodes; and how
    /// many were left out because their callers have given up.
    pub(crate) fn take_queued_messages(
        &mut self,
        entry: u32,
        from: usize,
    ) -> (Vec<(Message, Time)>, u64) {
        let Some(found) = self.entries.get_mut(entry as usize) else {
            return (Vec::new(), 0);
        };
        let (actor, Some(hosted)) = (found.id, &mut found.hosted) else {
            return (Vec::new(), 0);
        };
        let queued = hosted.cell.take_queued(from);
        let mut messages = Vec::with_capacity(queued.len());
        let mut given_up = 0;
        for (header, arguments) in queued {
            match arguments {
                Ok(arguments) => {
                    let Some(message) = self.message(entry, actor, &header, arguments) else {
                        // Its caller has been told by its own deadline.
                        given_up += 1;
                        continue;
                    };
                    self.forget_visitor(header.reply);
                    messages.push((message, header.deadline));
                }
                Err(error) => {
                    self.counters.refused += 1;
                    let error = crate::context::malformed(error);
                    self.answer(header.reply, Err(error));
                }
            }
        }
        (messages, given_up)
    }

    /// A queued call as a message; `None` if its caller has given up or its function is unknown.
    pub(crate) fn message(
        &self,
        entry: u32,
        actor: ActorId,
        header: &Header,
        arguments: std::sync::Arc<[u8]>,
    ) -> Option<Message> {
        let description = self.description(entry)?;
        let function = description.functions.get(usize::from(header.function))?;
        let (origin, number) = match header.reply {
            ReplyTo::Nobody => (self.own(), None),
            ReplyTo::Value(key) | ReplyTo::Bytes(key) => (self.own(), Some(number_of(key))),
            ReplyTo::Visitor(key) => {
                let visitor = self.visitors.get(key)?;
                (visitor.origin, Some(visitor.number))
            }
        };
        let remaining = (header.deadline != Time::NEVER).then(|| header.deadline.since(self.now));
        Some(Message {
            actor,
            function: function.id,
            arguments,
            caller: header.caller,
            origin,
            number,
            remaining_nanos: remaining
                .map(|time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)),
            ancestors: Chain::actors(header.chain.as_ref()).collect(),
            // It has been at its actor: newer ones may not have left their node yet.
            hops: 1,
        })
    }

    pub(crate) fn forget_visitor(&mut self, reply: ReplyTo) {
        if let ReplyTo::Visitor(key) = reply {
            self.visitors.remove(key);
        }
    }

    /// Sends calls towards an actor in order; those that cannot be sent end.
    pub(crate) fn dispatch_all(&mut self, entry: u32, messages: Vec<(Message, Time)>) {
        for (message, deadline) in messages {
            let refused = super::send::Refusable::of(&message);
            if let Err(error) = self.dispatch(entry, message, deadline) {
                self.refuse_call(refused, error);
            }
        }
    }
}
