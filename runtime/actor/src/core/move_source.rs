//! A move, at the source: admission, draining, flushing, sending, and the directory's word.
//!
//! Until the state is sent the source may give up by itself. After that the actors stay quiet until
//! the directory has decided between the move (commit) and its rival (retain).

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::directory::{DirectoryRequest, Expected, LastMove, Record};
use crate::frame::{Body, Marker, Message};
use crate::id::{ActorId, Address, Epoch, FunctionId};
use crate::time::Time;
use crate::wire::{self, WireError};

use super::chain::Chain;
use super::entry::Route;
use super::event::{ActorPhase, Effect, Event, MigrationDone, MigrationRefusal, OrderResult};
use super::input::MigrationOrder;
use super::meter::Priced;
use super::outstanding::key_of;
use super::route::MarkerUse;
use super::shared::Shared;
use super::timer::Due;
use super::{CHUNK_BYTES, WAVE_MAX};

/// The slowest rate at which state is expected to travel, in bytes per second.
const STATE_RATE_MIN: u64 = 8 * 1024 * 1024;

/// One actor on its way to another server.
#[derive(Serialize, Deserialize)]
pub(crate) struct Parcel {
    pub(crate) actor: ActorId,
    pub(crate) layout_hash: u64,
    pub(crate) state: Vec<u8>,
    /// The calls held for it, in order.
    pub(crate) calls: Vec<Message>,
    pub(crate) timers: Vec<(Duration, FunctionId, Arc<[u8]>)>,
    pub(crate) deaths: u32,
}

/// How far a move is, at its source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// The target has been asked.
    Admitting,
    /// Running calls end, new ones are held.
    Draining,
    /// The actors' own calls arrive where they were sent.
    Flushing,
    /// The state is on its way.
    Sent,
    /// The directory has been asked to commit.
    Committing,
    /// The directory has been asked to leave the actors here.
    Retaining,
    /// The directory has been asked how things stand.
    Looking,
    /// Committed: the target has yet to say that the actors run.
    Committed,
}

/// A move away from this node.
pub(crate) struct OutgoingMove {
    order: MigrationOrder,
    members: Vec<(u32, Expected)>,
    step: Step,
    /// Counts the steps, so that the timers of earlier ones are recognised.
    step_number: u32,
    deadline: Time,
    quiet_since: Time,
    markers: BTreeSet<u64>,
    bytes: u64,
    held_calls: u64,
    /// Why it is given up, once it is.
    refusal: MigrationRefusal,
}

impl OutgoingMove {
    fn expected(&self) -> Vec<Expected> {
        self.members.iter().map(|(_, expected)| *expected).collect()
    }
}

impl Shared {
    /// Begins a move by order.
    pub(crate) fn migrate(&mut self, order: MigrationOrder) {
        let members = match self.movable(&order) {
            Ok(members) => members,
            Err(refusal) => {
                self.move_outcome(order.id, OrderResult::NotMigrated(refusal));
                return;
            }
        };
        self.wave_number += 1;
        let (wave, own, now) = (self.wave_number, self.own(), self.now);
        let mut state_bytes = 0;
        for (entry, _) in &members {
            if let Some(hosted) = self.hosted(*entry) {
                hosted.wave = Some((own, wave));
                state_bytes += hosted.state_bytes;
            }
        }
        let actors = members.iter().map(|(_, expected)| *expected).collect();
        let to = order.to;
        self.outgoing.insert(
            wave,
            OutgoingMove {
                deadline: now + order.deadline,
                order,
                members,
                step: Step::Admitting,
                step_number: 0,
                quiet_since: now,
                markers: BTreeSet::new(),
                bytes: 0,
                held_calls: 0,
                refusal: MigrationRefusal::Unreachable,
            },
        );
        self.send_to(
            to,
            Body::Admit {
                wave,
                actors,
                state_bytes,
            },
        );
        self.enter(wave, Step::Admitting, Some(self.config.limits.move_step));
    }

