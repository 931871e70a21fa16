//! The tokens of a text, taken one after the other.

use crate::token::Token;
use crate::tree::Tree;

use super::canonical;

/// A place between two tokens.
#[derive(Clone, Debug)]
pub(super) struct Cursor<'t> {
    pub(super) tree: &'t Tree,
    tokens: &'t [Token],
    /// Number of tokens taken.
    at: usize,
    /// Number of comments taken.
    pub(super) comments_taken: usize,
}

impl<'t> Cursor<'t> {
    /// Before the first token.
    pub(super) fn new(tree: &'t Tree, tokens: &'t [Token]) -> Cursor<'t> {
        Cursor {
            tree,
            tokens,
            at: 0,
            comments_taken: 0,
        }
    }

    /// Takes the next token; empty at the end.
    pub(super) fn take(&mut self) -> &'t str {
        let text = self.next();
        self.at += 1;
        text
    }

    /// Takes every token and comment that begins before a byte.
    pub(super) fn skip_to(&mut self, byte: u32) {
        self.at = self.tokens.partition_point(|token| token.start < byte);
        let comments = self.tree.comments();
        self.comments_taken = comments.partition_point(|comment| comment.span.start < byte);
    }

    /// The next token; empty at the end.
    pub(super) fn next(&self) -> &'t str {
        self.tokens
            .get(self.at)
            .map_or("", |token| self.text(*token))
    }

    /// The token taken last; empty at the beginning.
    pub(super) fn previous(&self) -> &'t str {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or("", |token| self.text(*token))
    }

    /// Where the next token begins, or the text ends.
    pub(super) fn next_start(&self) -> u32 {
        let end = self.tree.source().len() as u32;
        self.tokens.get(self.at).map_or(end, |token| token.start)
    }

    /// Where the token taken last ends, or the text begins.
    pub(super) fn previous_end(&self) -> u32 {
        let last = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        last.map_or(0, |token| token.end)
    }

    /// Where the first comment before the next token begins.
    pub(super) fn comment_start(&self) -> Option<u32> {
        let comment = self.tree.comments().get(self.comments_taken)?;
        (comment.span.start < self.next_start()).then_some(comment.span.start)
    }

    /// Number of line breaks between two bytes with nothing but blanks between them.
    pub(super) fn line_breaks(&self, start: u32, end: u32) -> usize {
        let between = self.tree.source().get(start as usize..end as usize);
        between.map_or(0, |blanks| blanks.matches('\n').count())
    }

    fn text(&self, token: Token) -> &'t str {
        let text = self
            .tree
            .source()
            .get(token.start as usize..token.end as usize);
        canonical(text.unwrap_or(""))
    }
}
