//! How the assignments that make a condition true are searched for: which variable is bound when, from
//! where, and what is tested as soon as that can be.
//!
//! A pipeline of joins over batches. The order is chosen by measured numbers: how many actors there
//! are, how many calls, what part of a sample passes the tests. Each conjunct is tested at the first
//! step at which all its variables are bound; only true counts, so whatever is false or unknown is
//! dropped there.

use std::cell::Cell;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU64, Ordering};

use plasma_check::program::{ActorRef, Comparison, Condition, OrSide, Range, Rule, VariableId};
use plasma_model::Statistic;

use super::aggregate::AggregatePlan;
use super::batch::Batch;
use super::call::{CallNumber, Caller};
use super::call_filter::CallFilter;
use super::delta::DirtyPairs;
use super::link::{Link, LinkKind, condition_links, range_link};
use super::machine::Machine;
use super::number::{Number, Sampled};
use super::predicate::Predicate;
use super::scope::{Function, Kinds, Scope, Types};
use crate::Truth;
use crate::reference::{binding_variables, implicit_server};
use crate::variables::{free_variables, range_callee};

/// A search for the values of some variables.
#[derive(Debug, Default)]
pub(crate) struct Join {
    /// Tested before any variable is bound.
    pub(crate) tests: Vec<Test>,
    pub(crate) steps: Vec<Step>,
    /// Rows that a search began with, and those that passed the tests.
    pub(crate) rows_begun: AtomicU64,
    pub(crate) rows_left: AtomicU64,
    width: usize,
}

/// Binds a variable, or two at once.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) variable: VariableId,
    pub(crate) source: Source,
    pub(crate) tests: Vec<Test>,
    /// Tests that are made while calls are read, where no server is silent and each two have one
    /// record; each with its test, for where that is not so.
    pub(crate) filters: Vec<CallFilter>,
    pub(crate) filtered: Vec<Test>,
    /// Rows that the source gave since the plan was made.
    pub(crate) rows_tried: AtomicU64,
    /// Rows of them that passed the tests.
    pub(crate) rows_kept: AtomicU64,
    /// What this step and those after it took, if the machine has a clock.
    pub(crate) nanoseconds: AtomicU64,
}

/// Where the values of a variable come from.
#[derive(Debug)]
pub(crate) enum Source {
    /// The live servers.
    Servers,
    /// The live actors of these types.
    Actors(Types),
    /// The calls themselves: they bind callee, caller (if it is an actor) and a slot for their place.
    Calls {
        caller: Option<VariableId>,
        kinds: Kinds,
        callees: Types,
        function: Function,
        place: usize,
    },
    /// Whom a bound variable leads to.
    Link { link: Link, types: Types },
}

/// What must be true for a row to stay.
#[derive(Debug)]
pub(crate) struct Test {
    pub(crate) kind: TestKind,
    /// As it is written.
    pub(crate) condition: Condition,
}

#[derive(Debug)]
pub(crate) enum TestKind {
    /// All rows at once.
    Rows {
        predicate: Box<Predicate>,
        asks_calls: bool,
        /// The caller variable whose range it is, if it is none of the conjuncts.
        is_of_range: Option<VariableId>,
    },
    /// Row by row, by the definition.
    EachRow,
    /// A caller variable made the calls that its range tells of.
    Range(VariableId),
    /// One of the searches finds something: the sides of an `or`, or an implicit server. Each row is
    /// told by its place, in this slot.
    Some { joins: Vec<Join>, tag: usize },
}

/// A conjunct with the variables that it waits for.
struct Pending {
    waits_for: BTreeSet<VariableId>,
    test: Test,
}

/// Makes the plans of one rule.
pub(crate) struct Planner<'p, 's> {
    rule: &'p Rule,
    scope: &'p Scope<'s>,
    /// What a sample is tested with; without it every test is taken to keep everything.
    machine: Option<&'p Machine<'p, 's>>,
    /// The next slot that no variable and no step has.
    slots: Cell<usize>,
}