    fn movable(
        &mut self,
        order: &MigrationOrder,
    ) -> Result<Vec<(u32, Expected)>, MigrationRefusal> {
        let invalid = |reason: String| Err(MigrationRefusal::Invalid(reason));
        let distinct: BTreeSet<ActorId> = order.actors.iter().map(|moving| moving.actor).collect();
        if order.actors.is_empty() || order.actors.len() > WAVE_MAX {
            return invalid(format!("a move takes 1 to {WAVE_MAX} actors"));
        }
        if distinct.len() < order.actors.len() {
            return invalid("it names an actor twice".to_owned());
        }
        if order.to == self.own() {
            return invalid("the actors are to stay where they are".to_owned());
        }
        if !self.is_alive(order.to) {
            return Err(MigrationRefusal::Unreachable);
        }
        let mut members = Vec::with_capacity(order.actors.len());
        for moving in &order.actors {
            let name = self.catalog.actor_name(moving.actor);
            let stale = |reason: &str| MigrationRefusal::Stale(format!("{name} {reason}"));
            let entry = self
                .known_entry(moving.actor)
                .ok_or_else(|| stale("is not here"))?;
            let hosted = self.hosted(entry).ok_or_else(|| stale("is not here"))?;
            if hosted.phase != ActorPhase::Active || hosted.wave.is_some() {
                return Err(stale("is starting, moving or quarantined"));
            }
            if moving.epoch.is_some_and(|epoch| epoch != hosted.epoch) {
                return Err(stale("is in another epoch"));
            }
            members.push((entry, (moving.actor, hosted.epoch)));
        }
        Ok(members)
    }

    fn move_outcome(&mut self, id: u64, result: OrderResult) {
        self.effects.push(Effect::Outcome { id, result });
    }

    /// Goes to a step of a move, which is given up if it takes longer than `limit`.
    fn enter(&mut self, wave: u64, step: Step, limit: Option<Duration>) {
        let now = self.now;
        let Some(moving) = self.outgoing.get_mut(&wave) else {
            return;
        };
        moving.step = step;
        moving.step_number += 1;
        let step_number = moving.step_number;
        let Some(limit) = limit else {
            return;
        };
        let mut late = now + limit;
        if matches!(step, Step::Admitting | Step::Draining | Step::Flushing) {
            late = late.min(moving.deadline);
        }
        let step = step_number;
        self.timers.at(late, Due::MoveSource { wave, step });
    }

    fn step_of(&self, wave: u64, target: Address) -> Option<Step> {
        let moving = self.outgoing.get(&wave)?;
        (moving.order.to == target).then_some(moving.step)
    }

    fn members(&self, wave: u64) -> Vec<(u32, Expected)> {
        let moving = self.outgoing.get(&wave);
        moving.map_or_else(Vec::new, |moving| moving.members.clone())
    }

    /// The target agrees: the actors take no new calls from now on.
    pub(crate) fn admitted(&mut self, from: Address, wave: u64) {
        if self.step_of(wave, from) != Some(Step::Admitting) {
            return;
        }
        let now = self.now;
        if let Some(moving) = self.outgoing.get_mut(&wave) {
            moving.quiet_since = now;
        }
        for (entry, _) in self.members(wave) {
            if let Some(hosted) = self.hosted(entry) {
                hosted.phase = ActorPhase::Draining;
            }
        }
        self.enter(wave, Step::Draining, Some(self.config.limits.quiesce));
        self.check_drained(wave);
    }

    /// The position of a queued call that a draining actor must still run: one that a running call
    /// of the wave waits for, or an earlier one of the same caller.
    pub(crate) fn drainable(&self, entry: u32) -> Option<usize> {
        let hosted = self.entries.get(entry as usize)?.hosted.as_ref()?;
        let (_, wave) = hosted.wave?;
        if hosted.cell.queued() == 0 {
            return None;
        }
        let moving = self.outgoing.get(&wave)?;
        let running: BTreeSet<ActorId> = moving
            .members
            .iter()
            .filter(|(member, _)| {
                let member = self.entries.get(*member as usize);
                member
                    .and_then(|member| member.hosted.as_ref())
                    .is_some_and(|hosted| hosted.cell.is_running())
            })
            .map(|(_, (actor, _))| *actor)
            .collect();
        let mut waited_for = None;
        hosted.cell.visit_queued(&mut |header| {
            let mut ancestors = Chain::actors(header.chain.as_ref());
            if ancestors.any(|ancestor| running.contains(&ancestor)) {
                waited_for = Some(header.caller);
            }
            waited_for.is_none()
        });
        let caller = waited_for?;
        let mut position = 0;
        let mut found = false;
        hosted.cell.visit_queued(&mut |header| {
            found = header.caller == caller;
            position += usize::from(!found);
            !found
        });
        found.then_some(position)
    }

