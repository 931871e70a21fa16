//! Counting at the sender: a block of 8-byte slots for each (sender, callee), a slot for each
//! function of the callee's type.
//!
//! A reference caches the place of its block, and the block tells the callee's entry, so that a
//! call through a known reference needs no lookup at all.

use std::collections::BTreeMap;
use std::time::Duration;

use hdrhistogram::Histogram;
use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::actor::Function;
use crate::id::ActorId;
use crate::reference::NO_EDGE;

use super::account::{CallsAccount, Latency, Sender};

/// The entry number of the clients of a node, as senders.
pub(crate) const CLIENTS: u32 = 0;

/// Words of a block before its slots.
const HEADER_WORDS: usize = 2;
/// Of the second header word: something was sent that may still be on its way.
const UNSETTLED: u64 = 1 << 63;
/// Bits of a slot that hold bytes (measured ones); the rest holds the count.
const BYTES_BITS: u32 = 40;
const BYTES_MASK: u64 = (1 << BYTES_BITS) - 1;
const COUNT_MAX: u64 = u64::MAX >> BYTES_BITS;
/// Of calls whose size is not fixed, one in this many is measured.
const SAMPLE_EACH: u64 = 16;
/// Bytes of a call besides its arguments: the function id.
const FUNCTION_ID_BYTES: u64 = 4;
/// The longest latency kept exactly.
const LATENCY_NANOS_MAX: u64 = 60_000_000_000;

/// The second word of a block: its owner's entry and its callee's.
fn pair(owner: u32, callee: u32) -> u64 {
    (u64::from(owner) << 32) | u64::from(callee)
}

#[derive(Clone, Copy, Default)]
struct Whole {
    count: u64,
    bytes: u64,
}

/// All edges of a core.
#[derive(Default)]
pub(crate) struct Edges {
    words: Vec<u64>,
    answered_nanos: Vec<u64>,
    answered: Vec<u32>,
    blocks: IndexMap<(u32, u32), Block, FxBuildHasher>,
    free: BTreeMap<usize, Vec<u32>>,
    /// What slots could not hold.
    spilled: BTreeMap<u32, Whole>,
    histograms: BTreeMap<u32, Histogram<u32>>,
    departed: Vec<CallsAccount>,
}

#[derive(Clone, Copy)]
struct Block {
    base: u32,
    callee: ActorId,
    functions: &'static [Function],
}

impl Edges {
    /// The callee's entry if `base` is the block of this owner and callee.
    pub(crate) fn callee_entry(&self, base: u32, owner: u32, callee: ActorId) -> Option<u32> {
        let at = base as usize;
        let id = *self.words.get(at)?;
        let pair = *self.words.get(at + 1)? & !UNSETTLED;
        (id == callee.bits() && pair >> 32 == u64::from(owner)).then_some(pair as u32)
    }

    /// The block of this owner and callee, made if there is none.
    pub(crate) fn block(
        &mut self,
        owner: u32,
        callee_entry: u32,
        callee: ActorId,
        functions: &'static [Function],
    ) -> u32 {
        if let Some(block) = self.blocks.get(&(owner, callee_entry)) {
            return block.base;
        }
        let length = HEADER_WORDS + functions.len();
        let base = self.allocate(length);
        if base == NO_EDGE {
            return base;
        }
        self.set(base as usize, callee.bits());
        self.set(base as usize + 1, pair(owner, callee_entry));
        let block = Block {
            base,
            callee,
            functions,
        };
        self.blocks.insert((owner, callee_entry), block);
        base
    }

    fn allocate(&mut self, length: usize) -> u32 {
        if let Some(base) = self.free.get_mut(&length).and_then(Vec::pop) {
            return base;
        }
        let base = self.words.len();
        let end = base + length;
        let Ok(base) = u32::try_from(base) else {
            return NO_EDGE;
        };
        self.words.resize(end, 0);
        self.answered.resize(end, 0);
        self.answered_nanos.resize(end, 0);
        base
    }

    fn set(&mut self, at: usize, word: u64) {
        if let Some(slot) = self.words.get_mut(at) {
            *slot = word;
        }
    }

