//! What differs between two versions of a text, and where places of the first lie in the second.

use crate::{FileId, Span};

/// What differs between two versions of a text: one run of bytes stands in the place of another. Its ends lie
/// on character borders of both texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextChange {
    /// The first byte that differs.
    pub start: u32,
    /// One past the last byte that is gone, in the text before.
    pub before_end: u32,
    /// One past the last byte that came, in the text after.
    pub after_end: u32,
}

impl TextChange {
    /// The least change that makes one text the other; `None` if they are the same.
    pub fn between(before: &str, after: &str) -> Option<TextChange> {
        let alike = common_prefix(before.as_bytes(), after.as_bytes());
        let start = floor(before, after, alike);
        let rests = (before.get(start..)?, after.get(start..)?);
        if rests.0.is_empty() && rests.1.is_empty() {
            return None;
        }
        let mut alike = common_suffix(rests.0.as_bytes(), rests.1.as_bytes());
        while !rests.0.is_char_boundary(rests.0.len() - alike) {
            alike -= 1;
        }
        Some(TextChange {
            start: start as u32,
            before_end: (before.len() - alike) as u32,
            after_end: (after.len() - alike) as u32,
        })
    }

    /// Where a byte of the text before lies in the text after, if it is not gone.
    pub const fn offset(&self, offset: u32) -> u32 {
        match offset < self.before_end {
            true => offset,
            false => offset - self.before_end + self.after_end,
        }
    }

    /// Moves a place of this file, none of whose ends is gone, to where it lies in the text after.
    pub fn move_span(&self, file: FileId, span: &mut Span) {
        if span.file == file {
            span.start = self.offset(span.start);
            span.end = self.offset(span.end);
        }
    }
}

/// The last border of a character of both texts that is not behind `at`.
fn floor(one: &str, other: &str, at: usize) -> usize {
    let at = one.floor_char_boundary(at);
    other.floor_char_boundary(at)
}

/// Bytes that are compared at once.
const BLOCK: usize = 64;

fn common_prefix(one: &[u8], other: &[u8]) -> usize {
    let blocks = one.chunks_exact(BLOCK).zip(other.chunks_exact(BLOCK));
    let alike = BLOCK * blocks.take_while(|(a, b)| a == b).count();
    let rests = one.iter().zip(other).skip(alike);
    alike + rests.take_while(|(a, b)| a == b).count()
}

fn common_suffix(one: &[u8], other: &[u8]) -> usize {
    let blocks = one.rchunks_exact(BLOCK).zip(other.rchunks_exact(BLOCK));
    let alike = BLOCK * blocks.take_while(|(a, b)| a == b).count();
    let rests = one.iter().rev().zip(other.iter().rev()).skip(alike);
    alike + rests.take_while(|(a, b)| a == b).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(before: &str, after: &str) -> Option<(u32, u32, u32)> {
        let change = TextChange::between(before, after)?;
        Some((change.start, change.before_end, change.after_end))
    }

    #[test]
    fn the_least_that_differs() {
        let rows = [
            ("", "", None),
            ("abc", "abc", None),
            ("abc", "abxc", Some((2, 2, 3))),
            ("abc", "ac", Some((1, 2, 1))),
            ("aaa", "aa", Some((2, 3, 2))),
            ("", "abc", Some((0, 0, 3))),
            ("abc", "", Some((0, 3, 0))),
            ("abc", "axyc", Some((1, 2, 3))),
        ];
        for (before, after, expected) in rows {
            assert_eq!(change(before, after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn characters_stay_whole() {
        // They begin or end with the same byte.
        assert_eq!(change("aéb", "aèb"), Some((1, 3, 3)));
        assert_eq!(change("a\u{e9}b", "a\u{a9}b"), Some((1, 3, 3)));
        assert_eq!(change("é", "éé"), Some((2, 2, 4)));
    }

    #[test]
    fn long_texts_are_compared_to_the_byte() {
        let before = "x".repeat(1000);
        for at in [0, 1, 63, 64, 65, 500, 999, 1000] {
            let mut after = before.clone();
            after.insert(at, 'y');
            let at = at as u32;
            assert_eq!(change(&before, &after), Some((at, at, at + 1)));
            assert_eq!(change(&after, &before), Some((at, at + 1, at)));
        }
    }

    #[test]
    fn what_is_behind_a_change_moves() {
        let change = TextChange::between("one two three", "one 2 three").expect("a change");
        let mut span = Span::new(FileId(0), 8, 13);
        change.move_span(FileId(1), &mut span);
        assert_eq!(span, Span::new(FileId(0), 8, 13));
        change.move_span(FileId(0), &mut span);
        assert_eq!(span, Span::new(FileId(0), 6, 11));
        let mut span = Span::new(FileId(0), 0, 3);
        change.move_span(FileId(0), &mut span);
        assert_eq!(span, Span::new(FileId(0), 0, 3));
    }
}
