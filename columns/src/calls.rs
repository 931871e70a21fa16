//! The calls of one period, kept apart as policies ask for them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::period::Record;
use crate::{ActorNo, Changes, FunctionNo, Partition, ServerNo, TypeNo};

/// A kind of caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CallerKind {
    /// Everybody outside the application.
    Client,
    /// The actors of a type.
    Actors(TypeNo),
}

/// What the calls of one partition have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CallKey {
    /// Who called.
    pub callers: CallerKind,
    /// Type of the callees.
    pub callees: TypeNo,
    /// The function called.
    pub function: FunctionNo,
}

/// The calls of one period between live actors, and how many calls each server received.
#[derive(Clone, Debug, Default)]
pub struct CallTable {
    pub(crate) partitions: BTreeMap<CallKey, Arc<Partition>>,
    pub(crate) received: Arc<BTreeMap<CallerKind, Vec<f64>>>,
    /// Calls with an end that is not alive: they count for the server, and bind nothing.
    pub(crate) unbound: Arc<Vec<Record>>,
}

impl CallTable {
    /// The partition of a key, if there are such calls.
    pub fn get(&self, key: &CallKey) -> Option<&Partition> {
        self.partitions.get(key).map(Arc::as_ref)
    }

    /// All partitions, in order of their keys.
    pub fn iter(&self) -> impl Iterator<Item = (&CallKey, &Partition)> {
        self.partitions
            .iter()
            .map(|(key, part)| (key, part.as_ref()))
    }

    /// How many calls of a kind of caller each server received, by number, to whatever actor and
    /// function, ended ones included; shorter where the rest received none.
    pub fn received(&self, kind: CallerKind) -> &[f64] {
        self.received.get(&kind).map_or(&[], Vec::as_slice)
    }

    /// Callee and number of all calls, those from and to actors that have ended included.
    pub fn received_by(&self) -> impl Iterator<Item = (ActorNo, f64)> {
        let bound = self.iter().flat_map(|(_, partition)| {
            let callees = partition.callees().iter().copied();
            callees.zip(partition.counts().iter().copied())
        });
        let unbound = self.unbound.iter();
        bound.chain(unbound.map(|record| (record.to, record.figures.count)))
    }

    /// The kinds of callers that called.
    pub fn caller_kinds(&self) -> impl Iterator<Item = CallerKind> {
        self.received.keys().copied()
    }

    /// How many records there are.
    pub fn len(&self) -> usize {
        self.iter().map(|(_, partition)| partition.len()).sum()
    }

    /// Whether nobody alive called anybody alive.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes held in memory.
    pub fn bytes(&self) -> usize {
        let received = self.received.values().map(Vec::capacity);
        let partitions = self.iter().map(|(_, partition)| partition.bytes());
        partitions.sum::<usize>()
            + received.sum::<usize>() * size_of::<f64>()
            + self.unbound.capacity() * size_of::<Record>()
    }

    /// Adds who calls, is called or receives otherwise than before.
    pub(crate) fn differences(&self, before: &CallTable, changes: &mut Changes) {
        let keys = self.partitions.keys().chain(before.partitions.keys());
        let keys: BTreeSet<&CallKey> = keys.collect();
        let empty = Partition::default();
        for key in keys {
            let (now, then) = (self.partitions.get(key), before.partitions.get(key));
            if let (Some(now), Some(then)) = (now, then)
                && Arc::ptr_eq(now, then)
            {
                continue;
            }
            let now = now.map_or(&empty, Arc::as_ref);
            let then = then.map_or(&empty, Arc::as_ref);
            let changed = now.differences(then);
            if !changed.ends.is_empty() {
                changes.calls.entry(*key).or_insert(changed);
            }
        }
        let kinds = self.received.keys().chain(before.received.keys());
        for kind in kinds {
            let (now, then) = (self.received(*kind), before.received(*kind));
            for place in 0..now.len().max(then.len()) {
                let at = |sums: &[f64]| sums.get(place).copied().unwrap_or(0.0);
                if at(now) != at(then) {
                    changes.receivers.push(place as ServerNo);
                }
            }
        }
    }
}
