//! Calls by clients whose share of what their host received is near the one that a rule asks for.
//!
//! A share changes with every call that the host receives, so from one tick to the next nearly all do, while
//! few come to the other side of the limit. A call that was far below it when its host was looked through
//! stays below as long as the host receives about as much and the call itself is the same. So only calls
//! that were near are compared again, and those of hosts that receive much less than they did.

use std::collections::BTreeMap;

use plasma_check::program::{Comparison, VariableId};
use plasma_columns::{CallKey, CallPlaces, CallerKind, Changes, FunctionNo, NOBODY, Partition};
use plasma_model::Statistic;

use super::call_filter::{CallFilter, Shares};
use super::delta::Numbers;
use super::plan::{Join, Source};
use super::reads::Reads;
use super::scope::{Function, Kinds, Scope, Types};

/// Calls of this part of the limit, and more, are near.
const NEAR_PART: f64 = 0.5;

/// A host is looked through again when it receives this part of what it did, or less. Above
/// [`NEAR_PART`] by more than rounding takes.
const LESS_PART: f64 = 0.51;

/// The calls near the limit of one rule, as they were at its last evaluation.
#[derive(Debug)]
pub(crate) struct NearShares {
    /// Whose calls they are.
    pub(crate) callee: VariableId,
    callees: Types,
    function: FunctionNo,
    limit: Limit,
    /// What each server, by number, received from clients when it was looked through last.
    received: Vec<f64>,
    parts: BTreeMap<CallKey, Part>,
}

/// What the rule asks of a share.
#[derive(Clone, Copy, Debug)]
struct Limit {
    comparison: Comparison,
    right: f64,
}

/// The calls of one partition that are near.
#[derive(Debug)]
struct Part {
    places: CallPlaces,
    /// In order of callee, which is that of their places.
    near: Vec<Near>,
}

#[derive(Clone, Copy, Debug)]
struct Near {
    callee: u32,
    place: u32,
    /// Whether its share is what the rule asks for.
    passes: bool,
}

impl NearShares {
    /// The calls that are near now; `None` if the rule reads other shares than those of one function's calls by
    /// clients against a limit, with which its search begins.
    pub(crate) fn of(join: &Join, reads: &Reads, scope: &Scope<'_>) -> Option<NearShares> {
        if reads.shares != 1 {
            return None;
        }
        let step = join.steps.first()?;
        let Source::Calls {
            caller: None,
            kinds: Kinds::Client,
            callees,
            function: Function::One(function),
            ..
        } = &step.source
        else {
            return None;
        };
        let of_share = |filter: &&CallFilter| filter.statistic == Statistic::Perc;
        let filter = step.filters.iter().find(of_share)?;
        if !filter.is_selective() || filter.kinds != Kinds::Client {
            return None;
        }
        let mut shares = NearShares {
            callee: step.variable,
            callees: callees.clone(),
            function: *function,
            limit: Limit {
                comparison: filter.comparison,
                right: filter.right,
            },
            received: scope.present().calls.received(CallerKind::Client).to_vec(),
            parts: BTreeMap::new(),
        };
        let nothing = Changes::default();
        let every = |partition: &Partition| partition.callees().to_vec();
        shares.look_through(&nothing, scope, &every)?;
        Some(shares)
    }

    /// Follows to the next tick: the callees of calls that came to the other side of the limit, and maybe of some
    /// that changed otherwise. `None` if calls stand in several records, and are not followed.
    pub(crate) fn follow(&mut self, changes: &Changes, scope: &Scope<'_>) -> Option<Vec<u32>> {
        let present = scope.present();
        let received = present.calls.received(CallerKind::Client);
        let mut hosts = Vec::new();
        for server in &changes.receivers {
            let place = *server as usize;
            let now = received.get(place).copied().unwrap_or(0.0);
            if self.received.len() <= place {
                self.received.resize(place + 1, 0.0);
            }
            if let Some(then) = self.received.get_mut(place)
                && (now <= *then * LESS_PART || *then == 0.0)
            {
                *then = now;
                hosts.push(*server);
            }
        }
        let hosts = Numbers::of(hosts);
        let of_hosts = |partition: &Partition| match hosts.list() {
            [] => Vec::new(),
            _ => {
                let callees = partition.callees().iter().copied();
                let hosted = callees.filter(|callee| hosts.contains(present.host_of(*callee)));
                hosted.collect()
            }
        };
        self.look_through(changes, scope, &of_hosts)
    }

