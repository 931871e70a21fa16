//! The first letters of the words that mean something, by the length of the words: what begins otherwise is
//! just a name, which is most of what a policy consists of.

/// For each length, a bit for each letter from `a` on.
const BEGINNINGS: [u32; 11] = [
    0,
    0,
    bits(b"abfno"),
    bits(b"dflmpruv"),
    bits(b"eforstw"),
    bits(b"acdlmnpuw"),
    bits(b"adeisw"),
    bits(b"bimr"),
    bits(b"cs"),
    bits(b"ps"),
    bits(b"ce"),
];

/// Whether a word begins like a [special](super::is_special) one of its length.
pub(super) fn begins_special(word: &[u8]) -> bool {
    match word {
        [b'_' | b'x', ..] => true,
        [first @ b'a'..=b'z', ..] => {
            let beginnings = BEGINNINGS.get(word.len()).copied().unwrap_or(0);
            beginnings >> (first - b'a') & 1 != 0
        }
        _ => false,
    }
}

const fn bits(letters: &[u8]) -> u32 {
    let (mut bits, mut at) = (0, 0);
    while at < letters.len() {
        bits |= 1 << (letters[at] - b'a');
        at += 1;
    }
    bits
}
