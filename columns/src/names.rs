//! Names with numbers: each name once, its number the place at which it was first seen.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashTable};

/// Names of one kind, numbered in the order in which they were first seen.
///
/// All texts stand behind one another in one buffer: a name of ten bytes costs about twenty.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: String,
    /// Where each name ends in `text`.
    ends: Vec<usize>,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Place of each name in text order; shorter than `ends` until [`Names::rank`] has seen all.
    ranks: Vec<u32>,
}

impl Names {
    /// How many names there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The number of a name, if it was seen before.
    pub fn get(&self, name: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(name);
        let is_name = |no: &u32| text_of(&self.text, &self.ends, *no) == name;
        self.numbers.find(hash, is_name).copied()
    }

    /// The number of a name, a new one if it was not seen before.
    ///
    /// # Panics
    ///
    /// Beyond 2³²−1 names, which do not fit a machine.
    pub fn number(&mut self, name: &str) -> u32 {
        let hash = self.hasher.hash_one(name);
        let (text, ends) = (&self.text, &self.ends);
        if let Some(no) = self
            .numbers
            .find(hash, |no| text_of(text, ends, *no) == name)
        {
            return *no;
        }
        let no = u32::try_from(self.ends.len()).expect("fewer than 2^32 names");
        self.text.push_str(name);
        self.ends.push(self.text.len());
        let (text, ends, hasher) = (&self.text, &self.ends, &self.hasher);
        let rehash = |no: &u32| hasher.hash_one(text_of(text, ends, *no));
        self.numbers.insert_unique(hash, no, rehash);
        no
    }

    /// The name of a number; empty for a number that was never given.
    pub fn name(&self, no: u32) -> &str {
        text_of(&self.text, &self.ends, no)
    }

    /// Every name with its number, in the order of the numbers.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        (0..).zip(&self.ends).map(|(no, _)| (no, self.name(no)))
    }

    /// Brings the ranks up to date with the names seen since the last time.
    pub fn rank(&mut self) {
        let ranked = self.ranks.len();
        if ranked == self.len() {
            return;
        }
        // The old ones are sorted already: only the new ones need be, then both are merged.
        let mut old = vec![0; ranked];
        for (no, rank) in (0..).zip(&self.ranks) {
            if let Some(place) = old.get_mut(*rank as usize) {
                *place = no;
            }
        }
        let mut new: Vec<u32> = (0..)
            .zip(&self.ends)
            .map(|(no, _)| no)
            .skip(ranked)
            .collect();
        new.sort_unstable_by(|a, b| self.name(*a).cmp(self.name(*b)));
        let mut ranks = vec![0; self.len()];
        let (mut old, mut new) = (old.into_iter().peekable(), new.into_iter().peekable());
        for rank in 0.. {
            let next = match (old.peek(), new.peek()) {
                (Some(a), Some(b)) if self.name(*a) < self.name(*b) => old.next(),
                (_, Some(_)) => new.next(),
                (Some(_), None) => old.next(),
                (None, None) => break,
            };
            if let Some(place) = next.and_then(|no| ranks.get_mut(no as usize)) {
                *place = rank;
            }
        }
        self.ranks = ranks;
    }

    /// Place of each name in text order, by number; of those that were there at [`Names::rank`].
    pub fn ranks(&self) -> &[u32] {
        &self.ranks
    }

    /// Bytes held in memory.
    pub fn bytes(&self) -> usize {
        self.text.capacity()
            + self.ends.capacity() * size_of::<usize>()
            + self.numbers.allocation_size()
            + self.ranks.capacity() * size_of::<u32>()
    }
}

fn text_of<'t>(text: &'t str, ends: &[usize], no: u32) -> &'t str {
    let no = no as usize;
    let start = no.checked_sub(1).and_then(|before| ends.get(before));
    let end = ends.get(no).copied().unwrap_or(0);
    text.get(start.copied().unwrap_or(0)..end).unwrap_or("")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_number() {
        let mut names = Names::default();
        assert_eq!(names.number("b"), 0);
        assert_eq!(names.number("a"), 1);
        assert_eq!(names.number("b"), 0);
        assert_eq!(names.get("a"), Some(1));
        assert_eq!(names.get("c"), None);
        assert_eq!(names.name(0), "b");
        assert_eq!(names.name(7), "");
    }

    #[test]
    fn ranks_are_in_text_order_whenever_names_come() {
        let mut names = Names::default();
        for batch in [&["m", "c", "x"][..], &["a", "d", "z"], &[], &["b"]] {
            for name in batch {
                names.number(name);
            }
            names.rank();
            let mut by_rank: Vec<(u32, &str)> = names
                .iter()
                .map(|(no, name)| (names.ranks()[no as usize], name))
                .collect();
            by_rank.sort_unstable();
            let mut sorted: Vec<&str> = names.iter().map(|(_, name)| name).collect();
            sorted.sort_unstable();
            assert_eq!(
                by_rank.iter().map(|(_, name)| *name).collect::<Vec<_>>(),
                sorted
            );
        }
    }
}
