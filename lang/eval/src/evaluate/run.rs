//! Runs a search, batch by batch.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use plasma_check::program::VariableId;
use plasma_columns::{Frame, NOBODY, Partition};

use super::batch::{Batch, ROWS_MAX};
use super::call_filter;
use super::delta::DirtyPairs;
use super::link::{Link, LinkKind};
use super::machine::Machine;
use super::plan::{Join, Source, Step, Test, TestKind};
use super::scope::{Kinds, Scope, Types};
use crate::Truth;

/// Called with each batch of rows found; `false` ends the search.
pub(crate) type Found<'f> = dyn FnMut(&Batch) -> bool + 'f;

/// Whether a search goes on.
type Flow = ControlFlow<()>;

impl Join {
    /// Finds all rows, starting from those of `batch`; ends early, and returns `false`, when `found`
    /// or the budget says so. `moment` is the one at which conditions are looked at.
    pub(crate) fn run(
        &self,
        machine: &Machine<'_, '_>,
        mut batch: Batch,
        moment: usize,
        found: &mut Found<'_>,
    ) -> bool {
        if !self.begin(machine, &mut batch, moment) {
            return true;
        }
        self.step(0, machine, batch, moment, found).is_continue()
    }

    /// Finds the rows that begin with some of the calls of the first step.
    pub(crate) fn run_from_calls(
        &self,
        machine: &Machine<'_, '_>,
        dirty: DirtyPairs<'_>,
        found: &mut Found<'_>,
    ) -> bool {
        let mut batch = Batch::unbound(self.width());
        let Some(step) = self.steps.first() else {
            return true;
        };
        if !self.begin(machine, &mut batch, 0) {
            return true;
        }
        let flow = step.timed(machine, || {
            step.each_batch(machine, &batch, Some(dirty), &mut |batch| {
                self.go_on(0, machine, batch, 0, found)
            })
        });
        flow.is_continue()
    }

    /// Keeps of the rows to begin with those that pass the first tests; whether any are left.
    fn begin(&self, machine: &Machine<'_, '_>, batch: &mut Batch, moment: usize) -> bool {
        self.rows_begun
            .fetch_add(batch.rows() as u64, Ordering::Relaxed);
        let is_left = retain_passing(&self.tests, machine, batch, moment);
        self.rows_left
            .fetch_add(batch.rows() as u64, Ordering::Relaxed);
        is_left
    }

    fn step(
        &self,
        place: usize,
        machine: &Machine<'_, '_>,
        batch: Batch,
        moment: usize,
        found: &mut Found<'_>,
    ) -> Flow {
        let Some(step) = self.steps.get(place) else {
            return match found(&batch) {
                true => Flow::Continue(()),
                false => Flow::Break(()),
            };
        };
        step.timed(machine, || {
            step.each_batch(machine, &batch, None, &mut |batch| {
                self.go_on(place, machine, batch, moment, found)
            })
        })
    }

    /// Tests the rows that a step gave, and goes on with those that are left.
    fn go_on(
        &self,
        place: usize,
        machine: &Machine<'_, '_>,
        mut batch: Batch,
        moment: usize,
        found: &mut Found<'_>,
    ) -> Flow {
        if !machine.interpreter.budget.take_steps(batch.rows()) {
            return Flow::Break(());
        }
        let Some(step) = self.steps.get(place) else {
            return Flow::Continue(());
        };
        step.rows_tried
            .fetch_add(batch.rows() as u64, Ordering::Relaxed);
        let is_left = retain_passing(&step.tests, machine, &mut batch, moment);
        step.rows_kept
            .fetch_add(batch.rows() as u64, Ordering::Relaxed);
        match is_left {
            true => self.step(place + 1, machine, batch, moment, found),
            false => Flow::Continue(()),
        }
    }
}

