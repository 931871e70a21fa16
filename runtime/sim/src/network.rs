//! The network between the nodes: links with latency and bandwidth, and faults below the sessions.

use std::collections::BTreeMap;
use std::mem;
use std::time::Duration;

use plasma_actor::{Address, Frame, FrameKind, ServerId, Time};
use plasma_engine::embedded::Link;

use crate::fault::{Fault, FaultKind, Faults, OVERTAKEN_MAX, Passing};
use crate::random::{Random, Stream};
use crate::wire::Wire;

/// How far behind the frame that overtook it an overtaken frame arrives.
const BEHIND: Duration = Duration::from_nanos(1);

/// What became of frames.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Frames sent, by kind.
    pub sent: BTreeMap<FrameKind, u64>,
    /// Faults, by the kind of the frame that was struck and the kind of the fault.
    pub struck: BTreeMap<(FrameKind, FaultKind), u64>,
}

/// A frame that will arrive.
pub(crate) struct Arrival {
    pub(crate) at: Time,
    pub(crate) frame: Frame,
}

/// A frame that waits to be overtaken.
struct Held {
    until: Time,
    frame: Frame,
}

/// The links, the faults, and the frames that wait to be overtaken.
pub(crate) struct Network {
    link: Link,
    wires: Vec<Wire>,
    faults: Box<dyn Faults>,
    random: Random,
    number: u64,
    held: BTreeMap<(Address, Address), Vec<Held>>,
    pub(crate) traffic: Traffic,
    /// Every frame that left, where it is asked for.
    pub(crate) log: Option<Vec<Passing>>,
}

impl Network {
    pub(crate) fn new(seed: u64, link: Link, nodes: usize, faults: Box<dyn Faults>) -> Self {
        Network {
            link,
            wires: (0..nodes).map(|_| Wire::default()).collect(),
            faults,
            random: Random::new(seed, Stream::Network),
            number: 0,
            held: BTreeMap::new(),
            traffic: Traffic::default(),
            log: None,
        }
    }

    pub(crate) fn set_faults(&mut self, faults: Box<dyn Faults>) {
        self.faults = faults;
    }

    /// Number of the next frame that leaves.
    pub(crate) fn next_number(&self) -> u64 {
        self.number
    }

    /// Queues a frame at its sender's way out. Gives the time at which to call [`Network::leave`]
    /// for that node, if nobody has planned that yet.
    pub(crate) fn push(&mut self, now: Time, frame: Frame) -> Option<Time> {
        let wire = self.wire(frame.from.server)?;
        let first = wire.push(frame);
        first.then(|| wire.free_at().max(now))
    }

    /// Lets the next frame leave a node, and gives what arrives of it. The time is that at which to
    /// call this again, if more frames wait.
    pub(crate) fn leave(&mut self, now: Time, node: ServerId) -> (Vec<Arrival>, Option<Time>) {
        let link = self.link;
        let Some(wire) = self.wire(node) else {
            return (Vec::new(), None);
        };
        let Some(frame) = wire.pop(now, &link) else {
            return (Vec::new(), None);
        };
        let again = wire.has_more().then(|| wire.free_at());
        (self.pass(now, frame), again)
    }

    /// Takes a frame across the network, through whatever the faults do to it.
    fn pass(&mut self, now: Time, frame: Frame) -> Vec<Arrival> {
        let passing = Passing {
            number: self.number,
            at: now,
            from: frame.from,
            to: frame.to,
            kind: frame.kind(),
        };
        self.number += 1;
        *self.traffic.sent.entry(passing.kind).or_default() += 1;
        if let Some(log) = &mut self.log {
            log.push(passing);
        }
        let fault = self.faults.strike(&passing, &mut self.random);
        if let Some(fault) = fault {
            let struck = (passing.kind, fault.kind());
            *self.traffic.struck.entry(struck).or_default() += 1;
        }
        match fault {
            Some(Fault::Lose) => Vec::new(),
            None => self.arrive(now, frame, Duration::ZERO),
            Some(Fault::Delay(by)) => self.arrive(now, frame, by),
            Some(Fault::Duplicate(after)) => {
                let mut arrivals = self.arrive(now, frame.clone(), Duration::ZERO);
                arrivals.extend(self.arrive(now, frame, after));
                arrivals
            }
            Some(Fault::Overtaken) => {
                let way = (frame.from, frame.to);
                let until = now + OVERTAKEN_MAX;
                self.held
                    .entry(way)
                    .or_default()
                    .push(Held { until, frame });
                Vec::new()
            }
        }
    }

    /// A frame arrives `late` after its time, and behind it those that waited to be overtaken.
    fn arrive(&mut self, now: Time, frame: Frame, late: Duration) -> Vec<Arrival> {
        let link = self.link;
        let way = (frame.from, frame.to);
        let first_byte = now + link.one_way();
        let Some(wire) = self.wire(frame.to.server) else {
            return Vec::new();
        };
        let at = wire.receive(first_byte, &frame, &link) + late;
        let mut arrivals = vec![Arrival { at, frame }];
        let behind = self.held.remove(&way).unwrap_or_default();
        arrivals.extend(behind.into_iter().map(|held| Arrival {
            at: at + BEHIND,
            frame: held.frame,
        }));
        arrivals
    }

    /// When the first frame held back is let go, if nothing overtakes it before.
    pub(crate) fn release_at(&self) -> Option<Time> {
        let held = self.held.values().flatten();
        held.map(|held| held.until).min()
    }

    /// Lets go the frames that nothing has overtaken in time.
    pub(crate) fn release(&mut self, now: Time) -> Vec<Frame> {
        let mut released = Vec::new();
        for held in self.held.values_mut() {
            let (late, still): (Vec<Held>, Vec<Held>) = mem::take(held)
                .into_iter()
                .partition(|held| held.until <= now);
            released.extend(late.into_iter().map(|held| held.frame));
            *held = still;
        }
        self.held.retain(|_, held| !held.is_empty());
        released
    }

    fn wire(&mut self, node: ServerId) -> Option<&mut Wire> {
        self.wires.get_mut(usize::try_from(node.0).ok()?)
    }
}
