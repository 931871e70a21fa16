//! From text to trees: never fails, returns what it understood together with what it did not.

use std::mem;
use std::sync::Arc;

use plasma_diagnostic::{Code, Diagnostic, FileId};

use crate::builder::{Builder, Error, Input, Progress, Restart};
use crate::cluster::{ClusterTree, Statement};
use crate::descent;
use crate::error::too_large;
use crate::holes;
use crate::lexer::lex_from;
use crate::limit::{POLICY_BYTES_MAX, SYNTAX_ERRORS_MAX};
use crate::token::{Token, TokenKind};
use crate::tree::{ExprId, Tree};
use crate::words;

/// A policy as far as it was understood, and what was not.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The tree, with holes at the mistakes.
    pub tree: Tree,
    /// The mistakes, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
    /// Where a part of the text can be read without what stands before it.
    restarts: Vec<Restart>,
}

impl Parsed {
    fn find_stray_docs(&mut self) {
        self.tree.find_stray_docs(!self.diagnostics.is_empty());
    }
}

/// A cluster literal as far as it was understood, and what was not.
#[derive(Clone, Debug)]
pub struct ParsedCluster {
    /// The tree, with holes at the mistakes.
    pub tree: ClusterTree,
    /// The mistakes, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// What somebody typed so far at a prompt.
#[derive(Clone, Debug)]
pub struct ReplInput {
    /// Whether it can be worked with.
    pub status: ReplStatus,
    /// Its items, and the expressions of `expression`.
    pub tree: Tree,
    /// The expression, if the input is one instead of items.
    pub expression: Option<ExprId>,
    /// The mistakes, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Whether an input can be worked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReplStatus {
    /// One expression, or items, to their end.
    Complete,
    /// Right so far, but it cannot end here: ask for another line.
    Incomplete,
    /// Wrong; another line would not mend it.
    Wrong,
}

/// Reads a policy. A text beyond the bounds of [`crate::POLICY_BYTES_MAX`] and its neighbours gives
/// a diagnostic and an empty or shortened tree.
pub fn parse(file: FileId, text: impl Into<Arc<str>>) -> Parsed {
    let read = read(Tree::new(file, text.into()), read_policy);
    let restarts = read.restarts;
    let (tree, diagnostics) = with_holes(read.tree, read.diagnostics);
    let mut parsed = Parsed {
        tree,
        diagnostics,
        restarts,
    };
    parsed.find_stray_docs();
    parsed
}

/// Reads items as long as they are right, and has the grammar read those between.
fn read_policy(builder: &mut Builder<'_>, source: TokenSource<'_>) -> Result<(), Error> {
    let mut source = source;
    loop {
        source.at = descent::read_items(builder, source.tokens, source.at);
        let has_ended = source.at == source.tokens.len() || builder.stopped_at.is_some();
        if has_ended || builder.is_stopped() {
            return Ok(());
        }
        builder.lend();
        let result = grammar::PolicyParser::new().parse(builder, source.clone());
        match builder.go_on() {
            Some(at) => source.at = at,
            None => return result,
        }
    }
}

/// Reads a cluster literal, within the same bounds.
pub fn parse_cluster(file: FileId, text: impl Into<Arc<str>>) -> ParsedCluster {
    let read = read(Tree::new(file, text.into()), |builder, source| {
        grammar::ClusterParser::new().parse(builder, source)
    });
    ParsedCluster {
        tree: ClusterTree {
            file,
            text: read.tree.text,
            statements: read.statements,
        },
        diagnostics: read.diagnostics,
    }
}

/// Reads what was typed at a prompt: an expression, or items such as rules, over any number of
/// lines. The parser itself decides whether the input is complete.
pub fn parse_repl_input(file: FileId, text: impl Into<Arc<str>>) -> ReplInput {
    let read = read(Tree::new(file, text.into()), |builder, source| {
        grammar::ReplInputParser::new().parse(builder, source)
    });
    let status = match read.diagnostics.as_slice() {
        [] => ReplStatus::Complete,
        [_only] if read.is_cut_short => ReplStatus::Incomplete,
        _ => ReplStatus::Wrong,
    };
    let (mut tree, diagnostics) = with_holes(read.tree, read.diagnostics);
    tree.find_stray_docs(!diagnostics.is_empty());
    ReplInput {
        status: match status {
            ReplStatus::Complete if !diagnostics.is_empty() => ReplStatus::Wrong,
            status => status,
        },
        tree,
        expression: read.value.flatten(),
        diagnostics,
    }
}

/// Reads what stands in the texts of alerts, too.
fn with_holes(tree: Tree, mut diagnostics: Vec<Diagnostic>) -> (Tree, Vec<Diagnostic>) {
    let (tree, mut found) = holes::read(tree, |builder, tokens, progress| {
        let source = TokenSource::new(tokens, progress);
        let result = grammar::ReplInputParser::new().parse(builder, source);
        if let Err(error) = &result {
            builder.unexpected(error);
        }
        result
    });
    if found.is_empty() {
        return (tree, diagnostics);
    }
    diagnostics.append(&mut found);
    (tree, in_order(diagnostics))
}

/// What a parser of the grammar has read.
struct Read<T> {
    tree: Tree,
    statements: Vec<Statement>,
    diagnostics: Vec<Diagnostic>,
    /// What the parser returned, if it came to the end.
    value: Option<T>,
    /// Whether the only mistake is that the text ends too early.
    is_cut_short: bool,
    /// Whether a comment is still open at the end.
    is_unclosed: bool,
    restarts: Vec<Restart>,
    /// The one of [`Part::stops`] that was come to.
    stopped_at: Option<(u32, u32)>,
}

/// A part of a text.
#[derive(Clone, Copy)]
struct Part<'p> {
    /// Its first byte.
    from: usize,
    /// One past its last byte.
    to: usize,
    /// The token that ends before it.
    before: Option<Token>,
    /// See [`Input::stops`].
    stops: &'p [(u32, u32)],
}