/// Values of a variable of which it is measured what part passes the tests.
const SAMPLE_MAX: usize = 256;

/// What it costs to look one row up, in rows that are read one after the other.
const LOOK_UP_PRICE: f64 = 8.0;

impl<'p, 's> Planner<'p, 's> {
    pub(crate) fn new(rule: &'p Rule, scope: &'p Scope<'s>) -> Self {
        Planner {
            rule,
            scope,
            machine: None,
            slots: Cell::new(rule.variables.len()),
        }
    }

    /// Measures with this machine what part of a sample passes the tests.
    pub(crate) fn measuring(self, machine: &'p Machine<'p, 's>) -> Self {
        Planner {
            machine: Some(machine),
            ..self
        }
    }

    /// The search for the bindings of the rule of which the variables `bound` are known.
    pub(crate) fn of_rule(&self, bound: &BTreeSet<VariableId>) -> Join {
        let variables: Vec<VariableId> = binding_variables(self.rule).collect();
        let conjuncts = conjuncts(&self.rule.condition);
        let Some(server) = implicit_server(self.rule) else {
            return self.finished(self.join(&variables, conjuncts, Vec::new(), bound));
        };
        // One server for all the atoms that mention it: they are one test.
        let (of_server, others): (Vec<_>, Vec<_>) = conjuncts
            .into_iter()
            .partition(|c| self.free(c).contains(&server));
        let mut waits_for: BTreeSet<VariableId> =
            of_server.iter().flat_map(|c| self.free(c)).collect();
        waits_for.remove(&server);
        let condition = Condition::And(of_server.iter().map(|c| (*c).clone()).collect());
        let inner = self.join(&[server], of_server, Vec::new(), &waits_for);
        let pending = Pending {
            waits_for,
            test: Test {
                kind: TestKind::Some {
                    joins: vec![inner],
                    tag: self.slot(),
                },
                condition,
            },
        };
        self.finished(self.join(&variables, others, vec![pending], bound))
    }

    /// The search for the values of variables that the filter of an aggregate keeps.
    pub(crate) fn of_filter(
        &self,
        variables: &[VariableId],
        filter: &OrSide,
        bound: &BTreeSet<VariableId>,
    ) -> Join {
        if filter.locals.is_empty() {
            let parts = conjuncts(&filter.condition);
            return self.finished(self.join(variables, parts, Vec::new(), bound));
        }
        let condition = Condition::Or(vec![filter.clone()]);
        self.finished(self.join(variables, vec![&condition], Vec::new(), bound))
    }

    fn finished(&self, mut join: Join) -> Join {
        join.widen(self.slots.get());
        join
    }

    fn slot(&self) -> usize {
        let slot = self.slots.get();
        self.slots.set(slot + 1);
        slot
    }

    fn free(&self, condition: &Condition) -> BTreeSet<VariableId> {
        free_variables(condition, &self.rule.variables)
    }

    fn join(
        &self,
        variables: &[VariableId],
        conjuncts: Vec<&Condition>,
        mut pending: Vec<Pending>,
        bound: &BTreeSet<VariableId>,
    ) -> Join {
        let mut bound = bound.clone();
        let mut links = Vec::new();
        for conjunct in conjuncts {
            links.extend(condition_links(conjunct, self.scope));
            pending.push(self.pending(conjunct));
        }
        links.extend(
            variables
                .iter()
                .filter_map(|v| range_link(*v, self.rule, self.scope)),
        );

        let mut left: Vec<VariableId> = variables.to_vec();
        left.retain(|v| !bound.contains(v));
        let mut ranges: Vec<VariableId> = variables.to_vec();
        let mut join = Join {
            tests: take_ready(&mut pending, &bound),
            ..Join::default()
        };
        // Those that are bound from the start are tested before the first step.
        join.tests.extend(self.range_tests(&mut ranges, &bound));
        while let Some((variable, source)) = self.next(&left, &links, &pending, &bound) {
            bound.insert(variable);
            if let Source::Calls {
                caller: Some(caller),
                ..
            } = &source
            {
                bound.insert(*caller);
            }
            left.retain(|v| !bound.contains(v));
            let mut tests = self.range_tests(&mut ranges, &bound);
            tests.extend(take_ready(&mut pending, &bound));
            let mut step = Step {
                variable,
                tests,
                source,
                filters: Vec::new(),
                filtered: Vec::new(),
                rows_tried: AtomicU64::new(0),
                rows_kept: AtomicU64::new(0),
                nanoseconds: AtomicU64::new(0),
            };
            step.settle();
            join.steps.push(step);
        }
        join
    }

