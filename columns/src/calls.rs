//! The calls of one period, kept apart as policies ask for them.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use plasma_model::Latency;

use crate::{ActorNo, Changes, FunctionNo, NOBODY, ServerNo, TypeNo, UNKNOWN};

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
    partitions: BTreeMap<CallKey, Arc<Partition>>,
    received: Arc<BTreeMap<CallerKind, Vec<f64>>>,
}

/// Calls of one kind of caller to one function of one type, ordered by caller, then callee.
#[derive(Clone, Debug, Default)]
pub struct Partition {
    /// Empty where clients call.
    callers: Vec<ActorNo>,
    callees: Vec<ActorNo>,
    counts: Vec<f64>,
    /// Empty where no size is known.
    sizes: Vec<f64>,
    /// Empty where no latency is known.
    latencies: Vec<Latency>,
    has_repeats: bool,
    /// Places in order of callee, then caller; made when first asked for.
    by_callee: OnceLock<Vec<u32>>,
}

/// One record of calls, by numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    /// [`NOBODY`] for clients.
    pub(crate) from: ActorNo,
    /// Of whose calls it counts.
    pub(crate) from_kind: CallerKind,
    /// What the caller is now; `None` if it is not alive.
    pub(crate) from_live: Option<CallerKind>,
    pub(crate) to: ActorNo,
    /// Type of the callee; `None` if it is not alive.
    pub(crate) to_type: Option<TypeNo>,
    /// Host of the callee.
    pub(crate) to_server: ServerNo,
    pub(crate) function: FunctionNo,
    pub(crate) count: f64,
    pub(crate) size: Option<f64>,
    pub(crate) latency: Latency,
}

/// The calls of a period that has not ended.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallsBuilder {
    partitions: BTreeMap<CallKey, Partition>,
    received: BTreeMap<CallerKind, Vec<f64>>,
}

impl CallsBuilder {
    /// Counts a record in; it binds only if both ends are alive.
    pub(crate) fn add(&mut self, record: &Record) {
        let received = self.received.entry(record.from_kind).or_default();
        let place = record.to_server as usize;
        if place >= received.len() {
            received.resize(place + 1, 0.0);
        }
        if let Some(sum) = received.get_mut(place) {
            *sum += record.count;
        }
        if let (Some(callers), Some(callees)) = (record.from_live, record.to_type) {
            let key = CallKey {
                callers,
                callees,
                function: record.function,
            };
            self.partitions.entry(key).or_default().push(record);
        }
    }

