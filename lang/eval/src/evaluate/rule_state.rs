//! What is kept of one rule from tick to tick: its plan, what it is true of, and what tells where it may be
//! otherwise.

use std::collections::{BTreeMap, BTreeSet};

use plasma_check::program::{Rule, VariableId};
use plasma_columns::Changes;

use super::batch::{Batch, ROWS_MAX};
use super::delta::{Dirty, DirtyPairs};
use super::machine::Machine;
use super::matches::Matches;
use super::near_shares::NearShares;
use super::plan::{Join, Planner};
use super::reads::Reads;
use super::scope::Scope;

/// What it costs to begin a search with one changed value, in rows of a search for everything: the
/// former looks up, the latter reads on.
const DIRTY_PRICE: usize = 16;

/// So many changed values are worth a search of their own, however little everything is.
const DIRTY_FEW: usize = 64;

/// What is kept of a rule.
#[derive(Debug)]
pub(crate) struct RuleState {
    reads: Reads,
    /// How many types, properties and functions had names when the plans were made.
    vocabulary: [usize; 3],
    /// How many actors there were then.
    actors: usize,
    pub(crate) join: Join,
    is_incremental: bool,
    /// Whether what is kept may be brought up to date: the values of its aggregates are those of the last evaluation.
    may_follow: bool,
    /// Searches that begin with some values of one variable, or of two.
    deltas: BTreeMap<Vec<VariableId>, Join>,
    /// Rows that the last search for everything looked at.
    rows_of_all: u64,
    /// What was found at the last evaluation; `None` if the rule was given up.
    pub(crate) matches: Option<Matches>,
    /// Bits of the values of its aggregates then, by place.
    aggregates: Vec<u64>,
    /// Kept once there is a tick after the first one, if the rule has such shares.
    near_shares: Option<NearShares>,
    pub(crate) last: RuleFigures,
}

/// What the last evaluation of a rule took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RuleFigures {
    /// Bindings that it is true of.
    pub matches: usize,
    /// Whether only what changed was looked at.
    pub was_incremental: bool,
    /// Seconds that the search took; `None` without a clock.
    pub search_seconds: Option<f64>,
}

impl RuleState {
    /// Nothing found yet.
    pub(crate) fn of(rule: &Rule, machine: &Machine<'_, '_>) -> RuleState {
        let scope = machine.scope;
        let reads = Reads::of(rule);
        let join = Planner::new(rule, scope)
            .measuring(machine)
            .of_rule(&BTreeSet::new());
        RuleState {
            is_incremental: !reads.is_of_time && join.is_of_rows(),
            may_follow: false,
            reads,
            vocabulary: vocabulary(scope),
            actors: scope.present().live().len(),
            join,
            deltas: BTreeMap::new(),
            rows_of_all: 0,
            matches: None,
            aggregates: Vec::new(),
            near_shares: None,
            last: RuleFigures::default(),
        }
    }

    /// Whether the plans are made for another cluster: other names, or many more or fewer actors.
    fn is_outdated(&self, scope: &Scope<'_>) -> bool {
        let (then, now) = (self.actors, scope.present().live().len());
        self.vocabulary != vocabulary(scope) || now > 2 * then || now < then / 2
    }

    /// Makes plans if the cluster has become another one, and calculates the aggregates. Before the searches, one rule
    /// after the other: who calculates what rules share, and pays for it, is always the same.
    pub(crate) fn prepare(&mut self, machine: &Machine<'_, '_>, rule: &Rule) {
        if self.is_outdated(machine.scope) {
            let kept = self.last;
            *self = RuleState::of(rule, machine);
            self.last = kept;
        }
        let aggregates = self.aggregate_bits(machine);
        self.may_follow = self.is_incremental && aggregates == self.aggregates;
        self.aggregates = aggregates;
    }

    /// Brings the matches up to date; without `changes` everything may have changed.
    pub(crate) fn search(
        &mut self,
        machine: &Machine<'_, '_>,
        rule: &Rule,
        changes: Option<&Changes>,
    ) {
        let started = machine.clock.map(|clock| clock());
        self.bring_up_to_date(machine, rule, changes);
        let ended = machine.clock.map(|clock| clock());
        self.last.search_seconds = ended.zip(started).map(|(end, start)| end - start);
    }

    fn bring_up_to_date(
        &mut self,
        machine: &Machine<'_, '_>,
        rule: &Rule,
        changes: Option<&Changes>,
    ) {
        let crossed = self.crossed(machine.scope, changes);
        let dirty = match (changes, &self.matches) {
            (Some(changes), Some(matches))
                if self.may_follow && !self.reads.may_turn_by_others(changes) =>
            {
                let variables = matches.variables();
                let seen = (changes, machine.scope);
                Some(Dirty::of(variables, rule, &self.reads, seen, crossed))
            }
            _ => None,
        };
        let few = DIRTY_FEW.max(self.rows_of_all as usize / DIRTY_PRICE);
        let dirty = dirty.filter(|dirty| dirty.len() <= few);
        self.last.was_incremental = dirty.is_some();
        let is_whole = match dirty {
            Some(dirty) => self.update(machine, rule, &dirty),
            None => self.search_anew(machine, rule),
        };
        match (&mut self.matches, is_whole) {
            (Some(matches), true) => {
                let ranks = machine.rank_lists(matches.variables());
                matches.arrange(&ranks);
                self.last.matches = matches.len();
            }
            _ => self.matches = None,
        }
    }