    /// Takes out the caller variables of which it can be told that they made the calls of their range.
    fn range_tests(&self, ranges: &mut Vec<VariableId>, bound: &BTreeSet<VariableId>) -> Vec<Test> {
        let ready = ranges.iter().filter(|v| self.can_test_range(**v, bound));
        let ready: Vec<VariableId> = ready.copied().collect();
        ranges.retain(|v| !ready.contains(v));
        ready
            .into_iter()
            .filter_map(|v| self.range_test(v))
            .collect()
    }

    fn range_test(&self, variable: VariableId) -> Option<Test> {
        let Range::Callers {
            types,
            callee,
            function,
            window_seconds,
        } = self.range(variable)?
        else {
            return None;
        };
        let kind = match (callee, window_seconds) {
            (ActorRef::Variable(callee), None) => {
                let calls = CallNumber {
                    caller: Caller::One(variable),
                    kinds: Kinds::Actors(self.scope.types(types)),
                    callee: *callee,
                    function: self.scope.function(function.as_deref()),
                    statistic: Statistic::Count,
                    place: None,
                };
                let count = Box::new(Number::Sampled(Sampled::Calls(calls)));
                let none = Box::new(Number::Constant(0.0));
                TestKind::Rows {
                    predicate: Box::new(Predicate::Compare(count, Comparison::Greater, none)),
                    // Who called is what was told, silent servers or not.
                    asks_calls: false,
                    is_of_range: Some(variable),
                }
            }
            _ => TestKind::Range(variable),
        };
        Some(Test {
            kind,
            condition: Condition::Constant(true),
        })
    }

    fn can_test_range(&self, variable: VariableId, bound: &BTreeSet<VariableId>) -> bool {
        let callee = range_callee(variable, &self.rule.variables);
        bound.contains(&variable) && callee.is_none_or(|callee| bound.contains(&callee))
    }

    fn pending(&self, condition: &Condition) -> Pending {
        let waits_for = self.free(condition);
        let kind = match (Predicate::of(condition, self.rule, self.scope), condition) {
            (Some(predicate), _) => TestKind::Rows {
                asks_calls: predicate.asks_calls(),
                is_of_range: None,
                predicate: Box::new(predicate),
            },
            (None, Condition::Or(sides)) => {
                let joins = sides.iter().map(|side| {
                    let parts = conjuncts(&side.condition);
                    self.join(&side.locals, parts, Vec::new(), &waits_for)
                });
                TestKind::Some {
                    joins: joins.collect(),
                    tag: self.slot(),
                }
            }
            (None, _) => TestKind::EachRow,
        };
        Pending {
            waits_for,
            test: Test {
                kind,
                condition: condition.clone(),
            },
        }
    }