/// Keeps the rows that pass all tests; whether any are left.
fn retain_passing(
    tests: &[Test],
    machine: &Machine<'_, '_>,
    batch: &mut Batch,
    moment: usize,
) -> bool {
    for test in tests {
        if batch.is_empty() {
            return false;
        }
        let keep = test.passing(machine, batch, moment);
        batch.retain(&keep);
    }
    !batch.is_empty()
}

impl Test {
    /// Whether each row passes.
    fn passing(&self, machine: &Machine<'_, '_>, batch: &Batch, moment: usize) -> Vec<bool> {
        let are_true = |truths: Vec<Truth>| truths.into_iter().map(Truth::is_true).collect();
        match &self.kind {
            // Whose silence makes calls unknown, the interpreter looks up.
            TestKind::Rows {
                asks_calls: true, ..
            } if machine.scope.any_stale() => {
                are_true(machine.row_truths(&self.condition, batch, moment))
            }
            TestKind::Rows { predicate, .. } => are_true(predicate.truths(machine, batch, moment)),
            TestKind::EachRow => are_true(machine.row_truths(&self.condition, batch, moment)),
            TestKind::Range(variable) => machine.rows_in_range(*variable, batch),
            TestKind::Some { joins, tag } => some_found(joins, *tag, machine, batch, moment),
        }
    }
}

/// Whether one of the searches finds something, for each row.
fn some_found(
    joins: &[Join],
    tag: usize,
    machine: &Machine<'_, '_>,
    batch: &Batch,
    moment: usize,
) -> Vec<bool> {
    let mut hits = vec![false; batch.rows()];
    for join in joins {
        let open: Vec<u32> = (0..)
            .zip(&hits)
            .filter(|(_, hit)| !**hit)
            .map(|(row, _)| row)
            .collect();
        let scans = join
            .steps
            .iter()
            .any(|step| !matches!(step.source, Source::Link { .. }));
        // Where everything is tried, the first hit of a row ends its search.
        let at_once = if scans { 1 } else { ROWS_MAX };
        for rows in open.chunks(at_once) {
            let mut started = batch.gathered(rows);
            started.bind(tag, rows.to_vec());
            let mut missing = rows.len();
            join.run(machine, started, moment, &mut |found| {
                for row in found.slot(tag) {
                    if let Some(hit) = hits.get_mut(*row as usize)
                        && !*hit
                    {
                        *hit = true;
                        missing -= 1;
                    }
                }
                missing > 0
            });
        }
    }
    hits
}

impl Step {
    /// Does it, and notes how long that took.
    fn timed(&self, machine: &Machine<'_, '_>, search: impl FnOnce() -> Flow) -> Flow {
        let Some(clock) = machine.clock else {
            return search();
        };
        let started = clock();
        let flow = search();
        let nanoseconds = (clock() - started) * 1e9;
        self.nanoseconds
            .fetch_add(nanoseconds as u64, Ordering::Relaxed);
        flow
    }

    /// Visits the rows of `batch` with every value of the step's variable, some thousand at a time; of
    /// calls only the `dirty` ones, if they are given.
    fn each_batch(
        &self,
        machine: &Machine<'_, '_>,
        batch: &Batch,
        dirty: Option<DirtyPairs<'_>>,
        visit: &mut dyn FnMut(Batch) -> Flow,
    ) -> Flow {
        let scope = machine.scope;
        let slot = self.variable.0 as usize;
        match &self.source {
            Source::Servers => {
                let numbers = scope.present().servers.numbers();
                each_of_all(slot, batch, &[numbers], visit)
            }
            Source::Actors(types) => each_of_all(slot, batch, &scope.domain(types), visit),
            Source::Calls {
                caller,
                kinds,
                callees,
                function,
                place,
            } => {
                for (key, partition) in scope.partitions(0, kinds, callees, *function) {
                    let ends = (*caller, *place);
                    let places = dirty.map(|dirty| dirty.places_in(&key, partition));
                    each_of_calls(self, ends, (machine, batch), (partition, places), visit)?;
                }
                Flow::Continue(())
            }
            Source::Link { link, types } => each_of_link(scope, slot, batch, link, types, visit),
        }
    }
}

