//! Numbers by name: an open-addressed table of the places of texts in a list that is kept elsewhere. Its own
//! order is never seen, so that it decides nothing.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// Bits of a slot that hold a place; the others hold a part of the hash, so that few texts are compared.
const PLACE_BITS: u32 = 32;

/// Places of names.
#[derive(Debug)]
pub(crate) struct Names {
    /// Part of the hash, and one more than the place; 0 is free. A power of two of them, half of them free.
    slots: Vec<u64>,
}

impl Names {
    /// A table of distinct names, each at its place.
    pub(crate) fn new<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let mut slots = vec![0_u64; (names.len() * 2).next_power_of_two()];
        let mask = slots.len() - 1;
        for (place, name) in names.enumerate() {
            let hash = hash(name);
            let mut slot = hash as usize & mask;
            while slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = tagged(hash) | (place as u64 + 1);
        }
        Names { slots }
    }

    /// The place of a name, where `is_at` tells whether it is the one at a place.
    pub(crate) fn find(&self, name: &str, is_at: impl Fn(usize) -> bool) -> Option<usize> {
        let hash = hash(name);
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            let found = self.slots[slot];
            if found == 0 {
                return None;
            }
            let place = (found as u32 - 1) as usize;
            if found >> PLACE_BITS << PLACE_BITS == tagged(hash) && is_at(place) {
                return Some(place);
            }
            slot = (slot + 1) & mask;
        }
    }
}

/// Places of the texts of names: those that share the memory of a listed one are found without being read.
/// It finds less than [`Names`], and takes a third of the time to make.
#[derive(Debug)]
pub(crate) struct SharedNames {
    /// Where a text begins, and one more than the place; 0 is free. As in [`Names`].
    slots: Vec<(usize, u32)>,
}

impl SharedNames {
    /// A table of distinct names, each at its place.
    pub(crate) fn new<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> Self {
        let mut slots = vec![(0, 0); (names.len() * 2).next_power_of_two()];
        let mask = slots.len() - 1;
        for (place, name) in names.enumerate() {
            let address = name.as_ptr().addr();
            let mut slot = spread(address) & mask;
            while slots[slot].1 != 0 {
                slot = (slot + 1) & mask;
            }
            slots[slot] = (address, place as u32 + 1);
        }
        SharedNames { slots }
    }

    /// The place of the name that shares its text with this one.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        let address = name.as_ptr().addr();
        let mask = self.slots.len() - 1;
        let mut slot = spread(address) & mask;
        loop {
            match self.slots[slot] {
                (_, 0) => return None,
                (known, place) if known == address => return Some(place as usize - 1),
                _ => slot = (slot + 1) & mask,
            }
        }
    }
}

/// A number that differs in its low bits where addresses differ in any.
fn spread(address: usize) -> usize {
    let mixed = (address as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> PLACE_BITS) as usize
}

fn hash(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}

/// The upper half of a hash.
fn tagged(hash: u64) -> u64 {
    hash >> PLACE_BITS << PLACE_BITS
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Names, SharedNames};

    #[test]
    fn a_shared_text_is_found_and_an_equal_one_is_not() {
        let names: Vec<Arc<str>> = (0..1000).map(|no| Arc::from(format!("a{no}"))).collect();
        let table = SharedNames::new(names.iter().map(|name| &**name));
        for (place, name) in names.iter().enumerate() {
            assert_eq!(table.find(&Arc::clone(name)), Some(place));
            assert_eq!(table.find(&String::from(&**name)), None);
        }
    }

    #[test]
    fn every_name_has_its_place_and_others_have_none() {
        let names: Vec<String> = (0..1000).map(|no| format!("a{no}")).collect();
        let table = Names::new(names.iter().map(String::as_str));
        let find = |name: &str| table.find(name, |place| names[place] == name);
        for (place, name) in names.iter().enumerate() {
            assert_eq!(find(name), Some(place));
        }
        assert_eq!(find("a1000"), None);
        assert_eq!(Names::new([].into_iter()).find("a", |_| true), None);
    }
}
