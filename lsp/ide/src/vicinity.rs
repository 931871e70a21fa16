//! The lexemes near a place: those of the items around it. What is typed does not depend on what is far away, and a
//! large file need not be read for it.

use std::ops::Range;

use plasma_syntax::{Lexeme, lexemes_within};

use crate::Analysis;

/// So many items before the one at the place are read, in case that it is not understood where that begins.
const ITEMS_BEFORE: usize = 4;

/// So many items that begin behind the place are read.
const ITEMS_AFTER: usize = 2;

/// The lexemes near a byte of the document, those of whole items, in their order.
pub(crate) fn lexemes_near(analysis: &Analysis, offset: u32) -> Vec<Lexeme<'_>> {
    lexemes_within(analysis.text(), vicinity(analysis, offset))
}

/// The bytes of some items around a byte of the document.
fn vicinity(analysis: &Analysis, offset: u32) -> Range<u32> {
    let items = analysis.tree().items();
    let behind = items.partition_point(|item| item.span().start < offset);
    let first = behind.checked_sub(ITEMS_BEFORE + 1);
    let start = first.and_then(|first| items.get(first));
    let end = items.get(behind + ITEMS_AFTER);
    let length = analysis.text().len() as u32;
    // An item begins where no other thing goes on; so does the text.
    let start = start.map_or(0, |item| item.span().start);
    start..end.map_or(length, |item| item.span().start)
}
