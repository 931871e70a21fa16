//! Which colocations go together by themselves, whatever the room: found before anything moves, so
//! that a group is known whole when its first member moves.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::cluster::{ActorNo, ServerNo};
use super::demand::{Ask, DemandNo};
use super::groups::{Groups, Seats};
use super::solver::Solver;

/// What is known of a group while groups are formed; kept at its root.
#[derive(Clone, Debug, Default)]
struct Ties {
    /// The server of a pinned member.
    pinned: Option<ServerNo>,
    /// Actors from which some member is to be separated.
    apart_from: Vec<ActorNo>,
}

/// The groups that colocations would make if there were room for all of them.
#[derive(Debug)]
pub(crate) struct WholeGroups {
    pub(crate) groups: Groups,
    /// Separations within a group made by what ranks higher: they need not be respected while the
    /// group lasts.
    pub(crate) doomed: BTreeSet<DemandNo>,
}

/// Forms the groups of all colocations but those that contradict what ranks higher: that would join
/// two pinned servers or two separated actors. Nothing is decided here; a colocation that makes no
/// group is still tried when its turn comes, since what it contradicts may have been dropped.
pub(crate) fn whole_groups(solver: &Solver<'_>) -> WholeGroups {
    let seats = &solver.demands.seats;
    let mut forming = Forming {
        seats,
        groups: Groups::new(Arc::clone(seats)),
        ties: vec![Ties::default(); seats.count()],
    };
    let mut doomed = BTreeSet::new();
    if seats.count() == 0 {
        let groups = forming.groups;
        return WholeGroups { groups, doomed };
    }
    for (demand, asked) in solver.demands.list.iter().enumerate() {
        match asked.ask {
            Ask::Pin { actor } => {
                let host = solver.draft.host(actor);
                if let Some(ties) = forming.ties_of(actor) {
                    ties.pinned.get_or_insert(host);
                }
            }
            Ask::Separate { a, b } => {
                if forming.groups.root(a) == forming.groups.root(b) {
                    doomed.insert(demand);
                    continue;
                }
                for (actor, other) in [(a, b), (b, a)] {
                    if let Some(ties) = forming.ties_of(actor) {
                        ties.apart_from.push(other);
                    }
                }
            }
            Ask::Colocate { a, b } => {
                let hopeless = solver.demands.hopeless.contains(&demand);
                let given_up = solver.demands.given_up.contains_key(&demand);
                if !hopeless && !given_up {
                    forming.join(a, b, demand);
                }
            }
            Ask::Reserve { .. }
            | Ask::Guard { .. }
            | Ask::Drain { .. }
            | Ask::Migrate { .. }
            | Ask::ScaleIn { .. }
            | Ask::Spread
            | Ask::Balance => {}
        }
    }
    let groups = forming.groups;
    WholeGroups { groups, doomed }
}

/// Groups in the making.
struct Forming<'s> {
    seats: &'s Seats,
    groups: Groups,
    /// By seat, kept at the root of each group.
    ties: Vec<Ties>,
}

impl Forming<'_> {
    /// The ties of an actor's group; `None` for one that has no part in colocations.
    fn ties_of(&mut self, actor: ActorNo) -> Option<&mut Ties> {
        let root = self.groups.root_seat(self.seats.of(actor)?);
        Some(&mut self.ties[root])
    }

    /// Joins the groups of two actors, if that contradicts nothing.
    fn join(&mut self, a: ActorNo, b: ActorNo, demand: DemandNo) {
        let (Some(seat_a), Some(seat_b)) = (self.seats.of(a), self.seats.of(b)) else {
            return;
        };
        let root_a = self.groups.root_seat(seat_a);
        let root_b = self.groups.root_seat(seat_b);
        if root_a == root_b || self.contradicts(root_a, root_b) {
            return;
        }
        let mut more = std::mem::take(&mut self.ties[root_a]);
        let mut fewer = std::mem::take(&mut self.ties[root_b]);
        self.groups.join(a, b, demand);
        if more.apart_from.len() < fewer.apart_from.len() {
            std::mem::swap(&mut more, &mut fewer);
        }
        more.pinned = more.pinned.or(fewer.pinned);
        more.apart_from.append(&mut fewer.apart_from);
        let root = self.groups.root_seat(root_a);
        self.ties[root] = more;
    }

    fn contradicts(&self, root_a: usize, root_b: usize) -> bool {
        let (ties_a, ties_b) = (&self.ties[root_a], &self.ties[root_b]);
        if let (Some(server_a), Some(server_b)) = (ties_a.pinned, ties_b.pinned)
            && server_a != server_b
        {
            return true;
        }
        let (fewer, other) = if ties_a.apart_from.len() <= ties_b.apart_from.len() {
            (ties_a, root_b)
        } else {
            (ties_b, root_a)
        };
        let other = self.seats.actor(other);
        let mut apart_from = fewer.apart_from.iter();
        apart_from.any(|actor| self.groups.root(*actor) == other)
    }
}
