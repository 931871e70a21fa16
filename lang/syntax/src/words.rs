//! Words and numbers in their context: the second look at the tokens, before they are parsed.
//!
//! Most words of the language are keywords only where the grammar expects them, and names elsewhere.
//! Two facts decide, with one token of look-ahead: after `.` and before `:` any word is a name; and
//! two operands never stand side by side, so a `rule` or an `actor` with a word after it begins an
//! item. A behavior's name is a keyword where `(` follows. A few mistakes with one obvious meaning
//! are reported here and mended, and nesting is bounded before anything recursive sees it.

mod beginning;
mod nesting;
mod test;
#[cfg(test)]
mod tests;

use plasma_diagnostic::{Diagnostic, FileId, Span};

use crate::error::{bad_token, syntax_error, too_large};
use crate::token::{Token, TokenKind};
use beginning::begins_special;
use nesting::Nesting;

/// The words that are behaviors where `(` follows.
pub(crate) const BEHAVIOR_WORDS: &[&str] = &[
    "alert",
    "balance",
    "checkpoint",
    "colocate",
    "drain",
    "migrate",
    "passivate",
    "pin",
    "reserve",
    "scale_in",
    "scale_out",
    "separate",
    "spread",
];

/// Tokens of which each word has the kind that it has in its place.
#[derive(Debug, Default)]
pub(crate) struct Resolved {
    pub(crate) tokens: Vec<Token>,
    /// Where tokens end, each `;` or `}`, behind which nothing that stands before matters any more.
    pub(crate) settled: Vec<u32>,
}

/// Gives each word the kind that it has in its place. Reports into `diagnostics`.
pub(crate) fn resolve(
    file: FileId,
    text: &str,
    tokens: Vec<Token>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Resolved {
    let mut words = Words {
        file,
        text,
        tokens,
        at: 0,
        written: 0,
        in_actor: false,
        in_limit: false,
        in_use: false,
        test_depth: 0,
        nesting: Nesting::default(),
        misnamed: Vec::new(),
        settled: Vec::new(),
        diagnostics,
    };
    while let Some(token) = words.tokens.get(words.at).copied() {
        match words.plain_kind(token.kind) {
            Some(kind) => words.push(Token { kind, ..token }),
            None => words.step(token),
        }
        words.at += 1;
    }
    words.tokens.truncate(words.written);
    Resolved {
        tokens: words.tokens,
        settled: words.settled,
    }
}

/// Whether a word in lower case means something in some place; any other is just a name.
fn is_special(word: &str) -> bool {
    match word.as_bytes() {
        [b'_', ..] => true,
        // `x5` in a series.
        [b'x', digits @ ..] => digits.first().is_some_and(u8::is_ascii_digit),
        _ => is_special_letters(word),
    }
}

/// The words told apart by their length first: every name is asked.
fn is_special_letters(word: &str) -> bool {
    match word.len() {
        2 => matches!(word, "at" | "by" | "fn" | "no" | "on"),
        3 => matches!(
            word,
            "def" | "for" | "let" | "mod" | "per" | "pin" | "ref" | "use" | "var"
        ),
        4 => matches!(
            word,
            "each" | "from" | "over" | "rule" | "step" | "test" | "with"
        ),
        5 => matches!(
            word,
            "actor"
                | "alert"
                | "allow"
                | "const"
                | "drain"
                | "limit"
                | "macro"
                | "never"
                | "param"
                | "until"
                | "where"
        ),
        6 => matches!(
            word,
            "always" | "define" | "expect" | "import" | "spread" | "within"
        ),
        7 => matches!(
            word,
            "balance" | "include" | "migrate" | "require" | "reserve"
        ),
        8 => matches!(word, "colocate" | "scale_in" | "separate"),
        9 => matches!(word, "passivate" | "scale_out"),
        10 => matches!(word, "checkpoint" | "eventually"),
        _ => false,
    }
}

struct Words<'t> {
    file: FileId,
    text: &'t str,
    /// Those that have been looked at first, with the kind that they have in their place; then those that
    /// have not. Never are there more of the first than were looked at.
    tokens: Vec<Token>,
    /// Place of the token looked at.
    at: usize,
    /// How many of the first there are.
    written: usize,
    /// Whether an `actor` declaration is open.
    in_actor: bool,
    /// Whether a limit is open.
    in_limit: bool,
    /// Whether a `use` is open.
    in_use: bool,
    /// One more than the number of braces open in a test; 0 outside of tests.
    test_depth: usize,
    nesting: Nesting,
    /// Reserved words that parameters are called by, by mistake.
    misnamed: Vec<&'t str>,
    /// Where tokens end behind which nothing that stands before matters.
    settled: Vec<u32>,
    diagnostics: &'t mut Vec<Diagnostic>,
}

