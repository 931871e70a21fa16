//! A set of numbers, one bit each.

/// Bits of a word.
const WORD_BITS: usize = u64::BITS as usize;

/// A set of numbers of actors or servers. It takes as much memory as its greatest number asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberSet {
    words: Vec<u64>,
}

impl NumberSet {
    /// All numbers below `end`.
    pub fn below(end: usize) -> NumberSet {
        let mut words = vec![u64::MAX; end.div_ceil(WORD_BITS)];
        let rest = end % WORD_BITS;
        if let (Some(last), 1..) = (words.last_mut(), rest) {
            *last = (1 << rest) - 1;
        }
        NumberSet { words }
    }

    /// Whether a number belongs to it.
    #[inline]
    pub fn contains(&self, no: u32) -> bool {
        let word = self.words.get(no as usize / WORD_BITS).copied();
        word.unwrap_or(0) & bit(no) != 0
    }

    /// Adds a number; whether it is new.
    #[inline]
    pub fn insert(&mut self, no: u32) -> bool {
        let place = no as usize / WORD_BITS;
        if place >= self.words.len() {
            self.words.resize(place + 1, 0);
        }
        match self.words.get_mut(place) {
            Some(word) if *word & bit(no) == 0 => {
                *word |= bit(no);
                true
            }
            _ => false,
        }
    }

    /// Takes a number out, if it is there.
    #[inline]
    pub fn remove(&mut self, no: u32) {
        if let Some(word) = self.words.get_mut(no as usize / WORD_BITS) {
            *word &= !bit(no);
        }
    }

    /// The numbers, in order.
    pub fn iter(&self) -> impl Iterator<Item = u32> {
        let words = (0u32..).step_by(WORD_BITS).zip(&self.words);
        words.flat_map(|(first, word)| {
            let bits = (0..u64::BITS).filter(move |bit| word & (1 << bit) != 0);
            bits.map(move |bit| first + bit)
        })
    }
}

/// The bit of a number in its word.
fn bit(no: u32) -> u64 {
    1 << (no as usize % WORD_BITS)
}

impl FromIterator<u32> for NumberSet {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> NumberSet {
        let mut set = NumberSet::default();
        for no in numbers {
            set.insert(no);
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_there_once_and_in_order() {
        let mut set: NumberSet = [130, 0, 63, 64].into_iter().collect();
        assert!(!set.insert(64) && set.insert(5));
        set.remove(0);
        set.remove(100_000);
        assert!(set.contains(130) && !set.contains(0) && !set.contains(100_000));
        assert_eq!(set.iter().collect::<Vec<u32>>(), [5, 63, 64, 130]);
    }

    #[test]
    fn all_below_an_end_and_no_more() {
        for end in [0, 1, 63, 64, 65, 128] {
            let numbers: Vec<u32> = NumberSet::below(end).iter().collect();
            assert_eq!(numbers, (0..end as u32).collect::<Vec<u32>>());
        }
    }
}
