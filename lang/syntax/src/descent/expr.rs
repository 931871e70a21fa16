//! Reads expressions without mistakes: a function for each tier of operators, loosest first.

use super::Descent;
use crate::builder::Range;
use crate::token::TokenKind;
use crate::tree::{ArithmeticOp, CompareOp, ExprId, ExprList, Sense, Word, WordKind};

impl Descent<'_, '_> {
    pub(super) fn expr(&mut self) -> Option<ExprId> {
        let (l, first) = (self.start(), self.conjunction()?);
        if self.kind() != Some(TokenKind::Or) {
            return Some(first);
        }
        let begin = self.pending.len();
        self.pending.push(first);
        while self.kind() == Some(TokenKind::Or) {
            self.at += 1;
            let next = self.conjunction()?;
            self.pending.push(next);
        }
        let list = self.list(begin);
        Some(self.b.or_of(l, list, self.end()))
    }

    fn conjunction(&mut self) -> Option<ExprId> {
        let (l, first) = (self.start(), self.negation()?);
        if self.kind() != Some(TokenKind::And) {
            return Some(first);
        }
        let begin = self.pending.len();
        self.pending.push(first);
        while self.kind() == Some(TokenKind::And) {
            self.at += 1;
            let next = self.negation()?;
            self.pending.push(next);
        }
        let list = self.list(begin);
        Some(self.b.and_of(l, list, self.end()))
    }

    fn negation(&mut self) -> Option<ExprId> {
        let l = self.start();
        if self.kind() == Some(TokenKind::Not) {
            self.at += 1;
            let inner = self.negation()?;
            return Some(self.b.not(l, inner, self.end()));
        }
        let condition = self.comparison()?;
        if self.kind() != Some(TokenKind::ForTime) {
            return Some(condition);
        }
        self.at += 1;
        let window = self.setting()?;
        Some(self.b.sustained(l, condition, window, self.end()))
    }

    /// Comparisons do not chain: a second sign is a mistake.
    fn comparison(&mut self) -> Option<ExprId> {
        let (l, left) = (self.start(), self.sum()?);
        let op = match self.kind() {
            Some(TokenKind::Less) => CompareOp::Less,
            Some(TokenKind::LessEqual) => CompareOp::LessOrEqual,
            Some(TokenKind::Greater) => CompareOp::Greater,
            Some(TokenKind::GreaterEqual) => CompareOp::GreaterOrEqual,
            Some(TokenKind::EqualEqual) => CompareOp::Equal,
            Some(TokenKind::NotEqual) => CompareOp::NotEqual,
            Some(TokenKind::In | TokenKind::On) => return self.relation(l, left, Sense::Is),
            Some(TokenKind::Not) => {
                self.at += 1;
                return self.relation(l, left, Sense::IsNot);
            }
            _ => return Some(left),
        };
        let sign = self.sign()?;
        let right = self.sum()?;
        Some(self.b.compare(l, left, sign, Some(op), right, self.end()))
    }

    /// What stands behind an actor: `in ref(..)`, `on s`.
    fn relation(&mut self, l: u32, actor: ExprId, sense: Sense) -> Option<ExprId> {
        let kind = self.kind()?;
        self.at += 1;
        if kind == TokenKind::On {
            let host = self.sum()?;
            return Some(self.b.on(l, actor, sense, host, self.end()));
        }
        if kind != TokenKind::In {
            return None;
        }
        self.expect(TokenKind::Ref)?;
        let open = self.start();
        let args = self.args()?;
        Some(self.b.in_ref(l, actor, sense, open, args, self.end()))
    }

    fn sum(&mut self) -> Option<ExprId> {
        let l = self.start();
        let mut left = self.product()?;
        loop {
            let op = match self.kind() {
                Some(TokenKind::Plus) => ArithmeticOp::Add,
                Some(TokenKind::Minus) => ArithmeticOp::Subtract,
                _ => break,
            };
            let sign = self.sign()?;
            let right = self.product()?;
            left = self.b.arithmetic(l, left, sign, op, right, self.end());
        }
        Some(left)
    }

    fn product(&mut self) -> Option<ExprId> {
        let l = self.start();
        let mut left = self.unary()?;
        loop {
            let op = match self.kind() {
                Some(TokenKind::Star) => ArithmeticOp::Multiply,
                Some(TokenKind::Slash) => ArithmeticOp::Divide,
                _ => break,
            };
            let sign = self.sign()?;
            let right = self.unary()?;
            left = self.b.arithmetic(l, left, sign, op, right, self.end());
        }
        Some(left)
    }

    /// The sign between two operands.
    fn sign(&mut self) -> Option<Range> {
        let token = self.tokens.get(self.at)?;
        self.at += 1;
        Some((token.start, token.end))
    }

    fn unary(&mut self) -> Option<ExprId> {
        let l = self.start();
        if self.kind() == Some(TokenKind::Minus) {
            self.at += 1;
            let inner = self.unary()?;
            return Some(self.b.minus(l, inner, self.end()));
        }
        if let Some(literal) = self.literal() {
            return Some(literal);
        }
        let of = self.postfix()?;
        if self.kind() != Some(TokenKind::Over) {
            return Some(of);
        }
        self.at += 1;
        let window = self.setting()?;
        Some(self.b.windowed(l, of, window, self.end()))
    }

    pub(super) fn operand(&mut self) -> Option<ExprId> {
        self.literal().or_else(|| self.postfix())
    }