impl<'t> Words<'t> {
    /// The kind of a token of which nothing around it makes anything else: most are such.
    fn plain_kind(&mut self, kind: TokenKind) -> Option<TokenKind> {
        use TokenKind::*;
        let is_plain = match kind {
            Dot | Comma | Greater | Less | GreaterEqual | LessEqual => true,
            Number => self.previous() != Some(FatArrow),
            Lower => {
                let token = self.tokens.get(self.at)?;
                let letters = self.text.as_bytes();
                let letters = letters.get(token.start as usize..token.end as usize);
                let is_name = !letters.is_some_and(begins_special);
                (is_name || !is_special(self.slice(*token))) && !self.may_be_behavior()
            }
            Upper => !self.may_be_behavior(),
            And | Or | In | Client | Server | Any => {
                let before = self.previous();
                let may_be_name = matches!(before, Some(Dot | Def | Use | Fn | Param));
                !may_be_name && self.next() != Some(Colon) && self.misnamed.is_empty()
            }
            _ => false,
        };
        (is_plain && self.nesting.admits_plain()).then_some(kind)
    }

    /// Whether a name stands where an unknown behavior may.
    fn may_be_behavior(&self) -> bool {
        use TokenKind::*;
        self.next() == Some(LeftParen)
            && matches!(self.previous(), Some(FatArrow | Require | Semicolon))
    }

    fn push(&mut self, token: Token) {
        if let Some(place) = self.tokens.get_mut(self.written) {
            *place = token;
            self.written += 1;
        }
    }

    /// The tokens that have been looked at.
    fn out(&self) -> &[Token] {
        self.tokens.get(..self.written).unwrap_or(&[])
    }

    fn last_mut(&mut self) -> Option<&mut Token> {
        let last = self.written.checked_sub(1)?;
        self.tokens.get_mut(last)
    }

    fn step(&mut self, token: Token) {
        let kind = self.mended_kind(token);
        if !self.nesting.admit(kind) {
            self.leave_out(token);
            return;
        }
        match kind {
            TokenKind::Percent if self.mend_spaced_percent(token) => return,
            TokenKind::Number if self.previous() == Some(TokenKind::FatArrow) => {
                self.mend_arrow_for_comparison();
            }
            TokenKind::Rule
            | TokenKind::Param
            | TokenKind::RightBrace
            | TokenKind::Limit
            | TokenKind::Use
            | TokenKind::Def
            | TokenKind::Require => {
                self.in_actor = false;
            }
            TokenKind::Actor => self.in_actor = true,
            _ => {}
        }
        if kind.begins_item() || kind == TokenKind::Semicolon {
            self.in_limit = kind == TokenKind::Limit;
            self.in_use = kind == TokenKind::Use;
        }
        self.count_test_braces(kind);
        self.push(Token { kind, ..token });
        if matches!(kind, TokenKind::Semicolon | TokenKind::RightBrace) && self.is_settled() {
            self.settled.push(token.end);
        }
    }

    /// Whether what stands before matters no more.
    fn is_settled(&self) -> bool {
        let is_open = self.in_actor || self.in_limit || self.in_use || self.test_depth > 0;
        !is_open && self.nesting.is_flat() && self.misnamed.is_empty()
    }

    /// Puts one bad token in the place of all that lie too deep.
    fn leave_out(&mut self, token: Token) {
        if !self.nesting.is_reported {
            self.nesting.is_reported = true;
            self.diagnostics.push(too_large::nesting(self.span(token)));
        }
        if self.previous() != Some(TokenKind::Bad) {
            let kind = TokenKind::Bad;
            self.push(Token { kind, ..token });
        }
    }

