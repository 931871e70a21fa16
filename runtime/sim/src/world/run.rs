//! How a world runs: what happens next, and what comes of it.

use std::time::Duration;

use plasma_actor::{Address, Admission, Effect, ExternalWork, Frame, Input, ServerId, Time, wire};

use super::{Ended, Told, World};
use crate::check::{self, Property, Violation};
use crate::network::Arrival;

/// Happenings at one instant beyond which the world counts as caught in a loop.
const HAPPENINGS_AT_ONCE_MAX: u32 = 1_000_000;

/// How often a world that should come to rest is looked at.
const QUIET_STEP: Duration = Duration::from_millis(10);

/// Something that will happen.
pub(super) enum Happening {
    /// A frame reaches its sender's way out.
    Send(Frame),
    /// A node's way out is free for the next frame.
    Leave(ServerId),
    /// A frame has arrived.
    Arrive(Frame),
    /// Something other than a frame reaches a node.
    Give(ServerId, Input),
    /// Frames held back are let go.
    Release,
    /// A node may have something to do.
    Wake(ServerId),
}

impl World {
    /// Lets time pass.
    pub fn run_for(&mut self, time: Duration) {
        self.run_until(self.now + time);
    }

    /// Lets time pass until `limit`.
    pub fn run_until(&mut self, limit: Time) {
        while self.step_before(limit) {}
        self.now = self.now.max(limit);
    }

    /// Lets time pass until `done` or `limit`; says whether it was done.
    pub fn run_until_done(&mut self, limit: Time, mut done: impl FnMut(&World) -> bool) -> bool {
        loop {
            if done(self) {
                return true;
            }
            if !self.step_before(limit) {
                return false;
            }
        }
    }

    /// Stops the clients and lets time pass until nothing goes on anywhere, at most until `limit`.
    /// What still goes on then is a violation.
    pub fn run_until_quiet(&mut self, limit: Time) {
        self.stop_clients();
        while self.now < limit {
            self.run_for(QUIET_STEP);
            if self.nodes.iter().all(|node| node.core.is_quiet()) {
                return;
            }
        }
        check::quiet(self);
    }

    /// Lets the next thing happen, if it happens before `limit`; says whether it did.
    fn step_before(&mut self, limit: Time) -> bool {
        if self.queue.next_at().is_none_or(|at| at >= limit) {
            return false;
        }
        let Some((at, happening)) = self.queue.pop() else {
            return false;
        };
        self.count_happening(at);
        self.now = at;
        self.happen(happening);
        true
    }

    /// Stops a world that does not get on.
    fn count_happening(&mut self, at: Time) {
        if at > self.now {
            self.happenings_at_once = 0;
        }
        self.happenings_at_once += 1;
        assert!(
            self.happenings_at_once <= HAPPENINGS_AT_ONCE_MAX,
            "seed {}: the world does not get beyond {:?}",
            self.config.seed,
            self.now
        );
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Send(frame) => {
                let from = frame.from.server;
                if let Some(at) = self.network.push(self.now, frame) {
                    self.queue.plan(at, Happening::Leave(from));
                }
            }
            Happening::Leave(node) => self.leave(node),
            Happening::Arrive(frame) => self.arrive(frame),
            Happening::Release => {
                for frame in self.network.release(self.now) {
                    self.arrive(frame);
                }
            }
            Happening::Give(node, input) => {
                if let Some(node) = self.node_mut(node) {
                    node.push(input);
                }
                self.plan_wake(node);
            }
            Happening::Wake(node) => self.wake(node),
        }
    }

    fn leave(&mut self, node: ServerId) {
        let (arrivals, again) = self.network.leave(self.now, node);
        if let Some(at) = again {
            self.queue.plan(at, Happening::Leave(node));
        }
        for Arrival { at, frame } in arrivals {
            self.queue.plan(at, Happening::Arrive(frame));
        }
        if let Some(at) = self.network.release_at() {
            self.queue.plan(at, Happening::Release);
        }
    }

    fn arrive(&mut self, frame: Frame) {
        let to = frame.to.server;
        let size = frame.size_bytes();
        self.hash
            .note((self.now, frame.from, frame.to, frame.kind(), size));
        let frame = if self.config.encodes_frames {
            self.recoded(frame)
        } else {
            frame
        };
        let frames = match &mut self.tamper {
            Some(tamper) => tamper(frame),
            None => vec![frame],
        };
        if let Some(node) = self.node_mut(to) {
            for frame in frames {
                node.push(Input::Frame(frame));
            }
        }
        self.plan_wake(to);
    }

    /// The frame as it is after being encoded and decoded.
    fn recoded(&mut self, frame: Frame) -> Frame {
        let mut bytes = Vec::new();
        let decoded = wire::encode(&frame, &mut bytes).and_then(|()| wire::decode(&bytes));
        match decoded {
            Ok(decoded) if decoded == frame => decoded,
            other => {
                let what = format!("{:?} came out of its bytes as {other:?}", frame.kind());
                self.report(Violation::new(Property::Fidelity, what));
                frame
            }
        }
    }

    /// Plans the next moment at which a node has something to do.
    pub(super) fn plan_wake(&mut self, id: ServerId) {
        let now = self.now;
        let Some(node) = self.node_mut(id) else {
            return;
        };
        let Some(at) = node.next_at(now) else {
            return;
        };
        if node.wake_at.is_none_or(|planned| at < planned) {
            node.wake_at = Some(at);
            self.queue.plan(at, Happening::Wake(id));
        }
    }

    fn wake(&mut self, id: ServerId) {
        let now = self.now;
        let Some(node) = self.node_mut(id) else {
            return;
        };
        if node.wake_at != Some(now) {
            return;
        }
        node.wake_at = None;
        let address = node.address;
        let done = node.advance(now);
        let scans = self.scans && done.is_runtime_business;
        for (at, effect) in done.effects {
            self.effect(at, address, effect);
        }
        if scans {
            check::overlaps(self);
        }
        self.plan_wake(id);
    }

    fn effect(&mut self, at: Time, node: Address, effect: Effect) {
        match effect {
            Effect::Send(frame) => self.queue.plan(at, Happening::Send(frame)),
            Effect::Answer { id, result } => {
                self.hash.note((at, id, result.is_ok()));
                self.answers.insert(id, result);
            }
            Effect::Outcome { id, result } => {
                self.hash.note((at, id, format!("{result:?}")));
                self.ended.insert(id, Ended { id, at, result });
            }
            Effect::External(work) => self.external(at, node.server, work),
            Effect::Admission {
                from,
                wave,
                actors,
                state_bytes,
            } => {
                let admission = Admission {
                    from,
                    wave,
                    verdict: (self.admit)(node.server, &actors, state_bytes),
                };
                let input = Input::Admission(admission);
                self.queue.plan(at, Happening::Give(node.server, input));
            }
            Effect::Event(event) => {
                self.hash.note((at, node, format!("{event:?}")));
                if let Err(violation) = self.activations.note(node, &event) {
                    self.report(violation);
                }
                self.told.push(Told { at, node, event });
            }
        }
    }

    /// Outside work is done by its stand-in, or refused.
    fn external(&mut self, at: Time, node: ServerId, work: ExternalWork) {
        let result = match self.mocks.get_mut(work.name) {
            Some(mock) => mock(),
            None => Err(format!(
                "outside work `{}` has no stand-in in the simulator",
                work.name
            )),
        };
        let number = work.number;
        let input = Input::ExternalDone { number, result };
        self.queue.plan(at, Happening::Give(node, input));
    }
}
