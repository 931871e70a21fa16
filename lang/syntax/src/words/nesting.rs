//! How deep tokens are nested, counted before anything recursive sees them.

use crate::limit::NESTING_DEPTH_MAX;
use crate::token::TokenKind;

/// How deep the tokens are nested: in brackets, and in `not`s whose operand has not come yet.
#[derive(Default)]
pub(super) struct Nesting {
    /// For each open bracket, the number of `not`s directly before it.
    brackets: Vec<usize>,
    /// `not`s since the last other token.
    nots: usize,
    depth: usize,
    pub(super) is_reported: bool,
}

impl Nesting {
    /// Counts a token; `false` if it lies deeper than the bound and must be left out.
    pub(super) fn admit(&mut self, kind: TokenKind) -> bool {
        use TokenKind::*;
        match kind {
            // A minus may be one of several before its operand, too.
            Not | Minus => {
                self.nots += 1;
                self.depth += 1;
            }
            LeftParen | LeftBrace | LeftBracket => {
                self.brackets.push(self.nots);
                self.nots = 0;
                self.depth += 1;
            }
            RightParen | RightBrace | RightBracket => {
                let was_deep = self.depth > NESTING_DEPTH_MAX;
                self.end_nots();
                if let Some(nots) = self.brackets.pop() {
                    self.depth -= 1 + nots;
                }
                return !was_deep;
            }
            // Brackets do not reach over these: an unclosed one is forgotten here.
            Semicolon | FatArrow => {
                self.brackets.clear();
                (self.nots, self.depth) = (0, 0);
            }
            _ => {
                let is_deep = self.depth > NESTING_DEPTH_MAX;
                self.end_nots();
                return !is_deep;
            }
        }
        self.depth <= NESTING_DEPTH_MAX
    }

    /// Whether a token that is neither bracket nor `not` lies within the bound; counts it if it does.
    pub(super) fn admits_plain(&mut self) -> bool {
        let is_admitted = self.depth <= NESTING_DEPTH_MAX;
        if is_admitted {
            self.end_nots();
        }
        is_admitted
    }

    /// Whether nothing is open, and nothing lay too deep so far.
    pub(super) fn is_flat(&self) -> bool {
        self.depth == 0 && !self.is_reported
    }

    fn end_nots(&mut self) {
        self.depth -= self.nots;
        self.nots = 0;
    }
}
