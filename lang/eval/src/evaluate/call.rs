//! What is measured of calls, for all rows of a batch at once.

use plasma_check::program::VariableId;
use plasma_columns::{CallKey, CallerKind, NOBODY, Partition, UNKNOWN};
use plasma_model::Statistic;

use super::batch::Batch;
use super::call_filter::Shares;
use super::scope::{Function, Kinds, Scope, Types};
use crate::reference::CallTotal;

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Caller {
    Client,
    /// The actor of a variable.
    One(VariableId),
    /// All actors of the kinds, together.
    All,
}

/// What is measured of the calls to one actor.
#[derive(Debug)]
pub(crate) struct CallNumber {
    pub(crate) caller: Caller,
    /// Of whose calls a share is a share: the kind of the caller.
    pub(crate) kinds: Kinds,
    pub(crate) callee: VariableId,
    pub(crate) function: Function,
    pub(crate) statistic: Statistic,
    /// Slot of the places of these calls in the present, where a step has found them.
    pub(crate) place: Option<usize>,
}

impl CallNumber {
    pub(crate) fn use_place(&mut self, of_step: &dyn Fn(&CallNumber) -> Option<usize>) {
        self.place = of_step(self);
    }

    /// Its value in each row, at a moment.
    pub(crate) fn values(&self, scope: &Scope<'_>, batch: &Batch, moment: usize) -> Vec<f64> {
        let frame = scope.frame(moment);
        let counts = self.counts(scope, batch, moment);
        match self.statistic {
            Statistic::Count => counts,
            Statistic::Rate => {
                let period = frame.period_seconds;
                let rate = |count: f64| Some(count / period).filter(|rate| rate.is_finite());
                counts
                    .into_iter()
                    .map(|count| rate(count).unwrap_or(UNKNOWN))
                    .collect()
            }
            Statistic::Perc => self.shares(scope, batch, moment, counts),
            _ => self.totals(scope, batch, moment),
        }
    }

