//! Walks the tree with the tokens beside it: nodes say where lines may break, every word is the next
//! token.

use super::comments::{self, BlankLines};
use super::cursor::Cursor;
use super::doc::Doc;
use crate::token::Token;
use crate::tree::Tree;

/// Columns by which what is inside stands further right.
pub(super) const INDENT: usize = 2;

/// A walk through a tree.
#[derive(Debug)]
pub(super) struct Layout<'t> {
    pub(super) tree: &'t Tree,
    pub(super) cursor: Cursor<'t>,
    /// Whether the tokens were not those that the tree promised.
    pub(super) is_lost: bool,
}

impl<'t> Layout<'t> {
    pub(super) fn new(tree: &'t Tree, tokens: &'t [Token]) -> Layout<'t> {
        Layout {
            tree,
            cursor: Cursor::new(tree, tokens),
            is_lost: false,
        }
    }

    /// The comments at the end of the text.
    pub(super) fn end(&mut self) -> Doc<'t> {
        comments::before_next(&mut self.cursor, BlankLines::ALL)
    }

    /// The next token, whatever it is, and the comments before it.
    pub(super) fn word(&mut self) -> Doc<'t> {
        let comments = self.comments();
        let word = Doc::text(self.cursor.take());
        Doc::concat([comments, word])
    }

    /// The next token, which must be this sign or word.
    pub(super) fn sign(&mut self, expected: &str) -> Doc<'t> {
        self.is_lost |= self.cursor.next() != expected;
        self.word()
    }

    /// The tokens up to a byte, close together.
    pub(super) fn close_words(&mut self, end: u32) -> Doc<'t> {
        let mut docs = Vec::new();
        while self.cursor.next_start() < end {
            docs.push(self.word());
        }
        Doc::concat(docs)
    }

    /// The tokens up to a byte with a blank between any two, but none behind a minus.
    pub(super) fn spaced_words(&mut self, end: u32) -> Doc<'t> {
        let mut docs = Vec::new();
        while self.cursor.next_start() < end {
            if !docs.is_empty() && self.cursor.previous() != "-" {
                docs.push(Doc::SPACE);
            }
            docs.push(self.word());
        }
        Doc::concat(docs)
    }

    /// The comments before the next token.
    pub(super) fn comments(&mut self) -> Doc<'t> {
        comments::before_next(&mut self.cursor, BlankLines::NONE)
    }

    /// A group; comments before its first token stand before the group, and break no line in it.
    pub(super) fn grouped(&mut self, inner: impl FnOnce(&mut Self) -> Doc<'t>) -> Doc<'t> {
        let comments = self.comments();
        let group = inner(self).group();
        Doc::concat([comments, group])
    }

    /// What stands in braces with blanks within, apart by commas, in one line or one a line.
    pub(super) fn spaced_braces<T>(
        &mut self,
        elements: &[T],
        mut element: impl FnMut(&mut Self, &T) -> Doc<'t>,
    ) -> Doc<'t> {
        if elements.is_empty() {
            return Doc::concat([self.sign("{"), self.comments(), self.sign("}")]);
        }
        self.grouped(|this| {
            let opening = this.sign("{");
            let mut inner = Vec::new();
            for (place, one) in elements.iter().enumerate() {
                if place > 0 {
                    inner.push(this.sign(","));
                }
                inner.extend([Doc::LINE, element(this, one)]);
            }
            if this.cursor.next() == "," {
                inner.push(this.word());
            }
            inner.push(this.comments());
            let inner = Doc::concat(inner).indent(INDENT);
            Doc::concat([opening, inner, Doc::LINE, this.sign("}")])
        })
    }

    /// What stands between two signs, apart by commas, in one line or one a line.
    pub(super) fn enclosed<T: Copy>(
        &mut self,
        (opening, closing): (&str, &str),
        elements: &[T],
        mut element: impl FnMut(&mut Self, T) -> Doc<'t>,
    ) -> Doc<'t> {
        self.grouped(|this| {
            let opening = this.sign(opening);
            let mut inner = Vec::new();
            for (place, one) in elements.iter().enumerate() {
                if place > 0 {
                    inner.push(this.sign(","));
                    inner.push(Doc::LINE);
                } else {
                    inner.push(Doc::SOFT_LINE);
                }
                inner.push(element(this, *one));
            }
            inner.push(this.comments());
            let inner = Doc::concat(inner).indent(INDENT);
            let end = match elements.is_empty() {
                true => Doc::NOTHING,
                false => Doc::SOFT_LINE,
            };
            let closing = this.sign(closing);
            Doc::concat([opening, inner, end, closing])
        })
    }
}
