//! Routes: asking the directory where an actor is, and changing a route only behind a flush.

use crate::actor::Origin;
use crate::directory::{DirectoryAnswer, DirectoryRequest, Record};
use crate::error::{Buffer, CallError};
use crate::frame::{Body, Marker};
use crate::id::{ActorId, Address};
use crate::time::Time;

use super::cell::Cell;
use super::directory::Cluster;
use super::entry::{Held, Hosted, Route};
use super::event::{ActorPhase, Effect, Event, OrderResult};
use super::send::Refusable;
use super::shared::Shared;
use super::timer::Due;

/// After how long an unanswered directory request is sent again.
const DIRECTORY_RETRY: std::time::Duration = std::time::Duration::from_millis(500);

/// An actor that is being created here.
pub(crate) struct Creation {
    pub(crate) state: Vec<u8>,
    /// The order it was created by, if it was one.
    pub(crate) order: Option<u64>,
}

/// A request that the directory has not answered.
pub(crate) struct OpenRequest {
    request: DirectoryRequest,
    /// When it is to be sent again. Timers of earlier times are out of date.
    retry_at: Time,
}

/// What an answered marker is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MarkerUse {
    /// This entry's route changes.
    Route { entry: u32 },
    /// What this node sent after an actor that is back has come back.
    Trail { entry: u32 },
    /// A moving actor's own calls have arrived.
    Move { wave: u64 },
}

impl Shared {
    /// Asks the directory where an actor is (or is to be).
    pub(crate) fn locate(&mut self, entry: u32) {
        let own = self.own();
        let propose = self.config.hosts_actors.then_some(own);
        let Some(found) = self.entry(entry) else {
            return;
        };
        found.route = Route::Locating;
        let actor = found.id;
        let create = self.creations.contains_key(&entry) || self.is_created_by_calls(entry, actor);
        self.request(DirectoryRequest::Locate {
            actor,
            propose,
            create,
        });
    }

    fn is_created_by_calls(&mut self, entry: u32, actor: ActorId) -> bool {
        let Some(registered) = self.registered(entry) else {
            return false;
        };
        let mut cell = registered.operations.new_cell();
        self.make_fresh(actor, &mut *cell)
    }

    /// Gives an activation the state of a fresh actor; `false` if there is none to be had.
    fn make_fresh(&mut self, actor: ActorId, cell: &mut dyn Cell) -> bool {
        cell.make_fresh(actor.key()).unwrap_or_else(|error| {
            let (function, reason) = ("fresh", error.to_string());
            self.event(Event::HandlerFailed {
                actor,
                function,
                reason,
            });
            false
        })
    }

    /// Sends a request to the directory, again and again until it is answered.
    pub(crate) fn request(&mut self, request: DirectoryRequest) -> u64 {
        self.request_number += 1;
        let number = self.request_number;
        let retry_at = self.now;
        self.requests
            .insert(number, OpenRequest { request, retry_at });
        self.send_request(number);
        number
    }

    /// A request may have to be sent again, if that has not been done meanwhile.
    pub(crate) fn retry_request(&mut self, number: u64) {
        let now = self.now;
        let open = self.requests.get(&number);
        if open.is_some_and(|open| open.retry_at <= now) {
            self.send_request(number);
        }
    }

    pub(crate) fn send_request(&mut self, number: u64) {
        let retry_at = self.now + DIRECTORY_RETRY;
        let Some(open) = self.requests.get_mut(&number) else {
            return;
        };
        open.retry_at = retry_at;
        let request = open.request.clone();
        self.timers.at(retry_at, Due::DirectoryRetry { number });
        let to = self.config.directory;
        let body = Body::Directory { number, request };
        if to == self.own().server {
            self.loopback.push_back(body);
        } else if let Some(session) = self.sessions.get(&to) {
            let peer = session.peer;
            self.send_to(peer, body);
        }
    }

    /// Answers a request, if the directory is here.
    pub(crate) fn serve_directory(
        &mut self,
        from: Address,
        number: u64,
        request: &DirectoryRequest,
    ) {
        let hosts = self.sessions.values().filter(|s| s.hosts_actors && s.is_up);
        let mut hosts: Vec<Address> = hosts.map(|session| session.peer).collect();
        if self.config.hosts_actors {
            hosts.push(self.own());
        }
        hosts.sort_unstable();
        let cluster = Cluster {
            hosts,
            dead: self.dead.clone(),
        };
        let Some(directory) = &mut self.directory else {
            return;
        };
        let answer = match directory.answer(from, request, &cluster, &mut *self.store) {
            Ok(decision) => {
                if let Some((target, source, wave)) = decision.committed {
                    self.send_to(target, Body::Committed { source, wave });
                }
                decision.answer
            }
            Err(error) => {
                let reason = error.to_string();
                self.event(Event::StoreFailed { reason });
                DirectoryAnswer::Unavailable
            }
        };
        self.send_to(from, Body::DirectoryAnswer { number, answer });
    }

