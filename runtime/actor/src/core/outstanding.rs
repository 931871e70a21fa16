//! Calls made on this node that await their replies, and calls of other nodes that run here.

use std::any::Any;
use std::sync::Arc;
use std::time::Duration;

use slotmap::{DefaultKey, Key, KeyData};

use crate::error::{CallError, Executed, Waited};
use crate::frame::Body;
use crate::id::Address;
use crate::time::Time;

use super::cell::{Header, ReplyTo};
use super::edges::CLIENTS;
use super::entry::{Held, Route};
use super::event::{ActorPhase, Effect};
use super::shared::Shared;

/// A call made on this node whose caller waits.
pub(crate) struct Outstanding {
    pub(crate) asker: Asker,
    /// The callee's entry.
    pub(crate) callee: u32,
    pub(crate) function: u16,
    pub(crate) deadline: Time,
    pub(crate) sent_at: Time,
    /// Who is charged: the caller's entry and its edge block.
    pub(crate) owner: u32,
    pub(crate) edge: u32,
    /// The node it was sent to: if the link breaks, so does the call.
    pub(crate) link: Option<Address>,
    /// Whether the asking task has looked for the result and waits.
    pub(crate) awaited: bool,
    pub(crate) result: Option<Result<Answer, CallError>>,
}

/// Who waits for a call.
#[derive(Clone, Copy)]
pub(crate) enum Asker {
    /// A handler or client of this node.
    Task(DefaultKey),
    /// Somebody outside, by the id they gave.
    Outside(u64),
}

/// A result on its way to the asker.
pub(crate) enum Answer {
    Value(Box<dyn Any>),
    Bytes(Arc<[u8]>),
}

/// A call made on another node that is to be answered from here.
pub(crate) struct Visitor {
    pub(crate) origin: Address,
    pub(crate) number: u64,
    pub(crate) deadline: Time,
    pub(crate) entry: u32,
}

/// The number under which other nodes answer a call.
pub(crate) fn number_of(key: DefaultKey) -> u64 {
    key.data().as_ffi()
}

/// The key of a number.
pub(crate) fn key_of(number: u64) -> DefaultKey {
    KeyData::from_ffi(number).into()
}

/// When a table of deadlines must be looked through. Deadlines are not sorted: most calls end long
/// before theirs, and looking through what is left is cheaper than keeping all in order.
pub(crate) struct Sweep {
    pub(crate) at: Time,
}

/// The shortest pause between two sweeps: how much later than its deadline a call may end.
const SWEEP_PAUSE: Duration = Duration::from_millis(1);

impl Default for Sweep {
    fn default() -> Self {
        Self { at: Time::NEVER }
    }
}

impl Sweep {
    pub(crate) fn note(&mut self, deadline: Time) {
        self.at = self.at.min(deadline);
    }

    fn next(&mut self, now: Time, earliest: Time) {
        self.at = match earliest {
            Time::NEVER => Time::NEVER,
            earliest => earliest.max(now + SWEEP_PAUSE),
        };
    }
}

impl Shared {
    /// Ends an unanswered call of this node. Late and repeated results are ignored.
    pub(crate) fn complete(&mut self, key: DefaultKey, result: Result<Answer, CallError>) {
        let now = self.now;
        let Some(call) = self.outstanding.get_mut(key) else {
            return;
        };
        if call.result.is_some() {
            return;
        }
        let mut late = None;
        if result.is_ok() && self.profiling {
            let latency = now.since(call.sent_at);
            let ends = (call.owner, call.callee);
            let (edge, function) = (call.edge, call.function);
            if !self.edges.answered(edge, function, ends, latency) {
                late = Some((ends, function, latency));
            }
        }
        if result.is_err() && call.owner == CLIENTS {
            self.client_errors += 1;
        }
        match call.asker {
            Asker::Task(task) => {
                let awaited = call.awaited;
                call.result = Some(result);
                if !self.tasks.contains_key(task) {
                    self.outstanding.remove(key);
                } else if awaited {
                    self.wake(task);
                }
            }
            Asker::Outside(id) => {
                self.outstanding.remove(key);
                let result = result.map(|answer| match answer {
                    Answer::Bytes(bytes) => bytes,
                    Answer::Value(_) => Arc::from([]),
                });
                self.effects.push(Effect::Answer { id, result });
            }
        }
        if let Some((ends, function, latency)) = late {
            self.answered_late(ends, function, latency);
        }
    }

    /// Counts the answer to a call whose edge block has been given up since it was made.
    fn answered_late(&mut self, ends: (u32, u32), function: u16, latency: Duration) {
        let (owner, callee) = ends;
        let is_here = owner == CLIENTS || self.hosted(owner).is_some();
        let actor = self.entries.get(callee as usize).map(|entry| entry.id);
        let (Some(actor), Some(description), true) = (actor, self.description(callee), is_here)
        else {
            return;
        };
        let functions = description.functions;
        if usize::from(function) < functions.len() {
            let edge = self.edges.block(owner, callee, actor, functions);
            // If there is no room for the block, the latency is not counted.
            let _ = self.edges.answered(edge, function, ends, latency);
        }
    }

