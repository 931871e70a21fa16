//! The words that mean something in some place, held against those that are looked for.

use super::*;

#[test]
fn every_word_that_means_something_is_special() {
    let source = [include_str!("../words.rs"), include_str!("test.rs")].concat();
    // What stands in quotes where a word is compared.
    let compared = source.lines().filter(|line| line.contains('"'));
    let quoted = compared.flat_map(|line| line.split('"').skip(1).step_by(2));
    let is_word =
        |text: &&str| text.len() > 1 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    for word in quoted.filter(is_word).chain(BEHAVIOR_WORDS.iter().copied()) {
        assert!(is_special(word), "{word}");
        assert!(begins_special(word.as_bytes()), "{word}");
    }
}
