//! The calls of a period that has not ended.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use plasma_model::Latency;

use crate::calls::CallTable;
use crate::partition::{Pairs, Partition};
use crate::{ActorNo, CallKey, CallerKind, FunctionNo, NOBODY, ServerNo, TypeNo, UNKNOWN};

/// What was measured of some calls.
#[derive(Clone, Copy, Debug)]
pub struct CallFigures {
    /// How many there were.
    pub count: f64,
    /// Bytes of them; `None` if that is not measured.
    pub size: Option<f64>,
    /// How long they took.
    pub latency: Latency,
}

impl CallFigures {
    /// Those of these calls and some more together.
    fn with(&self, more: &CallFigures) -> CallFigures {
        let size = match (self.size, more.size) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
        CallFigures {
            count: self.count + more.count,
            size,
            latency: self.latency.merged(self.count, more.latency, more.count),
        }
    }
}

/// So many parts of a function are asked whether they expect a record.
const EXPECTED_PARTS_MAX: usize = 8;

/// One record of calls, by numbers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Record {
    /// [`NOBODY`] for clients.
    pub(crate) from: ActorNo,
    /// Of whose calls it counts.
    pub(crate) from_kind: CallerKind,
    pub(crate) to: ActorNo,
    /// The callee's last host, for a callee that is not alive.
    pub(crate) to_server: ServerNo,
    pub(crate) function: FunctionNo,
    pub(crate) figures: CallFigures,
}

/// The calls of a period that has not ended, apart as they will be in the table.
#[derive(Clone, Debug, Default)]
pub(crate) struct CallsBuilder {
    parts: Vec<(CallKey, PartBuilder)>,
    places: HashMap<CallKey, usize>,
    /// Places of the parts of each function, by number.
    by_function: Vec<Vec<u32>>,
    /// Calls with an end that is not alive: they count for the server, and bind nothing.
    loose: Vec<Record>,
}

/// Records of one partition in the order in which they come.
#[derive(Clone, Debug, Default)]
struct PartBuilder {
    /// The pairs of the period before, as long as the records are between the same ones in the same
    /// order: then there is nothing to sort, and nothing to keep but figures.
    expected: Option<Arc<Pairs>>,
    callers: Vec<ActorNo>,
    callees: Vec<ActorNo>,
    counts: Vec<f64>,
    sizes: Vec<f64>,
    latencies: Vec<Latency>,
}

/// The cluster as it is at the end of a period.
pub(crate) struct Ends<'c> {
    pub(crate) types: &'c [TypeNo],
    pub(crate) hosts: &'c [ServerNo],
    /// Last host of the actors that ended in the period.
    pub(crate) ended: &'c HashMap<ActorNo, ServerNo>,
}

impl Ends<'_> {
    fn type_of(&self, actor: ActorNo) -> Option<TypeNo> {
        let actor_type = self.types.get(actor as usize).copied();
        actor_type.filter(|no| *no != NOBODY)
    }

    /// Who a caller is; `None` if it is not alive.
    fn kind_of(&self, caller: ActorNo) -> Option<CallerKind> {
        match caller {
            NOBODY => Some(CallerKind::Client),
            caller => self.type_of(caller).map(CallerKind::Actors),
        }
    }

    /// The partition of a record between live ones. A caller that came back as another type is
    /// another one.
    fn key_of(&self, record: &Record) -> Option<CallKey> {
        let callers = self.kind_of(record.from);
        Some(CallKey {
            callers: callers.filter(|kind| *kind == record.from_kind)?,
            callees: self.type_of(record.to)?,
            function: record.function,
        })
    }

    /// Where a callee lives, or did at its end: as it is told, if it is, since it may have moved before.
    fn host_of(&self, callee: ActorNo, told: ServerNo) -> ServerNo {
        match self.hosts.get(callee as usize) {
            Some(host) if *host != NOBODY => *host,
            _ if told != NOBODY => told,
            _ => self.ended.get(&callee).copied().unwrap_or(NOBODY),
        }
    }
}

