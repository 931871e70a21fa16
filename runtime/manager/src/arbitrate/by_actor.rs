//! What is asked of each actor: lists that are mostly empty, in one piece of memory.

use super::cluster::ActorNo;

/// A list for each actor.
#[derive(Debug, Default)]
pub(crate) struct ByActor<T> {
    /// Where each actor's list begins, and where the last one ends; empty if all lists are.
    starts: Vec<u32>,
    entries: Vec<T>,
}

impl<T: Copy> ByActor<T> {
    /// Sorts entries by actor; those of one actor keep their order.
    pub(crate) fn new(actors: usize, entries: &[(ActorNo, T)]) -> Self {
        let Some((_, any)) = entries.first() else {
            return ByActor {
                starts: Vec::new(),
                entries: Vec::new(),
            };
        };
        let mut starts = vec![0_u32; actors + 1];
        for (actor, _) in entries {
            starts[actor + 1] += 1;
        }
        let mut end = 0;
        for start in &mut starts {
            end += *start;
            *start = end;
        }
        // Filled from the back, each list's start is its end until it is full.
        let mut sorted = vec![*any; entries.len()];
        let mut ends = starts[1..].to_vec();
        for (actor, entry) in entries.iter().rev() {
            ends[*actor] -= 1;
            sorted[ends[*actor] as usize] = *entry;
        }
        ByActor {
            starts,
            entries: sorted,
        }
    }

    /// An actor's list.
    pub(crate) fn of(&self, actor: ActorNo) -> &[T] {
        if self.starts.is_empty() {
            return &[];
        }
        &self.entries[self.starts[actor] as usize..self.starts[actor + 1] as usize]
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
        let lists = ByActor::new(4, &[(2, 'a'), (0, 'b'), (2, 'c')]);
        assert_eq!(
            [0, 1, 2, 3].map(|actor| lists.of(actor)),
            [&['b'][..], &[], &['a', 'c'], &[]]
        );
        assert!(ByActor::<char>::new(3, &[]).of(2).is_empty());
    }
}