    /// Goes on with a move when none of its actors has anything left to end.
    pub(crate) fn check_drained(&mut self, wave: u64) {
        let Some(moving) = self.outgoing.get(&wave) else {
            return;
        };
        if moving.step != Step::Draining {
            return;
        }
        let members = self.members(wave);
        for (entry, _) in &members {
            let entry = *entry;
            let drainable = self.drainable(entry).is_some();
            let Some(hosted) = self.hosted(entry) else {
                return;
            };
            let at_rest = !hosted.cell.is_running() && hosted.cell.has_state();
            if drainable || hosted.origin.is_some() {
                self.schedule(entry);
                return;
            }
            if !at_rest {
                return;
            }
        }
        self.flush_own_calls(wave, &members);
    }

    fn flush_own_calls(&mut self, wave: u64, members: &[(u32, Expected)]) {
        self.enter(wave, Step::Flushing, Some(self.config.limits.quiesce));
        let own = self.own();
        let mut callees = BTreeSet::new();
        for (entry, _) in members {
            callees.extend(self.edges.unsettled(*entry));
        }
        let mut markers = Vec::new();
        for callee in callees {
            let Some(found) = self.entry(callee) else {
                continue;
            };
            let nothing_held = found.held.is_empty();
            match found.route {
                Route::Here => continue,
                Route::Unknown | Route::Locating if nothing_held => continue,
                _ => {}
            }
            let actor = found.id;
            let number = self.new_marker(MarkerUse::Move { wave });
            let marker = Marker {
                actor,
                origin: own,
                number,
                hops: 0,
            };
            markers.push((callee, marker));
        }
        if let Some(moving) = self.outgoing.get_mut(&wave) {
            moving.markers = markers.iter().map(|(_, marker)| marker.number).collect();
        }
        for (callee, marker) in markers {
            self.send_marker(callee, marker);
        }
        self.check_flushed(wave);
    }

    /// Sends a marker of this node the way its calls went.
    fn send_marker(&mut self, callee: u32, marker: Marker) {
        let Some(found) = self.entry(callee) else {
            return;
        };
        let route = found.route;
        match route {
            Route::Flushing { .. } => found.held.push_back(super::entry::Held::Marker(marker)),
            Route::At(place) if self.is_alive(place) => {
                self.send_to(place, Body::Marker(marker));
            }
            _ => self.pass_marker(callee, marker),
        }
    }

    /// A marker of a moving actor has been answered, or its path is broken and nothing is on it.
    pub(crate) fn flushed(&mut self, wave: u64, number: u64) {
        if let Some(moving) = self.outgoing.get_mut(&wave) {
            moving.markers.remove(&number);
        }
        self.check_flushed(wave);
    }

    fn check_flushed(&mut self, wave: u64) {
        let Some(moving) = self.outgoing.get(&wave) else {
            return;
        };
        if moving.step != Step::Flushing || !moving.markers.is_empty() {
            return;
        }
        match self.pack(wave) {
            Ok(bytes) => self.send_state(wave, &bytes),
            Err(error) => {
                let refusal = MigrationRefusal::Invalid(error.to_string());
                self.give_up_move(wave, refusal);
            }
        }
    }

    fn pack(&mut self, wave: u64) -> Result<Vec<u8>, WireError> {
        let mut parcels = Vec::new();
        let mut held_calls = 0;
        for (entry, (actor, _)) in self.members(wave) {
            let parcel = self.parcel(entry, actor)?;
            held_calls += parcel.calls.len() as u64;
            parcels.push(parcel);
        }
        let mut bytes = Vec::new();
        wire::encode(&parcels, &mut bytes)?;
        self.meter.price(Priced::Encode(bytes.len()));
        if let Some(moving) = self.outgoing.get_mut(&wave) {
            moving.bytes = bytes.len() as u64;
            moving.held_calls = held_calls;
        }
        Ok(bytes)
    }

    fn parcel(&mut self, entry: u32, actor: ActorId) -> Result<Parcel, WireError> {
        let now = self.now;
        let gone = || WireError::new("move", "the actor is gone");
        let layout_hash = self.description(entry).ok_or_else(gone)?.layout_hash;
        let hosted = self.hosted(entry).ok_or_else(gone)?;
        let state = hosted.cell.encode_state()?;
        let queued = hosted.cell.copy_queued()?;
        let timers = hosted.remaining_timers(now);
        let deaths = hosted.deaths;
        hosted.state_bytes = state.len() as u64;
        hosted.sent_calls = queued.len();
        let sent_calls = queued.len();
        let calls: Vec<Message> = queued
            .into_iter()
            .filter_map(|(header, arguments)| self.message(entry, actor, &header, arguments))
            .collect();
        if let Some(hosted) = self.hosted(entry) {
            hosted.unsent_calls = (sent_calls - calls.len()) as u64;
        }
        Ok(Parcel {
            actor,
            layout_hash,
            state,
            calls,
            timers,
            deaths,
        })
    }