    /// The kind that a token has in its place, or was meant to have: `let high = 80%;` declares a
    /// parameter, and `param in = 3;` one with a name that no parameter can have.
    fn mended_kind(&mut self, token: Token) -> TokenKind {
        if !token.kind.is_word() {
            return token.kind;
        }
        let word = self.slice(token);
        let begins_item = matches!(
            self.previous(),
            None | Some(TokenKind::Semicolon | TokenKind::RightBrace)
        );
        if matches!(word, "let" | "const" | "var")
            && begins_item
            && self.begins_name(1)
            && self.peek(2) == Some(TokenKind::Equal)
        {
            let diagnostic = bad_token::foreign_word(self.span(token), word, "param");
            self.diagnostics.push(diagnostic);
            return TokenKind::Param;
        }
        if begins_item && let Some(kind) = self.foreign_item(word) {
            let meant = if kind == TokenKind::Use { "use" } else { "def" };
            let diagnostic = bad_token::foreign_word(self.span(token), word, meant);
            self.diagnostics.push(diagnostic);
            return kind;
        }
        if let Some(times) = self.missing_in_one_word(word) {
            let diagnostic = syntax_error::missing_in_one_word(self.span(token), times);
            self.diagnostics.push(diagnostic);
            return TokenKind::Missing;
        }
        if !token.kind.is_reserved() {
            return self.kind_in_context(token);
        }
        let is_declared =
            self.previous() == Some(TokenKind::Param) && self.next() == Some(TokenKind::Equal);
        if is_declared {
            self.misnamed.push(word);
            self.diagnostics
                .push(bad_token::reserved_name(self.span(token), word));
            return TokenKind::Lower;
        }
        let is_compared = [self.previous(), self.next()]
            .into_iter()
            .flatten()
            .any(TokenKind::is_comparison);
        if is_compared && self.misnamed.contains(&word) {
            return TokenKind::Lower;
        }
        self.kind_in_context(token)
    }

    /// The item that a word of other languages begins: `import std.hotspot;`, `fn busy(s: server) = ..`.
    fn foreign_item(&self, word: &str) -> Option<TokenKind> {
        if !self.begins_name(1) {
            return None;
        }
        let behind = self.peek(2);
        match word {
            "import" | "include" | "mod" | "from" => {
                let is_path = matches!(behind, Some(TokenKind::Dot | TokenKind::Semicolon));
                is_path.then_some(TokenKind::Use)
            }
            "fn" | "let" | "define" | "macro" if !self.in_actor => {
                let is_typed = self.peek(4) == Some(TokenKind::Colon);
                let is_definition = behind == Some(TokenKind::LeftParen) && is_typed;
                is_definition.then_some(TokenKind::Def)
            }
            _ => None,
        }
    }

    /// The kind that a token has in its place.
    fn kind_in_context(&self, token: Token) -> TokenKind {
        let kind = token.kind;
        let after_dot = self.previous() == Some(TokenKind::Dot);
        let is_name = after_dot
            || matches!(self.previous(), Some(TokenKind::Def | TokenKind::Use))
            || self.next() == Some(TokenKind::Colon)
            || (self.previous() == Some(TokenKind::Fn) && self.ends_member(1));
        if is_name {
            return self.plain(token);
        }
        match kind {
            TokenKind::Lower => self.lower_in_context(token),
            TokenKind::Upper if self.is_unknown_behavior() => TokenKind::Behavior,
            kind => kind,
        }
    }

