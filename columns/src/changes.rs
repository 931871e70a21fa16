//! What is different from the tick before.

use crate::{ActorNo, ServerNo};

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
    /// Actors of which the calls, made or received, are others.
    pub calls: Vec<ActorNo>,
    /// Servers of which something is another value, or that host another number of actors.
    pub servers: Vec<ServerNo>,
    /// Servers that received another number of calls from some kind of caller.
    pub receivers: Vec<ServerNo>,
    /// Whether everything may have changed: the first tick.
    pub everything: bool,
}

impl Changes {
    /// Adds what changed at a later tick.
    pub fn add(&mut self, later: &Changes) {
        self.everything |= later.everything;
        for (list, more) in self.lists().into_iter().zip(later.clone().lists()) {
            list.append(more);
        }
        self.arrange();
    }

    /// Bytes held in memory.
    pub(crate) fn bytes(&self) -> usize {
        let lists = [
            &self.members,
            &self.figures,
            &self.refs,
            &self.calls,
            &self.servers,
            &self.receivers,
        ];
        lists.map(Vec::capacity).iter().sum::<usize>() * size_of::<u32>()
    }

    /// Sorts, each once.
    pub(crate) fn arrange(&mut self) {
        for list in self.lists() {
            list.sort_unstable();
            list.dedup();
        }
    }

    fn lists(&mut self) -> [&mut Vec<u32>; 6] {
        [
            &mut self.members,
            &mut self.figures,
            &mut self.refs,
            &mut self.calls,
            &mut self.servers,
            &mut self.receivers,
        ]
    }
}