    /// Sends a call's result to its caller.
    pub(crate) fn answer(&mut self, reply: ReplyTo, result: Result<Answer, CallError>) {
        match reply {
            ReplyTo::Nobody => {}
            ReplyTo::Value(key) | ReplyTo::Bytes(key) => self.complete(key, result),
            ReplyTo::Visitor(key) => {
                let Some(visitor) = self.visitors.remove(key) else {
                    return;
                };
                let result = result.map(|answer| match answer {
                    Answer::Bytes(bytes) => bytes,
                    Answer::Value(_) => Arc::from([]),
                });
                let number = visitor.number;
                self.charge_link(visitor.entry, result.as_ref().map_or(16, |b| b.len()));
                self.send_to(visitor.origin, Body::Reply { number, result });
            }
        }
    }

    /// Ends the calls whose deadline has passed.
    pub(crate) fn sweep_deadlines(&mut self) {
        let now = self.now;
        if self.outstanding_sweep.at <= now {
            let waiting = self.outstanding.iter();
            let waiting = waiting.filter(|(_, call)| call.result.is_none());
            let (due, earliest) = split(now, waiting.map(|(key, call)| (key, call.deadline)));
            self.outstanding_sweep.next(now, earliest);
            for key in due {
                let waited = self.waited_for(key);
                self.counters.timed_out += 1;
                self.complete(key, Err(CallError::Timeout { waited }));
            }
        }
        if self.visitor_sweep.at <= now {
            let waiting = self.visitors.iter();
            let (due, earliest) = split(now, waiting.map(|(key, v)| (key, v.deadline)));
            self.visitor_sweep.next(now, earliest);
            for key in due {
                let reply = ReplyTo::Visitor(key);
                let waited = match self.visitors.get(key) {
                    Some(visitor) => self.waited_at(visitor.entry, reply),
                    None => Waited::Unknown,
                };
                self.answer(reply, Err(CallError::Timeout { waited }));
            }
        }
    }

    fn waited_for(&self, key: DefaultKey) -> Waited {
        let Some(call) = self.outstanding.get(key) else {
            return Waited::Unknown;
        };
        let Some(entry) = self.entries.get(call.callee as usize) else {
            return Waited::Unknown;
        };
        let number = number_of(key);
        let held = entry.held.iter().any(|held| match held {
            Held::Call { message, .. } => {
                message.origin == self.config.address && message.number == Some(number)
            }
            Held::Marker(_) => false,
        });
        match entry.route {
            Route::Flushing { .. } if held => Waited::Route,
            _ if held => Waited::Directory,
            _ => {
                let by_value = self.waited_at(call.callee, ReplyTo::Value(key));
                match by_value {
                    Waited::Unknown => self.waited_at(call.callee, ReplyTo::Bytes(key)),
                    known => known,
                }
            }
        }
    }

    /// What the call that is answered by `reply` waits for at this actor.
    fn waited_at(&self, entry: u32, reply: ReplyTo) -> Waited {
        let Some(hosted) = self
            .entries
            .get(entry as usize)
            .and_then(|e| e.hosted.as_ref())
        else {
            return Waited::Unknown;
        };
        let mut running = None;
        hosted.cell.visit_running(&mut |task, header: &Header| {
            if header.reply == reply {
                running = Some(task);
            }
            running.is_none()
        });
        if let Some(task) = running {
            let task = self.tasks.get(task);
            return task.map_or(Waited::Unknown, |task| task.waiting.clone());
        }
        let mut ahead = 0;
        hosted.cell.visit_running(&mut |_, _| {
            ahead += 1;
            true
        });
        let mut found = false;
        hosted.cell.visit_queued(&mut |header| {
            found = header.reply == reply;
            ahead += u32::from(!found);
            !found
        });
        match hosted.phase {
            _ if !found => Waited::Unknown,
            ActorPhase::Active => Waited::Queued { ahead },
            ActorPhase::Starting => Waited::Directory,
            _ => Waited::Moving,
        }
    }

    /// The link to a node is broken: nothing that depends on it can end any more.
    pub(crate) fn fail_calls_over(&mut self, link: Address) {
        let waiting = self.outstanding.iter();
        let lost: Vec<DefaultKey> = waiting
            .filter(|(_, call)| call.link == Some(link) && call.result.is_none())
            .map(|(key, _)| key)
            .collect();
        for key in lost {
            let executed = Executed::Maybe;
            self.complete(key, Err(CallError::Unavailable { executed }));
        }
        self.visitors.retain(|_, visitor| visitor.origin != link);
    }
}

/// Those that are due, and the earliest deadline of the others.
fn split(
    now: Time,
    deadlines: impl Iterator<Item = (DefaultKey, Time)>,
) -> (Vec<DefaultKey>, Time) {
    let mut due = Vec::new();
    let mut earliest = Time::NEVER;
    for (key, deadline) in deadlines {
        if deadline <= now {
            due.push(key);
        } else {
            earliest = earliest.min(deadline);
        }
    }
    (due, earliest)
}
