//! Tests of calls that are made while the calls are read, before anything is made of them.

use plasma_check::program::Comparison;
use plasma_columns::{CallTable, Frame, NOBODY, Partition};
use plasma_model::Statistic;

use super::number::{Number, Sampled};
use super::plan::{Test, TestKind};
use super::predicate::Predicate;
use super::scope::Kinds;

/// Calls that are read at a time: the places of those that pass fit the cache.
const PLACES_MAX: usize = 1 << 15;

/// A comparison of a figure of calls with a constant.
#[derive(Debug)]
pub(crate) struct CallFilter {
    pub(crate) statistic: Statistic,
    /// Of whose calls a share is a share.
    pub(crate) kinds: Kinds,
    pub(crate) comparison: Comparison,
    pub(crate) right: f64,
}

impl CallFilter {
    /// The filter that a test is, of calls that stand at the places of this slot.
    pub(crate) fn of(test: &Test, slot: usize) -> Option<CallFilter> {
        let TestKind::Rows { predicate, .. } = &test.kind else {
            return None;
        };
        let Predicate::Compare(left, comparison, right) = predicate.as_ref() else {
            return None;
        };
        let (Number::Sampled(Sampled::Calls(calls)), Number::Constant(right)) =
            (left.as_ref(), right.as_ref())
        else {
            return None;
        };
        let is_simple = matches!(calls.statistic, Statistic::Count | Statistic::Perc);
        (is_simple && calls.place == Some(slot)).then(|| CallFilter {
            statistic: calls.statistic,
            kinds: calls.kinds.clone(),
            comparison: *comparison,
            right: *right,
        })
    }

    /// Whether little passes as a rule: such a filter goes first.
    pub(crate) fn is_selective(&self) -> bool {
        matches!(
            self.comparison,
            Comparison::Greater | Comparison::GreaterOrEqual
        ) && self.right > 0.0
    }
}

/// Reads a partition from beginning to end, or some given places of it: visits the places that pass all filters, as many at a time
/// as there are among some thousand, with how many were read.
pub(crate) fn each_passing(
    (partition, given): (&Partition, Option<&[u32]>),
    frame: &Frame,
    filters: &[CallFilter],
    visit: &mut dyn FnMut(Vec<u32>, usize) -> std::ops::ControlFlow<()>,
) -> std::ops::ControlFlow<()> {
    let all = given.map_or(partition.len(), <[u32]>::len);
    for start in (0..all).step_by(PLACES_MAX) {
        let end = all.min(start + PLACES_MAX);
        let mut places = given
            .and_then(|given| given.get(start..end))
            .map(<[u32]>::to_vec);
        for filter in filters {
            let is_share = filter.statistic == Statistic::Perc;
            let shares = is_share.then(|| Shares::of(&filter.kinds, &frame.calls, frame));
            places = Some(match filter.comparison {
                Comparison::Greater => {
                    passing(partition, start..end, places, shares, |v| v > filter.right)
                }
                comparison => passing(partition, start..end, places, shares, |v| {
                    comparison.holds(v, filter.right)
                }),
            });
        }
        let places = places.unwrap_or_else(|| (start as u32..end as u32).collect());
        visit(places, end - start)?;
    }
    std::ops::ControlFlow::Continue(())
}

/// What shares are shares of.
pub(crate) struct Shares<'f> {
    /// Tells where callees live.
    present: &'f Frame,
    /// Calls received by each server, one list a kind of caller.
    received: Vec<&'f [f64]>,
}

impl<'f> Shares<'f> {
    /// Of the calls that the hosts of the present received from these kinds of callers, now or then.
    pub(crate) fn of(kinds: &Kinds, calls: &'f CallTable, present: &'f Frame) -> Self {
        let asked = calls.caller_kinds().filter(|kind| kinds.contains(*kind));
        Shares {
            present,
            received: asked.map(|kind| calls.received(kind)).collect(),
        }
    }

    /// The share of a number of calls to an actor; of nothing it is 0.
    #[inline]
    pub(crate) fn share(&self, count: f64, callee: u32) -> f64 {
        let host = self.present.host_of(callee) as usize;
        let of_kind = |received: &[f64]| received.get(host).copied().unwrap_or(0.0);
        let all = match self.received.as_slice() {
            [received] => of_kind(received),
            several => several.iter().map(|received| of_kind(received)).sum(),
        };
        if all == 0.0 { 0.0 } else { 100.0 * count / all }
    }
}

/// The places, all of a range or some of them, of which a figure passes.
fn passing(
    partition: &Partition,
    range: std::ops::Range<usize>,
    places: Option<Vec<u32>>,
    shares: Option<Shares<'_>>,
    passes: impl Fn(f64) -> bool,
) -> Vec<u32> {
    let (counts, callees) = (partition.counts(), partition.callees());
    let callee = |place: usize| callees.get(place).copied().unwrap_or(NOBODY);
    if let Some(mut places) = places {
        places.retain(|place| {
            let place = *place as usize;
            let count = counts.get(place).copied().unwrap_or(0.0);
            passes(
                shares
                    .as_ref()
                    .map_or(count, |shares| shares.share(count, callee(place))),
            )
        });
        return places;
    }
    let counts = counts.get(range.clone()).unwrap_or_default();
    // Written everywhere, kept where it passes: no branch to be guessed wrong.
    let mut found = vec![0; counts.len()];
    let mut len = 0;
    let mut note = |place: u32, passes: bool| {
        if let Some(at) = found.get_mut(len) {
            *at = place;
        }
        len += usize::from(passes);
    };
    let numbered = (range.start as u32..).zip(counts);
    match shares {
        None => numbered.for_each(|(place, count)| note(place, passes(*count))),
        Some(shares) => {
            let callees = callees.get(range).unwrap_or_default();
            for ((place, count), callee) in numbered.zip(callees) {
                note(place, passes(shares.share(*count, *callee)));
            }
        }
    }
    found.truncate(len);
    found
}