    fn lower_in_context(&self, token: Token) -> TokenKind {
        let word = self.slice(token);
        let of_test = self
            .word_of_test(word)
            .or_else(|| self.word_of_series(word));
        if let Some(kind) = of_test.or_else(|| self.joining_word(word)) {
            return kind;
        }
        if self.next() == Some(TokenKind::LeftParen) {
            let is_ref = word == "ref" && self.previous() == Some(TokenKind::In);
            return if BEHAVIOR_WORDS.contains(&word) || self.is_unknown_behavior() {
                TokenKind::Behavior
            } else if is_ref {
                TokenKind::Ref
            } else {
                TokenKind::Lower
            };
        }
        match word {
            _ if self.previous() == Some(TokenKind::FatArrow) && BEHAVIOR_WORDS.contains(&word) => {
                TokenKind::Behavior
            }
            "allow" if self.next() == Some(TokenKind::Text) => TokenKind::Allow,
            "until"
                if self.next() == Some(TokenKind::Text)
                    && self.previous() == Some(TokenKind::Text) =>
            {
                TokenKind::Until
            }
            "test" if self.begins_test() => TokenKind::Test,
            "rule" if self.begins_name(1) => TokenKind::Rule,
            "param" if self.begins_name(1) || self.declares_reserved() => TokenKind::Param,
            // `param = 80;`: the name is missing, not the word.
            "param"
                if self.next() == Some(TokenKind::Equal)
                    && self.previous() != Some(TokenKind::Param) =>
            {
                TokenKind::Param
            }
            "actor" if self.begins_name(1) || self.next() == Some(TokenKind::LeftBrace) => {
                TokenKind::Actor
            }
            "use" if self.begins_name(1) || self.next() == Some(TokenKind::Text) => TokenKind::Use,
            "with" if self.in_use && self.next() == Some(TokenKind::LeftBrace) => TokenKind::With,
            "def" if self.begins_name(1) => TokenKind::Def,
            "require" if self.begins_name(1) && self.peek(2) == Some(TokenKind::LeftParen) => {
                TokenKind::Require
            }
            "limit" if self.begins_limit() => TokenKind::Limit,
            "per" if self.in_limit => TokenKind::Per,
            "each" if self.in_limit => TokenKind::Each,
            "by" if self.begins_label() => TokenKind::By,
            "fn" if self.in_actor && self.begins_name(1) => TokenKind::Fn,
            "ref" if self.previous() == Some(TokenKind::In) => TokenKind::Ref,
            _ => TokenKind::Lower,
        }
    }

    /// `on`, `over`, `for` or `where`, if the word is one: behind an operand, since two of them never stand
    /// side by side. (Behind `not`, the operand stands before that.)
    fn joining_word(&self, word: &str) -> Option<TokenKind> {
        let kind = match word {
            "on" => TokenKind::On,
            "for" if self.names_range() => TokenKind::For,
            "for" => TokenKind::ForTime,
            "over" => TokenKind::Over,
            "where" => TokenKind::Where,
            _ => return None,
        };
        let before = match self.out() {
            [.., before, not] if not.kind == TokenKind::Not && kind == TokenKind::On => before.kind,
            [.., before] => before.kind,
            [] => return None,
        };
        // In a cluster a name follows its type, and a caller can follow anything.
        let is_name = match before {
            TokenKind::Upper if kind == TokenKind::On => !self.begins_name(1) || self.repeats(word),
            TokenKind::Upper => self.next() != Some(TokenKind::Number),
            _ => self.next() == Some(TokenKind::ThinArrow),
        };
        (before.ends_operand() && !is_name).then_some(kind)
    }

    /// Whether something follows that a variable may be introduced by: `Folder(f)`, `server(s)`.
    fn names_range(&self) -> bool {
        let next = self.next();
        matches!(
            next,
            Some(TokenKind::Upper | TokenKind::Any | TokenKind::Server)
        ) || self.peek(2) == Some(TokenKind::LeftParen)
    }

    /// Whether the same word follows, and something that it can belong to.
    fn repeats(&self, word: &str) -> bool {
        let next = self.tokens.get(self.at + 1);
        next.is_some_and(|next| self.slice(*next) == word)
            && (self.begins_name(2) || self.peek(2) == Some(TokenKind::LeftBrace))
    }

    /// Whether this `test` has a name behind it, perhaps without its quotes.
    fn begins_test(&self) -> bool {
        match self.next() {
            Some(TokenKind::Text) => true,
            Some(TokenKind::Lower | TokenKind::Upper) => {
                self.peek(2) == Some(TokenKind::LeftBrace) && self.test_depth == 0
            }
            _ => false,
        }
    }

    /// Whether this `by` begins an argument: two operands never stand side by side.
    fn begins_label(&self) -> bool {
        let is_argument = matches!(
            self.previous(),
            Some(TokenKind::Comma | TokenKind::LeftParen | TokenKind::RightBrace)
        );
        let is_label = self.next() == Some(TokenKind::Text)
            || self.next().is_some_and(TokenKind::is_operand_word);
        is_argument && is_label
    }

    /// Whether this `limit` has what it limits behind it: two words side by side begin an item.
    fn begins_limit(&self) -> bool {
        self.begins_name(1)
    }