    /// The directory has answered.
    pub(crate) fn directory_answered(&mut self, number: u64, answer: DirectoryAnswer) {
        if answer == DirectoryAnswer::Unavailable {
            return;
        }
        let Some(request) = self.requests.remove(&number) else {
            return;
        };
        match (request.request, answer) {
            (
                DirectoryRequest::Locate { actor, create, .. },
                DirectoryAnswer::Located { record },
            ) => {
                self.located(actor, create, record);
            }
            (DirectoryRequest::Reactivate { actor, .. }, DirectoryAnswer::Located { record }) => {
                self.located(actor, true, record);
            }
            (DirectoryRequest::Commit { wave, source, .. }, DirectoryAnswer::Decided { done })
                if source == self.own() =>
            {
                self.commit_answered(wave, done);
            }
            (DirectoryRequest::Retain { wave, .. }, DirectoryAnswer::Decided { done }) => {
                self.retain_answered(wave, done);
            }
            (DirectoryRequest::Look { source, wave, .. }, DirectoryAnswer::Records { records }) => {
                if source == self.own() {
                    self.source_looked(wave, &records);
                } else {
                    self.target_looked((source, wave), &records);
                }
            }
            _ => {}
        }
    }

    fn located(&mut self, actor: ActorId, create: bool, record: Option<Record>) {
        let Some(entry) = self.entry_of(actor) else {
            return;
        };
        let own = self.own();
        match record {
            // Its creation has begun meanwhile, and asks for itself.
            None if !create && self.creations.contains_key(&entry) => {}
            None => {
                self.creation_ended(entry, Err("no server can take it"));
                self.unlocated(entry, &CallError::NotFound);
            }
            Some(record) if record.owner == own => self.located_here(entry, &record),
            Some(record) => {
                self.creation_ended(entry, Err("it exists already, on another server"));
                let Some(found) = self.entry(entry) else {
                    return;
                };
                match found.hosted.as_ref().map(|hosted| hosted.phase) {
                    // It was to begin again here, and has been given to another server meanwhile.
                    Some(ActorPhase::Starting) => self.give_up_activation(entry, record.owner),
                    None | Some(ActorPhase::Prepared) if found.route == Route::Locating => {
                        self.set_route(entry, Route::At(record.owner));
                    }
                    // The answer is older than what happened since.
                    _ => {}
                }
            }
        }
    }

    fn located_here(&mut self, entry: u32, record: &Record) {
        let Some(found) = self.entry(entry) else {
            return;
        };
        let starting = found
            .hosted
            .as_ref()
            .is_none_or(|hosted| hosted.phase == ActorPhase::Starting);
        if starting && record.epoch > found.last_epoch {
            self.activate(entry, record);
        } else if found.hosted.is_some() {
            if matches!(found.route, Route::Locating | Route::Unknown) {
                self.set_route(entry, Route::Here);
            }
        } else if found.stateless == Some(record.epoch) {
            self.creation_ended(entry, Err("it has existed before, and its state is lost"));
            self.unlocated(entry, &CallError::NotFound);
        } else {
            // The answer is older than what happened since.
            self.locate(entry);
        }
    }

    /// Begins the activation that the directory has given to this node.
    fn activate(&mut self, entry: u32, record: &Record) {
        let known = self.entry(entry).and_then(|found| found.hosted.take());
        let mut hosted = match known {
            Some(hosted) => hosted,
            None => {
                let Some(registered) = self.registered(entry) else {
                    return;
                };
                let cell: Box<dyn Cell> = registered.operations.new_cell();
                Hosted::new(cell, ActorPhase::Starting, record.epoch)
            }
        };
        hosted.epoch = record.epoch;
        let origin = match self.first_state(entry, record, &mut hosted) {
            Ok(origin) => origin,
            Err(error) => {
                self.creation_ended(entry, Err(&error.to_string()));
                if let Some(found) = self.entry(entry) {
                    found.last_epoch = record.epoch;
                    found.stateless = Some(record.epoch);
                    found.hosted = Some(hosted);
                }
                self.refuse_queued(entry, &error);
                if let Some(found) = self.entry(entry) {
                    found.hosted = None;
                }
                self.unlocated(entry, &error);
                return;
            }
        };
        hosted.phase = ActorPhase::Active;
        hosted.origin = Some(origin);
        if let Some(found) = self.entry(entry) {
            found.last_epoch = record.epoch;
            found.hosted = Some(hosted);
            found.trail = None;
        }
        self.announce(entry, origin);
        self.creation_ended(entry, Ok(record.epoch));
        self.checkpoint(entry);
        self.rearm_timers(entry);
        self.set_route(entry, Route::Here);
        self.schedule(entry);
    }

