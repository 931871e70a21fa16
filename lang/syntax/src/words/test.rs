//! The words of tests and of series, which are names everywhere else.

use super::{BEHAVIOR_WORDS, Words};
use crate::token::TokenKind;

impl Words<'_> {
    /// Notes where a test begins and ends.
    pub(super) fn count_test_braces(&mut self, kind: TokenKind) {
        self.test_depth = match (kind, self.test_depth) {
            (TokenKind::Test, _) => 1,
            (_, 0) => 0,
            (TokenKind::LeftBrace, depth) => depth + 1,
            (TokenKind::RightBrace, depth) => match depth.saturating_sub(1) {
                // The one that the test begins with.
                1 => 0,
                depth => depth,
            },
            // A test that is not closed ends before the next item.
            (kind, _) if kind.begins_item() => 0,
            (_, depth) => depth,
        };
    }

    /// The kind of a word that belongs to a statement of a test.
    pub(super) fn word_of_test(&self, word: &str) -> Option<TokenKind> {
        if self.test_depth < 2 {
            return None;
        }
        let next = self.next();
        match word {
            "expect" | "eventually" | "never" | "always" if self.begins_statement() => {
                Some(TokenKind::Expect)
            }
            "at" if self.is_before_time() && !self.is_named() => Some(TokenKind::At),
            "no" if self.previous() == Some(TokenKind::Expect) => Some(TokenKind::No),
            "by" if matches!(
                self.previous(),
                Some(TokenKind::RightParen | TokenKind::Behavior)
            ) =>
            {
                Some(TokenKind::By)
            }
            _ if BEHAVIOR_WORDS.contains(&word) && self.is_bare_behavior() => {
                Some(TokenKind::Behavior)
            }
            "within"
                if !self.is_named()
                    && matches!(next, Some(TokenKind::Number | TokenKind::Lower)) =>
            {
                Some(TokenKind::Within)
            }
            _ => None,
        }
    }

    /// Whether this word is all that is expected, as in `expect scale_out;`.
    fn is_bare_behavior(&self) -> bool {
        use TokenKind::*;
        let is_expected = match self.out() {
            [.., expect, not] if not.kind == Not => expect.kind == Expect,
            [.., expect] => expect.kind == Expect,
            [] => false,
        };
        let ends = match self.next() {
            Some(Semicolon | RightBrace) => true,
            Some(Lower) => {
                let next = self.tokens.get(self.at + 1);
                let word = next.map_or("", |next| self.slice(*next));
                matches!(word, "by" | "at" | "within")
            }
            _ => false,
        };
        is_expected && ends
    }

    /// Whether a time follows, or a block without one.
    fn is_before_time(&self) -> bool {
        match self.next() {
            Some(TokenKind::Number | TokenKind::LeftBrace) => true,
            Some(TokenKind::Lower) => matches!(
                self.peek(2),
                Some(TokenKind::LeftBrace | TokenKind::Semicolon)
            ),
            _ => false,
        }
    }

    /// Whether this word can only be a name: behind a type, `on`, `server` and the like.
    fn is_named(&self) -> bool {
        use TokenKind::*;
        matches!(
            self.previous(),
            Some(Upper | On | Server | Dot | ThinArrow | LeftParen | LeftBracket | Comma | By)
        )
    }

    /// Whether this word stands where a statement may begin, and is not the caller of a call.
    fn begins_statement(&self) -> bool {
        use TokenKind::*;
        let is_name = matches!(
            self.next(),
            Some(ThinArrow | Colon | Dot | Comma | RightParen | RightBracket | LeftBrace)
        );
        !self.is_named() && !is_name
    }

    /// The `5` of `_x5` behind a sample: among references it would be a name.
    pub(super) fn missing_in_one_word<'w>(&self, word: &'w str) -> Option<&'w str> {
        use TokenKind::*;
        let digits = word.strip_prefix("_x")?;
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let before = self.out().iter().rev().nth(1)?.kind;
        let is_sample = matches!(before, Number | Missing | Times);
        let is_entry =
            self.previous() == Some(Comma) && matches!(self.next(), Some(Comma | RightBracket));
        (is_number && is_sample && is_entry).then_some(digits)
    }

    /// `_`, `x5` or `step` in a series.
    pub(super) fn word_of_series(&self, word: &str) -> Option<TokenKind> {
        use TokenKind::*;
        let previous = self.previous()?;
        match word {
            "_" if matches!(previous, LeftBracket | Comma | Colon) => {
                let is_entry =
                    matches!(self.next(), Some(Comma | RightBracket | RightBrace | Lower));
                is_entry.then_some(Missing)
            }
            "step" if previous == Number => {
                let before = self.out().iter().rev().nth(1)?;
                (before.kind == DotDot).then_some(Step)
            }
            _ if matches!(previous, Number | Missing) => {
                let digits = word.strip_prefix('x')?;
                let is_number = !digits.is_empty() && digits.chars().all(|c| c.is_ascii_digit());
                is_number.then_some(Times)
            }
            _ => None,
        }
    }
}
