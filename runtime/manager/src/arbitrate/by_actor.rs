//! What is asked of each actor: lists that are mostly empty, in one piece of memory.

use super::cluster::ActorNo;

/// Actors for each of which there is an entry from which on all actors have a place in the list of starts.
const ACTORS_PER_ENTRY: usize = 16;

/// A list for each actor.
#[derive(Debug)]
pub(crate) struct ByActor<T> {
    /// The actors with a list, in order; empty if all actors have a place.
    actors: Vec<u32>,
    /// Where each list begins, and where the last one ends; empty if there are none.
    starts: Vec<u32>,
    entries: Vec<T>,
}

impl<T: Copy> ByActor<T> {
    /// Sorts entries by actor; those of one actor keep their order.
    pub(crate) fn new(actors: usize, mut entries: Vec<(ActorNo, T)>) -> Self {
        let mut by_actor = ByActor {
            actors: Vec::new(),
            starts: Vec::new(),
            entries: Vec::new(),
        };
        if entries.is_empty() {
            return by_actor;
        }
        if entries.len() < actors / ACTORS_PER_ENTRY {
            entries.sort_by_key(|(actor, _)| *actor);
            for list in entries.chunk_by(|a, b| a.0 == b.0) {
                by_actor.actors.push(list[0].0 as u32);
                by_actor.starts.push(by_actor.entries.len() as u32);
                by_actor
                    .entries
                    .extend(list.iter().map(|(_, entry)| *entry));
            }
            by_actor.starts.push(by_actor.entries.len() as u32);
            return by_actor;
        }
        let mut starts = vec![0_u32; actors + 1];
        for (actor, _) in &entries {
            starts[actor + 1] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        // Filled from the back, each list's start is its end until it is full.
        by_actor.entries = vec![entries[0].1; entries.len()];
        let mut ends = starts[1..].to_vec();
        for (actor, entry) in entries.iter().rev() {
            ends[*actor] -= 1;
            by_actor.entries[ends[*actor] as usize] = *entry;
        }
        by_actor.starts = starts;
        by_actor
    }

    /// An actor's list.
    pub(crate) fn of(&self, actor: ActorNo) -> &[T] {
        let place = match (self.starts.is_empty(), self.actors.is_empty()) {
            (true, _) => return &[],
            (false, true) => actor,
            (false, false) => match self.actors.binary_search(&(actor as u32)) {
                Ok(place) => place,
                Err(_) => return &[],
            },
        };
        &self.entries[self.starts[place] as usize..self.starts[place + 1] as usize]
    }

    /// The actors whose list is not empty, in order.
    pub(crate) fn actors(&self) -> impl Iterator<Item = ActorNo> {
        let listed = self.actors.iter().map(|actor| *actor as ActorNo);
        let starts = match self.actors.is_empty() {
            true => &self.starts[..],
            false => &[],
        };
        let placed = starts.windows(2).enumerate();
        let placed = placed.filter(|(_, pair)| pair[0] < pair[1]);
        listed.chain(placed.map(|(actor, _)| actor))
    }

    /// Whether all lists are empty.
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::ByActor;

    #[test]
    fn each_actor_has_its_entries_in_their_order() {
        for actors in [4, 400] {
            let lists = ByActor::new(actors, vec![(2, 'a'), (0, 'b'), (2, 'c')]);
            assert!(lists.actors().eq([0, 2]));
            assert_eq!(
                [0, 1, 2, 3].map(|actor| lists.of(actor)),
                [&['b'][..], &[], &['a', 'c'], &[]]
            );
        }
        assert!(ByActor::<char>::new(3, Vec::new()).of(2).is_empty());
    }
}
