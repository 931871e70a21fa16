//! The actors that each actor refers to in one property.

use std::sync::Arc;

use crate::ActorNo;

/// Where an owner's list stands; the length of a list that was never reported.
const UNREPORTED: u32 = u32::MAX;

/// Lists of actors, one an owner, in one pool. A clone shares them until one is changed.
#[derive(Clone, Debug, Default)]
pub struct Adjacency {
    /// By owner.
    spans: Arc<Vec<Span>>,
    pool: Arc<Vec<ActorNo>>,
    /// Places of the pool that no list needs any more.
    wasted: usize,
}

#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    len: u32,
}

const NONE: Span = Span {
    start: 0,
    len: UNREPORTED,
};

impl Adjacency {
    /// Whom an owner refers to, in the order reported; `None` if that was not reported.
    #[inline]
    pub fn of(&self, owner: ActorNo) -> Option<&[ActorNo]> {
        let span = self.spans.get(owner as usize)?;
        if span.len == UNREPORTED {
            return None;
        }
        let start = span.start as usize;
        self.pool.get(start..start + span.len as usize)
    }

    /// How many owners there may be, and how many references.
    pub fn size(&self) -> (usize, usize) {
        (self.spans.len(), self.pool.len() - self.wasted)
    }

    /// Sets whom an owner refers to; whether that is another list than before.
    pub fn set(&mut self, owner: ActorNo, members: Option<&[ActorNo]>) -> bool {
        let before = self.of(owner);
        if before == members {
            return false;
        }
        let before_len = before.map_or(0, <[ActorNo]>::len);
        let place = owner as usize;
        let spans = Arc::make_mut(&mut self.spans);
        if place >= spans.len() {
            spans.resize(place + 1, NONE);
        }
        let Some(span) = spans.get_mut(place) else {
            return false;
        };
        let Some(members) = members else {
            *span = NONE;
            self.wasted += before_len;
            return true;
        };
        let pool = Arc::make_mut(&mut self.pool);
        let start = match members.len() <= before_len {
            // In place of the old list.
            true => span.start as usize,
            false => pool.len(),
        };
        match pool.get_mut(start..start + members.len()) {
            Some(old) => old.copy_from_slice(members),
            None => pool.extend_from_slice(members),
        }
        self.wasted += match members.len() <= before_len {
            true => before_len - members.len(),
            false => before_len,
        };
        *span = Span {
            start: start as u32,
            len: members.len() as u32,
        };
        if self.wasted > 1024 && self.wasted * 2 > self.pool.len() {
            self.compact();
        }
        true
    }

    fn compact(&mut self) {
        let mut pool = Vec::with_capacity(self.pool.len() - self.wasted);
        let spans = Arc::make_mut(&mut self.spans).iter_mut();
        for span in spans.filter(|span| span.len != UNREPORTED) {
            let start = span.start as usize;
            let list = self.pool.get(start..start + span.len as usize);
            span.start = pool.len() as u32;
            pool.extend_from_slice(list.unwrap_or_default());
        }
        (self.pool, self.wasted) = (Arc::new(pool), 0);
    }

    /// Bytes held in memory.
    pub fn bytes(&self) -> usize {
        self.spans.capacity() * size_of::<Span>() + self.pool.capacity() * size_of::<ActorNo>()
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