    fn send_state(&mut self, wave: u64, bytes: &[u8]) {
        let Some(to) = self.outgoing.get(&wave).map(|moving| moving.order.to) else {
            return;
        };
        for (entry, _) in self.members(wave) {
            if let Some(hosted) = self.hosted(entry) {
                hosted.phase = ActorPhase::Sent;
            }
        }
        let transfer = Duration::from_secs(bytes.len() as u64 / STATE_RATE_MIN);
        let limit = self.config.limits.move_step + transfer;
        self.enter(wave, Step::Sent, Some(limit));
        let count = bytes.len().div_ceil(CHUNK_BYTES);
        for (index, chunk) in (0_u32..).zip(bytes.chunks(CHUNK_BYTES)) {
            let body = Body::Chunk {
                wave,
                index,
                last: index as usize + 1 == count,
                bytes: chunk.into(),
            };
            self.send_to(to, body);
        }
    }

    /// The target has a complete copy: the directory decides.
    pub(crate) fn target_prepared(&mut self, from: Address, wave: u64) {
        if self.step_of(wave, from) != Some(Step::Sent) {
            return;
        }
        let Some(actors) = self.outgoing.get(&wave).map(OutgoingMove::expected) else {
            return;
        };
        self.enter(wave, Step::Committing, None);
        self.request(DirectoryRequest::Commit {
            source: self.own(),
            wave,
            target: from,
            actors,
        });
    }

    /// The target does not want the actors, or cannot read them.
    pub(crate) fn move_refused(&mut self, from: Address, wave: u64, reason: String) {
        let refusal = MigrationRefusal::Refused(reason);
        match self.step_of(wave, from) {
            Some(Step::Admitting | Step::Draining | Step::Flushing) => {
                self.give_up_move(wave, refusal);
            }
            Some(Step::Sent) => self.retain(wave, refusal),
            _ => {}
        }
    }

    /// An actor of the wave has failed while the others drained.
    pub(crate) fn member_failed(&mut self, wave: u64) {
        let reason = "an actor failed while the move began".to_owned();
        self.give_up_move(wave, MigrationRefusal::Stale(reason));
    }

    /// A step takes too long.
    pub(crate) fn move_source_late(&mut self, wave: u64, step_number: u32) {
        let now = self.now;
        let Some(moving) = self.outgoing.get(&wave) else {
            return;
        };
        if moving.step_number != step_number {
            return;
        }
        let too_late = moving.deadline <= now;
        match moving.step {
            Step::Admitting if too_late => self.give_up_move(wave, MigrationRefusal::Deadline),
            Step::Admitting => self.give_up_move(wave, MigrationRefusal::Unreachable),
            Step::Draining | Step::Flushing => self.give_up_move(wave, MigrationRefusal::Busy),
            Step::Sent => self.retain(wave, MigrationRefusal::Unreachable),
            Step::Committed => self.finish_move(wave),
            Step::Committing | Step::Retaining | Step::Looking => {}
        }
    }

    /// The link to a node is broken.
    pub(crate) fn sources_lose_link(&mut self, peer: Address) {
        let dead = !self.is_alive(peer);
        let concerned: Vec<(u64, Step)> = self
            .outgoing
            .iter()
            .filter(|(_, moving)| moving.order.to == peer)
            .map(|(wave, moving)| (*wave, moving.step))
            .collect();
        for (wave, step) in concerned {
            let refusal = MigrationRefusal::Unreachable;
            match step {
                Step::Admitting | Step::Draining | Step::Flushing => {
                    self.give_up_move(wave, refusal);
                }
                Step::Sent => self.retain(wave, refusal),
                // The rival of the commit that is on its way: whichever comes first.
                Step::Committing if dead => self.retain(wave, refusal),
                Step::Committed => self.finish_move(wave),
                Step::Committing | Step::Retaining | Step::Looking => {}
            }
        }
    }

    /// Gives up a move whose state has not been sent.
    fn give_up_move(&mut self, wave: u64, refusal: MigrationRefusal) {
        let Some(moving) = self.outgoing.remove(&wave) else {
            return;
        };
        for (entry, _) in &moving.members {
            self.resume(*entry);
        }
        self.send_to(moving.order.to, Body::Abort { wave });
        self.move_outcome(moving.order.id, OrderResult::NotMigrated(refusal));
    }