/// Reads the text of an empty tree with one of the grammar's parsers.
fn read<T>(
    tree: Tree,
    parse: impl FnOnce(&mut Builder<'_>, TokenSource<'_>) -> Result<T, Error>,
) -> Read<T> {
    let all = Part {
        from: 0,
        to: tree.text.len(),
        before: None,
        stops: &[],
    };
    read_part(tree, all, parse)
}

/// Reads a part of the text of an empty tree.
fn read_part<T>(
    mut tree: Tree,
    part: Part<'_>,
    parse: impl FnOnce(&mut Builder<'_>, TokenSource<'_>) -> Result<T, Error>,
) -> Read<T> {
    let text = Arc::clone(&tree.text);
    if text.len() > POLICY_BYTES_MAX {
        return Read {
            diagnostics: vec![too_large::bytes(tree.file, text.len())],
            tree,
            statements: Vec::new(),
            value: None,
            is_cut_short: false,
            is_unclosed: false,
            restarts: Vec::new(),
            stopped_at: None,
        };
    }
    let mut lexed = lex_from(tree.file, text.get(..part.to).unwrap_or(""), part.from);
    tree.comments = mem::take(&mut lexed.comments);
    let mut diagnostics = mem::take(&mut lexed.diagnostics);
    let mut tokens = mem::take(&mut lexed.tokens);
    let first = usize::from(part.before.is_some());
    tokens.splice(0..0, part.before);
    let resolved = words::resolve(tree.file, &text, tokens, &mut diagnostics);
    let input = Input {
        tokens: &resolved.tokens,
        docs: &lexed.docs,
        settled: &resolved.settled,
        stops: part.stops,
    };
    let progress = Progress::default();
    let mut builder = Builder::new(tree, input, &progress);
    builder.is_too_deep = diagnostics.iter().any(|d| d.code == Code::TooLarge);
    let source = TokenSource {
        at: first,
        ..TokenSource::new(input.tokens, &progress)
    };
    let result = parse(&mut builder, source);
    if let Err(error) = &result {
        builder.unexpected(error);
    }
    let is_cut_short = if diagnostics.is_empty() {
        builder.is_cut_short
    } else {
        lexed.is_unclosed
    };
    diagnostics.append(&mut builder.diagnostics);
    let mut read = Read {
        tree: builder.tree,
        statements: builder.statements,
        diagnostics: in_order(diagnostics),
        value: result.ok(),
        is_cut_short,
        is_unclosed: lexed.is_unclosed,
        restarts: builder.restarts,
        stopped_at: builder.stopped_at,
    };
    read.tree.doc_lines = lexed.docs;
    read
}

/// The mistakes in the order of the text, and not too many of them.
fn in_order(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|diagnostic| diagnostic.primary.start);
    if let Some(first_left_out) = diagnostics.get(SYNTAX_ERRORS_MAX - 1) {
        let place = first_left_out.primary;
        diagnostics.truncate(SYNTAX_ERRORS_MAX - 1);
        diagnostics.push(too_large::mistakes(place));
    }
    diagnostics
}

/// Gives the parser its tokens. When the parser drops many tokens in search of a place to go on,
/// only those where it can do so are offered, because each one dropped costs it a look through its
/// whole stack.
#[derive(Clone)]
struct TokenSource<'t> {
    tokens: &'t [Token],
    at: usize,
    progress: &'t Progress,
}

/// Tokens in which nothing is built, after which the parser must be searching.
const IDLE_TOKENS_MAX: usize = 1000;

impl<'t> TokenSource<'t> {
    fn new(tokens: &'t [Token], progress: &'t Progress) -> TokenSource<'t> {
        TokenSource {
            tokens,
            at: 0,
            progress,
        }
    }
}

impl Iterator for TokenSource<'_> {
    type Item = (u32, TokenKind, u32);

    fn next(&mut self) -> Option<Self::Item> {
        if self.progress.is_stopped.get() || self.progress.is_handed_back.get() {
            return None;
        }
        let idle = self.progress.idle.get();
        self.progress.idle.set(idle + 1);
        let mut token = self.tokens.get(self.at)?;
        while idle > IDLE_TOKENS_MAX && !goes_on_at(token.kind) {
            self.at += 1;
            token = self.tokens.get(self.at)?;
        }
        self.at += 1;
        Some((token.start, token.kind, token.end))
    }
}

/// Whether reading can go on at such a token after almost any mistake.
fn goes_on_at(kind: TokenKind) -> bool {
    use TokenKind::*;
    kind.begins_item() || matches!(kind, Semicolon | FatArrow | RightBrace)
}

mod incremental;
#[cfg(test)]
mod tests;

pub use incremental::{Replaced, parse_again};

// The generated code is not ours to judge.
lalrpop_util::lalrpop_mod!(
    #[allow(clippy::all, missing_docs, unreachable_pub, unused, rust_2018_idioms)]
    grammar
);
