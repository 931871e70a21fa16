//! Comments between two tokens. One behind something stays behind it, one on its own line stays on
//! one, and a block before something on its line stays before it.

use std::borrow::Cow;

use super::cursor::Cursor;
use super::doc::Doc;
use crate::tree::{Comment, CommentKind};

/// Which blank lines of the source are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BlankLines {
    /// Before the first comment; the next token is the first thing without one.
    pub(super) at_start: bool,
    /// Between comments.
    pub(super) inside: bool,
    /// Behind the last comment.
    pub(super) at_end: bool,
}

impl BlankLines {
    pub(super) const NONE: BlankLines = BlankLines {
        at_start: false,
        inside: false,
        at_end: false,
    };
    pub(super) const ALL: BlankLines = BlankLines {
        at_start: true,
        inside: true,
        at_end: true,
    };
}

/// Takes the comments before the next token.
pub(super) fn before_next<'t>(cursor: &mut Cursor<'t>, blank_lines: BlankLines) -> Doc<'t> {
    let all = cursor.tree.comments();
    let next = cursor.next_start();
    let from = all.get(cursor.comments_taken..).unwrap_or(&[]);
    let comments = from.partition_point(|comment| comment.span.start < next);
    let comments = from.get(..comments).unwrap_or(&[]);
    cursor.comments_taken += comments.len();

    let mut docs = Vec::new();
    let mut end = cursor.previous_end();
    for (place, comment) in comments.iter().enumerate() {
        let line_breaks = cursor.line_breaks(end, comment.span.start);
        let keeps_blank = match place {
            0 => blank_lines.at_start,
            _ => blank_lines.inside,
        };
        let following = comments.get(place + 1);
        let around = Around {
            begins_line: line_breaks > 0 || end == 0,
            has_blank_line: line_breaks > 1 && keeps_blank,
            ends_line: ends_line(cursor, comment, following),
            is_first: place == 0,
            is_last: following.is_none(),
        };
        one(cursor, comment, around, &mut docs);
        end = comment.span.end;
    }
    let keeps_blank = match comments.last() {
        None => blank_lines.at_start && blank_lines.at_end,
        // Documentation stands directly above what it documents.
        Some(last) => blank_lines.at_end && last.kind != CommentKind::Doc,
    };
    if keeps_blank && cursor.line_breaks(end, next) > 1 {
        docs.push(Doc::BLANK_LINE);
    }
    Doc::concat(docs)
}

/// How a comment stood in the source.
#[derive(Clone, Copy)]
struct Around {
    begins_line: bool,
    /// Whether a blank line before it is to be kept.
    has_blank_line: bool,
    ends_line: bool,
    /// Whether it follows a token.
    is_first: bool,
    /// Whether a token follows it.
    is_last: bool,
}

fn ends_line(cursor: &Cursor<'_>, comment: &Comment, following: Option<&Comment>) -> bool {
    let next = following.map_or(cursor.next_start(), |next| next.span.start);
    comment.kind != CommentKind::Block
        || cursor.line_breaks(comment.span.end, next) > 0
        || next as usize == cursor.tree.source().len()
}

fn one<'t>(cursor: &Cursor<'t>, comment: &Comment, around: Around, docs: &mut Vec<Doc<'t>>) {
    let text = trimmed(cursor.tree.text(comment.span));
    let is_block = comment.kind == CommentKind::Block;
    let is_behind_opening = around.is_first && matches!(cursor.previous(), "(" | "[");
    let follows_opening = is_behind_opening && is_block;
    let ends_line = around.ends_line && (around.begins_line || !follows_opening);
    let belongs_to_next = around.begins_line || follows_opening;
    if !belongs_to_next {
        docs.push(Doc::behind(text, !is_block));
    } else {
        if around.begins_line && (ends_line || !around.is_last) {
            docs.push(Doc::HARD_LINE);
        } else if !follows_opening {
            docs.push(Doc::SPACE);
        }
        if around.has_blank_line {
            docs.push(Doc::BLANK_LINE);
        }
        docs.push(Doc::text(text));
        if ends_line {
            docs.push(Doc::HARD_LINE);
        }
    }
    let is_closed_up = matches!(cursor.next(), ")" | "]" | "," | ";" | "." | ":" | "?");
    if !(around.is_last && is_closed_up) {
        docs.push(Doc::SPACE);
    }
}

/// The text without blanks at the ends of its lines.
pub(super) fn trimmed(text: &str) -> Cow<'_, str> {
    if !text.contains('\n') {
        return Cow::Borrowed(text);
    }
    let lines = text.split('\n').map(str::trim_end);
    Cow::Owned(lines.collect::<Vec<_>>().join("\n"))
}
