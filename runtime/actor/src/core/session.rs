//! Sessions: between two lives of two nodes, every frame arrives once and in order, or the session
//! is broken and both ends know.
//!
//! Each session has two lanes with numbers of their own, so that large states do not delay calls.
//! Frames are acknowledged cumulatively (on frames that go back anyway, else after a short pause)
//! and sent again by a timer with exponential pauses. A side that gives up raises the session's
//! number: whoever sees a higher number than its own breaks its session too and goes on with that.
//! The first frame of both ends then tells what had been received before ([`Undelivered`]).

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use crate::frame::{Body, Frame};
use crate::id::Address;
use crate::time::Time;

use super::config::SessionTimes;
use super::undelivered::Undelivered;

/// How many frames a lane sends again at once.
const RETRANSMIT_FRAMES: usize = 32;
/// How many frames that arrived too early a lane keeps.
const EARLY_FRAMES_MAX: u64 = 4096;
/// How many unacknowledged bulk frames may be under way.
const BULK_WINDOW: usize = 16;
/// After how many received frames of a lane an acknowledgement is sent without a pause.
const ACKNOWLEDGE_FRAMES: [u32; 2] = [32, 4];
/// How often the pause before sending again is doubled.
const BACKOFF_MAX: u32 = 3;

#[derive(Default)]
struct Lane {
    sent: u64,
    unacknowledged: VecDeque<(u64, Body)>,
    waiting: VecDeque<Body>,
    received: u64,
    early: BTreeMap<u64, Body>,
    unanswered: u32,
}

/// This node's end of the session with another node.
pub(crate) struct Session {
    own: Address,
    pub(crate) peer: Address,
    pub(crate) hosts_actors: bool,
    pub(crate) is_up: bool,
    times: SessionTimes,
    number: u32,
    lanes: [Lane; 2],
    progress_at: Time,
    retransmit_at: Option<Time>,
    backoff: u32,
    acknowledge_at: Option<Time>,
    pub(crate) retransmitted: u64,
    undelivered: Undelivered,
}

/// What came of a received frame.
pub(crate) struct Received {
    /// The session was broken by the other end; to be handled before the bodies.
    pub(crate) broken: bool,
    /// What has arrived, in order.
    pub(crate) bodies: Vec<Body>,
    /// How many calls sent over earlier sessions are now known not to have arrived.
    pub(crate) undelivered: u64,
}

impl Session {
    pub(crate) fn new(
        own: Address,
        peer: Address,
        hosts_actors: bool,
        times: SessionTimes,
    ) -> Self {
        Self {
            own,
            peer,
            hosts_actors,
            is_up: true,
            times,
            number: 0,
            lanes: [Lane::default(), Lane::default()],
            progress_at: Time::ZERO,
            retransmit_at: None,
            backoff: 0,
            acknowledge_at: None,
            retransmitted: 0,
            undelivered: Undelivered::default(),
        }
    }

    /// How many call-lane frames are not acknowledged.
    pub(crate) fn unacknowledged(&self) -> usize {
        self.lanes[0].unacknowledged.len()
    }

    /// Sends a body.
    pub(crate) fn send(&mut self, now: Time, body: Body, out: &mut Vec<Frame>) {
        let bulk = body.kind().is_bulk();
        let lane = &mut self.lanes[usize::from(bulk)];
        if bulk && lane.unacknowledged.len() >= BULK_WINDOW {
            lane.waiting.push_back(body);
            return;
        }
        self.send_numbered(now, usize::from(bulk), body, out);
    }

    fn send_numbered(&mut self, now: Time, lane: usize, body: Body, out: &mut Vec<Frame>) {
        let idle = self.lanes.iter().all(|lane| lane.unacknowledged.is_empty());
        if !self.has_more_than_a_report() {
            self.progress_at = now;
        }
        let Some(state) = self.lanes.get_mut(lane) else {
            return;
        };
        state.sent += 1;
        let number = state.sent;
        state.unacknowledged.push_back((number, body.clone()));
        if idle {
            self.backoff = 0;
            self.retransmit_at = Some(now + self.times.retransmit);
        }
        out.push(self.frame(number, body));
    }

    fn frame(&mut self, number: u64, body: Body) -> Frame {
        self.acknowledge_at = None;
        for lane in &mut self.lanes {
            lane.unanswered = 0;
        }
        Frame {
            from: self.own,
            to: self.peer,
            session: self.number,
            number,
            acknowledged: [self.lanes[0].received, self.lanes[1].received],
            body,
        }
    }

    /// Takes a frame from the peer.
    pub(crate) fn receive(&mut self, now: Time, frame: Frame, out: &mut Vec<Frame>) -> Received {
        let mut received = Received {
            broken: false,
            bodies: Vec::new(),
            undelivered: 0,
        };
        if frame.session < self.number {
            if frame.number > 0 {
                out.push(self.frame(0, Body::Acknowledge));
            }
            return received;
        }
        if frame.session > self.number {
            self.restart(now, frame.session, out);
            received.broken = true;
        }
        self.acknowledged(now, frame.acknowledged, out);
        if frame.number > 0 {
            let lane = usize::from(frame.kind().is_bulk());
            self.accept(lane, frame.number, frame.body, &mut received.bodies);
            self.acknowledge_soon(now, lane, out);
        }
        received.undelivered = self.settle(&mut received.bodies);
        received
    }

    /// Takes the other end's report, which comes before all else, from what has arrived.
    fn settle(&mut self, bodies: &mut Vec<Body>) -> u64 {
        let Some(Body::Received(sessions)) = bodies.first() else {
            return 0;
        };
        let lost = self.undelivered.settle(self.number, sessions);
        bodies.remove(0);
        lost
    }