impl CallsBuilder {
    /// Of a period in which the calls of another one are expected again.
    pub(crate) fn expecting(before: &CallTable) -> Self {
        let mut builder = CallsBuilder::default();
        for (key, partition) in &before.partitions {
            let expected = Some(Arc::clone(&partition.pairs));
            let part = builder.part(*key);
            part.expected = expected;
        }
        builder
    }

    /// Takes a record.
    pub(crate) fn add(&mut self, record: &Record, ends: &Ends<'_>) {
        match ends.key_of(record) {
            Some(key) => self.part(key).push(record),
            None => self.loose.push(*record),
        }
    }

    fn part(&mut self, key: CallKey) -> &mut PartBuilder {
        let next = self.parts.len();
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.parts.push((key, PartBuilder::default()));
            let function = key.function as usize;
            if function >= self.by_function.len() {
                self.by_function.resize(function + 1, Vec::new());
            }
            if let Some(places) = self.by_function.get_mut(function) {
                places.push(place as u32);
            }
        }
        let (_, part) = &mut self.parts[place];
        part
    }

    /// Where calls in a function are expected next between two for whom `is_meant` holds: the place of
    /// the part, with the caller.
    pub(crate) fn expected(
        &self,
        function: FunctionNo,
        is_meant: impl Fn(ActorNo, ActorNo) -> bool,
    ) -> Option<(u32, ActorNo)> {
        let places = self.by_function.get(function as usize)?.iter();
        places.take(EXPECTED_PARTS_MAX).find_map(|place| {
            let (_, part) = self.parts.get(*place as usize)?;
            let (from, to) = part.next_expected()?;
            is_meant(from, to).then_some((*place, from))
        })
    }

    /// Takes the figures of calls that were expected next in a part.
    pub(crate) fn add_expected(&mut self, part: u32, figures: CallFigures) {
        if let Some((_, part)) = self.parts.get_mut(part as usize) {
            part.push_figures(figures);
        }
    }

    /// The table of the period that ends now. If `adds_up`, records between the same ones become
    /// one.
    pub(crate) fn finish(mut self, ends: &Ends<'_>, adds_up: bool) -> CallTable {
        let mut unbound = Vec::new();
        if !ends.ended.is_empty() {
            self.loosen(ends);
        }
        for record in std::mem::take(&mut self.loose) {
            match ends.key_of(&record) {
                // It has come back.
                Some(key) => self.part(key).push(&record),
                None => unbound.push(Record {
                    to_server: ends.host_of(record.to, record.to_server),
                    ..record
                }),
            }
        }
        if adds_up {
            unbound = added_up(unbound);
        }
        let mut received: BTreeMap<CallerKind, Vec<f64>> = BTreeMap::new();
        for record in &unbound {
            let sums = received.entry(record.from_kind).or_default();
            add_at(sums, record.to_server, record.figures.count);
        }
        let mut partitions = BTreeMap::new();
        // In a fixed order: sums of floats repeat.
        self.parts.sort_unstable_by_key(|(key, _)| *key);
        for (key, part) in self.parts {
            let partition = part.finish(adds_up);
            let figures = partition.callees().iter().zip(partition.counts());
            let sums = received.entry(key.callers).or_default();
            for (callee, count) in figures {
                let host = ends.host_of(*callee, NOBODY);
                add_at(sums, host, *count);
            }
            if !partition.is_empty() {
                partitions.insert(key, Arc::new(partition));
            }
        }
        CallTable {
            partitions,
            received: Arc::new(received),
            unbound: Arc::new(unbound),
        }
    }

    /// Takes the records out of which an end is not alive any more, or is of another type now.
    fn loosen(&mut self, ends: &Ends<'_>) {
        for (key, part) in &mut self.parts {
            let is_bound = |from: ActorNo, to: ActorNo| {
                ends.kind_of(from) == Some(key.callers) && ends.type_of(to) == Some(key.callees)
            };
            let arrivals = part.counts.len();
            if (0..arrivals).all(|arrival| {
                let (from, to) = part.pair(arrival);
                is_bound(from, to)
            }) {
                continue;
            }
            let mut kept = PartBuilder::default();
            for arrival in 0..arrivals {
                let (from, to) = part.pair(arrival);
                let record = Record {
                    from,
                    from_kind: key.callers,
                    to,
                    to_server: NOBODY,
                    function: key.function,
                    figures: part.figures(arrival),
                };
                match is_bound(from, to) {
                    true => kept.push(&record),
                    false => self.loose.push(record),
                }
            }
            *part = kept;
        }
    }
}

