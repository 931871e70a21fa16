//! Reads the items that nearly every policy consists of, as long as they have no mistake.
//!
//! The grammar says what the language is and what a mistake in it is called. Its tables take three
//! times as long as plain functions, though, and most rules are right. So these functions read one item
//! after the other with the grammar's own builder, and build what the grammar would. What they do
//! not understand, a mistake or a rare item, they take back and leave to the grammar, which hands
//! back behind the next item without a mistake ([`Builder::item`]). That both build the same is tested
//! on texts with and without mistakes (`parse::tests`).

mod expr;

use crate::builder::{Builder, Checkpoint};
use crate::token::{Token, TokenKind};
use crate::tree::{Attribute, DefParam, ExprId, Name, RuleHead, WordKind};

/// Reads items from the token at `at` on. Gives the place of the first token of the first item that is left
/// to the grammar: one past the last token if there is none. Ends at a place where the builder is to stop.
pub(crate) fn read_items(builder: &mut Builder<'_>, tokens: &[Token], at: usize) -> usize {
    let mut descent = Descent {
        b: builder,
        tokens,
        at,
        pending: Vec::new(),
    };
    let mut begin = at;
    while begin < tokens.len() && !descent.b.is_stopped() {
        if descent.b.begins_item(begin) {
            break;
        }
        let before = descent.b.checkpoint();
        let is_right = descent.item(&before).is_some();
        if !is_right {
            descent.b.take_back(&before);
            break;
        }
        begin = descent.at;
    }
    begin
}

/// A place among the tokens, and what was read before it. Every function gives `None` where it meets
/// what it does not expect, and whoever called it gives up, too.
struct Descent<'b, 't> {
    b: &'b mut Builder<'t>,
    tokens: &'b [Token],
    at: usize,
    /// The elements of the lists that are being read, those of the innermost last.
    pending: Vec<ExprId>,
}

impl Descent<'_, '_> {
    /// One item, if nothing is to be said about it and the next one can follow.
    fn item(&mut self, before: &Checkpoint) -> Option<()> {
        self.pending.clear();
        match self.kind()? {
            TokenKind::Require => self.require(before),
            TokenKind::Def => self.definition(before),
            TokenKind::Param => self.param(before),
            _ => self.rule(before),
        }
    }

    /// Whether the item before this token is one: the next begins here, and nothing was reported.
    fn ends_item(&mut self, before: &Checkpoint) -> Option<()> {
        let may_follow = self.kind().is_none_or(TokenKind::may_begin_item);
        (may_follow && self.b.is_silent_since(before)).then_some(())
    }

    /// `rule NAME [..]: .. => ..;` or `.. => ..;`
    fn rule(&mut self, before: &Checkpoint) -> Option<()> {
        let l = self.start();
        let head = match self.kind()? {
            TokenKind::Rule => Some(self.head(l)?),
            _ => None,
        };
        let condition = self.expr()?;
        self.expect(TokenKind::FatArrow)?;
        self.behavior()?;
        self.expect(TokenKind::Semicolon)?;
        while self.kind() == Some(TokenKind::Behavior) {
            self.behavior()?;
            self.expect(TokenKind::Semicolon)?;
        }
        self.ends_item(before)?;
        self.b.rule(l, head, condition, self.end());
        Some(())
    }

    fn head(&mut self, l: u32) -> Option<Box<RuleHead>> {
        self.at += 1;
        let name = self.name()?;
        let attributes = match self.kind()? {
            TokenKind::LeftBracket => Some(self.attributes()?),
            _ => None,
        };
        self.expect(TokenKind::Colon)?;
        Some(self.b.rule_head(l, name, attributes, self.end()))
    }

    /// `[priority 10, cooldown 60s]`
    fn attributes(&mut self) -> Option<Vec<Attribute>> {
        let mut attributes = Vec::new();
        loop {
            // The bracket or the comma.
            self.at += 1;
            let l = self.start();
            let word = self.name()?;
            let value = self.setting()?;
            attributes.push(*self.b.attribute(l, word, value, self.end()));
            match self.kind()? {
                TokenKind::Comma => {}
                TokenKind::RightBracket => break,
                _ => return None,
            }
        }
        self.at += 1;
        Some(attributes)
    }