    /// Counts a call; `size` is asked for the encoded size of its arguments when it is needed.
    pub(crate) fn count(
        &mut self,
        base: u32,
        function: usize,
        fixed_size: Option<u32>,
        size: impl FnOnce() -> usize,
    ) {
        let at = base as usize + HEADER_WORDS + function;
        let Some(slot) = self.words.get_mut(at) else {
            return;
        };
        let count = *slot >> BYTES_BITS;
        let bytes = match fixed_size {
            Some(_) => 0,
            None if count.is_multiple_of(SAMPLE_EACH) => size() as u64,
            None => 0,
        };
        if count == COUNT_MAX || (*slot & BYTES_MASK) + bytes > BYTES_MASK {
            let spilled = self.spilled.entry(at as u32).or_default();
            let whole = whole(*slot, fixed_size);
            spilled.count += whole.count;
            spilled.bytes += whole.bytes;
            *slot = 0;
        }
        *slot += (1 << BYTES_BITS) | (bytes & BYTES_MASK);
    }

    /// Remembers that something was sent to the callee that may be on its way for a while.
    pub(crate) fn unsettle(&mut self, base: u32) {
        if let Some(word) = self.words.get_mut(base as usize + 1) {
            *word |= UNSETTLED;
        }
    }

    /// The callees' entries to which this owner has sent something that may be on its way.
    pub(crate) fn unsettled(&self, owner: u32) -> Vec<u32> {
        let own = self.blocks.iter().filter(|((from, _), _)| *from == owner);
        let mut callees: Vec<u32> = own
            .filter(|(_, block)| {
                let word = self.words.get(block.base as usize + 1);
                word.is_some_and(|word| word & UNSETTLED != 0)
            })
            .map(|((_, to), _)| *to)
            .collect();
        callees.sort_unstable();
        callees
    }

    /// Counts an answer's latency; `false` if the block is no longer that of this owner and callee:
    /// a block is given up when nothing was sent in a period, also while a call is open.
    #[must_use]
    pub(crate) fn answered(
        &mut self,
        base: u32,
        function: u16,
        (owner, callee_entry): (u32, u32),
        latency: Duration,
    ) -> bool {
        let word = self.words.get((base as usize).saturating_add(1));
        if word.is_none_or(|word| *word & !UNSETTLED != pair(owner, callee_entry)) {
            return false;
        }
        let at = base as usize + HEADER_WORDS + usize::from(function);
        let nanos = u64::try_from(latency.as_nanos()).unwrap_or(u64::MAX);
        if let (Some(sum), Some(count)) =
            (self.answered_nanos.get_mut(at), self.answered.get_mut(at))
        {
            *sum = sum.saturating_add(nanos);
            *count = count.saturating_add(1);
        }
        if owner == CLIENTS {
            let histogram = self.histograms.entry(at as u32).or_insert_with(histogram);
            histogram.saturating_record(nanos.max(1));
        }
        true
    }

    /// An owner has left: its counts stay for this period, its blocks go.
    pub(crate) fn depart(&mut self, owner: u32, sender: ActorId) {
        let keys: Vec<(u32, u32)> = self.blocks.keys().copied().collect();
        for key in keys.into_iter().filter(|(from, _)| *from == owner) {
            let Some(block) = self.blocks.swap_remove(&key) else {
                continue;
            };
            let mut departed = std::mem::take(&mut self.departed);
            self.take_block(block, Sender::Actor(sender), &mut departed);
            self.departed = departed;
            self.release(block);
        }
    }

    fn release(&mut self, block: Block) {
        let length = HEADER_WORDS + block.functions.len();
        self.set(block.base as usize, 0);
        self.set(block.base as usize + 1, 0);
        self.free.entry(length).or_default().push(block.base);
    }

    /// Takes what was counted since the last call of this; `sender` names the owners.
    pub(crate) fn take(&mut self, sender: impl Fn(u32) -> Sender) -> Vec<CallsAccount> {
        let mut calls = std::mem::take(&mut self.departed);
        let blocks: Vec<((u32, u32), Block)> = self
            .blocks
            .iter()
            .map(|(key, block)| (*key, *block))
            .collect();
        for ((owner, callee), block) in blocks {
            let before = calls.len();
            self.take_block(block, sender(owner), &mut calls);
            let settled = self
                .words
                .get(block.base as usize + 1)
                .is_some_and(|word| word & UNSETTLED == 0);
            if calls.len() == before && settled {
                self.blocks.swap_remove(&(owner, callee));
                self.release(block);
            }
        }
        self.spilled.clear();
        self.histograms.clear();
        calls.sort_by(|a, b| (a.from, a.to, a.function).cmp(&(b.from, b.to, b.function)));
        calls
    }