/// Records between the same ones in the same function become one, where the first stood.
fn added_up(records: Vec<Record>) -> Vec<Record> {
    let mut places = HashMap::new();
    let mut sums: Vec<Record> = Vec::new();
    for record in records {
        let key = (record.from, record.from_kind, record.to, record.function);
        let place = *places.entry(key).or_insert(sums.len());
        match sums.get_mut(place) {
            Some(sum) => sum.figures = sum.figures.with(&record.figures),
            None => sums.push(record),
        }
    }
    sums
}

fn add_at(sums: &mut Vec<f64>, server: ServerNo, count: f64) {
    if server == NOBODY {
        return;
    }
    let place = server as usize;
    if place >= sums.len() {
        sums.resize(place + 1, 0.0);
    }
    if let Some(sum) = sums.get_mut(place) {
        *sum += count;
    }
}

impl PartBuilder {
    /// The next pair, as long as the calls are those expected.
    fn next_expected(&self) -> Option<(ActorNo, ActorNo)> {
        let pairs = self.expected.as_ref()?;
        let arrival = self.counts.len();
        (arrival < pairs.arrivals()).then(|| pairs.at(pairs.place_of(arrival)))
    }

    fn pair(&self, arrival: usize) -> (ActorNo, ActorNo) {
        match &self.expected {
            Some(pairs) => pairs.at(pairs.place_of(arrival)),
            None => {
                let at = |list: &[ActorNo]| list.get(arrival).copied().unwrap_or(NOBODY);
                (at(&self.callers), at(&self.callees))
            }
        }
    }

    fn figures(&self, arrival: usize) -> CallFigures {
        let size = self.sizes.get(arrival).copied();
        CallFigures {
            count: self.counts.get(arrival).copied().unwrap_or(0.0),
            size: size.filter(|size| !size.is_nan()),
            latency: self.latencies.get(arrival).copied().unwrap_or_default(),
        }
    }

    fn push(&mut self, record: &Record) {
        if self.expected.is_some() && self.next_expected() != Some((record.from, record.to)) {
            self.write_pairs();
        }
        if self.expected.is_none() {
            if record.from != NOBODY {
                self.callers.push(record.from);
            }
            self.callees.push(record.to);
        }
        self.push_figures(record.figures);
    }

    fn push_figures(&mut self, figures: CallFigures) {
        let CallFigures {
            count,
            size,
            latency,
        } = figures;
        let before = self.counts.len();
        if before == 0 {
            let expected = self.expected.as_ref().map_or(0, |pairs| pairs.arrivals());
            self.counts.reserve_exact(expected);
        }
        self.counts.push(count);
        if size.is_some() || !self.sizes.is_empty() {
            self.sizes.resize(before, UNKNOWN);
            self.sizes.push(size.unwrap_or(UNKNOWN));
        }
        if latency != Latency::default() || !self.latencies.is_empty() {
            self.latencies.resize(before, Latency::default());
            self.latencies.push(latency);
        }
    }

    /// The calls are not those expected: from here on their ends are kept.
    fn write_pairs(&mut self) {
        let Some(pairs) = self.expected.take() else {
            return;
        };
        for arrival in 0..self.counts.len() {
            let (from, to) = pairs.at(pairs.place_of(arrival));
            if from != NOBODY {
                self.callers.push(from);
            }
            self.callees.push(to);
        }
    }