    /// The callees of calls whose share came to the other side of the limit that the rule asks about, if they are
    /// followed; if they may be, they are from now on.
    fn crossed(
        &mut self,
        scope: &Scope<'_>,
        changes: Option<&Changes>,
    ) -> Option<(VariableId, Vec<u32>)> {
        let followed = self.near_shares.take().zip(changes);
        if let Some((mut near, changes)) = followed {
            let crossed = near.follow(changes, scope)?;
            let callee = near.callee;
            self.near_shares = Some(near);
            return Some((callee, crossed));
        }
        if changes.is_some() && self.is_incremental {
            self.near_shares = NearShares::of(&self.join, &self.reads, scope);
        }
        None
    }

    fn aggregate_bits(&self, machine: &Machine<'_, '_>) -> Vec<u64> {
        let mut bits = Vec::new();
        self.join
            .for_each_aggregate(&mut |plan| bits.push(plan.value(machine, 0).to_bits()));
        bits
    }

    fn search_anew(&mut self, machine: &Machine<'_, '_>, rule: &Rule) -> bool {
        let mut matches = Matches::of(rule);
        let unbound = Batch::unbound(self.join.width());
        let before = self.join.rows_tried();
        let add = &mut |found: &Batch| matches.add(found);
        let is_whole = self.join.run(machine, unbound, 0, add);
        self.rows_of_all = self.join.rows_tried() - before;
        self.matches = Some(matches);
        is_whole
    }

    /// Drops what has a value that changed, and finds what is true of it now.
    fn update(&mut self, machine: &Machine<'_, '_>, rule: &Rule, dirty: &Dirty<'_>) -> bool {
        let Some(matches) = &mut self.matches else {
            return false;
        };
        matches.retain(|row| !dirty.touches(row));
        if matches.variables().is_empty() {
            // Nothing but the cluster as a whole decides: that is looked at as it is.
            return self.search_anew(machine, rule);
        }
        for (variable, numbers) in dirty.iter() {
            let is_value = machine.values_of(variable);
            for values in numbers.list().chunks(ROWS_MAX) {
                let values = values.iter().copied().filter(&is_value).collect();
                if !self.search_from(machine, rule, vec![(variable, values)]) {
                    return false;
                }
            }
        }
        for dirty in dirty.pairs() {
            let is_whole = match self.join.begins_with(dirty) {
                true => self.search_places(machine, dirty),
                false => self.search_pairs(machine, rule, dirty),
            };
            if !is_whole {
                return false;
            }
        }
        true
    }

    /// Adds what is true of some calls, which the search for everything begins with.
    fn search_places(&mut self, machine: &Machine<'_, '_>, dirty: DirtyPairs<'_>) -> bool {
        let Some(matches) = &mut self.matches else {
            return false;
        };
        let add = &mut |found: &Batch| matches.add(found);
        self.join.run_from_calls(machine, dirty, add)
    }

    /// Adds what is true of some callers and callees.
    fn search_pairs(
        &mut self,
        machine: &Machine<'_, '_>,
        rule: &Rule,
        dirty: DirtyPairs<'_>,
    ) -> bool {
        let (caller, callee) = (dirty.caller, dirty.callee);
        let (is_caller, is_callee) = (machine.values_of(caller), machine.values_of(callee));
        dirty.pairs.chunks(ROWS_MAX).all(|pairs| {
            let pairs = pairs.iter().filter(|(a, b)| is_caller(a) && is_callee(b));
            let (a, b): (Vec<u32>, Vec<u32>) = pairs.copied().unzip();
            self.search_from(machine, rule, vec![(caller, a), (callee, b)])
        })
    }

    /// Adds what is true of some values of variables, row by row.
    fn search_from(
        &mut self,
        machine: &Machine<'_, '_>,
        rule: &Rule,
        start: Vec<(VariableId, Vec<u32>)>,
    ) -> bool {
        let Some(matches) = &mut self.matches else {
            return false;
        };
        if start.iter().any(|(_, values)| values.is_empty()) {
            return true;
        }
        let variables: Vec<VariableId> = start.iter().map(|(id, _)| *id).collect();
        let bound: BTreeSet<VariableId> = variables.iter().copied().collect();
        let planned = || Planner::new(rule, machine.scope).of_rule(&bound);
        let delta = self.deltas.entry(variables).or_insert_with(planned);
        let mut batch = Batch::unbound(delta.width());
        for (variable, values) in start {
            batch.bind(variable.0 as usize, values);
        }
        delta.run(machine, batch, 0, &mut |found| matches.add(found))
    }
}

/// How many names there are of what a plan refers to by number.
fn vocabulary(scope: &Scope<'_>) -> [usize; 3] {
    let columns = scope.columns;
    let names = [
        columns.type_names(),
        columns.property_names(),
        columns.function_names(),
    ];
    names.map(plasma_columns::Names::len)
}