    fn literal(&mut self) -> Option<ExprId> {
        let token = *self.tokens.get(self.at)?;
        let (l, r) = (token.start, token.end);
        let id = match token.kind {
            TokenKind::Number => self.b.number(l, r),
            TokenKind::Text => self.b.text_literal(l, r),
            TokenKind::True => self.b.bool(l, true, r),
            TokenKind::False => self.b.bool(l, false, r),
            _ => return None,
        };
        self.at += 1;
        Some(id)
    }

    /// An operand with what stands behind its dots.
    fn postfix(&mut self) -> Option<ExprId> {
        let l = self.start();
        let mut operand = if self.kind()? == TokenKind::LeftParen {
            self.at += 1;
            let inner = self.expr()?;
            self.expect(TokenKind::RightParen)?;
            self.b.paren(l, inner, self.end())
        } else {
            let word = self.head_word()?;
            match self.kind() {
                Some(TokenKind::LeftParen) => self.call(l, word)?,
                _ => self.b.word(word),
            }
        };
        while self.kind() == Some(TokenKind::Dot) {
            self.at += 1;
            let name = self.name()?;
            let args = match self.kind() {
                Some(TokenKind::LeftParen) => Some(self.args()?),
                _ => None,
            };
            operand = self.b.member(l, operand, Some(name), args, self.end());
        }
        Some(operand)
    }

    /// The word at the beginning of an operand.
    pub(super) fn head_word(&mut self) -> Option<Word> {
        let token = *self.tokens.get(self.at)?;
        let kind = match token.kind {
            TokenKind::Lower => WordKind::Lower,
            TokenKind::Upper => WordKind::Upper,
            TokenKind::Any => WordKind::Any,
            TokenKind::Server => WordKind::Server,
            TokenKind::Client => WordKind::Client,
            _ => return None,
        };
        self.at += 1;
        Some(self.b.head(kind, token.start, token.end))
    }

    /// A word with arguments, or an aggregate.
    fn call(&mut self, l: u32, word: Word) -> Option<ExprId> {
        self.expect(TokenKind::LeftParen)?;
        if self.kind()? == TokenKind::RightParen {
            self.at += 1;
            return Some(self.b.call(l, word, ExprList::default(), self.end()));
        }
        let is_sum = !matches!(self.kind()?, TokenKind::LeftBrace | TokenKind::By);
        let first = self.arg()?;
        let goes_on = matches!(
            self.kind()?,
            TokenKind::For | TokenKind::ForTime | TokenKind::Where
        );
        if goes_on && is_sum {
            return self.aggregate(l, word, first);
        }
        let args = self.args_after(first)?;
        Some(self.b.call(l, word, args, self.end()))
    }

    /// An aggregate, from behind what it is of.
    fn aggregate(&mut self, l: u32, word: Word, of: ExprId) -> Option<ExprId> {
        let begin = self.pending.len();
        if self.kind()? != TokenKind::Where {
            loop {
                // The `for` or the comma.
                self.at += 1;
                let range = self.postfix()?;
                self.pending.push(range);
                if self.kind()? != TokenKind::Comma {
                    break;
                }
            }
        }
        let filter = match self.kind()? {
            TokenKind::Where => {
                self.at += 1;
                Some(self.expr()?)
            }
            _ => None,
        };
        self.expect(TokenKind::RightParen)?;
        let ranges = match self.pending.len() > begin {
            true => self.list(begin),
            false => ExprList::default(),
        };
        let parts = (of, ranges, filter);
        Some(self.b.aggregate_of(l, word, parts, self.end()))
    }

    /// What stands in parentheses.
    pub(super) fn args(&mut self) -> Option<ExprList> {
        self.expect(TokenKind::LeftParen)?;
        if self.kind()? == TokenKind::RightParen {
            self.at += 1;
            return Some(ExprList::default());
        }
        let first = self.arg()?;
        self.args_after(first)
    }

    fn args_after(&mut self, first: ExprId) -> Option<ExprList> {
        let begin = self.pending.len();
        self.pending.push(first);
        while self.kind()? == TokenKind::Comma {
            self.at += 1;
            let next = self.arg()?;
            self.pending.push(next);
        }
        self.expect(TokenKind::RightParen)?;
        Some(self.list(begin))
    }

    fn arg(&mut self) -> Option<ExprId> {
        let l = self.start();
        match self.kind()? {
            TokenKind::LeftBrace => self.types(l),
            TokenKind::By => {
                self.at += 1;
                let label = self.sum()?;
                Some(self.b.by(l, label, self.end()))
            }
            _ => self.sum(),
        }
    }

    /// `{Folder, File}`
    fn types(&mut self, l: u32) -> Option<ExprId> {
        let begin = self.pending.len();
        loop {
            // The brace or the comma.
            self.at += 1;
            let start = self.start();
            let word = self.head_word()?;
            let id = match (word.kind, self.kind()?) {
                (WordKind::Upper, TokenKind::LeftParen) => {
                    let args = self.args()?;
                    self.b.call(start, word, args, self.end())
                }
                (WordKind::Upper | WordKind::Lower | WordKind::Any, _) => self.b.word(word),
                _ => return None,
            };
            self.pending.push(id);
            if self.kind()? != TokenKind::Comma {
                break;
            }
        }
        self.expect(TokenKind::RightBrace)?;
        let list = self.list(begin);
        Some(self.b.types_of(l, list, self.end()))
    }

    /// Lays out what is pending since `begin` as a list of the tree.
    fn list(&mut self, begin: usize) -> ExprList {
        let list = self.b.list_of(self.pending.get(begin..).unwrap_or(&[]));
        self.pending.truncate(begin);
        list
    }
}
