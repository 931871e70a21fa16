//! Names with numbers: each name once, under a number that it keeps until it is forgotten.

use std::hash::BuildHasher;
use std::ops::Range;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use crate::{NOBODY, NumberSet};

/// Names of one kind, numbered in the order in which they were first seen, those forgotten first.
///
/// All texts stand behind one another in one buffer: a name of ten bytes costs about twenty.
#[derive(Clone, Debug, Default)]
pub struct Names {
    text: String,
    ends: Ends,
    numbers: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Place of each name in text order, [`NOBODY`] of those forgotten; shorter than `ends` until [`Names::rank`]
    /// has seen all.
    ranks: Vec<u32>,
    /// Numbers whose names were forgotten, to be given again.
    free: Vec<u32>,
    /// Where names stand that do not follow the one of the number before: of numbers given again, and of the next new
    /// one.
    apart: HashMap<u32, Range<usize>>,
}

/// How many names share one [`Ends::bases`].
const GROUP: usize = 64;

/// Where each name ends in the text: in four bytes a name.
#[derive(Clone, Debug, Default)]
struct Ends {
    /// Counted from the base of its group.
    ends: Vec<u32>,
    /// Where each group of names begins.
    bases: Vec<usize>,
}

impl Ends {
    fn len(&self) -> usize {
        self.ends.len()
    }

    fn push(&mut self, start: usize, end: usize) {
        if self.ends.len().is_multiple_of(GROUP) {
            self.bases.push(start);
        }
        let base = self.bases.last().copied().unwrap_or(0);
        let end = u32::try_from(end - base).expect("names of a sane length");
        self.ends.push(end);
    }

    /// Where a name stands; empty for a number that was never given.
    fn range(&self, no: u32) -> Range<usize> {
        let no = no as usize;
        let base = self.bases.get(no / GROUP).copied().unwrap_or(0);
        let start = match no % GROUP {
            0 => 0,
            _ => self.ends.get(no - 1).copied().unwrap_or(0),
        };
        match self.ends.get(no) {
            Some(end) => base + start as usize..base + *end as usize,
            None => 0..0,
        }
    }
}

impl Names {
    /// How many names there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 0
    }

    /// How many names are held, those forgotten left out.
    pub(crate) fn held(&self) -> usize {
        self.ends.len() - self.free.len()
    }

    /// Numbers whose names were forgotten and that were not given again.
    pub(crate) fn free(&self) -> &[u32] {
        &self.free
    }

    /// The number of a name, if it was seen before.
    pub fn get(&self, name: &str) -> Option<u32> {
        let hash = self.hasher.hash_one(name);
        let is_name = |no: &u32| self.name(*no) == name;
        self.numbers.find(hash, is_name).copied()
    }

    /// The number of a name, a new one if it was not seen before.
    ///
    /// # Panics
    ///
    /// Beyond 2³²−1 names, which do not fit a machine, or 64 names of 4 GiB together.
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(no) = self.get(name) {
            return no;
        }
        let start = self.text.len();
        self.text.push_str(name);
        let no = match self.free.pop() {
            Some(no) => {
                self.apart.insert(no, start..self.text.len());
                no
            }
            None => {
                let no = u32::try_from(self.ends.len()).expect("fewer than 2^32 names");
                let before = no.checked_sub(1).map_or(0, |no| self.ends.range(no).end);
                self.ends.push(start, self.text.len());
                if before != start {
                    self.apart.insert(no, start..self.text.len());
                }
                no
            }
        };
        let places = (&self.text, &self.ends, &self.apart);
        let rehash = |no: &u32| self.hasher.hash_one(text_of(places, *no));
        let hash = self.hasher.hash_one(name);
        self.numbers.insert_unique(hash, no, rehash);
        no
    }

    /// Forgets names: whoever knows their numbers must not ask for them any more. The numbers are given again.
    pub(crate) fn forget(&mut self, numbers: &[u32]) {
        for no in numbers {
            let hash = self.hasher.hash_one(self.name(*no));
            if let Ok(entry) = self.numbers.find_entry(hash, |of| of == no) {
                entry.remove();
            }
            if let Some(rank) = self.ranks.get_mut(*no as usize) {
                *rank = NOBODY;
            }
        }
        self.free.extend_from_slice(numbers);
        let is_free: NumberSet = self.free.iter().copied().collect();
        let (mut text, mut ends) = (String::new(), Ends::default());
        for no in 0..self.len() as u32 {
            let start = text.len();
            if !is_free.contains(no) {
                text.push_str(self.name(no));
            }
            ends.push(start, text.len());
        }
        (self.text, self.ends) = (text, ends);
        self.apart.clear();
    }

    /// The name of a number; empty for a number that was never given, or is free.
    #[inline]
    pub fn name(&self, no: u32) -> &str {
        text_of((&self.text, &self.ends, &self.apart), no)
    }

    /// Every name with its number, in the order of the numbers; free numbers have an empty one.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        (0..self.len() as u32).map(|no| (no, self.name(no)))
    }

    /// Brings the ranks up to date with the names seen since the last time.
    pub fn rank(&mut self) {
        // Those given again have no rank yet, as those that are new.
        let ranked = self.ranks.len();
        let again = self.apart.keys().copied();
        let is_unranked = |no: &u32| self.ranks.get(*no as usize) == Some(&NOBODY);
        let mut new: Vec<u32> = again.filter(is_unranked).collect();
        if ranked == self.len() && new.is_empty() {
            return;
        }
        new.extend(ranked as u32..self.len() as u32);
        // The old ones are sorted already: only the new ones need be, then both are merged.
        let mut old = vec![NOBODY; ranked];
        for (no, rank) in (0..).zip(&self.ranks) {
            if let Some(place) = old.get_mut(*rank as usize) {
                *place = no;
            }
        }
        old.retain(|no| *no != NOBODY);
        self.sort(&mut new);
        let mut ranks = vec![NOBODY; self.len()];
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

    /// Sorts by text. Eight bytes of each name are compared as one number, then, among those with
    /// the same, the next eight: names of one kind begin alike, and where they stand is looked up
    /// once a round, not once a comparison.
    fn sort(&self, numbers: &mut [u32]) {
        let mut keyed: Vec<(u64, usize, u32)> = numbers.iter().map(|no| (0, 0, *no)).collect();
        let mut groups = vec![(0..keyed.len(), 0)];
        while let Some((group, skipped)) = groups.pop() {
            let Some(alike) = keyed.get_mut(group.clone()) else {
                continue;
            };
            for (bytes, len, no) in alike.iter_mut() {
                (*bytes, *len) = eight_bytes(self.name(*no), skipped);
            }
            alike.sort_unstable();
            let mut start = group.start;
            for same in alike.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
                let end = start + same.len();
                // Those that end here are another group, of one: each name is there once.
                if same.len() > 1 {
                    groups.push((start..end, skipped + 8));
                }
                start = end;
            }
        }
        for (place, (_, _, no)) in numbers.iter_mut().zip(keyed) {
            *place = no;
        }
    }

    /// Place of each name in text order, by number; of those that were there at [`Names::rank`].
    pub fn ranks(&self) -> &[u32] {
        &self.ranks
    }

    /// Gives memory back that was taken for growth.
    pub(crate) fn shrink(&mut self) {
        self.text.shrink_to_fit();
        self.ends.ends.shrink_to_fit();
        self.ends.bases.shrink_to_fit();
    }

    /// Bytes held in memory.
    pub fn bytes(&self) -> usize {
        self.text.capacity()
            + self.ends.ends.capacity() * size_of::<u32>()
            + self.ends.bases.capacity() * size_of::<usize>()
            + self.numbers.allocation_size()
            + (self.ranks.capacity() + self.free.capacity()) * size_of::<u32>()
            + self.apart.allocation_size()
    }
}