    /// An actor takes calls again.
    fn resume(&mut self, entry: u32) {
        let Some(hosted) = self.hosted(entry) else {
            return;
        };
        hosted.wave = None;
        hosted.sent_calls = 0;
        hosted.unsent_calls = 0;
        if matches!(hosted.phase, ActorPhase::Draining | ActorPhase::Sent) {
            hosted.phase = ActorPhase::Active;
        }
        if hosted.changed {
            self.state_changed(entry);
        }
        self.rearm_timers(entry);
        for marker in self.take_markers(entry) {
            self.pass_marker(entry, marker);
        }
        self.schedule(entry);
    }

    /// Asks the directory to leave the actors here.
    fn retain(&mut self, wave: u64, refusal: MigrationRefusal) {
        let Some(moving) = self.outgoing.get_mut(&wave) else {
            return;
        };
        moving.refusal = refusal;
        let actors = moving.expected();
        self.enter(wave, Step::Retaining, None);
        self.request(DirectoryRequest::Retain {
            source: self.own(),
            wave,
            actors,
        });
    }

    /// The directory has answered the commit.
    pub(crate) fn commit_answered(&mut self, wave: u64, done: bool) {
        let Some(step) = self.outgoing.get(&wave).map(|moving| moving.step) else {
            return;
        };
        match (done, step) {
            (true, Step::Committing | Step::Retaining | Step::Looking) => {
                let members = self.members(wave);
                self.leave(wave, &members);
            }
            (false, Step::Committing) => self.look(wave),
            _ => {}
        }
    }

    /// The directory has answered the rival of the commit.
    pub(crate) fn retain_answered(&mut self, wave: u64, done: bool) {
        if self.outgoing.get(&wave).map(|moving| moving.step) != Some(Step::Retaining) {
            return;
        }
        if !done {
            self.look(wave);
            return;
        }
        let Some(moving) = self.outgoing.remove(&wave) else {
            return;
        };
        for (entry, (_, epoch)) in &moving.members {
            self.regain(*entry, epoch.next());
        }
        self.send_to(moving.order.to, Body::Abort { wave });
        let refusal = OrderResult::NotMigrated(moving.refusal);
        self.move_outcome(moving.order.id, refusal);
    }

    /// An actor whose state was sent stays here after all, under a new epoch.
    fn regain(&mut self, entry: u32, epoch: Epoch) {
        let Some(found) = self.entry(entry) else {
            return;
        };
        let actor = found.id;
        found.last_epoch = epoch;
        if let Some(hosted) = &mut found.hosted {
            hosted.epoch = epoch;
        }
        self.event(Event::Retained { actor, epoch });
        self.resume(entry);
    }

    /// Asks the directory how the actors of a wave stand.
    fn look(&mut self, wave: u64) {
        let Some(moving) = self.outgoing.get(&wave) else {
            return;
        };
        let actors = moving
            .members
            .iter()
            .map(|(_, (actor, _))| *actor)
            .collect();
        self.enter(wave, Step::Looking, None);
        self.request(DirectoryRequest::Look {
            source: self.own(),
            wave,
            actors,
        });
    }

    /// The records of a wave whose commit and rival were both refused: each actor is treated as its
    /// record says.
    pub(crate) fn source_looked(&mut self, wave: u64, records: &[Record]) {
        let Some(moving) = self.outgoing.get_mut(&wave) else {
            return;
        };
        if moving.step != Step::Looking {
            return;
        }
        let own = self.config.address;
        let last = LastMove { from: own, wave };
        let mut undecided = Vec::new();
        let mut retained = Vec::new();
        let mut left = Vec::new();
        for (entry, (actor, epoch)) in std::mem::take(&mut moving.members) {
            let member = (entry, (actor, epoch));
            match records.iter().find(|record| record.actor == actor) {
                Some(record) if record.owner == own && record.epoch == epoch => {
                    undecided.push(member);
                }
                Some(record) if record.owner == own && record.last_move == Some(last) => {
                    retained.push((entry, record.epoch));
                }
                _ => left.push(member),
            }
        }
        moving.members = undecided;
        let settled = moving.members.is_empty();
        let refusal = moving.refusal.clone();
        for (entry, epoch) in retained {
            self.regain(entry, epoch);
        }
        for (entry, _) in &left {
            self.depart(*entry, None);
        }
        if settled {
            if let Some(moving) = self.outgoing.remove(&wave) {
                self.move_outcome(moving.order.id, OrderResult::NotMigrated(refusal));
            }
        } else {
            self.retain(wave, refusal);
        }
    }