/// Visits every row with every number of some lists.
fn each_of_all(
    slot: usize,
    batch: &Batch,
    lists: &[&[u32]],
    visit: &mut dyn FnMut(Batch) -> Flow,
) -> Flow {
    for row in 0..batch.rows() as u32 {
        for numbers in lists.iter().flat_map(|list| list.chunks(ROWS_MAX)) {
            let mut next = batch.gathered(&vec![row; numbers.len()]);
            next.bind(slot, numbers.to_vec());
            visit(next)?;
        }
    }
    Flow::Continue(())
}

/// Visits every row with the ends of every call that passes the step's filters.
fn each_of_calls(
    step: &Step,
    (caller, place): (Option<VariableId>, usize),
    (machine, batch): (&Machine<'_, '_>, &Batch),
    (partition, given): (&Partition, Option<Vec<u32>>),
    visit: &mut dyn FnMut(Batch) -> Flow,
) -> Flow {
    let scope = machine.scope;
    let is_plain = !partition.has_repeats() && !scope.any_stale();
    let filters = if is_plain {
        step.filters.as_slice()
    } else {
        &[]
    };
    let read = (partition, given.as_deref());
    for row in 0..batch.rows() as u32 {
        call_filter::each_passing(read, scope.present(), filters, &mut |mut places, tried| {
            if partition.has_repeats() {
                places.retain(|place| !partition.is_repeat(*place as usize));
            }
            // The rows that a filter dropped were tried, too.
            let dropped = (tried - places.len()) as u64;
            step.rows_tried.fetch_add(dropped, Ordering::Relaxed);
            for places in places.chunks(ROWS_MAX) {
                let mut next = batch.gathered(&vec![row; places.len()]);
                bind_calls(&mut next, (step.variable, caller, place), partition, places);
                if is_plain || retain_passing(&step.filtered, machine, &mut next, 0) {
                    visit(next)?;
                }
            }
            Flow::Continue(())
        })?;
    }
    Flow::Continue(())
}

/// Binds the ends of some calls, and their places if each two have one record.
fn bind_calls(
    batch: &mut Batch,
    (callee, caller, place): (VariableId, Option<VariableId>, usize),
    partition: &Partition,
    places: &[u32],
) {
    let at = |list: &[u32]| -> Vec<u32> {
        let at = |place: &u32| list.get(*place as usize).copied().unwrap_or(NOBODY);
        places.iter().map(at).collect()
    };
    batch.bind(callee.0 as usize, at(partition.callees()));
    if let Some(caller) = caller {
        batch.bind(caller.0 as usize, at(partition.callers()));
    }
    if !partition.has_repeats() {
        batch.bind(place, places.to_vec());
    }
}

/// Visits every row with everybody whom its link leads to.
fn each_of_link(
    scope: &Scope<'_>,
    slot: usize,
    batch: &Batch,
    link: &Link,
    types: &Types,
    visit: &mut dyn FnMut(Batch) -> Flow,
) -> Flow {
    let (mut rows, mut values, mut led) = (Vec::new(), Vec::new(), Vec::new());
    let leads = Leads::of(scope, link, types);
    let mut flush = |rows: &mut Vec<u32>, values: &mut Vec<u32>| {
        if rows.is_empty() {
            return Flow::Continue(());
        }
        let mut next = batch.gathered(rows);
        rows.clear();
        next.bind(slot, std::mem::take(values));
        visit(next)
    };
    for (row, from) in (0..).zip(batch.of(link.from)) {
        led.clear();
        leads.collect(*from, &mut led);
        for to in &led {
            rows.push(row);
            values.push(*to);
            if rows.len() == ROWS_MAX {
                flush(&mut rows, &mut values)?;
            }
        }
    }
    flush(&mut rows, &mut values)
}

