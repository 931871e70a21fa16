//! Groups of colocated actors: a union-find that remembers which demand joined what.

use std::sync::Arc;

use super::by_actor::ByActor;
use super::cluster::ActorNo;
use super::demand::DemandNo;

/// A seat that nobody has, and a demand that is none.
const NONE: u32 = u32::MAX;

/// Seats: the actors that have a part in colocations, in order of number. Groups are kept of them only,
/// since most actors of a large cluster are in none.
#[derive(Debug)]
pub(crate) struct Seats {
    /// The seat of each actor; empty if nobody has one.
    of_actor: Vec<u32>,
    /// The actor on each seat.
    actors: Vec<u32>,
}

impl Seats {
    /// A seat for each actor that some colocation names.
    pub(crate) fn new(actors: usize, colocations: &ByActor<DemandNo>) -> Self {
        let mut seats = Seats {
            of_actor: Vec::new(),
            actors: Vec::new(),
        };
        if !colocations.is_empty() {
            seats.of_actor = vec![NONE; actors];
            for actor in colocations.actors() {
                seats.of_actor[actor] = seats.actors.len() as u32;
                seats.actors.push(actor as u32);
            }
        }
        seats
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.actors.len()
    }

    /// An actor's seat.
    pub(crate) fn of(&self, actor: ActorNo) -> Option<usize> {
        let seat = *self.of_actor.get(actor)?;
        (seat != NONE).then_some(seat as usize)
    }

    /// Who has a seat.
    pub(crate) fn actor(&self, seat: usize) -> ActorNo {
        self.actors[seat] as ActorNo
    }
}

/// Groups of actors that live together. Links are never shortened, so that the path between two
/// actors still tells by which demand they came together; by size, its length is logarithmic.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    seats: Arc<Seats>,
    /// The seat under which each is hung; its own at the root of a group.
    parents: Vec<u32>,
    /// The demand that hung a seat under its parent.
    joined_by: Vec<u32>,
    /// The next seat of the same group, in a ring.
    next: Vec<u32>,
    /// Members of each group, at its root.
    sizes: Vec<u32>,
}

impl Groups {
    /// Every actor alone.
    pub(crate) fn new(seats: Arc<Seats>) -> Self {
        let count = seats.count();
        Groups {
            seats,
            parents: (0..count as u32).collect(),
            joined_by: vec![NONE; count],
            next: (0..count as u32).collect(),
            sizes: vec![1; count],
        }
    }

    /// The actor that stands for the group.
    pub(crate) fn root(&self, actor: ActorNo) -> ActorNo {
        match self.seats.of(actor) {
            Some(seat) => self.seats.actor(self.root_seat(seat)),
            None => actor,
        }
    }

    /// The seat that stands for the group of a seat.
    pub(crate) fn root_seat(&self, mut seat: usize) -> usize {
        while self.parents[seat] as usize != seat {
            seat = self.parents[seat] as usize;
        }
        seat
    }

    /// The actor's group, in order of number.
    pub(crate) fn members(&self, actor: ActorNo) -> Vec<ActorNo> {
        if self.seats.of(actor).is_none() {
            return vec![actor];
        }
        let mut members: Vec<ActorNo> = self.ring(actor).collect();
        members.sort_unstable();
        members
    }

    /// The group of an actor that has a part in colocations, in no particular order.
    pub(crate) fn ring(&self, actor: ActorNo) -> impl Iterator<Item = ActorNo> {
        let first = self.seats.of(actor);
        let next = move |seat: &usize| {
            let next = self.next[*seat] as usize;
            (Some(next) != first).then_some(next)
        };
        let seats = std::iter::successors(first, next);
        seats.map(|seat| self.seats.actor(seat))
    }

    /// Joins the groups of two actors that have a part in colocations.
    pub(crate) fn join(&mut self, a: ActorNo, b: ActorNo, demand: DemandNo) {
        let (Some(a), Some(b)) = (self.seats.of(a), self.seats.of(b)) else {
            return;
        };
        let (a, b) = (self.root_seat(a), self.root_seat(b));
        if a == b {
            return;
        }
        let (child, parent) = if self.sizes[a] <= self.sizes[b] {
            (a, b)
        } else {
            (b, a)
        };
        self.parents[child] = parent as u32;
        self.joined_by[child] = demand as u32;
        self.sizes[parent] += self.sizes[child];
        self.next.swap(a, b);
    }

    /// The demand that joined the groups of two actors of one group.
    pub(crate) fn joined_by(&self, a: ActorNo, b: ActorNo) -> Option<DemandNo> {
        let (a, b) = (self.seats.of(a)?, self.seats.of(b)?);
        // Demands are joined in order, so the last one on the path between them closed the gap.
        let (up_a, up_b) = (self.ancestors(a), self.ancestors(b));
        let shared = up_a
            .iter()
            .rev()
            .zip(up_b.iter().rev())
            .take_while(|(x, y)| x == y)
            .count();
        let path = up_a
            .iter()
            .rev()
            .skip(shared)
            .chain(up_b.iter().rev().skip(shared));
        let joined_by = path.map(|seat| self.joined_by[*seat]);
        let closed = joined_by.filter(|demand| *demand != NONE).max();
        closed.map(|demand| demand as DemandNo)
    }

    fn ancestors(&self, seat: usize) -> Vec<usize> {
        let up = |seat: &usize| {
            let parent = self.parents[*seat] as usize;
            (parent != *seat).then_some(parent)
        };
        std::iter::successors(Some(seat), up).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{ByActor, Groups, Seats};

    #[test]
    fn groups_know_their_members_and_who_joined_them() {
        let named: Vec<(usize, usize)> = [1, 3, 4, 7, 8].map(|actor| (actor, 0)).into();
        let seats = Seats::new(10, &ByActor::new(10, named));
        let mut groups = Groups::new(seats.into());
        groups.join(7, 3, 0);
        groups.join(1, 4, 1);
        groups.join(3, 1, 2);
        groups.join(4, 7, 3);
        assert_eq!(groups.members(7), [1, 3, 4, 7]);
        assert_eq!(groups.members(8), [8]);
        assert_eq!(groups.members(2), [2]);
        assert_eq!(groups.root(4), groups.root(3));
        assert_eq!(groups.joined_by(3, 7), Some(0));
        assert_eq!(groups.joined_by(7, 4), Some(2));
    }
}