type Places<'p> = (&'p String, &'p Ends, &'p HashMap<u32, Range<usize>>);

#[inline]
fn text_of((text, ends, apart): Places<'_>, no: u32) -> &str {
    let again = match apart.is_empty() {
        true => None,
        false => apart.get(&no).cloned(),
    };
    text.get(again.unwrap_or_else(|| ends.range(no)))
        .unwrap_or("")
}

/// Eight bytes of a name behind those skipped, the first the greatest, and how many of them there
/// are; 0 stands for the rest.
fn eight_bytes(name: &str, skipped: usize) -> (u64, usize) {
    let rest = name.as_bytes().get(skipped..).unwrap_or_default();
    let mut bytes = [0; 8];
    let len = rest.len().min(8);
    if let (Some(to), Some(from)) = (bytes.get_mut(..len), rest.get(..len)) {
        to.copy_from_slice(from);
    }
    (u64::from_be_bytes(bytes), len)
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
    fn forgotten_numbers_are_apart() {
        let mut names = Names::default();
        for name in ["b", "a", "d", "c"] {
            names.number(name);
        }
        names.rank();
        names.forget(&[1, 2]);
        assert_eq!((names.get("a"), names.name(1), names.held()), (None, "", 2));
        assert_eq!((names.get("b"), names.get("c")), (Some(0), Some(3)));
        assert_eq!(names.number("aa"), 2);
        assert_eq!(names.number("z"), 1);
        assert_eq!(names.number("y"), 4);
        let texts: Vec<&str> = names.iter().map(|(_, name)| name).collect();
        assert_eq!(texts, ["b", "z", "aa", "c", "y"]);
        names.rank();
        assert_eq!(names.ranks(), [1, 4, 0, 2, 3]);
        names.forget(&[2]);
        assert_eq!((names.name(1), names.get("z")), ("z", Some(1)));
        assert_eq!(names.ranks(), [1, 4, NOBODY, 2, 3]);
        assert_eq!(names.number("x"), 2);
        names.rank();
        assert_eq!(names.ranks(), [0, 4, 2, 1, 3]);
    }

    #[test]
    fn ranks_are_in_text_order_whenever_names_come() {
        let mut names = Names::default();
        let long = "the same for more than eight bytes";
        let longer = "the same for more than eight bytes\0";
        let alike = [
            longer,
            long,
            "the same for ö",
            "the same",
            "the sam",
            "m\0\0",
            "m\0",
        ];
        for batch in [
            &["m", "c", "x"][..],
            &["a", "d", "z"],
            &[],
            &["b", ""],
            &alike,
        ] {
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
