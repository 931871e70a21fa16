//! Moments that are kept for later: frames of columns, or the rows that the reference reads, newest first.

use std::collections::VecDeque;

use plasma_columns::Frame;
use plasma_model::Snapshot;

use crate::past::{End, PAST_SNAPSHOTS_MAX, Reach};

/// Two moments further apart than so many periods have a gap between them.
const GAP_PERIODS: f64 = 1.5;

/// When a period ended.
#[derive(Clone, Copy, Debug)]
pub struct Tick {
    /// Time at the end of the period, in seconds.
    pub(crate) t: f64,
    /// Number of the period, if the engine counts them.
    pub(crate) window: Option<u64>,
    /// Length of the period, in seconds.
    pub(crate) period_seconds: f64,
}

/// The cluster at one tick.
pub trait Moment: Sized {
    /// Which tick.
    fn tick(&self) -> Tick;

    /// Actors and call records in it.
    fn entries(&self) -> usize;

    /// The same tick with no more than is looked at later.
    fn keeping(&self, reach: Reach) -> Self;
}

impl Moment for Snapshot {
    fn tick(&self) -> Tick {
        Tick {
            t: self.t,
            window: self.window,
            period_seconds: self.period_seconds,
        }
    }

    fn entries(&self) -> usize {
        self.actors.len() + self.calls.len()
    }

    fn keeping(&self, _: Reach) -> Self {
        self.clone()
    }
}

impl Moment for Frame {
    fn tick(&self) -> Tick {
        Tick {
            t: self.t,
            window: self.window,
            period_seconds: self.period_seconds,
        }
    }

    fn entries(&self) -> usize {
        self.live().len() + self.calls.len()
    }

    fn keeping(&self, reach: Reach) -> Self {
        Frame::keeping(self, reach.actors, reach.calls)
    }
}

/// The moments before the present one.
#[derive(Clone, Debug)]
pub(crate) struct Kept<M> {
    /// Newest first.
    moments: VecDeque<M>,
    /// Actors and call records in them.
    entries: usize,
    /// Whether older ones were given up because they were too many.
    pub(crate) is_cut: bool,
}

impl<M> Default for Kept<M> {
    fn default() -> Self {
        Kept {
            moments: VecDeque::new(),
            entries: 0,
            is_cut: false,
        }
    }
}

impl<M: Moment> Kept<M> {
    pub(crate) fn len(&self) -> usize {
        self.moments.len()
    }

    /// Keeps a moment, and of those before it `needed` with it, as long as all of them have no more than
    /// `entries_max` entries. One that is not later than the last one begins a new stream: what was
    /// before is forgotten.
    pub(crate) fn push(&mut self, moment: M, needed: usize, entries_max: usize) {
        let last = self.moments.front();
        if last.is_some_and(|last| moment.tick().t <= last.tick().t) {
            self.moments.clear();
            self.entries = 0;
        }
        self.entries += moment.entries();
        self.moments.push_front(moment);
        while self.moments.len() > needed.min(PAST_SNAPSHOTS_MAX) {
            self.drop_oldest();
        }
        while self.entries > entries_max {
            self.drop_oldest();
            self.is_cut = true;
        }
    }

    fn drop_oldest(&mut self) {
        if let Some(oldest) = self.moments.pop_back() {
            self.entries -= oldest.entries();
        }
    }

    /// The moments that lead up to the present one without a gap, newest first, and what is before
    /// them.
    pub(crate) fn before(&self, present: Tick) -> (Vec<&M>, End) {
        let mut later = present;
        let mut unbroken = Vec::new();
        // The present may have been kept already.
        let earlier = self.moments.iter().skip_while(|m| m.tick().t >= present.t);
        for earlier in earlier {
            let tick = earlier.tick();
            if !follows(tick, later) {
                return (unbroken, End::Gap);
            }
            unbroken.push(earlier);
            later = tick;
        }
        (unbroken, End::Start)
    }
}

/// Whether nothing is missing between two ticks.
fn follows(earlier: Tick, later: Tick) -> bool {
    let between = later.t - earlier.t;
    let is_next = match (earlier.window, later.window) {
        (Some(earlier), Some(later)) => earlier.checked_add(1) == Some(later),
        _ => true,
    };
    is_next && between > 0.0 && between <= GAP_PERIODS * later.period_seconds
}