    fn first_state(
        &mut self,
        entry: u32,
        record: &Record,
        hosted: &mut Hosted,
    ) -> Result<Origin, CallError> {
        if let Some(creation) = self.creations.get(&entry) {
            let decoded = hosted.cell.decode_state(&creation.state);
            hosted.state_bytes = creation.state.len() as u64;
            decoded.map_err(crate::context::malformed)?;
            return Ok(Origin::New);
        }
        if let Some(age) = self.restore(record.actor, hosted) {
            return Ok(Origin::Checkpoint { age });
        }
        if !self.make_fresh(record.actor, &mut *hosted.cell) {
            if record.had_state {
                self.event(Event::StateLost {
                    actor: record.actor,
                });
            }
            return Err(CallError::NotFound);
        }
        if record.had_state {
            self.event(Event::StateLost {
                actor: record.actor,
            });
            return Ok(Origin::Lost);
        }
        Ok(Origin::New)
    }

    /// Tells the driver that an activation has begun.
    pub(crate) fn announce(&mut self, entry: u32, origin: Origin) {
        let Some(found) = self.entry(entry) else {
            return;
        };
        let Some(epoch) = found.hosted.as_ref().map(|hosted| hosted.epoch) else {
            return;
        };
        let actor = found.id;
        self.event(Event::Activated {
            actor,
            epoch,
            origin,
        });
    }

    fn creation_ended(&mut self, entry: u32, result: Result<crate::id::Epoch, &str>) {
        let Some(creation) = self.creations.remove(&entry) else {
            return;
        };
        if let Some(id) = creation.order {
            let result = match result {
                Ok(epoch) => OrderResult::Created { epoch },
                Err(reason) => OrderResult::NotCreated {
                    reason: reason.to_owned(),
                },
            };
            self.effects.push(Effect::Outcome { id, result });
        }
    }

    /// The actor has no place: the calls held for it end.
    fn unlocated(&mut self, entry: u32, error: &CallError) {
        let Some(found) = self.entry(entry) else {
            return;
        };
        found.route = Route::Unknown;
        for held in std::mem::take(&mut found.held) {
            match held {
                Held::Call { message, .. } => self.refuse(&message, error.clone()),
                Held::Marker(marker) => self.marker_done(marker),
            }
        }
    }

    /// Sets a route and sends what was held for it.
    pub(crate) fn set_route(&mut self, entry: u32, route: Route) {
        let Some(found) = self.entry(entry) else {
            return;
        };
        found.route = route;
        let held = std::mem::take(&mut found.held);
        for held in held {
            match held {
                Held::Call { message, deadline } => self.release(entry, message, deadline),
                Held::Marker(marker) => self.pass_marker(entry, marker),
            }
        }
    }

    fn release(&mut self, entry: u32, message: crate::frame::Message, deadline: Time) {
        if deadline <= self.now {
            // Its maker has been told by its own deadline.
            self.counters.expired += 1;
            return;
        }
        let refused = Refusable::of(&message);
        if let Err(error) = self.dispatch(entry, message, deadline) {
            self.refuse_call(refused, error);
        }
    }

    // Flushes.

    /// Learns that an actor is now elsewhere: the route changes behind a flush.
    pub(crate) fn learn_place(&mut self, entry: u32, teller: Address, to: Address) {
        let own = self.own();
        let Some(found) = self.entry(entry) else {
            return;
        };
        let Route::At(old) = found.route else {
            return;
        };
        if old == teller && to != old && found.hosted.is_none() && to != own {
            self.flush_route(entry, old);
        }
    }

    /// Sends a marker down the old path and holds new calls until it is answered.
    pub(crate) fn flush_route(&mut self, entry: u32, old: Address) {
        let number = self.new_marker(MarkerUse::Route { entry });
        let Some(found) = self.entry(entry) else {
            return;
        };
        found.left_during_flush = false;
        found.route = Route::Flushing {
            old,
            marker: number,
        };
        if self.is_alive(old) {
            self.send_route_marker(entry, number, old);
        } else {
            self.marker_answered(number, None);
        }
    }