    /// The calls among which those of a row are.
    fn asked<'c>(&self, scope: &Scope<'c>, moment: usize) -> Vec<(CallKey, &'c Partition)> {
        let kinds = match self.caller {
            Caller::Client | Caller::All => self.kinds.clone(),
            // Before it ended and appeared anew it may have been of another type.
            Caller::One(_) => Kinds::Actors(Types::Any),
        };
        scope.partitions(moment, &kinds, &Types::Any, self.function)
    }

    /// The numbers of calls; unknown where one of the ends was not there.
    fn counts(&self, scope: &Scope<'_>, batch: &Batch, moment: usize) -> Vec<f64> {
        let asked = self.asked(scope, moment);
        if let (0, Some(places)) = (moment, self.places(batch)) {
            // A step binds the places of one partition at a time.
            let ends = self.ends(batch).next();
            let partition = ends.and_then(|ends| self.partition_of(scope, &asked, ends));
            let counts = partition.map_or(&[][..], Partition::counts);
            let count = |place: &u32| counts.get(*place as usize).copied();
            return places
                .iter()
                .map(|place| count(place).unwrap_or(0.0))
                .collect();
        }
        let of_row = |ends| {
            if !self.are_there(scope, moment, ends) {
                return UNKNOWN;
            }
            let mut sum = 0.0;
            self.each_place(scope, moment, &asked, ends, &mut |_, partition, place| {
                sum += partition.counts().get(place).copied().unwrap_or(0.0);
            });
            sum
        };
        self.ends(batch).map(of_row).collect()
    }

    fn partition_of<'p>(
        &self,
        scope: &Scope<'_>,
        asked: &[(CallKey, &'p Partition)],
        (caller, callee): (u32, u32),
    ) -> Option<&'p Partition> {
        let present = scope.present();
        let callees = present.type_of(callee)?;
        let callers = match self.caller {
            Caller::One(_) => CallerKind::Actors(present.type_of(caller)?),
            Caller::Client | Caller::All => CallerKind::Client,
        };
        let mut asked = asked.iter();
        let found = asked.find(|(key, _)| key.callees == callees && key.callers == callers);
        found.map(|(_, partition)| *partition)
    }

    /// The places of these calls, if a step has bound them.
    fn places<'b>(&self, batch: &'b Batch) -> Option<&'b [u32]> {
        let places = batch.slot(self.place?);
        (!places.is_empty()).then_some(places)
    }

    /// Shares of what the present host of the callee received from such callers.
    fn shares(
        &self,
        scope: &Scope<'_>,
        batch: &Batch,
        moment: usize,
        mut counts: Vec<f64>,
    ) -> Vec<f64> {
        let shares = Shares::of(&self.kinds, &scope.frame(moment).calls, scope.present());
        for (count, callee) in counts.iter_mut().zip(batch.of(self.callee)) {
            if !count.is_nan() {
                *count = shares.share(*count, *callee);
            }
        }
        counts
    }

    /// What is made of whole records: bytes and latencies.
    fn totals(&self, scope: &Scope<'_>, batch: &Batch, moment: usize) -> Vec<f64> {
        let asked = self.asked(scope, moment);
        let ranks = scope.columns.actor_names().ranks();
        let rank = |no: u32| ranks.get(no as usize).map_or(0, |rank| rank + 1);
        let functions = scope.columns.function_names();
        let of_row = |(caller, callee): (u32, u32)| {
            let mut found: Vec<(u32, &str, &Partition, usize)> = Vec::new();
            self.each_place(
                scope,
                moment,
                &asked,
                (caller, callee),
                &mut |key, partition, place| {
                    let from = partition.callers().get(place).copied().unwrap_or(NOBODY);
                    found.push((rank(from), functions.name(key.function), partition, place));
                },
            );
            found.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
            let mut total = CallTotal::NONE;
            for (_, _, partition, place) in found {
                let count = partition.counts().get(place).copied().unwrap_or(0.0);
                let size = Some(partition.size(place)).filter(|size| !size.is_nan());
                total.add(count, size, partition.latency(place));
            }
            match self.statistic {
                Statistic::Size => total.size,
                Statistic::Mean => total.latency.mean(),
                Statistic::P50 => total.latency.single.and_then(|latency| latency.p50_seconds),
                Statistic::P99 => total.latency.single.and_then(|latency| latency.p99_seconds),
                // The checker refuses `call.value`, which has no word.
                _ => None,
            }
        };
        let is_there = |ends| self.are_there(scope, moment, ends);
        self.ends(batch)
            .map(|ends| match is_there(ends) {
                true => of_row(ends).unwrap_or(UNKNOWN),
                false => UNKNOWN,
            })
            .collect()
    }

    /// Caller and callee of each row; nobody where all callers are meant.
    fn ends(&self, batch: &Batch) -> impl Iterator<Item = (u32, u32)> {
        let callers = match self.caller {
            Caller::One(id) => batch.of(id),
            Caller::Client | Caller::All => &[],
        };
        let callees = batch.of(self.callee).iter().enumerate();
        callees.map(|(row, callee)| (callers.get(row).copied().unwrap_or(NOBODY), *callee))
    }

    fn are_there(&self, scope: &Scope<'_>, moment: usize, (caller, callee): (u32, u32)) -> bool {
        let frame = scope.frame(moment);
        frame.is_live(callee) && (caller == NOBODY || frame.is_live(caller))
    }

    /// Visits the calls between a caller, or all callers, and a callee.
    fn each_place<'p>(
        &self,
        scope: &Scope<'_>,
        moment: usize,
        asked: &[(CallKey, &'p Partition)],
        (caller, callee): (u32, u32),
        visit: &mut dyn FnMut(&CallKey, &'p Partition, usize),
    ) {
        let frame = scope.frame(moment);
        let callee_type = frame.type_of(callee);
        let caller_kind = match self.caller {
            Caller::One(_) => frame.type_of(caller).map(CallerKind::Actors),
            Caller::Client => Some(CallerKind::Client),
            Caller::All => None,
        };
        for (key, partition) in asked {
            if Some(key.callees) != callee_type {
                continue;
            }
            match caller_kind {
                Some(kind) if kind != key.callers => {}
                Some(_) => {
                    for place in partition.between(caller, callee) {
                        visit(key, partition, place);
                    }
                }
                None => {
                    for place in partition.of_callee(callee) {
                        visit(key, partition, *place as usize);
                    }
                }
            }
        }
    }
}
