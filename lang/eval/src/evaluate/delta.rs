//! Which values of a variable can make the truth of a rule another one than at the tick before.

use plasma_check::program::{Range, Rule, VariableId};
use plasma_columns::{
    CallKey, CallerKind, ChangedCalls, Changes, NOBODY, NumberSet, Partition, ServerNo,
};

use super::reads::{Aspects, CallRead, Reads};
use super::scope::{Function, Scope};

/// The values of variables of a binding whose bindings are looked at again.
pub(crate) struct Dirty<'c> {
    by_variable: Vec<(VariableId, Numbers)>,
    by_calls: Vec<DirtyCalls<'c>>,
}

/// Callers and callees of calls that are others.
struct DirtyCalls<'c> {
    variables: [VariableId; 2],
    /// Places of the variables in a binding.
    in_binding: [usize; 2],
    /// What of the calls is read.
    function: Function,
    /// Sorted, once each.
    pairs: Vec<(u32, u32)>,
    /// The same as they stand in the partitions, where that is known of all of them.
    places: Option<Vec<(CallKey, &'c [u32])>>,
    callers: Numbers,
}

/// Callers and callees of calls that are others, with their variables.
#[derive(Clone, Copy)]
pub(crate) struct DirtyPairs<'d> {
    pub(crate) caller: VariableId,
    pub(crate) callee: VariableId,
    pub(crate) function: Function,
    /// Sorted, once each.
    pub(crate) pairs: &'d [(u32, u32)],
    places: Option<&'d [(CallKey, &'d [u32])]>,
}

impl DirtyPairs<'_> {
    /// Where those of them stand that are in a partition now, in order.
    pub(crate) fn places_in(&self, key: &CallKey, partition: &Partition) -> Vec<u32> {
        let Some(places) = self.places else {
            return partition.places_of(self.pairs);
        };
        let of_key = places.iter().filter(|(of, _)| of == key);
        let places = of_key.flat_map(|(_, places)| places.iter().copied());
        places.filter(|place| *place != NOBODY).collect()
    }
}

/// Some numbers, as a list and as a set.
pub(crate) struct Numbers {
    list: Vec<u32>,
    set: NumberSet,
}

impl Numbers {
    pub(crate) fn of(mut list: Vec<u32>) -> Numbers {
        list.sort_unstable();
        list.dedup();
        let set = list.iter().copied().collect();
        Numbers { list, set }
    }

    pub(crate) fn list(&self) -> &[u32] {
        &self.list
    }

    pub(crate) fn contains(&self, no: u32) -> bool {
        self.set.contains(no)
    }
}

