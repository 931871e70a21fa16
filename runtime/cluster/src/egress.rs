//! Frames on their way out of a node: latency, bandwidth, and bulk behind everything else.

use std::collections::VecDeque;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use plasma_actor::Frame;
use plasma_engine::embedded::{Direction, Link};

use crate::inbox::{Inbox, Passing};

/// The inboxes of all nodes, by the number of the node; those of nodes that have left are given up.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inboxes {
    all: Arc<RwLock<Vec<Option<Arc<Inbox>>>>>,
}

impl Inboxes {
    /// The inbox of a node, unless it never was or has left.
    pub(crate) fn get(&self, number: u32) -> Option<Arc<Inbox>> {
        let all = self.all.read().unwrap_or_else(PoisonError::into_inner);
        all.get(number as usize)?.clone()
    }

    /// Adds the inbox of the next node; gives its number.
    pub(crate) fn add(&self) -> (u32, Arc<Inbox>) {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        let inbox = Arc::<Inbox>::default();
        all.push(Some(Arc::clone(&inbox)));
        let number = u32::try_from(all.len() - 1).unwrap_or(u32::MAX);
        (number, inbox)
    }

    /// Gives up the inbox of a node that has left.
    pub(crate) fn remove(&self, number: u32) {
        let mut all = self.all.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(inbox) = all.get_mut(number as usize) {
            *inbox = None;
        }
    }
}

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
        let Some(inbox) = self.inboxes.get(frame.to.server.0) else {
            // A frame for a node that never was, or has left: sessions treat it as lost.
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
