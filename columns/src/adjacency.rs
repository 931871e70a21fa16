//! The actors that each actor refers to in one property.

use std::sync::Arc;

use crate::ActorNo;

/// Where an owner's list would stand, if it had been reported.
const UNREPORTED: u32 = u32::MAX;

/// Lists of actors, one an owner, in one pool. A clone shares them until one is changed.
#[derive(Clone, Debug, Default)]
pub struct Adjacency {
    /// Where each owner's list begins in the pool.
    starts: Arc<Vec<u32>>,
    /// Each list after its length.
    pool: Arc<Vec<ActorNo>>,
    /// Places of the pool that no list needs any more.
    wasted: usize,
    /// How many references there are.
    members: usize,
}

impl Adjacency {
    /// Whom an owner refers to, in the order reported; `None` if that was not reported.
    #[inline]
    pub fn of(&self, owner: ActorNo) -> Option<&[ActorNo]> {
        let start = *self.starts.get(owner as usize)?;
        if start == UNREPORTED {
            return None;
        }
        let (len, rest) = self.pool.get(start as usize..)?.split_first()?;
        rest.get(..*len as usize)
    }

    /// How many owners there may be, and how many references.
    pub fn size(&self) -> (usize, usize) {
        (self.starts.len(), self.members)
    }

    /// Sets whom an owner refers to; whether that is another list than before.
    pub fn set(&mut self, owner: ActorNo, members: Option<&[ActorNo]>) -> bool {
        let before = self.of(owner);
        if before == members {
            return false;
        }
        let room = before.map_or(0, |list| list.len() + 1);
        self.members -= before.map_or(0, <[ActorNo]>::len);
        let place = owner as usize;
        let starts = Arc::make_mut(&mut self.starts);
        if place >= starts.len() {
            starts.resize(place + 1, UNREPORTED);
        }
        let Some(start) = starts.get_mut(place) else {
            return false;
        };
        let Some(members) = members else {
            *start = UNREPORTED;
            self.wasted += room;
            return true;
        };
        self.members += members.len();
        let pool = Arc::make_mut(&mut self.pool);
        let needed = members.len() + 1;
        let at = *start as usize;
        match pool.get_mut(at..at.saturating_add(needed)) {
            // In place of the old list.
            Some([len, list @ ..]) if needed <= room => {
                *len = members.len() as u32;
                list.copy_from_slice(members);
                self.wasted += room - needed;
            }
            _ => {
                *start = pool.len() as u32;
                pool.push(members.len() as u32);
                pool.extend_from_slice(members);
                self.wasted += room;
            }
        }
        if self.wasted > 1024 && self.wasted * 2 > self.pool.len() {
            self.compact();
        }
        true
    }

    fn compact(&mut self) {
        let mut pool = Vec::with_capacity(self.pool.len() - self.wasted);
        let starts = Arc::make_mut(&mut self.starts).iter_mut();
        for start in starts.filter(|start| **start != UNREPORTED) {
            let list = self.pool.get(*start as usize..).unwrap_or_default();
            let len = list.first().map_or(0, |len| *len as usize + 1);
            *start = pool.len() as u32;
            pool.extend_from_slice(list.get(..len).unwrap_or_default());
        }
        (self.pool, self.wasted) = (Arc::new(pool), 0);
    }

    /// Gives memory back that was taken for growth.
    pub(crate) fn shrink(&mut self) {
        Arc::make_mut(&mut self.starts).shrink_to_fit();
        Arc::make_mut(&mut self.pool).shrink_to_fit();
    }

    /// Bytes held in memory.
    pub fn bytes(&self) -> usize {
        (self.starts.capacity() + self.pool.capacity()) * size_of::<u32>()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nobody_is_not_the_same_as_not_reported() {
        let mut refs = Adjacency::default();
        assert_eq!(refs.of(1), None);
        assert!(refs.set(1, Some(&[])));
        assert_eq!(refs.of(1), Some(&[][..]));
        assert!(refs.set(1, None));
        assert_eq!(refs.of(1), None);
    }

    proptest! {
        #[test]
        fn lists_are_what_was_set_last(
            sets in prop::collection::vec((0..40u32, prop::option::of(prop::collection::vec(0..9u32, 0..90))), 0..200)
        ) {
            let (mut refs, mut expected) = (Adjacency::default(), BTreeMap::new());
            for (owner, members) in sets {
                refs.set(owner, members.as_deref());
                expected.insert(owner, members);
                for (owner, members) in &expected {
                    prop_assert_eq!(refs.of(*owner), members.as_deref());
                }
            }
            let referred: usize = expected.values().flatten().map(Vec::len).sum();
            prop_assert_eq!(refs.size().1, referred);
        }
    }
}
