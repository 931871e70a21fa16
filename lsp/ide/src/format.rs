//! Formatting: as few edits as lead to the canonical layout, of a document, of the items in a range,
//! or of the item that was just typed to its end.

use std::ops::Range;

use plasma_diagnostic::Span;
use plasma_syntax::{Lexeme, LexemeKind, Parsed, lexemes};

use crate::Analysis;

/// A change of a document's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextEdit {
    /// The text replaced.
    pub span: Span,
    /// What takes its place.
    pub text: String,
}

/// Signs behind which [`format_typed`] has something to do.
pub const FORMATTED_BEHIND: [&str; 2] = [";", "}"];

/// The edits that lay a document out. `None` if it has mistakes.
pub fn format(analysis: &Analysis) -> Option<Vec<TextEdit>> {
    let formatted = plasma_syntax::format(&parse(analysis, analysis.text()))?;
    Some(edits(analysis, 0, analysis.text(), &formatted, true))
}

/// The edits that lay out the items in a range, whole. Where the document has mistakes, only those of
/// its items that have none.
pub fn format_range(analysis: &Analysis, range: Range<u32>) -> Vec<TextEdit> {
    let text = analysis.text();
    let parsed = parse(analysis, text);
    if let Some(formatted) = plasma_syntax::format(&parsed) {
        let pieces = pieces(&parsed, text);
        let touched = pieces
            .into_iter()
            .filter(|piece| piece.is_touched_by(&range));
        let kept: Vec<Piece> = touched.collect();
        let mut edits = edits(analysis, 0, text, &formatted, true);
        edits.retain(|edit| kept.iter().any(|piece| piece.holds(edit.span)));
        return edits;
    }
    let items = parsed.tree.items().iter().map(|item| item.span());
    let touched = items.filter(|item| item.start <= range.end && range.start <= item.end);
    touched
        .flat_map(|item| format_alone(analysis, item))
        .collect()
}

/// The edits that lay out the item behind whose `;` or `}` the cursor stands, up to the cursor.
pub fn format_typed(analysis: &Analysis, offset: u32) -> Vec<TextEdit> {
    let all = lexemes(analysis.text());
    let typed = all.iter().find(|lexeme| lexeme.end() == offset);
    let is_end = typed.is_some_and(|lexeme| {
        lexeme.kind == LexemeKind::Sign && FORMATTED_BEHIND.contains(&lexeme.text)
    });
    if !is_end {
        return Vec::new();
    }
    let mut edits = format_range(analysis, offset - 1..offset);
    edits.retain(|edit| edit.span.end < offset);
    edits
}

fn parse(analysis: &Analysis, text: &str) -> Parsed {
    plasma_syntax::parse(analysis.file, text)
}

/// The edits that lay out an item without regard to what is around it.
fn format_alone(analysis: &Analysis, item: Span) -> Vec<TextEdit> {
    let text = analysis.text().get(item.range()).unwrap_or("");
    let parsed = parse(analysis, text);
    match (plasma_syntax::format(&parsed), parsed.tree.items()) {
        (Some(formatted), [_one]) => edits(analysis, item.start, text, &formatted, false),
        _ => Vec::new(),
    }
}

/// An item with the comments before it and behind it on its line, and the blanks before all that.
struct Piece {
    start: u32,
    /// Where its first comment or word begins.
    text_start: u32,
    end: u32,
}

impl Piece {
    fn is_touched_by(&self, range: &Range<u32>) -> bool {
        self.text_start <= range.end && range.start <= self.end
    }

    fn holds(&self, span: Span) -> bool {
        self.start <= span.start && span.end <= self.end
    }
}

/// A document as a row of pieces; the last one is what stands behind the last item.
fn pieces(parsed: &Parsed, text: &str) -> Vec<Piece> {
    let comments = parsed.tree.comments().iter().map(|comment| comment.span);
    let mut comments = comments.peekable();
    let items = parsed.tree.items().iter().map(|item| item.span().range());
    let ends = items.chain(std::iter::once(text.len()..text.len()));
    let mut ends = ends.peekable();
    let mut pieces: Vec<Piece> = Vec::new();
    while let Some(item) = ends.next() {
        let start = pieces.last().map_or(0, |piece| piece.end);
        let first = comments
            .peek()
            .map_or(item.start as u32, |comment| comment.start);
        while comments
            .next_if(|comment| comment.range().start < item.end)
            .is_some()
        {}
        let next_start = ends.peek().map_or(text.len(), |next| next.start);
        let mut end = item.end;
        while let Some(behind) = comments.next_if(|comment| {
            let comment = comment.range();
            let between = text.get(end..comment.start).unwrap_or("");
            comment.start < next_start && !between.contains('\n')
        }) {
            end = behind.range().end;
        }
        pieces.push(Piece {
            start,
            text_start: first.min(item.start as u32),
            end: end as u32,
        });
    }
    pieces
}

/// The edits that make one text the other, which has the same words: mostly of blanks between them.
fn edits(analysis: &Analysis, start: u32, old: &str, new: &str, with_end: bool) -> Vec<TextEdit> {
    let (old_words, new_words) = (lexemes(old), lexemes(new));
    let mut edits = Vec::new();
    let mut edit = |old_range: Range<usize>, new_range: Range<usize>| {
        let replaced = old.get(old_range.clone()).unwrap_or("");
        let text = new.get(new_range).unwrap_or("");
        edits.extend(smallest(
            analysis,
            start as usize + old_range.start,
            replaced,
            text,
        ));
    };
    let (mut old_end, mut new_end) = (0, 0);
    for (old_word, new_word) in old_words.iter().zip(&new_words) {
        let (old_word, new_word) = (range(old_word), range(new_word));
        edit(old_end..old_word.start, new_end..new_word.start);
        edit(old_word.clone(), new_word.clone());
        (old_end, new_end) = (old_word.end, new_word.end);
    }
    if with_end {
        edit(old_end..old.len(), new_end..new.len());
    }
    edits
}

/// Where a word stands, without the blanks behind a comment.
fn range(lexeme: &Lexeme<'_>) -> Range<usize> {
    let start = lexeme.start as usize;
    start..start + lexeme.text.trim_end().len()
}

/// The edit that puts one text in the place of the other, without what they have in common at their
/// beginning and end.
fn smallest(analysis: &Analysis, start: usize, old: &str, new: &str) -> Option<TextEdit> {
    if old == new {
        return None;
    }
    // No position lies within a line break of two characters.
    if old.contains('\r') || new.contains('\r') {
        return Some(TextEdit {
            span: Span::new(analysis.file, start as u32, (start + old.len()) as u32),
            text: new.to_owned(),
        });
    }
    let same = old.chars().zip(new.chars()).take_while(|(a, b)| a == b);
    let before: usize = same.map(|(c, _)| c.len_utf8()).sum();
    let (old, new) = (old.get(before..)?, new.get(before..)?);
    let same = old.chars().rev().zip(new.chars().rev());
    let same = same.take_while(|(a, b)| a == b);
    let after: usize = same.map(|(c, _)| c.len_utf8()).sum();
    let start = (start + before) as u32;
    let end = start + (old.len() - after) as u32;
    Some(TextEdit {
        span: Span::new(analysis.file, start, end),
        text: new.get(..new.len() - after)?.to_owned(),
    })
}
