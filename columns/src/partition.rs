//! The calls of one kind of caller to one function of one type.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use plasma_model::Latency;

use crate::{ActorNo, ChangedCalls, NOBODY, UNKNOWN, place_from};

/// Calls of one kind of caller to one function of one type, ordered by caller, then callee.
#[derive(Clone, Debug, Default)]
pub struct Partition {
    /// Shared with the period before if the same called the same.
    pub(crate) pairs: Arc<Pairs>,
    pub(crate) counts: Vec<f64>,
    /// Empty where no size is known.
    pub(crate) sizes: Vec<f64>,
    /// Empty where no latency is known.
    pub(crate) latencies: Vec<Latency>,
}

/// Who called whom at which place, to be compared with another period's; equal only if both are known to be
/// the same.
#[derive(Clone, Debug)]
pub struct CallPlaces(Arc<Pairs>);

impl PartialEq for CallPlaces {
    fn eq(&self, other: &CallPlaces) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

/// Who called whom, by place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairs {
    /// Empty where clients call.
    pub(crate) callers: Vec<ActorNo>,
    pub(crate) callees: Vec<ActorNo>,
    pub(crate) has_repeats: bool,
    /// The place of each record in the order in which they came; empty if they came in order.
    pub(crate) order: Vec<u32>,
    /// Places in order of callee, then caller; made when first asked for.
    by_callee: OnceLock<Vec<u32>>,
}

impl Pairs {
    /// How many records came.
    pub(crate) fn arrivals(&self) -> usize {
        match self.order.is_empty() {
            true => self.callees.len(),
            false => self.order.len(),
        }
    }

    /// The place of the record that came at `arrival`.
    pub(crate) fn place_of(&self, arrival: usize) -> usize {
        match self.order.is_empty() {
            true => arrival,
            false => self.order.get(arrival).map_or(0, |place| *place as usize),
        }
    }

    /// Caller and callee at a place.
    pub(crate) fn at(&self, place: usize) -> (ActorNo, ActorNo) {
        let at = |list: &[ActorNo]| list.get(place).copied().unwrap_or(NOBODY);
        (at(&self.callers), at(&self.callees))
    }
}

impl Partition {
    /// How many records there are.
    pub fn len(&self) -> usize {
        self.pairs.callees.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.pairs.callees.is_empty()
    }

    /// Who called, by place; empty where clients did.
    pub fn callers(&self) -> &[ActorNo] {
        &self.pairs.callers
    }

    /// Who was called, by place.
    pub fn callees(&self) -> &[ActorNo] {
        &self.pairs.callees
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
        self.pairs.has_repeats
    }

    /// Who called whom at which place: the same as long as nobody else calls.
    pub fn call_places(&self) -> CallPlaces {
        CallPlaces(Arc::clone(&self.pairs))
    }

    /// Whether the place before is about the same two.
    pub fn is_repeat(&self, place: usize) -> bool {
        place > 0 && self.key(place - 1) == self.key(place)
    }

    /// The places of the calls from one caller, [`NOBODY`] for clients, to one callee.
    pub fn between(&self, caller: ActorNo, callee: ActorNo) -> Range<usize> {
        let of_caller = self.of_caller(caller);
        let callees = self
            .pairs
            .callees
            .get(of_caller.clone())
            .unwrap_or_default();
        let start = of_caller.start + callees.partition_point(|to| *to < callee);
        let end = of_caller.start + callees.partition_point(|to| *to <= callee);
        start..end
    }

    /// The places of the calls from one caller, [`NOBODY`] for clients, in order of callee.
    pub fn of_caller(&self, caller: ActorNo) -> Range<usize> {
        if self.pairs.callers.is_empty() {
            return match caller {
                NOBODY => 0..self.len(),
                _ => 0..0,
            };
        }
        let start = self.pairs.callers.partition_point(|from| *from < caller);
        let end = self.pairs.callers.partition_point(|from| *from <= caller);
        start..end
    }

    /// The places of the calls between some pairs of caller ([`NOBODY`] for clients) and callee, which are
    /// in order: reads on from one to the next.
    pub fn places_of(&self, pairs: &[(ActorNo, ActorNo)]) -> Vec<u32> {
        let mut places = Vec::with_capacity(pairs.len());
        let mut at = 0;
        for pair in pairs {
            at = place_from(at, self.len(), |place| self.key(place) < *pair);
            if at < self.len() && self.key(at) == *pair {
                places.push(at as u32);
            }
        }
        places
    }

    /// The places of the calls to one callee, in order of caller.
    pub fn of_callee(&self, callee: ActorNo) -> &[u32] {
        let by_callee = self.pairs.by_callee.get_or_init(|| {
            let mut places: Vec<u32> = (0..self.len() as u32).collect();
            places.sort_by_key(|place| self.pairs.callees.get(*place as usize));
            places
        });
        let at = |place: &u32| self.pairs.callees.get(*place as usize).copied();
        let start = by_callee.partition_point(|place| at(place) < Some(callee));
        let end = by_callee.partition_point(|place| at(place) <= Some(callee));
        by_callee.get(start..end).unwrap_or_default()
    }

    fn key(&self, place: usize) -> (ActorNo, ActorNo) {
        self.pairs.at(place)
    }

    /// The calls that are others than before.
    pub(crate) fn differences(&self, before: &Partition) -> ChangedCalls {
        match Arc::ptr_eq(&self.pairs, &before.pairs) {
            true => self.other_figures(before),
            false => self.other_calls(before),
        }
    }

    /// The same where the same called the same.
    fn other_figures(&self, before: &Partition) -> ChangedCalls {
        let mut changed = ChangedCalls::default();
        for place in 0..self.len() {
            if !self.is_same_figure(place, before, place) {
                changed.ends.push(self.key(place));
                changed.places.push(place as u32);
            }
        }
        changed
    }

    fn other_calls(&self, before: &Partition) -> ChangedCalls {
        let mut changed = ChangedCalls::default();
        let (mut now, mut then) = (0, 0);
        while now < self.len() || then < before.len() {
            let at_now = (now < self.len()).then(|| self.key(now));
            let at_then = (then < before.len()).then(|| before.key(then));
            let is_first = |a: Option<_>, b: Option<_>| a.is_some() && (b.is_none() || a < b);
            let (key, place) = if is_first(at_now, at_then) {
                now += 1;
                (at_now, now as u32 - 1)
            } else if is_first(at_then, at_now) {
                then += 1;
                (at_then, NOBODY)
            } else {
                now += 1;
                then += 1;
                if self.is_same_figure(now - 1, before, then - 1) {
                    continue;
                }
                (at_now, now as u32 - 1)
            };
            if let Some(ends) = key {
                changed.ends.push(ends);
                changed.places.push(place);
            }
        }
        changed
    }

    fn is_same_figure(&self, place: usize, before: &Partition, then: usize) -> bool {
        self.counts.get(place) == before.counts.get(then)
            && self.size(place).to_bits() == before.size(then).to_bits()
            && self.latency(place) == before.latency(then)
    }

    /// Bytes held in memory.
    pub(crate) fn bytes(&self) -> usize {
        let pairs = &self.pairs;
        (pairs.callers.capacity() + pairs.callees.capacity()) * size_of::<ActorNo>()
            + pairs.order.capacity() * size_of::<u32>()
            + (self.counts.capacity() + self.sizes.capacity()) * size_of::<f64>()
            + self.latencies.capacity() * size_of::<Latency>()
            + self.pairs.by_callee.get().map_or(0, Vec::capacity) * size_of::<u32>()
    }
}
