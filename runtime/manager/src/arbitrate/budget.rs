//! Limits on all moves: what they do not let be done now waits for a later period.

use std::sync::Arc;

use plasma_model::Reason;

use super::cluster::ActorNo;
use super::demand::{Ask, DemandNo};
use super::schedule::{Step, at_once, may_be_done};
use super::solver::Solver;
use crate::restraint::Budget;

/// A plan as far as the limits let it be carried out now.
#[derive(Debug, Default)]
pub(super) struct Within {
    /// Steps in order.
    pub(super) steps: Vec<Step>,
    /// Steps that wait, each with the place of its reason.
    waiting: Vec<(Step, usize)>,
    reasons: Vec<Reason>,
    /// Demands that were accepted, and do not hold before what waits has been done.
    pub(super) unfinished: Vec<DemandNo>,
    /// Why something waits.
    pub(super) because: Option<Reason>,
}

impl Within {
    /// Actors whose move waits, with the reason.
    pub(super) fn waiting_actors(&self) -> impl Iterator<Item = (ActorNo, &Reason)> {
        let of_step = |(step, reason): &(Step, usize)| {
            let reason = &self.reasons[*reason];
            let members = step.members.clone().into_iter();
            members.map(move |actor| (actor, reason))
        };
        self.waiting.iter().flat_map(of_step)
    }

    fn wait(&mut self, steps: &[Step], reason: Reason) {
        if self.reasons.last() != Some(&reason) {
            self.reasons.push(reason);
        }
        let reason = self.reasons.len() - 1;
        let steps = steps.iter().cloned();
        self.waiting.extend(steps.map(|step| (step, reason)));
    }
}

/// Takes steps in their order, which is that of the demands, as far as the limits let them. From the
/// first one that has to wait all wait, so that it is not overtaken for ever; only one that is larger
/// than a limit, and would wait for ever itself, lets those pass that do not need what it frees. The
/// solver's draft is left where the steps lead.
pub(super) fn within(solver: &mut Solver<'_>, steps: Vec<Step>, budgets: &[Budget]) -> Within {
    let mut within = Within::default();
    let moves: usize = steps.iter().map(|step| step.members.len()).sum();
    let mut budgeted = budgets.iter();
    if budgeted.all(|budget| moves <= budget.left && moves <= budget.moves_max) {
        // The draft is where they lead.
        within.steps = steps;
        return within;
    }
    solver.draft.reset();
    let mut moved = 0;
    let mut first_to_wait: Option<Reason> = None;
    let mut left_out: Option<Reason> = None;
    for at_once in at_once(&steps) {
        let size: usize = at_once.iter().map(|step| step.members.len()).sum();
        let refused = match (&first_to_wait, too_large(budgets, size)) {
            (_, Some(reason)) => {
                left_out = Some(reason.clone());
                Some(reason)
            }
            (Some(reason), None) => Some(reason.clone()),
            (None, None) => {
                first_to_wait = used_up(budgets, moved + size);
                first_to_wait.clone()
            }
        };
        // What comes before may have been left out: it may not be time for this one yet.
        let refused = refused.or_else(|| {
            let reason = left_out.clone()?;
            (!may_be_done(solver, at_once)).then_some(reason)
        });
        match refused {
            Some(reason) => within.wait(at_once, reason),
            None => {
                moved += size;
                for (actor, to) in at_once.iter().flat_map(Step::moves) {
                    solver.draft.put(actor, to);
                }
                within.steps.extend_from_slice(at_once);
            }
        }
    }
    within.because = first_to_wait.or(left_out);
    if within.because.is_some() {
        within.unfinished = unfinished(solver);
    }
    within
}

/// The accepted demands that do not hold where the draft is.
fn unfinished(solver: &Solver<'_>) -> Vec<DemandNo> {
    let holds = |demand: DemandNo| match solver.demands.list[demand].ask {
        Ask::Reserve { actor, .. } => solver.is_alone(actor),
        Ask::Separate { a, b } => solver.draft.host(a) != solver.draft.host(b),
        Ask::Colocate { a, b } => solver.draft.host(a) == solver.draft.host(b),
        Ask::Migrate { actor, to } => solver.draft.host(actor) == to,
        Ask::Drain { server } => solver.draft.is_empty(server),
        Ask::ScaleIn { .. } => {
            let mut leaving = solver.leaving().into_iter();
            leaving.all(|server| solver.draft.is_empty(server))
        }
        Ask::Pin { .. } | Ask::Guard { .. } | Ask::Spread | Ask::Balance => true,
    };
    let all = 0..solver.demands.list.len();
    all.filter(|no| solver.stands(*no) && !holds(*no)).collect()
}

fn too_large(budgets: &[Budget], size: usize) -> Option<Reason> {
    let budget = budgets.iter().find(|budget| size > budget.moves_max)?;
    Some(Reason::LimitTooSmall {
        limit: Arc::clone(&budget.limit),
        members: size,
    })
}

fn used_up(budgets: &[Budget], moves: usize) -> Option<Reason> {
    let budget = budgets.iter().find(|budget| moves > budget.left)?;
    Some(Reason::LimitReached {
        limit: Arc::clone(&budget.limit),
        actor: None,
    })
}