    /// The variable to bind next, with the least to be looked at: through a link from a bound one, by
    /// the calls that must be there, or out of all of its kind.
    fn next(
        &self,
        left: &[VariableId],
        links: &[Link],
        pending: &[Pending],
        bound: &BTreeSet<VariableId>,
    ) -> Option<(VariableId, Source)> {
        let both_ways: Vec<Link> = links.iter().flat_map(|link| link.both_ways()).collect();
        let linked = left.iter().flat_map(|variable| {
            let leading = both_ways.iter().filter(|link| link.to == *variable);
            let leading = leading.filter(|link| bound.contains(&link.from));
            leading.map(|link| (*variable, *link))
        });
        let cheapest = linked.min_by_key(|(_, link)| self.fanout(link));
        if let Some((variable, link)) = cheapest {
            let types = self.types(variable);
            return Some((variable, Source::Link { link, types }));
        }
        let by_calls = links.iter().filter_map(|link| self.calls(link, left));
        let by_calls = by_calls.min_by_key(|(cost, ..)| *cost);
        let waits = |variable: &VariableId| {
            links.iter().any(|link| {
                link.is_one_way()
                    && link.to == *variable
                    && link.from != *variable
                    && left.contains(&link.from)
            })
        };
        let free = left.iter().filter(|variable| !waits(variable));
        // The rows of the domain, and then those that the ones that pass lead to.
        let price = |variable: &VariableId| {
            let domain = self.domain_size(*variable) as f64;
            let leading = both_ways.iter().filter(|link| link.from == *variable);
            let leading = leading.filter(|link| left.contains(&link.to));
            let fanout = leading.map(|link| self.fanout(link)).max().unwrap_or(0);
            let kept = domain * self.part_kept(*variable, pending);
            domain + LOOK_UP_PRICE * kept * (fanout as f64 / 1000.0)
        };
        let priced = free.map(|variable| (price(variable), variable));
        let cheapest = priced.min_by(|(a, _), (b, _)| a.total_cmp(b));
        let (least, chosen) = match cheapest {
            Some((least, chosen)) => (least, chosen),
            None => (f64::MAX, left.first()?),
        };
        if let Some((calls, variable, source)) = by_calls
            && calls as f64 <= least
        {
            return Some((variable, source));
        }
        let source = match self.range(*chosen) {
            Some(Range::Servers) | None => Source::Servers,
            Some(_) => Source::Actors(self.types(*chosen)),
        };
        Some((*chosen, source))
    }

    /// What part of the values of a variable passes the tests that ask about nothing else, of a sample.
    fn part_kept(&self, variable: VariableId, pending: &[Pending]) -> f64 {
        let Some(machine) = self.machine else {
            return 1.0;
        };
        let alone = pending
            .iter()
            .filter(|p| p.waits_for == BTreeSet::from([variable]));
        let predicates = alone.filter_map(|pending| match &pending.test.kind {
            TestKind::Rows { predicate, .. } => Some(predicate),
            _ => None,
        });
        let predicates: Vec<&Predicate> = predicates.map(Box::as_ref).collect();
        if predicates.is_empty() {
            return 1.0;
        }
        let values: Vec<u32> = match self.range(variable) {
            Some(Range::Servers) => self.scope.present().servers.numbers().to_vec(),
            _ => self.scope.domain(&self.types(variable)).concat(),
        };
        let every = values.len() / SAMPLE_MAX + 1;
        let sample: Vec<u32> = values.into_iter().step_by(every).collect();
        let taken = sample.len();
        let mut batch = Batch::unbound(self.slots.get());
        batch.bind(variable.0 as usize, sample);
        for predicate in predicates {
            if !batch.is_empty() {
                let truths = predicate.truths(machine, &batch, 0).into_iter();
                let keep: Vec<bool> = truths.map(Truth::is_true).collect();
                batch.retain(&keep);
            }
        }
        // Of a sample that nobody passes some would.
        (batch.rows() + 1) as f64 / (taken + 1) as f64
    }

