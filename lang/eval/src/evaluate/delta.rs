//! Which values of a variable can make the truth of a rule another one than at the tick before.

use plasma_check::program::{Range, Rule, VariableId};
use plasma_columns::{CallKey, CallerKind, Changes, ServerNo};

use super::reads::{Aspects, CallRead, Reads};
use super::scope::Scope;

/// The values of variables of a binding whose bindings are looked at again.
pub(crate) struct Dirty {
    by_variable: Vec<(VariableId, Numbers)>,
    by_calls: Vec<DirtyCalls>,
}

/// Callers and callees of calls that are others.
struct DirtyCalls {
    variables: [VariableId; 2],
    /// Places of the variables in a binding.
    places: [usize; 2],
    /// Sorted, once each.
    pairs: Vec<(u32, u32)>,
}

/// Some numbers, as a list and as a set.
pub(crate) struct Numbers {
    list: Vec<u32>,
    /// By number, one bit each.
    bits: Vec<u64>,
}

impl Numbers {
    fn of(mut list: Vec<u32>) -> Numbers {
        list.sort_unstable();
        list.dedup();
        let words = list
            .last()
            .map_or(0, |greatest| *greatest as usize / 64 + 1);
        let mut bits = vec![0; words];
        for no in &list {
            if let Some(word) = bits.get_mut(*no as usize / 64) {
                *word |= 1 << (no % 64);
            }
        }
        Numbers { list, bits }
    }

    pub(crate) fn list(&self) -> &[u32] {
        &self.list
    }

    fn contains(&self, no: u32) -> bool {
        let word = self.bits.get(no as usize / 64).copied().unwrap_or(0);
        word & (1 << (no % 64)) != 0
    }
}

impl Dirty {
    /// What the changes of a tick make dirty for a rule.
    pub(crate) fn of(
        variables: &[VariableId],
        rule: &Rule,
        reads: &Reads,
        changes: &Changes,
        scope: &Scope<'_>,
    ) -> Dirty {
        let of_variable = |id: &VariableId| {
            let aspects = reads.aspects(*id);
            let list = match rule.variables.get(id.0 as usize).map(|v| &v.range) {
                // Whether a server is there, and everything that it has, is in one row.
                Some(Range::Servers) => changes.servers.clone(),
                Some(Range::Actors(types) | Range::Callers { types, .. }) => {
                    let types = scope.types(types);
                    let lists = scope.domain(&types);
                    dirty_actors(aspects, changes, scope, &lists)
                }
                None => Vec::new(),
            };
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
        changes: &Changes,
        scope: &Scope<'_>,
    ) {
        let function = scope.function(read.function.as_deref());
        let is_read = |key: &CallKey| {
            function.includes(key.function)
                && (key.callers == CallerKind::Client) == read.is_by_clients
        };
        let changed = changes.calls.iter().filter(|(key, _)| is_read(key));
        let pairs = changed.flat_map(|(_, pairs)| pairs.iter().copied());
        let place = |id: VariableId| variables.iter().position(|v| *v == id);
        match read.caller {
            Some(caller) if caller != read.callee => {
                if let (Some(from), Some(to)) = (place(caller), place(read.callee)) {
                    let mut pairs: Vec<(u32, u32)> = pairs.collect();
                    pairs.sort_unstable();
                    pairs.dedup();
                    self.by_calls.push(DirtyCalls {
                        variables: [caller, read.callee],
                        places: [from, to],
                        pairs,
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
                    list.extend(pairs.map(|(_, callee)| callee));
                    *numbers = Numbers::of(list);
                }
            }
        }
    }

    /// Pairs of values of two variables.
    pub(crate) fn pairs(&self) -> impl Iterator<Item = ([VariableId; 2], &[(u32, u32)])> {
        let all = self.by_calls.iter();
        all.map(|calls| (calls.variables, calls.pairs.as_slice()))
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
        let is_dirty = |calls: &DirtyCalls| {
            let [from, to] = calls.places;
            let ends = row.get(from).zip(row.get(to));
            ends.is_some_and(|(from, to)| calls.pairs.binary_search(&(*from, *to)).is_ok())
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
