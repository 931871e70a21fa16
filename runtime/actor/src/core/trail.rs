//! Trails: what others send to a node for an actor that has left it follows the actor.
//!
//! Each node that had the actor remembers where it went from there. Calls that arrive follow these
//! trails from host to host, in order; since each step leads to a later epoch, they arrive. A
//! node's own new calls do not take part: they go by its route, which changes only behind a flush.
//!
//! An actor that comes back to a node may overtake what that node has sent after it. Until a marker
//! that follows the trail says that all of it is back, calls that come straight from their makers
//! wait: their makers' earlier calls may be on the trail. Calls and markers that come along a trail
//! never wait for such a flush, so that no two flushes wait for each other.

use crate::error::{Buffer, CallError};
use crate::frame::{Body, Marker, Message};
use crate::id::Address;
use crate::time::Time;

use super::entry::Held;
use super::event::ActorPhase;
use super::route::MarkerUse;
use super::send::Refusable;
use super::shared::Shared;

impl Shared {
    /// Where what arrives here for an actor follows it to.
    pub(crate) fn trail(&self, entry: u32) -> Option<Address> {
        let trail = self.entries.get(entry as usize)?.trail?;
        self.is_alive(trail).then_some(trail)
    }

    /// Whether something that `from` has passed on or made is for the activation here. A prepared
    /// copy at a node that had the actor before takes only what its source sends after it.
    pub(crate) fn is_for_here(&self, entry: u32, from: Address) -> bool {
        let found = self.entries.get(entry as usize);
        let hosted = found.and_then(|found| found.hosted.as_ref());
        hosted.is_some_and(|hosted| {
            hosted.phase != ActorPhase::Prepared
                || self.trail(entry).is_none()
                || hosted.wave.is_some_and(|(source, _)| source == from)
        })
    }

    /// Whether something came straight from its maker (in one hop) while what was sent after the
    /// actor is still on its way back.
    pub(crate) fn waits_for_trail(&self, entry: u32, maker: Address, hops: u8) -> bool {
        let found = self.entries.get(entry as usize);
        let flushes = found.is_some_and(|found| !found.trail_markers.is_empty());
        flushes && hops == 1 && maker != self.config.address
    }

    /// Keeps something until the trail is flushed.
    ///
    /// # Errors
    /// If there is no room.
    pub(crate) fn hold_direct(&mut self, entry: u32, held: Held) -> Result<(), CallError> {
        let held_max = self.config.limits.held;
        let Some(found) = self.entry(entry) else {
            return Err(CallError::NotFound);
        };
        if found.direct.len() >= held_max {
            return Err(CallError::Overloaded(Buffer::Held));
        }
        found.direct.push_back(held);
        Ok(())
    }

    /// Sends a call after an actor that is not here, or by this node's route if nobody knows where
    /// it went.
    ///
    /// # Errors
    /// If it cannot be sent; its maker has not been told then.
    pub(crate) fn follow(
        &mut self,
        entry: u32,
        message: Message,
        deadline: Time,
    ) -> Result<(), CallError> {
        match self.trail(entry) {
            Some(next) => self.send_call(entry, next, message, deadline),
            None => self.dispatch(entry, message, deadline),
        }
    }

    /// Sends a marker after an actor.
    pub(crate) fn marker_follows(&mut self, entry: u32, marker: Marker) {
        if let Some(next) = self.trail(entry) {
            self.send_to(next, Body::Marker(marker));
        }
    }

    /// The actor is back: a marker follows what was sent after it.
    pub(crate) fn flush_trail(&mut self, entry: u32) {
        let next = self.trail(entry);
        if let Some(found) = self.entry(entry) {
            found.trail = None;
        }
        let Some(next) = next else {
            return;
        };
        let number = self.new_marker(MarkerUse::Trail { entry });
        if let Some(found) = self.entry(entry) {
            found.trail_markers.insert(number, next);
        }
        self.send_trail_marker(entry, number, next);
    }

    fn send_trail_marker(&mut self, entry: u32, number: u64, next: Address) {
        let origin = self.own();
        let Some(found) = self.entry(entry) else {
            return;
        };
        let marker = Marker {
            actor: found.id,
            origin,
            number,
            // Like the calls before it, it does not come straight from its maker.
            hops: 1,
        };
        self.send_to(next, Body::Marker(marker));
    }

    /// All that was sent after the actor by one trail is back: what has waited goes on if that was
    /// the last one.
    pub(crate) fn trail_flushed(&mut self, entry: u32, number: u64) {
        let Some(found) = self.entry(entry) else {
            return;
        };
        found.trail_markers.remove(&number);
        if !found.trail_markers.is_empty() {
            return;
        }
        for held in std::mem::take(&mut found.direct) {
            match held {
                Held::Call { message, deadline } => self.go_on(entry, message, deadline),
                Held::Marker(marker) => self.pass_marker(entry, marker),
            }
        }
    }

    fn go_on(&mut self, entry: u32, message: Message, deadline: Time) {
        if deadline <= self.now {
            // Its maker has been told by its own deadline.
            self.counters.expired += 1;
            return;
        }
        let refused = Refusable::of(&message);
        let maker = message.origin;
        let sent = if self.is_for_here(entry, maker) {
            self.add_caller(entry, maker);
            self.deliver_here(entry, message, deadline)
        } else {
            self.follow(entry, message, deadline)
        };
        if let Err(error) = sent {
            self.refuse_call(refused, error);
        }
    }

    /// A marker has not been answered for long: a link on its way may have broken, and what was
    /// before it is lost. It is sent again.
    pub(crate) fn marker_late(&mut self, number: u64) {
        let first_step = match self.markers.get(&number) {
            None => return,
            // The move gives up by itself.
            Some(MarkerUse::Move { .. }) => {
                self.markers.remove(&number);
                return;
            }
            Some(MarkerUse::Trail { entry }) => {
                let entry = *entry;
                let found = self.entries.get(entry as usize);
                let next = found.and_then(|found| found.trail_markers.get(&number).copied());
                next.map(|next| (entry, next))
            }
            Some(MarkerUse::Route { entry }) => {
                let entry = *entry;
                self.flushing(entry, number).map(|old| (entry, old))
            }
        };
        match first_step {
            Some((entry, next)) if self.is_alive(next) => {
                let is_trail = self.markers.get(&number) == Some(&MarkerUse::Trail { entry });
                self.rearm_marker(number);
                if is_trail {
                    self.send_trail_marker(entry, number, next);
                } else {
                    self.send_route_marker(entry, number, next);
                }
            }
            _ => self.marker_answered(number, None),
        }
    }
}