impl<'c> Dirty<'c> {
    /// What the changes of a tick make dirty for a rule. Of a variable whose calls came to the other side of a
    /// limit those values are given in `crossed`.
    pub(crate) fn of(
        variables: &[VariableId],
        rule: &Rule,
        reads: &Reads,
        (changes, scope): (&'c Changes, &Scope<'_>),
        crossed: Option<(VariableId, Vec<u32>)>,
    ) -> Dirty<'c> {
        let of_variable = |id: &VariableId| {
            let mut aspects = reads.aspects(*id);
            let crossed = crossed.as_ref().filter(|(of, _)| of == id);
            aspects.received &= crossed.is_none();
            let mut list = match rule.variables.get(id.0 as usize).map(|v| &v.range) {
                // Whether a server is there, and everything that it has, is in one row.
                Some(Range::Servers) => changes.servers.clone(),
                Some(Range::Actors(types) | Range::Callers { types, .. }) => {
                    let types = scope.types(types);
                    let lists = scope.domain(&types);
                    dirty_actors(aspects, changes, scope, &lists)
                }
                None => Vec::new(),
            };
            list.extend(crossed.into_iter().flat_map(|(_, crossed)| crossed));
            (*id, Numbers::of(list))
        };
        let mut dirty = Dirty {
            by_variable: variables.iter().map(of_variable).collect(),
            by_calls: Vec::new(),
        };
        for read in &reads.calls {
            dirty.add_calls(variables, read, changes, scope);
        }
        dirty
    }

    fn add_calls(
        &mut self,
        variables: &[VariableId],
        read: &CallRead,
        changes: &'c Changes,
        scope: &Scope<'_>,
    ) {
        let function = scope.function(read.function.as_deref());
        let is_read = |key: &CallKey| {
            function.includes(key.function)
                && (key.callers == CallerKind::Client) == read.is_by_clients
        };
        let changed = changes.calls.iter().filter(|(key, _)| is_read(key));
        let changed: Vec<(CallKey, &ChangedCalls)> =
            changed.map(|(k, calls)| (*k, calls)).collect();
        let pairs = changed.iter().flat_map(|(_, calls)| calls.ends.iter());
        let place = |id: VariableId| variables.iter().position(|v| *v == id);
        match read.caller {
            Some(caller) if caller != read.callee => {
                if let (Some(from), Some(to)) = (place(caller), place(read.callee)) {
                    let mut pairs: Vec<(u32, u32)> = pairs.copied().collect();
                    if changed.len() > 1 {
                        pairs.sort_unstable();
                        pairs.dedup();
                    }
                    let is_known = |calls: &ChangedCalls| calls.places.len() == calls.ends.len();
                    let places = changed.iter().all(|(_, calls)| is_known(calls));
                    let places = places.then(|| {
                        let of_key = changed.iter().map(|(key, calls)| (*key, &*calls.places));
                        of_key.collect()
                    });
                    self.by_calls.push(DirtyCalls {
                        variables: [caller, read.callee],
                        in_binding: [from, to],
                        function,
                        callers: Numbers::of(pairs.iter().map(|(caller, _)| *caller).collect()),
                        pairs,
                        places,
                    });
                }
            }
            _ => {
                let of_callee = self
                    .by_variable
                    .iter_mut()
                    .find(|(id, _)| *id == read.callee);
                if let Some((_, numbers)) = of_callee {
                    let mut list = std::mem::take(&mut numbers.list);
                    list.extend(pairs.map(|(_, callee)| *callee));
                    *numbers = Numbers::of(list);
                }
            }
        }
    }

    /// Pairs of values of two variables.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = DirtyPairs<'_>> {
        self.by_calls.iter().map(|calls| DirtyPairs {
            caller: calls.variables[0],
            callee: calls.variables[1],
            function: calls.function,
            pairs: &calls.pairs,
            places: calls.places.as_deref(),
        })
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (VariableId, &Numbers)> {
        self.by_variable.iter().map(|(id, numbers)| (*id, numbers))
    }

    /// How many values there are in all.
    pub(crate) fn len(&self) -> usize {
        let values = self
            .by_variable
            .iter()
            .map(|(_, numbers)| numbers.list.len());
        let pairs = self.by_calls.iter().map(|calls| calls.pairs.len());
        values.chain(pairs).sum()
    }

    /// Whether one of the values of a row, which are in the order of the variables, is dirty.
    pub(crate) fn touches(&self, row: &[u32]) -> bool {
        let mut values = self.by_variable.iter().zip(row);
        let is_dirty = |calls: &DirtyCalls<'_>| {
            let [from, to] = calls.in_binding;
            let ends = row.get(from).zip(row.get(to));
            ends.is_some_and(|(from, to)| {
                calls.callers.contains(*from) && calls.pairs.binary_search(&(*from, *to)).is_ok()
            })
        };
        values.any(|((_, numbers), no)| numbers.contains(*no)) || self.by_calls.iter().any(is_dirty)
    }
}

fn dirty_actors(
    aspects: Aspects,
    changes: &Changes,
    scope: &Scope<'_>,
    domain: &[&[u32]],
) -> Vec<u32> {
    let mut dirty = changes.members.clone();
    for (is_read, list) in [
        (aspects.figures, &changes.figures),
        (aspects.refs, &changes.refs),
    ] {
        if is_read {
            dirty.extend_from_slice(list);
        }
    }
    let mut hosts: Vec<ServerNo> = Vec::new();
    if aspects.server {
        hosts.extend_from_slice(&changes.servers);
    }
    if aspects.received {
        hosts.extend_from_slice(&changes.receivers);
    }
    if !hosts.is_empty() {
        let hosts = Numbers::of(hosts);
        let present = scope.present();
        let hosted = domain.iter().flat_map(|list| list.iter());
        dirty.extend(hosted.filter(|no| hosts.contains(present.host_of(**no))));
    }
    dirty
}