    fn behavior(&mut self) -> Option<()> {
        let token = self.take(TokenKind::Behavior)?;
        let args = self.args()?;
        self.b.behavior(token.start, token.end, args, self.end());
        Some(())
    }

    /// `require separate(a, b) where ..;`
    fn require(&mut self, before: &Checkpoint) -> Option<()> {
        let l = self.start();
        self.at += 1;
        self.behavior()?;
        let condition = match self.kind()? {
            TokenKind::Where => {
                self.at += 1;
                Some(self.expr()?)
            }
            _ => None,
        };
        self.expect(TokenKind::Semicolon)?;
        self.ends_item(before)?;
        self.b.require(l, condition, self.end());
        Some(())
    }

    /// `def busy(s: server) = ..;`
    fn definition(&mut self, before: &Checkpoint) -> Option<()> {
        let l = self.start();
        self.at += 1;
        let name = self.name()?;
        let params = self.def_params()?;
        self.expect(TokenKind::Equal)?;
        let body = self.expr()?;
        self.expect(TokenKind::Semicolon)?;
        self.ends_item(before)?;
        self.b.definition(l, name, params, body, self.end());
        self.b.is_silent_since(before).then_some(())
    }

    fn def_params(&mut self) -> Option<Vec<DefParam>> {
        self.expect(TokenKind::LeftParen)?;
        let mut params = Vec::new();
        if self.kind()? != TokenKind::RightParen {
            loop {
                let l = self.start();
                let name = self.name()?;
                self.expect(TokenKind::Colon)?;
                let ty = self.head_word()?;
                let end = self.end();
                params.push(self.b.def_param(l, name, Some(ty), end));
                if self.kind()? != TokenKind::Comma {
                    break;
                }
                self.at += 1;
            }
        }
        self.expect(TokenKind::RightParen)?;
        Some(params)
    }

    /// `param high = 80%;`
    fn param(&mut self, before: &Checkpoint) -> Option<()> {
        let l = self.start();
        self.at += 1;
        let name = self.name()?;
        self.expect(TokenKind::Equal)?;
        let value = self.operand()?;
        self.expect(TokenKind::Semicolon)?;
        self.ends_item(before)?;
        self.b.param(l, Some(name), value, self.end());
        self.b.is_silent_since(before).then_some(())
    }

    // Tokens.

    fn kind(&self) -> Option<TokenKind> {
        self.tokens.get(self.at).map(|token| token.kind)
    }

    /// Where the next token begins.
    fn start(&self) -> u32 {
        self.tokens.get(self.at).map_or(0, |token| token.start)
    }

    /// Where the token before ends.
    fn end(&self) -> u32 {
        let before = self.at.checked_sub(1);
        let before = before.and_then(|at| self.tokens.get(at));
        before.map_or(0, |token| token.end)
    }

    fn take(&mut self, kind: TokenKind) -> Option<Token> {
        let token = *self.tokens.get(self.at)?;
        if token.kind != kind {
            return None;
        }
        self.at += 1;
        Some(token)
    }

    fn expect(&mut self, kind: TokenKind) -> Option<()> {
        self.take(kind).map(|_| ())
    }

    fn name(&mut self) -> Option<Name> {
        let token = *self.tokens.get(self.at)?;
        if !matches!(token.kind, TokenKind::Lower | TokenKind::Upper) {
            return None;
        }
        self.at += 1;
        Some(self.b.name(token.start, token.end))
    }

    /// A number, or the name of a parameter that holds it.
    fn setting(&mut self) -> Option<ExprId> {
        let token = *self.tokens.get(self.at)?;
        self.at += 1;
        match token.kind {
            TokenKind::Number => Some(self.b.number(token.start, token.end)),
            TokenKind::Lower => {
                let word = self.b.head(WordKind::Lower, token.start, token.end);
                Some(self.b.word(word))
            }
            _ => None,
        }
    }
}
