//! What is to be done at a later time, in order of time and then of registration.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use slotmap::DefaultKey;

use crate::id::Address;
use crate::time::Time;

/// What a timer does when its time comes. All of them check whether their reason still exists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// An actor's own timer posts its call.
    Actor { entry: u32, number: u64 },
    /// A task's sleep ends.
    Sleep { task: DefaultKey },
    /// A changed state is to be checkpointed.
    Checkpoint { entry: u32 },
    /// A directory request has not been answered.
    DirectoryRetry { number: u64 },
    /// A marker has not been answered.
    Marker { number: u64 },
    /// A step of a move away from here takes too long.
    MoveSource { wave: u64, step: u32 },
    /// A step of a move to here takes too long, or a prepared copy asks how it stands.
    MoveTarget { from: Address, wave: u64, step: u32 },
}

/// The timers of a core.
#[derive(Default)]
pub(crate) struct Timers {
    heap: BinaryHeap<Reverse<(Time, u64, Due)>>,
    registered: u64,
}

impl Timers {
    /// Registers something to be done at `time` or soon after.
    pub(crate) fn at(&mut self, time: Time, due: Due) {
        self.registered += 1;
        self.heap.push(Reverse((time, self.registered, due)));
    }

    /// Takes the next thing that is due.
    pub(crate) fn pop(&mut self, now: Time) -> Option<Due> {
        if self.next()? > now {
            return None;
        }
        self.heap.pop().map(|Reverse((_, _, due))| due)
    }

    /// When the next thing is due.
    pub(crate) fn next(&self) -> Option<Time> {
        self.heap.peek().map(|Reverse((time, _, _))| *time)
    }
}
