//! What inputs do: frames, news about nodes, due timers.

use crate::error::Buffer;
use crate::frame::{Body, Frame};
use crate::id::Address;

use super::event::Event;
use super::outstanding::{Answer, key_of};
use super::session::Session;
use super::shared::Shared;
use super::timer::Due;

impl Shared {
    /// A frame has come from a link.
    pub(crate) fn frame_arrived(&mut self, frame: Frame) {
        let (now, from) = (self.now, frame.from);
        if frame.to != self.own() {
            return;
        }
        self.link_bytes += frame.size_bytes() as u64;
        let Some(session) = self.sessions.get_mut(&from.server) else {
            return;
        };
        if session.peer != from || !session.is_up {
            return;
        }
        let received = session.receive(now, frame, &mut self.frames);
        self.counters.failed += received.undelivered;
        self.flush_frames();
        if received.broken {
            self.session_broken(from);
        }
        for body in received.bodies {
            self.body_arrived(from, body);
        }
    }

    /// Handles what this node has sent to itself, until there is no more.
    pub(crate) fn run_loopback(&mut self) {
        let own = self.own();
        while let Some(body) = self.loopback.pop_front() {
            self.body_arrived(own, body);
        }
    }

    fn body_arrived(&mut self, from: Address, body: Body) {
        match body {
            Body::Acknowledge | Body::Received(_) => {}
            Body::Call(message) => self.arrive(from, message),
            Body::Reply { number, result } => self.replied(number, result.map(Answer::Bytes)),
            Body::Moved { actor, number, to } => self.moved(from, actor, number, to),
            Body::Marker(marker) => self.marker_arrived(from, marker),
            Body::MarkerDone { number } => self.marker_answered(number, Some(from)),
            Body::Admit {
                wave,
                actors,
                state_bytes,
            } => self.admission_asked(from, wave, actors, state_bytes),
            Body::Admitted { wave } => self.admitted(from, wave),
            Body::Refused { wave, reason } => self.move_refused(from, wave, reason),
            Body::Chunk {
                wave,
                index,
                last,
                bytes,
            } => self.chunk_arrived((from, wave), index, last, &bytes),
            Body::Prepared { wave } => self.target_prepared(from, wave),
            Body::Abort { wave } => self.move_aborted((from, wave)),
            Body::Activated { wave } => self.target_activated(from, wave),
            Body::Directory { number, request } => self.serve_directory(from, number, &request),
            Body::DirectoryAnswer { number, answer } => self.directory_answered(number, answer),
            Body::Committed { source, wave } => self.wave_committed((source, wave)),
        }
    }

    fn replied(&mut self, number: u64, result: Result<Answer, crate::error::CallError>) {
        let key = key_of(number);
        if let Some(call) = self.outstanding.get(key) {
            let owner = call.owner;
            if let Ok(Answer::Bytes(bytes)) = &result {
                let bytes = bytes.len();
                self.charge_link(owner, bytes);
                self.meter.price(super::meter::Priced::Decode(bytes));
            }
        }
        self.complete(key, result);
    }

    fn moved(
        &mut self,
        from: Address,
        actor: crate::id::ActorId,
        number: Option<u64>,
        to: Address,
    ) {
        if let Some(number) = number {
            let alive = self.is_alive(to);
            if let Some(call) = self.outstanding.get_mut(key_of(number)) {
                call.link = Some(to);
                if !alive {
                    let executed = crate::error::Executed::Maybe;
                    let error = crate::error::CallError::Unavailable { executed };
                    self.complete(key_of(number), Err(error));
                }
            }
        }
        if let Some(entry) = self.known_entry(actor) {
            self.learn_place(entry, from, to);
        }
    }

    /// Another node is there, or there again.
    pub(crate) fn peer_up(&mut self, address: Address, hosts_actors: bool) {
        if address == self.own() {
            return;
        }
        if let Some(known) = self.sessions.get(&address.server) {
            let peer = known.peer;
            if peer == address || peer.incarnation > address.incarnation {
                return;
            }
            self.peer_down(peer);
        }
        let times = self.config.session;
        let session = Session::new(self.own(), address, hosts_actors, times);
        self.sessions.insert(address.server, session);
        self.resend_requests(address);
    }

