//! Sets of a rule's variables: one bit for each.

/// Variables, by their place in the rule's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct VariableSet {
    /// The first 64.
    first: u64,
    /// The others, 64 in each.
    more: Vec<u64>,
}

impl VariableSet {
    pub(super) fn insert(&mut self, place: usize) {
        let bit = 1 << (place % 64);
        match place / 64 {
            0 => self.first |= bit,
            word => {
                if self.more.len() < word {
                    self.more.resize(word, 0);
                }
                if let Some(word) = self.more.get_mut(word - 1) {
                    *word |= bit;
                }
            }
        }
    }

    pub(super) fn contains(&self, place: usize) -> bool {
        self.word(place / 64) & (1 << (place % 64)) != 0
    }

    fn word(&self, word: usize) -> u64 {
        match word {
            0 => self.first,
            _ => self.more.get(word - 1).copied().unwrap_or(0),
        }
    }

    pub(super) fn unite(&mut self, other: &VariableSet) {
        self.first |= other.first;
        if self.more.len() < other.more.len() {
            self.more.resize(other.more.len(), 0);
        }
        for (word, other) in self.more.iter_mut().zip(&other.more) {
            *word |= other;
        }
    }

    /// Keeps those that are in another set as well.
    pub(super) fn intersect(&mut self, other: &VariableSet) {
        self.first &= other.first;
        self.more.truncate(other.more.len());
        for (word, other) in self.more.iter_mut().zip(&other.more) {
            *word &= other;
        }
    }

    /// In the order of their places.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> + use<> {
        let words = [self.first].into_iter().chain(self.more.clone());
        words.enumerate().flat_map(|(place, word)| {
            let mut left = word;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(place * 64 + bit)
            })
        })
    }
}

impl Extend<usize> for VariableSet {
    fn extend<I: IntoIterator<Item = usize>>(&mut self, places: I) {
        places.into_iter().for_each(|place| self.insert(place));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    fn set(places: &[usize]) -> VariableSet {
        let mut set = VariableSet::default();
        set.extend(places.iter().copied());
        set
    }

    proptest! {
        #[test]
        fn is_a_set(
            a in prop::collection::vec(0..200usize, 0..12),
            b in prop::collection::vec(0..200usize, 0..12),
        ) {
            let tree = |places: &[usize]| places.iter().copied().collect::<BTreeSet<usize>>();
            let (mut both, mut either) = (set(&a), set(&a));
            both.intersect(&set(&b));
            either.unite(&set(&b));
            let listed = |set: &VariableSet| set.iter().collect::<Vec<_>>();
            prop_assert_eq!(listed(&both), Vec::from_iter(&tree(&a) & &tree(&b)));
            prop_assert_eq!(listed(&either), Vec::from_iter(&tree(&a) | &tree(&b)));
            prop_assert!(a.iter().all(|place| set(&a).contains(*place)));
            prop_assert!(!set(&a).contains(200));
        }
    }
}
