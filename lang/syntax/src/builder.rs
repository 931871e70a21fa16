//! What the grammar builds with: puts nodes into the tree and collects the mistakes.

use std::borrow::Cow;
use std::cell::Cell;

use lalrpop_util::{ErrorRecovery, ParseError};
use plasma_diagnostic::{Diagnostic, FileId, Span};

use crate::cluster::Statement;
use crate::error::{bad_token, syntax_error, too_large};
use crate::lexer::DocLine;
use crate::limit::{NESTING_DEPTH_MAX, POLICY_RULES_MAX, SYNTAX_ERRORS_MAX};
use crate::number::{Number, unit_named};
use crate::token::{Token, TokenKind};
use crate::tree::{
    Docs, Expr, ExprId, ExprKind, ExprList, Item, Name, TestStatement, Tree, Word, WordKind,
};

mod checkpoint;
mod cluster;
mod definition;
mod expr;
mod item;
mod restart;
mod test;

pub(crate) use checkpoint::Checkpoint;
pub(crate) use cluster::Field;
pub(crate) use restart::Restart;

/// First and one past the last byte of something in the text.
pub(crate) type Range = (u32, u32);

/// The error type of LALRPOP over our tokens.
pub(crate) type Error = ParseError<u32, TokenKind, &'static str>;

/// A list that is still being read: its elements are linked backwards through the builder's cells,
/// so that reading a list allocates nothing of its own.
#[derive(Clone, Copy)]
pub(crate) struct Chain {
    last: u32,
    len: u32,
}

/// What the parser's token source and the builder tell each other.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Tokens read since something was built.
    pub(crate) idle: Cell<usize>,
    /// Whether to stop reading.
    pub(crate) is_stopped: Cell<bool>,
    /// Whether the grammar has handed back.
    pub(crate) is_handed_back: Cell<bool>,
}

/// What is read: the tokens of a text, or of a part of it.
#[derive(Clone, Copy)]
pub(crate) struct Input<'t> {
    pub(crate) tokens: &'t [Token],
    pub(crate) docs: &'t [DocLine],
    /// See [`Resolved::settled`](crate::words::Resolved).
    pub(crate) settled: &'t [u32],
    /// Places between two items at which reading ends: where the token before ends, and the next one begins.
    pub(crate) stops: &'t [(u32, u32)],
}

impl<'t> Input<'t> {
    /// Nothing but tokens.
    pub(crate) fn of_tokens(tokens: &'t [Token]) -> Input<'t> {
        Input {
            tokens,
            docs: &[],
            settled: &[],
            stops: &[],
        }
    }
}

/// Puts nodes into the tree and collects the mistakes.
pub(crate) struct Builder<'t> {
    pub(crate) tree: Tree,
    pub(crate) statements: Vec<Statement>,
    /// What was read of a test besides.
    clauses: Vec<TestStatement>,
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Whether the first mistake is that the text ends too early.
    pub(crate) is_cut_short: bool,
    tokens: &'t [Token],
    progress: &'t Progress,
    docs: &'t [DocLine],
    settled: &'t [u32],
    stops: &'t [(u32, u32)],
    /// Where a part of the text can be read without what stands before it.
    pub(crate) restarts: Vec<Restart>,
    /// The one of `stops` that was come to.
    pub(crate) stopped_at: Option<(u32, u32)>,
    cells: Vec<(ExprId, u32)>,
    /// For each expression, the depth of the tree below it.
    depths: Vec<u8>,
    /// The first expression that this builder builds.
    first_expr: usize,
    /// Whether the depth of the text is reported already.
    pub(crate) is_too_deep: bool,
    rules: usize,
    /// Where reading went on after the last mistake.
    resumed_at: Option<u32>,
    /// An item that begins here or before is not whole.
    doubtful_to: Option<u32>,
    /// Whether the grammar hands back behind the next whole item.
    is_lent: bool,
    /// What was built when the grammar handed back, and the place of the token to go on with.
    handed_back: Option<(Checkpoint, usize)>,
    /// Where the last mistake was that may have cost more than a sign.
    cut_at: Option<u32>,
    /// Opening braces among the tokens left out whose closing ones have not come yet.
    braces_left_out: usize,
}