    /// The calls that must be there for a link to hold, as a source of both its ends, with their number.
    fn calls(&self, link: &Link, left: &[VariableId]) -> Option<(usize, VariableId, Source)> {
        let (caller, callee, function) = match link.kind {
            LinkKind::CalledBy(function) => (Some(link.to), link.from, function),
            LinkKind::ByClients(function) => (None, link.to, function),
            _ => return None,
        };
        // Both ends are free, and two different ones.
        if !left.contains(&callee) || caller.is_some_and(|c| !left.contains(&c) || c == callee) {
            return None;
        }
        let kinds = match caller {
            Some(caller) => Kinds::Actors(self.types(caller)),
            None => Kinds::Client,
        };
        let callees = self.types(callee);
        let partitions = self.scope.partitions(0, &kinds, &callees, function);
        let cost = partitions
            .iter()
            .map(|(_, partition)| partition.len())
            .sum();
        let source = Source::Calls {
            caller,
            kinds,
            callees,
            function,
            place: self.slot(),
        };
        Some((cost, callee, source))
    }

    fn range(&self, variable: VariableId) -> Option<&Range> {
        let variable = self.rule.variables.get(variable.0 as usize);
        variable.map(|variable| &variable.range)
    }

    fn types(&self, variable: VariableId) -> Types {
        match self.range(variable) {
            Some(Range::Actors(types) | Range::Callers { types, .. }) => self.scope.types(types),
            Some(Range::Servers) | None => Types::Of(Vec::new()),
        }
    }

    fn domain_size(&self, variable: VariableId) -> usize {
        match self.range(variable) {
            Some(Range::Servers) => self.scope.present().servers.numbers().len(),
            _ => {
                let lists = self.scope.domain(&self.types(variable));
                lists.iter().map(|list| list.len()).sum()
            }
        }
    }

    /// How many values a link leads to, on average of those who have any; in thousandths.
    fn fanout(&self, link: &Link) -> usize {
        let per_owner = |edges: usize, owners: usize| edges * 1000 / owners.max(1);
        match link.kind {
            LinkKind::Hosts => 1000,
            LinkKind::Refers(property) | LinkKind::ReferredBy(property) => {
                let properties = self.scope.present().all_refs();
                let asked = properties.filter(|(no, _)| property.is_none_or(|p| p == *no));
                let sizes = asked.map(|(_, refs)| refs.size());
                sizes
                    .map(|(owners, members)| per_owner(members, owners))
                    .sum()
            }
            LinkKind::Called(function)
            | LinkKind::CalledBy(function)
            | LinkKind::CalledWithin(_, function) => {
                let (from, to) = (self.types(link.from), self.types(link.to));
                let (callers, callees) = match link.kind {
                    LinkKind::Called(_) => (from, to),
                    _ => (to, from),
                };
                let kinds = Kinds::Actors(callers);
                let partitions = self.scope.partitions(0, &kinds, &callees, function);
                let calls = partitions.iter().map(|(_, partition)| partition.len());
                per_owner(calls.sum(), self.domain_size(link.from))
            }
            LinkKind::ByClients(_) => usize::MAX,
        }
    }
}

impl Join {
    /// How many slots a batch needs that runs through it.
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    fn widen(&mut self, width: usize) {
        self.width = width;
        let steps = self.steps.iter_mut();
        let of_steps = steps.flat_map(|step| step.tests.iter_mut().chain(&mut step.filtered));
        for test in self.tests.iter_mut().chain(of_steps) {
            if let TestKind::Some { joins, .. } = &mut test.kind {
                joins.iter_mut().for_each(|join| join.widen(width));
            }
        }
    }

    /// Whether its first step reads these calls, and nothing is tested before.
    pub(crate) fn begins_with(&self, dirty: DirtyPairs<'_>) -> bool {
        let first = self.steps.first();
        first.is_some_and(|step| match &step.source {
            Source::Calls {
                caller, function, ..
            } => {
                *caller == Some(dirty.caller)
                    && step.variable == dirty.callee
                    && *function == dirty.function
            }
            _ => false,
        })
    }

    /// Rows that it began with since the plan was made, and those of them that passed the first tests.
    pub(crate) fn rows_tested(&self) -> (u64, u64) {
        let rows = [&self.rows_begun, &self.rows_left].map(|rows| rows.load(Ordering::Relaxed));
        (rows[0], rows[1])
    }

