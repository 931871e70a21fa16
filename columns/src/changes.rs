//! What is different from the tick before.

use std::collections::BTreeMap;

use crate::{ActorNo, CallKey, ServerNo};

/// Who changed from one tick to the next, by number: what an evaluation that remembers the last one
/// looks at again. Every list is sorted and has each number once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Actors that appeared or ended, or live on another server.
    pub members: Vec<ActorNo>,
    /// Actors of which a figure or a published value is another one.
    pub figures: Vec<ActorNo>,
    /// Actors that refer to others than before.
    pub refs: Vec<ActorNo>,
    /// Calls between live actors that are others, by what they have in common.
    pub calls: BTreeMap<CallKey, ChangedCalls>,
    /// Servers of which something is another value, or that host another number of actors.
    pub servers: Vec<ServerNo>,
    /// Servers that received another number of calls from some kind of caller.
    pub receivers: Vec<ServerNo>,
    /// Whether everything may have changed: the first tick.
    pub everything: bool,
}

/// Calls of one partition that are others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChangedCalls {
    /// Caller ([`NOBODY`](crate::NOBODY) for clients) and callee of each.
    pub ends: Vec<(ActorNo, ActorNo)>,
    /// The place of each in the partition as it is now, [`NOBODY`](crate::NOBODY) for those that are not there any more;
    /// empty where that is not known.
    pub places: Vec<u32>,
}

impl ChangedCalls {
    /// Adds those of a later tick: where the ones before stand by then is not known.
    fn add(&mut self, later: &ChangedCalls) {
        if self.ends.is_empty() {
            self.clone_from(later);
            return;
        }
        self.ends.extend_from_slice(&later.ends);
        self.places.clear();
    }

    fn arrange(&mut self) {
        if self.ends.is_sorted_by(|a, b| a < b) {
            return;
        }
        self.ends.sort_unstable();
        self.ends.dedup();
        self.places.clear();
    }

    fn bytes(&self) -> usize {
        self.ends.capacity() * size_of::<(ActorNo, ActorNo)>()
            + self.places.capacity() * size_of::<u32>()
    }
}

impl Changes {
    /// Adds what changed at a later tick.
    pub fn add(&mut self, later: &Changes) {
        self.everything |= later.everything;
        let later_lists = [
            &later.members,
            &later.figures,
            &later.refs,
            &later.servers,
            &later.receivers,
        ];
        for (list, more) in self.lists().into_iter().zip(later_lists) {
            list.extend_from_slice(more);
        }
        for (key, more) in &later.calls {
            self.calls.entry(*key).or_default().add(more);
        }
        self.arrange();
    }

    /// Bytes held in memory.
    pub(crate) fn bytes(&self) -> usize {
        let lists = [
            &self.members,
            &self.figures,
            &self.refs,
            &self.servers,
            &self.receivers,
        ];
        let calls = self.calls.values().map(ChangedCalls::bytes);
        lists.map(Vec::capacity).iter().sum::<usize>() * size_of::<u32>() + calls.sum::<usize>()
    }

    /// Sorts, each once.
    pub(crate) fn arrange(&mut self) {
        for list in self.lists() {
            list.sort_unstable();
            list.dedup();
        }
        self.calls.values_mut().for_each(ChangedCalls::arrange);
    }

    fn lists(&mut self) -> [&mut Vec<u32>; 5] {
        [
            &mut self.members,
            &mut self.figures,
            &mut self.refs,
            &mut self.servers,
            &mut self.receivers,
        ]
    }
}