    /// The directory has committed the move: the copies here go.
    fn leave(&mut self, wave: u64, members: &[(u32, Expected)]) {
        let Some(to) = self.outgoing.get(&wave).map(|moving| moving.order.to) else {
            return;
        };
        self.enter(wave, Step::Committed, Some(self.config.limits.move_step));
        for (entry, _) in members {
            self.depart(*entry, Some(to));
        }
        if !self.is_alive(to) {
            self.finish_move(wave);
        }
    }

    /// Drops an actor that is elsewhere now, and sends the calls that came since its state left
    /// after it.
    fn depart(&mut self, entry: u32, to: Option<Address>) {
        let sent = self.hosted(entry).map_or(0, |hosted| hosted.sent_calls);
        let unsent = self.hosted(entry).map_or(0, |hosted| hosted.unsent_calls);
        let (later, given_up) = self.take_queued_messages(entry, sent);
        // Those that went with the state are counted where they are now.
        let (sent, _) = self.take_queued_messages(entry, 0);
        self.counters.expired += given_up + unsent;
        let Some(found) = self.entry(entry) else {
            return;
        };
        let Some(hosted) = found.hosted.take() else {
            return;
        };
        let (actor, epoch) = (found.id, hosted.epoch);
        found.trail = to;
        found.left_during_flush = matches!(found.route, Route::Flushing { .. });
        let callers = std::mem::take(&mut found.callers);
        self.edges.depart(entry, actor);
        self.event(Event::Deactivated { actor, epoch });
        self.forget_checkpoint(actor, epoch);
        if let Some(to) = to {
            for (message, _) in &sent {
                self.tell_moved(message, to);
            }
            for caller in callers.into_iter().filter(|caller| *caller != to) {
                let number = None;
                self.send_to(caller, Body::Moved { actor, number, to });
            }
        }
        let markers = self.take_markers(entry);
        let route = to.map_or(Route::Unknown, Route::At);
        if self
            .entry(entry)
            .is_some_and(|found| found.route == Route::Here)
        {
            self.set_route(entry, route);
        }
        for (message, deadline) in later {
            let refused = super::send::Refusable::of(&message);
            if let Err(error) = self.follow(entry, message, deadline) {
                self.refuse_call(refused, error);
            }
        }
        for marker in markers {
            self.pass_marker(entry, marker);
        }
    }

    /// Tells the maker of a call that it went to another server with its actor.
    fn tell_moved(&mut self, message: &Message, to: Address) {
        if message.origin != self.own() {
            if message.origin != to {
                let (actor, number) = (message.actor, message.number);
                self.send_to(message.origin, Body::Moved { actor, number, to });
            }
            return;
        }
        let waiting = message
            .number
            .and_then(|number| self.outstanding.get_mut(key_of(number)));
        if let Some(call) = waiting {
            call.link = Some(to);
        }
    }

    /// The target says that the actors run.
    pub(crate) fn target_activated(&mut self, from: Address, wave: u64) {
        match self.step_of(wave, from) {
            Some(Step::Committed) => self.finish_move(wave),
            // The target has heard the directory's word first.
            Some(Step::Committing | Step::Retaining | Step::Looking) => {
                let members = self.members(wave);
                self.leave(wave, &members);
                self.finish_move(wave);
            }
            _ => {}
        }
    }

    fn finish_move(&mut self, wave: u64) {
        let now = self.now;
        if let Some(moving) = self.outgoing.remove(&wave) {
            let done = MigrationDone {
                pause: now.since(moving.quiet_since),
                bytes: moving.bytes,
                held_calls: moving.held_calls,
            };
            self.move_outcome(moving.order.id, OrderResult::Migrated(done));
        }
    }

    /// A call of an actor has ended.
    pub(crate) fn after_call(&mut self, entry: u32, changed: bool) {
        if changed {
            self.state_changed(entry);
        }
        self.schedule(entry);
        let draining = self
            .hosted(entry)
            .filter(|hosted| hosted.phase == ActorPhase::Draining)
            .and_then(|hosted| hosted.wave);
        if let Some((_, wave)) = draining {
            self.check_drained(wave);
        }
    }
}