    pub(crate) fn finish(self) -> CallTable {
        let arranged = self.partitions.into_iter().map(|(key, mut partition)| {
            partition.arrange();
            (key, Arc::new(partition))
        });
        CallTable {
            partitions: arranged.collect(),
            received: Arc::new(self.received),
        }
    }
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
        self.iter().map(|(_, partition)| partition.bytes()).sum()
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
            let mut changed = Vec::new();
            now.differences(then, &mut changed);
            if !changed.is_empty() {
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

impl Partition {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.callees.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.callees.is_empty()
    }

    /// Who called, by place; empty where clients did.
    pub fn callers(&self) -> &[ActorNo] {
        &self.callers
    }

    /// Who was called, by place.
    pub fn callees(&self) -> &[ActorNo] {
        &self.callees
    }

    /// Numbers of calls, by place.
    pub fn counts(&self) -> &[f64] {
        &self.counts
    }

    /// Bytes of the calls at a place; [`UNKNOWN`] if they were not measured.
    #[inline]
    pub fn size(&self, place: usize) -> f64 {
        self.sizes.get(place).copied().unwrap_or(UNKNOWN)
    }

    /// How long the calls at a place took.
    pub fn latency(&self, place: usize) -> Latency {
        self.latencies.get(place).copied().unwrap_or_default()
    }

    /// Whether some calls between the same two stand at several places.
    pub fn has_repeats(&self) -> bool {
        self.has_repeats
    }

    /// Whether the place before is about the same two.
    pub fn is_repeat(&self, place: usize) -> bool {
        place > 0 && self.key(place - 1) == self.key(place)
    }

    /// The places of the calls from one caller, [`NOBODY`] for clients, to one callee.
    pub fn between(&self, caller: ActorNo, callee: ActorNo) -> Range<usize> {
        let of_caller = self.of_caller(caller);
        let callees = self.callees.get(of_caller.clone()).unwrap_or_default();
        let start = of_caller.start + callees.partition_point(|to| *to < callee);
        let end = of_caller.start + callees.partition_point(|to| *to <= callee);
        start..end
    }

    /// The places of the calls from one caller, [`NOBODY`] for clients, in order of callee.
    pub fn of_caller(&self, caller: ActorNo) -> Range<usize> {
        if self.callers.is_empty() {
            return match caller {
                NOBODY => 0..self.len(),
                _ => 0..0,
            };
        }
        let start = self.callers.partition_point(|from| *from < caller);
        let end = self.callers.partition_point(|from| *from <= caller);
        start..end
    }

    /// The places of the calls to one callee, in order of caller.
    pub fn of_callee(&self, callee: ActorNo) -> &[u32] {
        let by_callee = self.by_callee.get_or_init(|| {
            let mut places: Vec<u32> = (0..self.len() as u32).collect();
            places.sort_by_key(|place| self.callees.get(*place as usize));
            places
        });
        let at = |place: &u32| self.callees.get(*place as usize).copied();
        let start = by_callee.partition_point(|place| at(place) < Some(callee));
        let end = by_callee.partition_point(|place| at(place) <= Some(callee));
        by_callee.get(start..end).unwrap_or_default()
    }

    /// The places of the calls between some pairs of caller ([`NOBODY`] for clients) and callee, which are in
    /// order: reads on from one to the next.
    pub fn places_of(&self, pairs: &[(ActorNo, ActorNo)]) -> Vec<u32> {
        let mut places = Vec::with_capacity(pairs.len());
        let mut at = 0;
        for pair in pairs {
            // Doubling steps, then halving ones (Bentley, Yao 1976).
            let mut step = 1;
            while at + step < self.len() && self.key(at + step) < *pair {
                at += step;
                step *= 2;
            }
            while step > 0 {
                while at < self.len() && self.key(at) < *pair && at + step <= self.len() {
                    let is_before = at + step < self.len() && self.key(at + step) < *pair;
                    if !is_before {
                        break;
                    }
                    at += step;
                }
                step /= 2;
            }
            while at < self.len() && self.key(at) < *pair {
                at += 1;
            }
            if at < self.len() && self.key(at) == *pair {
                places.push(at as u32);
            }
        }
        places
    }

    fn push(&mut self, record: &Record) {
        let before = self.len();
        if record.from != NOBODY {
            self.callers.push(record.from);
        }
        self.callees.push(record.to);
        self.counts.push(record.count);
        if record.size.is_some() || !self.sizes.is_empty() {
            self.sizes.resize(before, UNKNOWN);
            self.sizes.push(record.size.unwrap_or(UNKNOWN));
        }
        if record.latency != Latency::default() || !self.latencies.is_empty() {
            self.latencies.resize(before, Latency::default());
            self.latencies.push(record.latency);
        }
    }

    fn key(&self, place: usize) -> (ActorNo, ActorNo) {
        let at = |list: &[ActorNo]| list.get(place).copied().unwrap_or(NOBODY);
        (at(&self.callers), at(&self.callees))
    }

    /// Orders by caller, then callee. Equal ones keep their order.
    fn arrange(&mut self) {
        let is_ordered = (1..self.len()).all(|place| self.key(place - 1) <= self.key(place));
        if !is_ordered {
            let mut places: Vec<u32> = (0..self.len() as u32).collect();
            places.sort_by_key(|place| self.key(*place as usize));
            self.callers = gathered(&self.callers, &places);
            self.callees = gathered(&self.callees, &places);
            self.counts = gathered(&self.counts, &places);
            self.sizes = gathered(&self.sizes, &places);
            self.latencies = gathered(&self.latencies, &places);
        }
        self.has_repeats = (1..self.len()).any(|place| self.is_repeat(place));
        self.callers.shrink_to_fit();
        self.callees.shrink_to_fit();
        self.counts.shrink_to_fit();
    }

    /// Adds the ends of the calls that are others than before.
    fn differences(&self, before: &Partition, changed: &mut Vec<(ActorNo, ActorNo)>) {
        let (mut now, mut then) = (0, 0);
        while now < self.len() || then < before.len() {
            let at_now = (now < self.len()).then(|| self.key(now));
            let at_then = (then < before.len()).then(|| before.key(then));
            let is_first = |a: Option<_>, b: Option<_>| a.is_some() && (b.is_none() || a < b);
            let (key, is_same) = if is_first(at_now, at_then) {
                now += 1;
                (at_now, false)
            } else if is_first(at_then, at_now) {
                then += 1;
                (at_then, false)
            } else {
                let is_same = self.counts.get(now) == before.counts.get(then)
                    && self.size(now).to_bits() == before.size(then).to_bits()
                    && self.latency(now) == before.latency(then);
                now += 1;
                then += 1;
                (at_now, is_same)
            };
            if let (Some(ends), false) = (key, is_same) {
                changed.push(ends);
            }
        }
    }

    fn bytes(&self) -> usize {
        (self.callers.capacity() + self.callees.capacity()) * size_of::<ActorNo>()
            + (self.counts.capacity() + self.sizes.capacity()) * size_of::<f64>()
            + self.latencies.capacity() * size_of::<Latency>()
            + self.by_callee.get().map_or(0, Vec::capacity) * size_of::<u32>()
    }
}

fn gathered<T: Copy>(list: &[T], places: &[u32]) -> Vec<T> {
    let at = |place: &u32| list.get(*place as usize).copied();
    places.iter().filter_map(at).collect()
}