impl<'t> Builder<'t> {
    pub(crate) fn new(tree: Tree, input: Input<'t>, progress: &'t Progress) -> Builder<'t> {
        let mut tree = tree;
        let Input {
            tokens,
            docs,
            settled,
            stops,
        } = input;
        // A number, a word and the dot before a word are each an expression; memory that is not used costs
        // nothing.
        let exprs = tokens.len() / 4 * 3;
        tree.exprs.reserve(exprs);
        Builder {
            tree,
            statements: Vec::new(),
            clauses: Vec::new(),
            diagnostics: Vec::new(),
            is_cut_short: false,
            tokens,
            progress,
            docs,
            settled,
            stops,
            restarts: Vec::new(),
            stopped_at: None,
            cells: Vec::new(),
            depths: Vec::with_capacity(exprs),
            first_expr: 0,
            is_too_deep: false,
            rules: 0,
            resumed_at: None,
            doubtful_to: None,
            is_lent: false,
            handed_back: None,
            cut_at: None,
            braces_left_out: 0,
        }
    }

    /// Goes on with a tree that another builder has built.
    pub(crate) fn continuing(tree: Tree, input: Input<'t>, progress: &'t Progress) -> Builder<'t> {
        let first_expr = tree.exprs.len();
        Builder {
            first_expr,
            ..Builder::new(tree, input, progress)
        }
    }

    fn file(&self) -> FileId {
        self.tree.file()
    }

    pub(crate) fn span(&self, start: u32, end: u32) -> Span {
        // LALRPOP gives an empty production the place of the next token; never let it invert.
        Span::new(self.file(), start, end.max(start))
    }

    fn text(&self, start: u32, end: u32) -> &str {
        self.tree.text(self.span(start, end))
    }

    pub(crate) fn name(&mut self, l: u32, r: u32) -> Name {
        self.progress.idle.set(0);
        Name {
            span: self.span(l, r),
        }
    }

    fn report(&mut self, diagnostic: Diagnostic) {
        // Where reading was stopped, the parser sees an end of the text that is none.
        if self.progress.is_stopped.get() {
            return;
        }
        self.diagnostics.push(diagnostic);
        if self.diagnostics.len() >= SYNTAX_ERRORS_MAX {
            self.progress.is_stopped.set(true);
        }
    }

    // Mistakes.

    /// Reports what the grammar did not expect, and returns the text that is left out for it.
    pub(crate) fn mistake(
        &mut self,
        l: u32,
        recovery: ErrorRecovery<u32, TokenKind, &'static str>,
        r: u32,
    ) -> Range {
        self.unexpected(&recovery.error);
        if !recovery.dropped_tokens.is_empty() || !syntax_error::is_missing_sign(&recovery.error) {
            self.cut_at = self.cut_at.max(Some(error_start(&recovery.error)));
        }
        for (_, kind, _) in &recovery.dropped_tokens {
            match kind {
                TokenKind::LeftBrace => self.braces_left_out += 1,
                TokenKind::RightBrace => {
                    self.braces_left_out = self.braces_left_out.saturating_sub(1);
                }
                _ => {}
            }
        }
        let dropped_to = recovery.dropped_tokens.last().map(|token| token.2);
        self.resumed_at = Some(dropped_to.unwrap_or(0).max(error_start(&recovery.error)));
        self.doubtful_to = self.doubtful_to.max(self.resumed_at);
        (l, r.max(l))
    }

    /// Reports a mistake, unless it is only an echo of the one directly before it.
    pub(crate) fn unexpected(&mut self, error: &Error) {
        // In a text that is too deep, tokens are left out, and what is around them fits badly.
        if self.is_too_deep {
            return;
        }
        let start = error_start(error);
        let at = self.token_at(start);
        let found = self.tokens.get(at).map(|token| token.kind);
        if found == Some(TokenKind::RightBrace) && self.braces_left_out > 0 {
            // The end of a block whose beginning was the mistake.
            return;
        }
        let is_echo = self.is_echo(start);
        let place = syntax_error::Place {
            tree: &self.tree,
            tokens: self.tokens,
            at,
        };
        let Some(diagnostic) = syntax_error::unexpected(&place, error) else {
            return;
        };
        if is_echo {
            return;
        }
        if self.diagnostics.is_empty() && at == self.tokens.len() {
            self.is_cut_short = true;
        }
        self.report(diagnostic);
    }

    /// Whether a mistake at a byte is only an echo of the one directly before it.
    fn is_echo(&self, start: u32) -> bool {
        let at = self.token_at(start);
        let resumed = self.resumed_at.map(|resumed| self.token_at(resumed));
        resumed.is_some_and(|resumed| at < resumed + ECHO_TOKENS)
    }

    /// Place among the tokens of the first one that begins at or after a byte.
    fn token_at(&self, start: u32) -> usize {
        self.tokens.partition_point(|token| token.start < start)
    }

    // Nodes.

    // Within each of its callers, a node is written where it belongs, and nowhere else before.
    #[inline(always)]
    fn push(&mut self, kind: ExprKind, span: Span, depth: usize) -> ExprId {
        self.progress.idle.set(0);
        if depth > NESTING_DEPTH_MAX {
            return self.push_too_deep(span);
        }
        self.push_node(kind, span, depth)
    }

    #[cold]
    fn push_too_deep(&mut self, span: Span) -> ExprId {
        if !self.is_too_deep {
            self.is_too_deep = true;
            self.report(too_large::nesting(span));
        }
        self.push_node(ExprKind::Hole, span, 1)
    }

    #[inline(always)]
    fn push_node(&mut self, kind: ExprKind, span: Span, depth: usize) -> ExprId {
        let id = ExprId(self.tree.exprs.len() as u32);
        self.tree.exprs.push(Expr { kind, span });
        self.depths.push(depth.min(usize::from(u8::MAX)) as u8);
        id
    }

    fn depth(&self, id: ExprId) -> usize {
        let own = (id.0 as usize).checked_sub(self.first_expr);
        own.and_then(|own| self.depths.get(own))
            .map_or(0, |d| usize::from(*d))
    }

    fn list_depth(&self, list: ExprList) -> usize {
        let depths = self.tree.list(list).iter().map(|id| self.depth(*id));
        depths.max().unwrap_or(0)
    }

    /// An expression where nothing usable stands.
    pub(crate) fn hole(&mut self, (l, r): Range) -> ExprId {
        let span = self.span(l, r);
        self.push(ExprKind::Hole, span, 1)
    }

    /// Text that is no token, where an operand is needed.
    pub(crate) fn bad_operand(&mut self, l: u32, r: u32) -> ExprId {
        self.cut_at = self.cut_at.max(Some(l));
        self.hole((l, r))
    }

    pub(crate) fn single(&mut self, first: ExprId) -> Chain {
        self.cells.push((first, u32::MAX));
        Chain {
            last: self.cells.len() as u32 - 1,
            len: 1,
        }
    }

    pub(crate) fn link(&mut self, chain: Chain, next: ExprId) -> Chain {
        self.cells.push((next, chain.last));
        Chain {
            last: self.cells.len() as u32 - 1,
            len: chain.len + 1,
        }
    }

    pub(crate) fn pair(&mut self, first: ExprId, second: ExprId) -> Chain {
        let chain = self.single(first);
        self.link(chain, second)
    }

    /// Puts a list into the tree.
    pub(crate) fn list_of(&mut self, elements: &[ExprId]) -> ExprList {
        self.tree.push_list(elements)
    }

    /// Lays a finished chain out as a list of the tree.
    pub(crate) fn list(&mut self, chain: Chain) -> ExprList {
        let start = self.tree.lists.len();
        let mut at = chain.last;
        while let Some((id, before)) = self.cells.get(at as usize) {
            self.tree.lists.push(*id);
            at = *before;
        }
        if let Some(list) = self.tree.lists.get_mut(start..) {
            list.reverse();
        }
        ExprList {
            start: start as u32,
            len: chain.len,
        }
    }

    /// The number that a token holds; reports an unknown unit.
    fn number_value(&mut self, l: u32, r: u32) -> Option<Number> {
        if let Some(number) = plain_number(self.text(l, r)) {
            return Some(number);
        }
        // A blank before the `%` is mended.
        let text = self.text(l, r);
        let text: Cow<'_, str> = match text.contains(char::is_whitespace) {
            true => text.split_whitespace().collect(),
            false => text.into(),
        };
        let is_digit = |c: char| c.is_ascii_digit() || c == '.';
        let length = text.find(|c| !is_digit(c)).unwrap_or(text.len());
        let (digits, unit) = text.split_at(length);
        let value = digits.parse::<f64>().ok().filter(|value| value.is_finite());
        let span = self.span(l, r);
        let Some(value) = value else {
            self.report(bad_token::number_too_great(span));
            return None;
        };
        let unit = match (unit, unit_named(unit)) {
            ("", _) => None,
            (_, Some(known)) => Some(known),
            (_, None) => {
                self.report(bad_token::unknown_unit(span, digits, unit));
                return None;
            }
        };
        Some(Number { value, unit })
    }

    /// The list of a chain after which something was not understood: a hole ends it, so that nobody
    /// takes it for complete.
    pub(crate) fn cut_list(&mut self, chain: Chain, hole: Range) -> ExprList {
        let hole = self.hole(hole);
        let chain = self.link(chain, hole);
        self.list(chain)
    }

    // Items.

    /// Adds an item to the tree. A grammar that was lent the builder hands it back here, if nothing can
    /// be doubtful any more: the item is whole, and what follows begins another one.
    pub(crate) fn item(&mut self, item: Item) {
        let span = item.span();
        self.add(item);
        if self.is_lent && self.handed_back.is_none() && Some(span.start) > self.doubtful_to {
            let at = self.token_at(span.end);
            let next = self.tokens.get(at);
            if next.is_some_and(|next| next.kind.may_begin_item()) {
                self.handed_back = Some((self.checkpoint(), at));
                self.progress.is_handed_back.set(true);
            }
        }
    }

    fn add(&mut self, item: Item) {
        if let Item::Rule(rule) | Item::Require(rule) = &item {
            self.rules += 1;
            if self.rules > POLICY_RULES_MAX {
                if self.rules == POLICY_RULES_MAX + 1 {
                    self.report(too_large::rules(rule.span));
                }
                self.progress.is_stopped.set(true);
                return;
            }
        }
        self.tree.items.push(item);
    }

    /// The doc lines before the item that begins at `l`.
    fn docs(&mut self, l: u32) -> Docs {
        let start = self.docs.partition_point(|doc| doc.next < l);
        let end = self.docs.partition_point(|doc| doc.next <= l);
        match start == end {
            true => Docs::default(),
            false => Docs {
                start: start as u32,
                len: (end - start) as u32,
            },
        }
    }

    pub(crate) fn head(&mut self, kind: WordKind, l: u32, r: u32) -> Word {
        let name = self.name(l, r);
        Word { kind, name }
    }
}

/// A whole number of few digits with a known unit or none, as most are.
fn plain_number(text: &str) -> Option<Number> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, unit) = text.split_at_checked(length)?;
    if digits.is_empty() || digits.len() > EXACT_DIGITS_MAX {
        return None;
    }
    let value = digits
        .bytes()
        .fold(0, |value, digit| value * 10 + u64::from(digit - b'0'));
    let unit = match unit {
        "" => None,
        unit => Some(unit_named(unit)?),
    };
    Some(Number {
        value: value as f64,
        unit,
    })
}

/// A whole number of so many digits is one that a float holds exactly.
const EXACT_DIGITS_MAX: usize = 15;

/// A mistake less than so many tokens after reading went on is an echo of the one before.
const ECHO_TOKENS: usize = 2;

fn error_start(error: &Error) -> u32 {
    match error {
        ParseError::InvalidToken { location } | ParseError::UnrecognizedEof { location, .. } => {
            *location
        }
        ParseError::UnrecognizedToken { token, .. } | ParseError::ExtraToken { token } => token.0,
        ParseError::User { .. } => 0,
    }
}