    /// The latencies of all the clients' calls since the last [`take`](Self::take).
    pub(crate) fn client_latency(&self) -> Option<Histogram<u32>> {
        let mut all: Option<Histogram<u32>> = None;
        for one in self.histograms.values() {
            // Bounds are the same, so that each value fits.
            let _ = all.get_or_insert_with(histogram).add(one);
        }
        all
    }

    fn take_block(&mut self, block: Block, from: Sender, calls: &mut Vec<CallsAccount>) {
        for (index, function) in block.functions.iter().enumerate() {
            let at = block.base as usize + HEADER_WORDS + index;
            let latency = self.take_latency(at);
            let Some(slot) = self.words.get_mut(at) else {
                continue;
            };
            let mut total = whole(std::mem::take(slot), function.fixed_size);
            if let Some(spilled) = self.spilled.remove(&(at as u32)) {
                total.count += spilled.count;
                total.bytes += spilled.bytes;
            }
            if total.count == 0 && latency.is_none() {
                continue;
            }
            calls.push(CallsAccount {
                from,
                to: block.callee,
                function: function.name,
                count: total.count,
                size_bytes: total.bytes + FUNCTION_ID_BYTES * total.count,
                latency,
            });
        }
    }

    fn take_latency(&mut self, at: usize) -> Option<Latency> {
        let count = std::mem::take(self.answered.get_mut(at)?);
        let nanos = std::mem::take(self.answered_nanos.get_mut(at)?);
        if count == 0 {
            return None;
        }
        let histogram = self.histograms.remove(&(at as u32));
        Some(Latency {
            count: u64::from(count),
            mean: Duration::from_nanos(nanos / u64::from(count)),
            quantiles: histogram.map(|histogram| {
                let at = |quantile| Duration::from_nanos(histogram.value_at_quantile(quantile));
                (at(0.5), at(0.99))
            }),
        })
    }
}

fn whole(slot: u64, fixed_size: Option<u32>) -> Whole {
    let count = slot >> BYTES_BITS;
    let measured = slot & BYTES_MASK;
    let bytes = match fixed_size {
        Some(size) => count * u64::from(size),
        None => measured * count / count.div_ceil(SAMPLE_EACH).max(1),
    };
    Whole { count, bytes }
}

fn histogram() -> Histogram<u32> {
    // Bounds and precision are constants that the crate accepts.
    match Histogram::new_with_bounds(1, LATENCY_NANOS_MAX, 2) {
        Ok(histogram) => histogram,
        Err(error) => unreachable!("histogram bounds: {error:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TypeTag;

    const FUNCTIONS: &[Function] = &[Function::new("read")];

    fn callee(key: u64) -> ActorId {
        ActorId::new(TypeTag::of("File"), key)
    }

    #[test]
    fn an_answer_is_not_counted_on_a_block_that_has_been_given_to_others() {
        let mut edges = Edges::default();
        let (caller, file) = (1, 2);
        let base = edges.block(caller, file, callee(1), FUNCTIONS);
        edges.count(base, 0, Some(0), || 0);
        assert_eq!(edges.take(|_| Sender::Clients).len(), 1);
        assert_eq!(edges.take(|_| Sender::Clients).len(), 0);
        let second = Duration::from_secs(1);
        assert!(!edges.answered(base, 0, (caller, file), second), "given up");
        let (other_caller, other_file) = (3, 4);
        let again = edges.block(other_caller, other_file, callee(2), FUNCTIONS);
        assert_eq!(again, base, "the room is used again");
        assert!(!edges.answered(base, 0, (caller, file), second));
        edges.count(again, 0, Some(0), || 0);
        let taken = edges.take(|_| Sender::Clients);
        assert_eq!(taken.first().map(|calls| calls.latency), Some(None));
    }
}
