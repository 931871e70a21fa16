//! Numbers of actors that are gone are given to others: a stream in which actors come and go does not grow for
//! ever.
//!
//! A number is free once nobody lives under it, nobody refers to it, and no frame of the past may tell of it:
//! what was so at one look, and still is at the next one, which comes when all those frames are forgotten.

use crate::{ActorNo, Columns, NumberSet};

/// Periods for which whoever looks back may keep a frame, unless it is told otherwise.
const KEPT_PERIODS: u64 = 4096;

/// So many names beyond a quarter more than there are actors are held before any is looked for.
pub const SPARE_NAMES: usize = 4096;

/// When names are looked through, and what was found at the last look.
#[derive(Clone, Debug)]
pub(crate) struct Forgetting {
    kept_periods: u64,
    spare: usize,
    ticks: u64,
    idle: Option<Idle>,
}

/// Numbers that nobody needed at a tick, and nobody has named since.
#[derive(Clone, Debug)]
struct Idle {
    since_tick: u64,
    numbers: NumberSet,
}

impl Default for Forgetting {
    fn default() -> Self {
        Forgetting {
            kept_periods: KEPT_PERIODS,
            spare: SPARE_NAMES,
            ticks: 0,
            idle: None,
        }
    }
}

impl Forgetting {
    /// Notes that a number is in use.
    #[inline]
    pub(crate) fn note_use(&mut self, no: ActorNo) {
        if let Some(idle) = &mut self.idle {
            idle.numbers.remove(no);
        }
    }
}

impl Columns {
    /// Gives the numbers of ended actors to others as soon as frames of the last `kept_periods` ticks do not tell
    /// of them, once more than `spare` names beyond a quarter more than there are actors are held. Whoever keeps
    /// frames for longer would find others in them. By default frames may be kept for 4096 ticks, and 4096 names are spare.
    pub fn forget_names_after(&mut self, kept_periods: u64, spare: usize) {
        self.forgetting.kept_periods = kept_periods;
        self.forgetting.spare = spare;
    }

    /// Looks through the names if it is time to, at the end of a tick.
    pub(crate) fn forget_names(&mut self) {
        self.forgetting.ticks += 1;
        let now = self.forgetting.ticks;
        let live = self.frame.live().len();
        match self.forgetting.idle.take() {
            None if self.actors.held() > live + live / 4 + self.forgetting.spare => {
                self.forgetting.idle = Some(Idle {
                    since_tick: now,
                    numbers: self.idle_numbers(),
                });
            }
            Some(idle) if now - idle.since_tick > self.forgetting.kept_periods => {
                let still = self.idle_numbers();
                let both = idle.numbers.iter().filter(|no| still.contains(*no));
                let numbers: Vec<ActorNo> = both.collect();
                self.actors.forget(&numbers);
            }
            idle => self.forgetting.idle = idle,
        }
    }

    /// The numbers under which nobody lives and to which nobody refers.
    fn idle_numbers(&self) -> NumberSet {
        let live = self.frame.live();
        let mut idle = NumberSet::below(self.actors.len());
        live.iter().for_each(|no| idle.remove(*no));
        self.actors.free().iter().for_each(|no| idle.remove(*no));
        for (_, refs) in self.frame.all_refs() {
            let lists = live.iter().filter_map(|owner| refs.of(*owner));
            lists.flatten().for_each(|no| idle.remove(*no));
        }
        idle
    }
}