/// Where a link leads to, with what it takes to follow it looked up.
struct Leads<'l, 'c> {
    scope: &'l Scope<'c>,
    types: &'l Types,
    kind: LinkKind,
    /// The calls to follow, moment by moment.
    calls: Vec<Vec<(plasma_columns::CallKey, &'c Partition)>>,
}

impl<'l, 'c> Leads<'l, 'c> {
    fn of(scope: &'l Scope<'c>, link: &Link, types: &'l Types) -> Self {
        let any = Kinds::Actors(Types::Any);
        let calls = match link.kind {
            LinkKind::Called(function) => vec![scope.partitions(0, &any, types, function)],
            LinkKind::CalledBy(function) => {
                let kinds = Kinds::Actors(types.clone());
                vec![scope.partitions(0, &kinds, &Types::Any, function)]
            }
            LinkKind::CalledWithin(seconds, function) => {
                let kinds = Kinds::Actors(Types::Any);
                let moments = crate::past::samples_of(seconds, scope.present().period_seconds);
                let moments = 0..moments.unwrap_or(1).min(scope.frames.len());
                let calls = moments.map(|m| scope.partitions(m, &kinds, &Types::Any, function));
                calls.collect()
            }
            _ => Vec::new(),
        };
        Leads {
            scope,
            types,
            kind: link.kind,
            calls,
        }
    }

    /// Adds those whom `from` leads to: live ones of the types, each once.
    fn collect(&self, from: u32, led: &mut Vec<u32>) {
        let present = self.scope.present();
        let is_meant = |no: &u32| present.type_of(*no).is_some_and(|t| self.types.contains(t));
        match self.kind {
            LinkKind::Hosts => {
                let host = present.host_of(from);
                led.extend((host != NOBODY).then_some(host));
                return;
            }
            LinkKind::Refers(Some(property)) => {
                let refs = present.refs(property).and_then(|refs| refs.of(from));
                led.extend(refs.into_iter().flatten().filter(|no| is_meant(no)));
            }
            LinkKind::Refers(None) => {
                let refs = present.all_refs().filter_map(|(_, refs)| refs.of(from));
                led.extend(refs.flatten().filter(|no| is_meant(no)));
            }
            LinkKind::ReferredBy(property) => {
                let owners = self.scope.owners(property, from);
                led.extend(owners.filter(is_meant));
            }
            LinkKind::Called(_) => {
                for (_, partition) in self.of_type(0, present, from, true) {
                    let callees = partition.callees().get(partition.of_caller(from));
                    let callees = callees.into_iter().flatten();
                    led.extend(callees.filter(|no| is_meant(no)));
                }
            }
            LinkKind::CalledBy(_) | LinkKind::CalledWithin(..) => {
                for moment in 0..self.calls.len() {
                    let frame = self.scope.frame(moment);
                    for (_, partition) in self.of_type(moment, frame, from, false) {
                        let places = partition.of_callee(from).iter();
                        let callers = places
                            .filter_map(|place| partition.callers().get(*place as usize).copied());
                        led.extend(callers.filter(is_meant));
                    }
                }
            }
            LinkKind::ByClients(_) => {}
        }
        if led.len() > 1 {
            led.sort_unstable();
            led.dedup();
        }
    }

    /// The partitions in which an actor may be the caller, or the callee.
    fn of_type(
        &self,
        moment: usize,
        frame: &Frame,
        actor: u32,
        as_caller: bool,
    ) -> impl Iterator<Item = &(plasma_columns::CallKey, &'c Partition)> {
        use plasma_columns::CallerKind;

        let actor_type = frame.type_of(actor);
        let partitions = self.calls.get(moment).into_iter().flatten();
        partitions.filter(move |(key, _)| match as_caller {
            true => actor_type.map(CallerKind::Actors) == Some(key.callers),
            false => actor_type == Some(key.callees),
        })
    }
}
