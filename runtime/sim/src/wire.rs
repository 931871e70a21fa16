//! A node's way out of the network and into it: one frame after the other, bulk behind the rest.

use std::collections::VecDeque;
use std::time::Duration;

use plasma_actor::{Frame, Time};
use plasma_engine::embedded::{Direction, Link};

/// The two directions of a node's connection.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    out: Direction,
    into: Direction,
    /// Frames that wait to leave.
    calls: VecDeque<Frame>,
    /// Bulk frames that wait to leave: they let all others pass.
    bulk: VecDeque<Frame>,
}

impl Wire {
    /// Queues a frame to leave. Says whether the way out is free now: if not, somebody has already
    /// planned to look again at [`Wire::free_at`].
    pub(crate) fn push(&mut self, frame: Frame) -> bool {
        let waiting = !(self.calls.is_empty() && self.bulk.is_empty());
        if frame.kind().is_bulk() {
            self.bulk.push_back(frame);
        } else {
            self.calls.push_back(frame);
        }
        !waiting
    }

    /// When the way out is free.
    pub(crate) fn free_at(&self) -> Time {
        Time::ZERO + self.out.free_at()
    }

    /// Takes out the frame that leaves next, and occupies the way out for it.
    pub(crate) fn pop(&mut self, now: Time, link: &Link) -> Option<Frame> {
        let frame = self.calls.pop_front().or_else(|| self.bulk.pop_front())?;
        self.out.pass(since_start(now), occupancy(&frame, link));
        Some(frame)
    }

    /// Whether more frames wait to leave.
    pub(crate) fn has_more(&self) -> bool {
        !(self.calls.is_empty() && self.bulk.is_empty())
    }

    /// Occupies the way in for a frame whose first byte is here at `at`; gives when its last byte
    /// is.
    pub(crate) fn receive(&mut self, at: Time, frame: &Frame, link: &Link) -> Time {
        let (_, end) = self.into.pass(since_start(at), occupancy(frame, link));
        Time::ZERO + end
    }
}

fn occupancy(frame: &Frame, link: &Link) -> Duration {
    link.occupancy(frame.size_bytes())
}

fn since_start(time: Time) -> Duration {
    time.since(Time::ZERO)
}