    /// Rows that its sources gave since the plan was made.
    pub(crate) fn rows_tried(&self) -> u64 {
        let steps = self.steps.iter();
        steps
            .map(|step| step.rows_tried.load(Ordering::Relaxed))
            .sum()
    }

    /// Whether every test can be made of all rows at once.
    pub(crate) fn is_of_rows(&self) -> bool {
        let is_of_rows = |test: &Test| matches!(test.kind, TestKind::Rows { .. });
        self.all_tests().all(is_of_rows)
    }

    /// Visits every aggregate that a test compares something with.
    pub(crate) fn for_each_aggregate<'j>(&'j self, visit: &mut dyn FnMut(&'j AggregatePlan)) {
        for test in self.all_tests() {
            if let TestKind::Rows { predicate, .. } = &test.kind {
                predicate.for_each_number(&mut |number| number.for_each_aggregate(visit));
            }
        }
    }

    fn all_tests(&self) -> impl Iterator<Item = &Test> {
        let steps = self.steps.iter();
        let of_steps = steps.flat_map(|step| step.tests.iter().chain(&step.filtered));
        self.tests.iter().chain(of_steps)
    }
}

impl Step {
    /// What it and the steps after it took since the plan was made, if that was measured.
    pub(crate) fn nanoseconds(&self) -> u64 {
        self.nanoseconds.load(Ordering::Relaxed)
    }

    /// Leaves out what the source alone makes true, and reads calls where it has found them.
    fn settle(&mut self) {
        match &self.source {
            Source::Link { link, .. } => {
                let link = *link;
                self.tests.retain(|test| !test.follows_from(&link));
            }
            Source::Calls {
                caller,
                function: function @ Function::One(_),
                place,
                ..
            } => {
                let (callee, caller) = (self.variable, *caller);
                for test in &mut self.tests {
                    let TestKind::Rows { predicate, .. } = &mut test.kind else {
                        continue;
                    };
                    predicate.use_places(&|calls| {
                        let is_caller = match (calls.caller, caller) {
                            (Caller::One(asked), Some(bound)) => asked == bound,
                            (Caller::Client, None) => true,
                            _ => false,
                        };
                        let is_same =
                            is_caller && calls.callee == callee && calls.function == *function;
                        is_same.then_some(*place)
                    });
                }
                let mut filters = Vec::new();
                for test in std::mem::take(&mut self.tests) {
                    match CallFilter::of(&test, *place) {
                        Some(filter) => filters.push((filter, test)),
                        None => self.tests.push(test),
                    }
                }
                filters.sort_by_key(|(filter, _)| !filter.is_selective());
                (self.filters, self.filtered) = filters.into_iter().unzip();
            }
            _ => {}
        }
    }
}

impl Test {
    /// Whether it holds of whatever a link leads to.
    fn follows_from(&self, link: &Link) -> bool {
        let TestKind::Rows { predicate, .. } = &self.kind else {
            return false;
        };
        match (predicate.as_ref(), link.kind) {
            (
                Predicate::InRef {
                    member,
                    owner,
                    property,
                },
                LinkKind::Refers(Some(linked)),
            ) => (*owner, *member, *property) == (link.from, link.to, linked),
            (
                Predicate::InRef {
                    member,
                    owner,
                    property,
                },
                LinkKind::ReferredBy(Some(linked)),
            ) => (*owner, *member, *property) == (link.to, link.from, linked),
            _ => false,
        }
    }
}

/// The parts of a condition that must all be true.
pub(crate) fn conjuncts(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::And(parts) => parts.iter().flat_map(conjuncts).collect(),
        other => vec![other],
    }
}

fn take_ready(pending: &mut Vec<Pending>, bound: &BTreeSet<VariableId>) -> Vec<Test> {
    let (ready, waiting): (Vec<_>, Vec<_>) = std::mem::take(pending)
        .into_iter()
        .partition(|p| p.waits_for.is_subset(bound));
    *pending = waiting;
    ready.into_iter().map(|p| p.test).collect()
}