    /// Compares those that are near, those that changed and the ones that are `asked` for; which callees have a call
    /// that came to the other side.
    fn look_through(
        &mut self,
        changes: &Changes,
        scope: &Scope<'_>,
        asked: &dyn Fn(&Partition) -> Vec<u32>,
    ) -> Option<Vec<u32>> {
        let function = Function::One(self.function);
        let partitions = scope.partitions(0, &Kinds::Client, &self.callees, function);
        if partitions
            .iter()
            .any(|(_, partition)| partition.has_repeats())
        {
            return None;
        }
        let mut before = std::mem::take(&mut self.parts);
        let mut crossed = Vec::new();
        for (key, partition) in partitions {
            let mut touched = asked(partition);
            if let Some(calls) = changes.calls.get(&key) {
                touched.extend(calls.ends.iter().map(|(_, callee)| *callee));
            }
            touched.extend_from_slice(&changes.members);
            let touched = Numbers::of(touched);
            let before = before.remove(&key);
            let part = self.part(before, (partition, &touched), scope, &mut crossed);
            self.parts.insert(key, part);
        }
        // Calls that ended are among those that changed.
        Some(crossed)
    }

    fn part(
        &self,
        before: Option<Part>,
        (partition, touched): (&Partition, &Numbers),
        scope: &Scope<'_>,
        crossed: &mut Vec<u32>,
    ) -> Part {
        let shares = Shares::of(&Kinds::Client, &scope.present().calls, scope.present());
        let count = |place: u32| {
            partition
                .counts()
                .get(place as usize)
                .copied()
                .unwrap_or(0.0)
        };
        let passes = |near: Near| {
            let share = shares.share(count(near.place), near.callee);
            self.limit.comparison.holds(share, self.limit.right)
        };
        let places = partition.call_places();
        let stood = match before {
            Some(part) if part.places == places => part.near,
            Some(part) => part.moved_to(partition),
            None => Vec::new(),
        };
        let anew = places_of(partition, touched.list());
        let is_near = |near: &Near| self.is_near(count(near.place), near.callee, scope);
        let mut near = Vec::with_capacity(stood.len() + anew.len());
        let mut anew = anew.into_iter().peekable();
        for stood in stood {
            while let Some(next) = anew.next_if(|next| next.callee < stood.callee) {
                near.push(next);
            }
            let same = anew.next_if(|next| next.callee == stood.callee);
            near.push(same.map_or(stood, |same| Near {
                passes: stood.passes,
                ..same
            }));
        }
        near.extend(anew);
        for of in &mut near {
            let passes = passes(*of);
            if passes != of.passes {
                crossed.push(of.callee);
                of.passes = passes;
            }
        }
        near.retain(|near| near.passes || !touched.contains(near.callee) || is_near(near));
        Part { places, near }
    }

    /// Whether calls may pass before their host is looked through again.
    fn is_near(&self, count: f64, callee: u32, scope: &Scope<'_>) -> bool {
        let host = scope.present().host_of(callee) as usize;
        let received = self.received.get(host).copied().unwrap_or(0.0);
        100.0 * count > NEAR_PART * self.limit.right * received
    }
}

impl Part {
    /// The same in a partition with other places.
    fn moved_to(self, partition: &Partition) -> Vec<Near> {
        let callees: Vec<u32> = self.near.iter().map(|near| near.callee).collect();
        let mut moved = places_of(partition, &callees);
        let mut there = moved.iter_mut().peekable();
        for near in self.near {
            if let Some(now) = there.next_if(|now| now.callee == near.callee) {
                now.passes = near.passes;
            }
        }
        moved
    }
}

/// Where the calls to some callees, in order, stand; as if none passed.
fn places_of(partition: &Partition, callees: &[u32]) -> Vec<Near> {
    let pairs: Vec<(u32, u32)> = callees.iter().map(|callee| (NOBODY, *callee)).collect();
    let near = |place: u32| Near {
        callee: partition
            .callees()
            .get(place as usize)
            .copied()
            .unwrap_or(NOBODY),
        place,
        passes: false,
    };
    partition.places_of(&pairs).into_iter().map(near).collect()
}