    pub(crate) fn send_route_marker(&mut self, entry: u32, number: u64, old: Address) {
        let origin = self.own();
        let Some(found) = self.entry(entry) else {
            return;
        };
        let marker = Marker {
            actor: found.id,
            origin,
            number,
            hops: 0,
        };
        self.send_to(old, Body::Marker(marker));
    }

    /// The old place, if an actor's route is being flushed by this marker.
    pub(crate) fn flushing(&self, entry: u32, number: u64) -> Option<Address> {
        match self.entries.get(entry as usize)?.route {
            Route::Flushing { old, marker } if marker == number => Some(old),
            _ => None,
        }
    }

    pub(crate) fn new_marker(&mut self, purpose: MarkerUse) -> u64 {
        self.marker_number += 1;
        let number = self.marker_number;
        self.markers.insert(number, purpose);
        self.rearm_marker(number);
        number
    }

    pub(crate) fn rearm_marker(&mut self, number: u64) {
        let limit = self.now + self.config.limits.move_step;
        self.timers.at(limit, Due::Marker { number });
    }

    /// A marker of another node has arrived.
    pub(crate) fn marker_arrived(&mut self, from: Address, mut marker: Marker) {
        marker.hops = marker.hops.saturating_add(1);
        match self.entry_of(marker.actor) {
            Some(entry) if self.has_come_back(entry, &marker) => {
                let own = self.own();
                self.marker_answered(marker.number, Some(own));
            }
            Some(entry) if self.waits_for_trail(entry, marker.origin, marker.hops) => {
                // If there is no room for it, its maker sends it again.
                let _ = self.hold_direct(entry, Held::Marker(marker));
            }
            Some(entry) if self.hosted(entry).is_some() && !self.is_for_here(entry, from) => {
                self.marker_follows(entry, marker);
            }
            Some(entry) => self.pass_marker(entry, marker),
            None => self.marker_done(marker),
        }
    }

    /// Whether a marker that flushes this node's route has come back to it, because the actor was
    /// here meanwhile: all that was on the old path is here, too.
    fn has_come_back(&self, entry: u32, marker: &Marker) -> bool {
        let found = self.entries.get(entry as usize);
        let is_here = found
            .and_then(|found| found.hosted.as_ref())
            .is_some_and(|hosted| hosted.phase != ActorPhase::Prepared);
        let leads_on = found.is_some_and(|found| found.trail.is_some());
        let flushes = self.markers.get(&marker.number) == Some(&MarkerUse::Route { entry });
        marker.origin == self.config.address && flushes && !is_here && !leads_on
    }

    /// Answers a marker if its actor is here, else sends it where the calls before it went.
    pub(crate) fn pass_marker(&mut self, entry: u32, marker: Marker) {
        let held_max = self.config.limits.held;
        if let Some(phase) = self.hosted(entry).map(|hosted| hosted.phase) {
            self.add_caller(entry, marker.origin);
            // Calls that came after the state was sent may have to follow it: so may the marker.
            let Some(found) = self.entry(entry).filter(|_| phase == ActorPhase::Sent) else {
                self.marker_done(marker);
                return;
            };
            if found.held.len() < held_max {
                found.held.push_back(Held::Marker(marker));
            }
            return;
        }
        if self.trail(entry).is_some() {
            self.marker_follows(entry, marker);
            return;
        }
        let Some(route) = self.entry(entry).map(|found| found.route) else {
            return;
        };
        match route {
            Route::At(place) if self.is_alive(place) => {
                self.send_to(place, Body::Marker(marker));
            }
            Route::Here => self.marker_done(marker),
            Route::At(_) | Route::Unknown | Route::Locating | Route::Flushing { .. } => {
                let Some(found) = self.entry(entry) else {
                    return;
                };
                if found.held.len() < held_max {
                    found.held.push_back(Held::Marker(marker));
                }
                if matches!(route, Route::At(_) | Route::Unknown) {
                    self.locate(entry);
                }
            }
        }
    }

    /// Takes the markers out that wait for an actor's route, or for the end of its move.
    pub(crate) fn take_markers(&mut self, entry: u32) -> Vec<Marker> {
        let Some(found) = self.entry(entry) else {
            return Vec::new();
        };
        let mut markers = Vec::new();
        for held in std::mem::take(&mut found.held) {
            match held {
                Held::Marker(marker) => markers.push(marker),
                call @ Held::Call { .. } => found.held.push_back(call),
            }
        }
        markers
    }

