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
    use super::Names;

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