    /// Whether the word at `ahead` from here can only be a name or begin an operand.
    fn begins_name(&self, ahead: usize) -> bool {
        match self.peek(ahead) {
            Some(kind) if kind.is_operand_word() => true,
            Some(kind) if kind.is_word() => {
                self.peek(ahead + 1) == Some(TokenKind::Colon) || self.ends_member(ahead + 1)
            }
            _ => false,
        }
    }

    /// Whether a reserved word and `=` follow, as in `param in = 3;`.
    fn declares_reserved(&self) -> bool {
        self.next().is_some_and(TokenKind::is_reserved) && self.peek(2) == Some(TokenKind::Equal)
    }

    /// Whether the token at `ahead` from here ends a member of an actor declaration.
    fn ends_member(&self, ahead: usize) -> bool {
        let next = self.peek(ahead);
        self.in_actor && matches!(next, Some(TokenKind::Semicolon | TokenKind::RightBrace))
    }

    /// Whether this word with `(` after it is a behavior that does not exist: after `=>` nothing
    /// else can stand; after `;` a condition could, but none that ends with the parenthesis.
    fn is_unknown_behavior(&self) -> bool {
        if self.next() != Some(TokenKind::LeftParen) {
            return false;
        }
        match self.previous() {
            Some(TokenKind::FatArrow | TokenKind::Require) => true,
            Some(TokenKind::Semicolon) if !self.in_actor => self.is_call_before_semicolon(),
            _ => false,
        }
    }

    fn is_call_before_semicolon(&self) -> bool {
        let mut rest = self.tokens.get(self.at + 1..).unwrap_or(&[]).iter();
        let mut depth = 0usize;
        for token in rest.by_ref() {
            match token.kind {
                TokenKind::LeftParen => depth += 1,
                TokenKind::RightParen => depth -= 1,
                TokenKind::Semicolon | TokenKind::FatArrow => return false,
                _ => {}
            }
            if depth == 0 {
                break;
            }
        }
        rest.next().map(|t| t.kind) == Some(TokenKind::Semicolon)
    }

    /// `80 %`: the percent sign belongs to the number before it.
    fn mend_spaced_percent(&mut self, percent: Token) -> bool {
        let Some(number) = self.out().last().copied() else {
            return false;
        };
        let between = self.text.get(number.end as usize..percent.start as usize);
        let is_bare = self.slice(number).ends_with(|c: char| c.is_ascii_digit());
        let is_blank = between.is_some_and(|text| text.trim().is_empty());
        if number.kind != TokenKind::Number || !is_bare || !is_blank {
            return false;
        }
        let span = Span::new(self.file, number.start, percent.end);
        let blank = Span::new(self.file, number.end, percent.start);
        let number_text = self.slice(number).to_owned();
        self.diagnostics
            .push(bad_token::spaced_percent(span, blank, &number_text));
        if let Some(last) = self.last_mut() {
            last.end = percent.end;
        }
        true
    }

    /// `server.cpu => 80`: no behavior begins with a number, so `>=` was meant.
    fn mend_arrow_for_comparison(&mut self) {
        let file = self.file;
        if let Some(arrow) = self.last_mut() {
            let span = Span::new(file, arrow.start, arrow.end);
            arrow.kind = TokenKind::GreaterEqual;
            self.diagnostics.push(bad_token::arrow_for_comparison(span));
        }
    }

    fn previous(&self) -> Option<TokenKind> {
        let last = self.written.checked_sub(1)?;
        self.tokens.get(last).map(|token| token.kind)
    }

    fn next(&self) -> Option<TokenKind> {
        self.peek(1)
    }

    fn peek(&self, ahead: usize) -> Option<TokenKind> {
        self.tokens.get(self.at + ahead).map(|token| token.kind)
    }

    /// The kind of a word that is just a name.
    fn plain(&self, token: Token) -> TokenKind {
        let is_upper = self
            .slice(token)
            .starts_with(|c: char| c.is_ascii_uppercase());
        if is_upper {
            TokenKind::Upper
        } else {
            TokenKind::Lower
        }
    }

    fn slice(&self, token: Token) -> &'t str {
        let range = token.start as usize..token.end as usize;
        self.text.get(range).unwrap_or("")
    }

    fn span(&self, token: Token) -> Span {
        Span::new(self.file, token.start, token.end)
    }
}
