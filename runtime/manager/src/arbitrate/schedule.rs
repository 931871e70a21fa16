//! The order of the actions: what frees comes before what fills, so that the states between the
//! actions hold too.

mod exchange;

use std::collections::BTreeMap;

use super::cluster::{ActorNo, ServerNo};
use super::demand::Regard;
use super::solver::Solver;

/// Actors that move at once: one actor, or the members of a group.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    /// In order of number; never empty.
    pub(crate) members: Vec<ActorNo>,
    pub(crate) to: ServerNo,
    /// Whether it is done at once with the step before it.
    joins: bool,
}

impl Step {
    /// A step by itself.
    pub(crate) fn new(members: Vec<ActorNo>, to: ServerNo) -> Self {
        Step {
            members,
            to,
            joins: false,
        }
    }

    /// Its members, each with where it goes.
    pub(crate) fn moves(&self) -> impl Iterator<Item = (ActorNo, ServerNo)> {
        self.members.iter().map(|actor| (*actor, self.to))
    }
}

/// The steps of a schedule that are done at once, group by group.
pub(crate) fn at_once(steps: &[Step]) -> impl Iterator<Item = &[Step]> {
    steps.chunk_by(|_, next| next.joins)
}

/// The steps in an order that can be carried out, and those for which there is none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schedule {
    /// In order; see [`at_once`].
    pub(crate) steps: Vec<Step>,
    pub(crate) stuck: Vec<Step>,
}

/// Orders steps that lead from the placement before the plan to the solver's. They keep the order in
/// which they were decided, except that one waits until there is room for it. The solver's draft is
/// left where the ordered steps lead.
pub(crate) fn schedule(solver: &mut Solver<'_>, steps: Vec<Step>) -> Schedule {
    solver.draft.reset();
    let mut schedule = Schedule {
        steps: Vec::with_capacity(steps.len()),
        stuck: steps,
    };
    while run_ready(solver, &mut schedule)
        || run_exchange(solver, &mut schedule)
        || run_exception(solver, &mut schedule)
    {}
    schedule
}

/// Whether steps can be done, at once, where the draft is now. It is left as it was.
pub(super) fn may_be_done(solver: &mut Solver<'_>, at_once: &[Step]) -> bool {
    match at_once {
        [step] => {
            let ready = solver.may_enter(&step.members, step.to, Regard::Standing);
            ready.is_ok()
        }
        steps => exchange::find(solver, steps, 0).is_some_and(|order| order.len() == steps.len()),
    }
}

/// Carries out every step that can be; whether there was one.
fn run_ready(solver: &mut Solver<'_>, schedule: &mut Schedule) -> bool {
    let mut waiting = Vec::new();
    let waiting_before = schedule.stuck.len();
    for step in std::mem::take(&mut schedule.stuck) {
        let ready = solver.may_enter(&step.members, step.to, Regard::Standing);
        if ready.is_ok() {
            put(solver, &step);
            schedule.steps.push(step);
        } else {
            waiting.push(step);
        }
    }
    schedule.stuck = waiting;
    schedule.stuck.len() < waiting_before
}

/// Where nothing else can go on, not even at once: carries out the first step that only comes too
/// early to a reserved actor which is yet to leave.
fn run_exception(solver: &mut Solver<'_>, schedule: &mut Schedule) -> bool {
    if schedule.stuck.is_empty() {
        return false;
    }
    let steps = schedule.steps.iter().chain(&schedule.stuck);
    let finals: BTreeMap<ActorNo, ServerNo> = steps.flat_map(Step::moves).collect();
    let place = schedule
        .stuck
        .iter()
        .position(|step| comes_only_early(solver, step, &finals));
    let Some(place) = place else { return false };
    let step = schedule.stuck.remove(place);
    put(solver, &step);
    schedule.steps.push(step);
    true
}

/// Where steps wait for one another though there is room: carries out the first of them at once with
/// those that are in each other's way.
fn run_exchange(solver: &mut Solver<'_>, schedule: &mut Schedule) -> bool {
    for first in 0..schedule.stuck.len() {
        let Some(order) = exchange::find(solver, &schedule.stuck, first) else {
            continue;
        };
        let mut steps: Vec<Step> = order.iter().map(|no| schedule.stuck[*no].clone()).collect();
        for (place, step) in steps.iter_mut().enumerate() {
            put(solver, step);
            step.joins = place > 0;
        }
        let mut no = 0;
        schedule.stuck.retain(|_| {
            no += 1;
            !order.contains(&(no - 1))
        });
        schedule.steps.append(&mut steps);
        return true;
    }
    false
}

fn comes_only_early(
    solver: &Solver<'_>,
    step: &Step,
    finals: &BTreeMap<ActorNo, ServerNo>,
) -> bool {
    let (unit, to) = (&step.members, step.to);
    let reserved = |actor: ActorNo| solver.reservation_of(actor, Regard::Standing).is_some();
    let leaves = |owner: ActorNo| finals.get(&owner).is_some_and(|last| *last != to);
    solver
        .draft
        .claimants(to)
        .all(|owner| leaves(owner) || !reserved(owner))
        && !unit.iter().any(|actor| reserved(*actor))
        && solver.has_room(unit, to).is_ok()
        && solver.stays_apart(unit, to, Regard::Standing).is_ok()
}

fn put(solver: &mut Solver<'_>, step: &Step) {
    for actor in &step.members {
        solver.draft.put(*actor, step.to);
    }
}
