//! Frames on their way out of a node: latency, bandwidth, and bulk behind everything else.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use plasma_actor::Frame;
use plasma_engine::embedded::{Direction, Link};

use crate::inbox::{Inbox, Passing};

/// The inboxes of all nodes, by the number of the node.
pub(crate) type Inboxes = Arc<[Arc<Inbox>]>;

/// The outgoing side of one node's connection.
pub(crate) struct Egress {
    link: Link,
    inboxes: Inboxes,
    direction: Direction,
    /// Pieces of moving actors, sent one by one when nothing else is to be sent. Bounded by the
    /// sessions' windows.
    bulk: VecDeque<Frame>,
}

impl Egress {
    pub(crate) fn new(link: Link, inboxes: Inboxes) -> Self {
        Egress {
            link,
            inboxes,
            direction: Direction::default(),
            bulk: VecDeque::new(),
        }
    }

    /// Sends a frame; one of a moving actor waits until the connection is free.
    pub(crate) fn send(&mut self, now: Duration, frame: Frame) {
        if frame.kind().is_bulk() {
            self.bulk.push_back(frame);
        } else {
            self.pass(now, frame);
        }
    }

    /// Sends bulk as far as the connection is free.
    pub(crate) fn pump(&mut self, now: Duration) {
        while self.direction.free_at() <= now {
            match self.bulk.pop_front() {
                Some(frame) => self.pass(now, frame),
                None => return,
            }
        }
    }

    /// When bulk can be sent next; `None` if there is none.
    pub(crate) fn pump_at(&self) -> Option<Duration> {
        (!self.bulk.is_empty()).then(|| self.direction.free_at())
    }

    fn pass(&mut self, now: Duration, frame: Frame) {
        let Some(inbox) = self.inboxes.get(frame.to.server.0 as usize) else {
            // A frame for a node that never was: sessions treat it as lost.
            return;
        };
        let occupancy = self.link.occupancy(frame.size_bytes());
        let (begin, _) = self.direction.pass(now, occupancy);
        inbox.carry(Passing {
            arrives_at: begin + self.link.one_way(),
            frame,
        });
    }
}
