//! Where a mistake stands: the tokens around it.

use plasma_diagnostic::Span;

use crate::token::{Token, TokenKind};
use crate::tree::Tree;

/// So many tokens around a mistake are looked at, so that many mistakes cost no more than they should.
const TOKENS_MAX: usize = 200;

/// Where the parser met something that it did not expect.
pub(crate) struct Place<'t> {
    /// The tree so far, for its text.
    pub(crate) tree: &'t Tree,
    /// All tokens.
    pub(crate) tokens: &'t [Token],
    /// Place of the unexpected token; one past the last at the end of the text.
    pub(crate) at: usize,
}

impl Place<'_> {
    /// The unexpected token; `None` at the end of the text.
    pub(super) fn found(&self) -> Option<Token> {
        self.tokens.get(self.at).copied()
    }

    /// The token so many places before the unexpected one.
    pub(super) fn before(&self, places: usize) -> Option<Token> {
        let at = self.at.checked_sub(places)?;
        self.tokens.get(at).copied()
    }

    pub(super) fn kind_before(&self, places: usize) -> Option<TokenKind> {
        self.before(places).map(|token| token.kind)
    }

    pub(super) fn span(&self, token: Token) -> Span {
        Span::new(self.tree.file(), token.start, token.end)
    }

    pub(super) fn text(&self, token: Token) -> &str {
        self.tree.text(self.span(token))
    }

    /// Whether the unexpected token can only begin something new, so that what stands before it is
    /// at its end.
    pub(super) fn found_begins_anew(&self) -> bool {
        use TokenKind::{Behavior, Fn, RightBrace};
        let Some(found) = self.found() else {
            return true;
        };
        let between = Span {
            end: found.start,
            ..self.after_previous()
        };
        found.kind.begins_item()
            || matches!(found.kind, Behavior | Fn | RightBrace)
            || self.tree.text(between).contains('\n')
    }

    /// Whether the operand before the unexpected token belongs to a comparison already.
    pub(super) fn is_after_comparison(&self) -> bool {
        use TokenKind::*;
        let before = self.tokens.get(..self.at).unwrap_or(&[]);
        let mut closed = 0usize;
        for token in before.iter().rev() {
            match token.kind {
                RightParen => closed += 1,
                LeftParen if closed == 0 => return false,
                LeftParen => closed -= 1,
                _ if closed > 0 => {}
                Less | LessEqual | Greater | GreaterEqual | EqualEqual | NotEqual | Equal | Ref
                | On => {
                    return true;
                }
                Plus | Minus | Star | Slash => {}
                Lower | Upper | Any | Server | Client | Number | Text | True | False | Dot
                | Bad => {}
                _ => return false,
            }
        }
        false
    }

    /// Whether the unexpected token stands in an expectation of a test.
    pub(super) fn is_in_test(&self) -> bool {
        let before = self.tokens.get(..self.at).unwrap_or(&[]);
        let statement = before.iter().rev().take(TOKENS_MAX);
        let mut statement = statement.take_while(|token| token.kind != TokenKind::Semicolon);
        statement.any(|token| token.kind == TokenKind::Expect)
    }

    /// The empty place behind the token before.
    pub(super) fn after_previous(&self) -> Span {
        let end = self.before(1).map_or(0, |token| token.end);
        Span::new(self.tree.file(), end, end)
    }

    /// The token so many places behind the unexpected one.
    pub(super) fn ahead(&self, places: usize) -> Option<Token> {
        self.tokens.get(self.at + places).copied()
    }

    pub(super) fn kind_ahead(&self, places: usize) -> Option<TokenKind> {
        self.ahead(places).map(|token| token.kind)
    }

    /// From the beginning of a token to the end of another one.
    pub(super) fn range(&self, first: Token, last: Token) -> Span {
        self.span(first).cover(self.span(last))
    }

    /// The parenthesis before the unexpected token that nothing closes, before or after it.
    pub(super) fn unclosed(&self) -> Option<Token> {
        use TokenKind::{FatArrow, LeftParen, RightParen, Semicolon};
        let ends = |kind| matches!(kind, FatArrow | Semicolon);
        let (before, rest) = self.tokens.split_at_checked(self.at)?;
        let before = before.get(before.len().saturating_sub(TOKENS_MAX)..)?;
        let rest = rest.get(..TOKENS_MAX.min(rest.len()))?;
        // Closing ones that follow belong to the innermost opening ones.
        let mut closed = 0usize;
        for token in rest.iter().take_while(|token| !ends(token.kind)) {
            match token.kind {
                RightParen => closed += 1,
                LeftParen => closed = closed.saturating_sub(1),
                _ => {}
            }
        }
        let start = before.iter().rposition(|token| ends(token.kind));
        let before = before.get(start.map_or(0, |at| at + 1)..)?;
        before.iter().rev().copied().find(|token| {
            match token.kind {
                RightParen => closed += 1,
                LeftParen if closed > 0 => closed -= 1,
                LeftParen => return true,
                _ => {}
            }
            false
        })
    }

    /// The first token of the operand that ends before the unexpected token.
    pub(super) fn operand_start(&self) -> Option<Token> {
        use TokenKind::*;
        let mut open = 0usize;
        let mut start = None;
        for token in self.tokens.get(..self.at)?.iter().rev().take(TOKENS_MAX) {
            match token.kind {
                RightParen => open += 1,
                LeftParen if open > 0 => open -= 1,
                _ if open > 0 => {}
                Lower | Upper | Any | Server | Client | Dot | Number => {}
                _ => break,
            }
            start = Some(*token);
        }
        start
    }
}
