//! Steps that can only be done at once: two actors that must be apart change places, or a reserved
//! one goes where those are who have to leave for it. Capacity is kept in the order of the steps.

use super::{Step, put};
use crate::arbitrate::cluster::{ActorNo, ServerNo};
use crate::arbitrate::demand::Regard;
use crate::arbitrate::solver::Solver;

/// The stuck steps, by place and in order, that have to be done at once with the first so that each
/// may be done; `None` if that does not help. The draft is left as it was.
pub(super) fn find(solver: &mut Solver<'_>, stuck: &[Step], first: usize) -> Option<Vec<usize>> {
    let checkpoint = solver.draft.checkpoint();
    let mut search = Search {
        stuck,
        begun: vec![false; stuck.len()],
        order: Vec::new(),
        members: 0,
    };
    let is_found = search.place(solver, first) && search.holds(solver);
    solver.draft.rollback(checkpoint);
    is_found.then_some(search.order)
}

struct Search<'s> {
    stuck: &'s [Step],
    begun: Vec<bool>,
    order: Vec<usize>,
    members: usize,
}

impl Search<'_> {
    /// Puts a step into the draft, and before it those in its way; whether there was room.
    fn place(&mut self, solver: &mut Solver<'_>, no: usize) -> bool {
        let step = &self.stuck[no];
        self.begun[no] = true;
        self.members += step.members.len();
        if self.members > crate::GROUP_MEMBERS_MAX {
            return false;
        }
        for other in 0..self.stuck.len() {
            if !self.begun[other]
                && is_in_the_way(solver, step, &self.stuck[other])
                && !self.place(solver, other)
            {
                return false;
            }
        }
        if solver.has_room(&step.members, step.to).is_err() {
            return false;
        }
        put(solver, step);
        self.order.push(no);
        true
    }

    /// Whether each step may be done once the others are.
    fn holds(&self, solver: &mut Solver<'_>) -> bool {
        self.order.iter().all(|no| {
            let Step { members, to, .. } = &self.stuck[*no];
            let host = |actor: &ActorNo| solver.draft.cluster().host(*actor);
            let hosts: Vec<ServerNo> = members.iter().map(host).collect();
            for (actor, host) in members.iter().zip(&hosts) {
                solver.draft.put(*actor, *host);
            }
            let may_enter = solver
                .leaves_reserved_alone(members, *to, Regard::Standing)
                .and_then(|()| solver.stays_apart(members, *to, Regard::Standing))
                .is_ok();
            put(solver, &self.stuck[*no]);
            may_enter
        })
    }
}

/// Whether a step waits for another one to leave its target.
fn is_in_the_way(solver: &Solver<'_>, step: &Step, other: &Step) -> bool {
    let leaving = || {
        let members = other.members.iter().copied();
        members.filter(|actor| other.to != step.to && solver.draft.host(*actor) == step.to)
    };
    let is_reserved = |actor: ActorNo| solver.reservation_of(actor, Regard::Standing).is_some();
    let is_apart = |actor: ActorNo, from: ActorNo| {
        let separations = solver.demands.separations.of(actor).iter();
        separations
            .filter(|(other, _)| *other == from)
            .any(|(_, separate)| solver.binds_if_it_holds(*separate, Regard::Standing))
    };
    leaving().any(|there| {
        is_reserved(there)
            || step
                .members
                .iter()
                .any(|actor| is_reserved(*actor) || is_apart(*actor, there))
    })
}