    fn accept(&mut self, lane: usize, number: u64, body: Body, bodies: &mut Vec<Body>) {
        let Some(lane) = self.lanes.get_mut(lane) else {
            return;
        };
        lane.unanswered += 1;
        if number == lane.received + 1 {
            lane.received = number;
            bodies.push(body);
            while let Some(next) = lane.early.remove(&(lane.received + 1)) {
                lane.received += 1;
                bodies.push(next);
            }
        } else if number > lane.received && number <= lane.received + EARLY_FRAMES_MAX {
            lane.early.insert(number, body);
        }
    }

    fn acknowledge_soon(&mut self, now: Time, lane: usize, out: &mut Vec<Frame>) {
        let unanswered = self.lanes.get(lane).map_or(0, |lane| lane.unanswered);
        let limit = ACKNOWLEDGE_FRAMES.get(lane).copied().unwrap_or(1);
        if unanswered >= limit {
            out.push(self.frame(0, Body::Acknowledge));
        } else if self.acknowledge_at.is_none() {
            self.acknowledge_at = Some(now + self.times.acknowledge);
        }
    }

    fn acknowledged(&mut self, now: Time, acknowledged: [u64; 2], out: &mut Vec<Frame>) {
        let mut progress = false;
        for (lane, highest) in self.lanes.iter_mut().zip(acknowledged) {
            while lane
                .unacknowledged
                .front()
                .is_some_and(|(number, _)| *number <= highest)
            {
                lane.unacknowledged.pop_front();
                progress = true;
            }
        }
        if !progress {
            return;
        }
        self.undelivered.acknowledged(acknowledged[0]);
        self.progress_at = now;
        self.backoff = 0;
        while self.lanes[1].unacknowledged.len() < BULK_WINDOW {
            let Some(body) = self.lanes[1].waiting.pop_front() else {
                break;
            };
            self.send_numbered(now, 1, body, out);
        }
        let idle = self.lanes.iter().all(|lane| lane.unacknowledged.is_empty());
        self.retransmit_at = (!idle).then(|| now + self.times.retransmit);
    }

    /// When the session wants [`tick`](Self::tick).
    pub(crate) fn next(&self) -> Option<Time> {
        if !self.is_up {
            return None;
        }
        match (self.retransmit_at, self.acknowledge_at) {
            (Some(one), Some(other)) => Some(one.min(other)),
            (one, other) => one.or(other),
        }
    }

    /// Does what is due: acknowledges, sends again, or gives up. Returns whether it gave up.
    #[must_use]
    pub(crate) fn tick(&mut self, now: Time, out: &mut Vec<Frame>) -> bool {
        if self.retransmit_at.is_some_and(|time| time <= now) {
            if now.since(self.progress_at) >= self.times.give_up && self.has_more_than_a_report() {
                self.restart(now, self.number + 1, out);
                return true;
            }
            self.retransmit(now, out);
        }
        if self.acknowledge_at.is_some_and(|time| time <= now) {
            out.push(self.frame(0, Body::Acknowledge));
        }
        false
    }

    fn retransmit(&mut self, now: Time, out: &mut Vec<Frame>) {
        let mut again = Vec::new();
        for lane in &self.lanes {
            again.extend(lane.unacknowledged.iter().take(RETRANSMIT_FRAMES).cloned());
        }
        self.retransmitted += again.len() as u64;
        for (number, body) in again {
            out.push(self.frame(number, body));
        }
        self.backoff = (self.backoff + 1).min(BACKOFF_MAX);
        let pause: Duration = self.times.retransmit * (1 << self.backoff);
        self.retransmit_at = Some(now + pause);
    }

    /// Whether anything is unacknowledged whose loss would matter: a report alone is sent until it
    /// arrives.
    fn has_more_than_a_report(&self) -> bool {
        let mut unacknowledged = self.lanes.iter().flat_map(|lane| &lane.unacknowledged);
        unacknowledged.any(|(_, body)| !matches!(body, Body::Received(_)))
    }

    /// Breaks the session and goes on with the one of this number.
    fn restart(&mut self, now: Time, number: u32, out: &mut Vec<Frame>) {
        let [calls, _] = std::mem::take(&mut self.lanes);
        let open = unacknowledged_calls(&calls);
        self.undelivered.broken(self.number, open, calls.received);
        self.number = number;
        self.retransmit_at = None;
        self.acknowledge_at = None;
        self.backoff = 0;
        let report = self.undelivered.report(1);
        self.send(now, Body::Received(report), out);
    }

    /// The peer is dead. Gives how many calls to it are not known to have arrived.
    pub(crate) fn end(&mut self) -> u64 {
        self.is_up = false;
        let [calls, _] = std::mem::take(&mut self.lanes);
        let open = unacknowledged_calls(&calls);
        self.undelivered.broken(self.number, open, calls.received);
        self.undelivered.abandon()
    }

    /// Whether nothing is under way, and it is known what has been.
    pub(crate) fn is_quiet(&self) -> bool {
        let is_quiet = |lane: &Lane| lane.unacknowledged.is_empty() && lane.early.is_empty();
        !self.is_up || (self.lanes.iter().all(is_quiet) && self.undelivered.is_settled())
    }
}

/// The numbers of the calls among a lane's unacknowledged frames.
fn unacknowledged_calls(lane: &Lane) -> impl Iterator<Item = u64> {
    let frames = lane.unacknowledged.iter();
    frames
        .filter(|(_, body)| matches!(body, Body::Call(_)))
        .map(|(number, _)| *number)
}