    fn marker_done(&mut self, marker: Marker) {
        let number = marker.number;
        self.send_to(marker.origin, Body::MarkerDone { number });
    }

    /// A marker of this node was answered by the node that has the actor (`None`: it will not be).
    pub(crate) fn marker_answered(&mut self, number: u64, by: Option<Address>) {
        let own = self.own();
        match self.markers.remove(&number) {
            None => {}
            Some(MarkerUse::Move { wave }) => self.flushed(wave, number),
            Some(MarkerUse::Trail { entry }) => self.trail_flushed(entry, number),
            Some(MarkerUse::Route { entry }) => {
                let Some(found) = self.entry(entry) else {
                    return;
                };
                let current =
                    matches!(found.route, Route::Flushing { marker, .. } if marker == number);
                if !current {
                    return;
                }
                let phase = found.hosted.as_ref().map(|hosted| hosted.phase);
                // The one who answered may have had the actor before it was here.
                let next = found.trail.filter(|_| found.left_during_flush);
                match by {
                    _ if phase.is_some_and(|phase| phase != ActorPhase::Prepared) => {
                        self.set_route(entry, Route::Here);
                    }
                    Some(_) if let Some(next) = next => self.flush_route(entry, next),
                    Some(place) if place != own => self.set_route(entry, Route::At(place)),
                    _ if found.held.is_empty() => found.route = Route::Unknown,
                    _ => self.locate(entry),
                }
            }
        }
    }

    /// The link to a node is broken: routes over it are forgotten, flushes over it are over.
    pub(crate) fn forget_routes_over(&mut self, link: Address) {
        let mut flushes = Vec::new();
        for found in &mut self.entries {
            match found.route {
                Route::At(place) if place == link => found.route = Route::Unknown,
                Route::Flushing { old, marker } if old == link => flushes.push(marker),
                _ => {}
            }
        }
        for found in &self.entries {
            let over = found.trail_markers.iter();
            flushes.extend(
                over.filter(|(_, to)| **to == link)
                    .map(|(marker, _)| *marker),
            );
        }
        for marker in flushes {
            self.marker_answered(marker, None);
        }
    }

    // Creating.

    /// Creates an actor here by order.
    pub(crate) fn create_by_order(&mut self, id: u64, new: crate::application::NewActor) {
        let failed = |reason: &str| Effect::Outcome {
            id,
            result: OrderResult::NotCreated {
                reason: reason.to_owned(),
            },
        };
        let Some(entry) = self.entry_of(new.actor) else {
            self.effects.push(failed("its type is not in the catalog"));
            return;
        };
        let fits = self
            .description(entry)
            .is_some_and(|description| description.layout_hash == new.layout_hash);
        let refusal = if !self.config.hosts_actors {
            Some("this node hosts no actors")
        } else if !fits {
            Some("its state is of another version of its type")
        } else if self.hosted(entry).is_some() || self.creations.contains_key(&entry) {
            Some("it exists already")
        } else {
            None
        };
        if let Some(reason) = refusal {
            self.effects.push(failed(reason));
            return;
        }
        self.begin_creation(entry, new.state, Some(id));
    }

    /// Creates an actor here at a handler's wish.
    pub(crate) fn create_here<A: crate::actor::Functions>(
        &mut self,
        state: Vec<u8>,
    ) -> Result<ActorId, CallError> {
        let refused = |reason: &str| CallError::Refused {
            reason: reason.to_owned(),
        };
        if !self.config.hosts_actors {
            return Err(refused("this node hosts no actors: create them by order"));
        }
        let Some(created) = self.created_actors.checked_add(1) else {
            return Err(CallError::Overloaded(Buffer::Outstanding));
        };
        let tag = crate::actor::tag_of::<A>();
        let node = u64::from(self.own().server.0) + 1;
        let actor = ActorId::new(tag, (node << 32) | u64::from(created));
        let entry = self
            .entry_of(actor)
            .ok_or_else(|| refused("its type is not in the catalog"))?;
        self.created_actors = created;
        self.begin_creation(entry, state, None);
        Ok(actor)
    }

    fn begin_creation(&mut self, entry: u32, state: Vec<u8>, order: Option<u64>) {
        self.creations.insert(entry, Creation { state, order });
        self.locate(entry);
    }
}