    fn finish(mut self, adds_up: bool) -> Partition {
        if let Some(pairs) = &self.expected
            && pairs.arrivals() != self.counts.len()
        {
            self.write_pairs();
        }
        if self.expected.is_none() {
            let pairs = self.arranged(adds_up);
            self.expected = Some(Arc::new(pairs));
        }
        let pairs = self.expected.clone().unwrap_or_default();
        let mut partition = Partition {
            pairs,
            counts: std::mem::take(&mut self.counts),
            sizes: std::mem::take(&mut self.sizes),
            latencies: std::mem::take(&mut self.latencies),
        };
        if !partition.pairs.order.is_empty() {
            partition = in_places(&partition);
        }
        partition.counts.shrink_to_fit();
        partition.sizes.shrink_to_fit();
        partition.latencies.shrink_to_fit();
        partition
    }

    /// Orders by caller, then callee; equal ones keep their order, or become one place.
    fn arranged(&mut self, adds_up: bool) -> Pairs {
        let len = self.callees.len();
        let is_before = |a: (ActorNo, ActorNo), b| a < b || (a == b && !adds_up);
        let is_ordered = (1..len).all(|at| is_before(self.pair(at - 1), self.pair(at)));
        let mut pairs = Pairs::default();
        if is_ordered {
            pairs.callers = std::mem::take(&mut self.callers);
            pairs.callees = std::mem::take(&mut self.callees);
        } else {
            let mut sorted: Vec<u64> = Vec::with_capacity(len);
            let mut arrivals: Vec<u32> = (0..len as u32).collect();
            sorted.extend((0..len).map(|arrival| {
                let (from, to) = self.pair(arrival);
                u64::from(from) << 32 | u64::from(to)
            }));
            let key = |arrival: &u32| sorted.get(*arrival as usize).copied();
            arrivals.sort_unstable_by_key(|arrival| (key(arrival), *arrival));
            pairs.order = vec![0; len];
            let mut before = None;
            for arrival in &arrivals {
                let (from, to) = self.pair(*arrival as usize);
                if !adds_up || before != Some((from, to)) {
                    before = Some((from, to));
                    if from != NOBODY {
                        pairs.callers.push(from);
                    }
                    pairs.callees.push(to);
                }
                if let Some(place) = pairs.order.get_mut(*arrival as usize) {
                    *place = pairs.callees.len().saturating_sub(1) as u32;
                }
            }
        }
        pairs.callers.shrink_to_fit();
        pairs.callees.shrink_to_fit();
        pairs.has_repeats =
            (1..pairs.callees.len()).any(|place| pairs.at(place - 1) == pairs.at(place));
        pairs
    }
}

/// Figures that stand as they came, each at its place; those of one place are added up.
fn in_places(came: &Partition) -> Partition {
    let pairs = &came.pairs;
    let len = pairs.callees.len();
    let mut counts = vec![UNKNOWN; len];
    let mut sizes = vec![UNKNOWN; if came.sizes.is_empty() { 0 } else { len }];
    let mut latencies = vec![Latency::default(); if came.latencies.is_empty() { 0 } else { len }];
    for (arrival, more) in came.counts.iter().enumerate() {
        let place = pairs.place_of(arrival);
        let Some(count) = counts.get_mut(place) else {
            continue;
        };
        let is_first = count.is_nan();
        if let (Some(sum), Some(latency)) = (latencies.get_mut(place), came.latencies.get(arrival))
        {
            *sum = match is_first {
                true => *latency,
                false => sum.merged(*count, *latency, *more),
            };
        }
        if let (Some(sum), Some(size)) = (sizes.get_mut(place), came.sizes.get(arrival)) {
            *sum = match (sum.is_nan(), size.is_nan()) {
                (true, _) => *size,
                (_, true) => *sum,
                _ => *sum + *size,
            };
        }
        *count = if is_first { *more } else { *count + *more };
    }
    Partition {
        pairs: Arc::clone(pairs),
        counts,
        sizes,
        latencies,
    }
}