    /// A node is to be stopped: nobody comes there any more, and routes to it change behind a flush.
    pub(crate) fn peer_leaves(&mut self, address: Address) {
        self.set_hosting(address, false);
        let over = |entry: &super::entry::Entry| {
            entry.hosted.is_none() && entry.route == super::entry::Route::At(address)
        };
        let entries = (0_u32..).zip(&self.entries);
        let stale: Vec<u32> = entries
            .filter(|(_, entry)| over(entry))
            .map(|(number, _)| number)
            .collect();
        for entry in stale {
            self.flush_route(entry, address);
        }
    }

    /// Whether actors may come to a node, this one or another.
    pub(crate) fn set_hosting(&mut self, address: Address, hosts_actors: bool) {
        if address == self.own() {
            self.config.hosts_actors = hosts_actors;
        } else if let Some(session) = self.sessions.get_mut(&address.server)
            && session.peer == address
        {
            session.hosts_actors = hosts_actors;
        }
    }

    /// A node has been declared dead.
    pub(crate) fn peer_down(&mut self, address: Address) {
        self.dead.insert(address);
        let Some(session) = self.sessions.get_mut(&address.server) else {
            return;
        };
        if session.peer == address && session.is_up {
            self.counters.failed += session.end();
            self.session_broken(address);
        }
    }

    /// The session with a node is broken: all that depends on it ends or is decided anew.
    fn session_broken(&mut self, peer: Address) {
        self.event(Event::SessionBroken { peer });
        self.fail_calls_over(peer);
        self.forget_routes_over(peer);
        self.moves_lose_link(peer);
        self.resend_requests(peer);
    }

    fn resend_requests(&mut self, peer: Address) {
        if peer.server == self.config.directory {
            let numbers: Vec<u64> = self.requests.keys().copied().collect();
            for number in numbers {
                self.send_request(number);
            }
        }
    }

    /// Does all that is due now.
    pub(crate) fn fire_due(&mut self) {
        let now = self.now;
        while let Some(due) = self.timers.pop(now) {
            match due {
                Due::Actor { entry, number } => self.timer_fired(entry, number),
                Due::Sleep { task } => self.wake(task),
                Due::Checkpoint { entry } => self.checkpoint_due(entry),
                Due::DirectoryRetry { number } => self.retry_request(number),
                Due::Marker { number } => self.marker_late(number),
                Due::MoveSource { wave, step } => self.move_source_late(wave, step),
                Due::MoveTarget { from, wave, step } => self.move_target_late((from, wave), step),
            }
        }
        self.sweep_deadlines();
        let mut broken = Vec::new();
        for session in self.sessions.values_mut() {
            if session.next().is_some_and(|time| time <= now) {
                let again = session.retransmitted;
                if session.tick(now, &mut self.frames) {
                    broken.push(session.peer);
                }
                self.counters.retransmitted += session.retransmitted - again;
            }
        }
        self.flush_frames();
        for peer in broken {
            self.session_broken(peer);
        }
    }

    /// Whether anything but idle actors is here.
    pub(crate) fn is_quiet(&self) -> bool {
        let waits =
            |entry: &super::entry::Entry| !(entry.held.is_empty() && entry.direct.is_empty());
        let holds = self.entries.iter().any(waits);
        let unfinished = |entry: &super::entry::Entry| {
            entry.hosted.as_ref().is_some_and(|hosted| {
                hosted.cell.queued() > 0 || hosted.cell.is_running() || hosted.wave.is_some()
            })
        };
        !holds
            && !self.entries.iter().any(unfinished)
            && self.runnable.is_empty()
            && self.tasks.is_empty()
            && self.outstanding.is_empty()
            && self.visitors.is_empty()
            && self.requests.is_empty()
            && self.outgoing.is_empty()
            && self.incoming.is_empty()
            && self.markers.is_empty()
            && self.sessions.values().all(Session::is_quiet)
    }

    /// Counts a one-way call that was dropped because a buffer was full.
    pub(crate) fn drop_one_way(&mut self, buffer: Buffer) {
        *self.counters.dropped.entry(buffer).or_default() += 1;
    }
}
