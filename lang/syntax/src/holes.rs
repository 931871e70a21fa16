//! The expressions in the texts of alerts, read into the tree of the text that they stand in.

use std::sync::Arc;

use plasma_diagnostic::{Diagnostic, FileId, Span};

use crate::builder::{Builder, Error, Input, Progress};
use crate::error::wrong_message;
use crate::lexer::lex;
use crate::limit::SYNTAX_ERRORS_MAX;
use crate::message::{MessagePart, message_parts};
use crate::token::Token;
use crate::tree::{ExprId, ExprKind, ExprList, Tree};
use crate::words;

/// The expressions in the text of an alert. They lie behind those of all items.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Holes {
    /// The text.
    pub(crate) literal: ExprId,
    /// The expressions; those with a mistake are left out.
    pub(crate) list: ExprList,
    /// The first expression that was read from it.
    pub(crate) exprs: u32,
    /// The first place of a list that was read from it.
    pub(crate) lists: u32,
}

/// The behavior whose text has holes.
const ALERT: &str = "alert";

/// Reads one expression.
pub(crate) type Reader = fn(&mut Builder<'_>, &[Token], &Progress) -> Result<Option<ExprId>, Error>;

/// Reads the holes of all alerts in a tree; gives the mistakes in them.
pub(crate) fn read(mut tree: Tree, reader: Reader) -> (Tree, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    for literal in literals(&tree) {
        let mut holes = Vec::new();
        let exprs = tree.exprs.len() as u32;
        let lists = tree.lists.len() as u32;
        for part in message_parts(&Arc::clone(&tree.text), tree.expr(literal).span) {
            if diagnostics.len() >= SYNTAX_ERRORS_MAX {
                break;
            }
            match part {
                MessagePart::Text(_) => {}
                MessagePart::Open(span) => diagnostics.push(wrong_message::open(span)),
                MessagePart::Stray(span) => diagnostics.push(wrong_message::stray(span)),
                MessagePart::Hole(span) if tree.text(span).trim().is_empty() => {
                    diagnostics.push(wrong_message::empty(span));
                }
                MessagePart::Hole(span) => {
                    let hole;
                    (tree, hole) = read_hole(tree, span, reader, &mut diagnostics);
                    holes.extend(hole);
                }
            }
        }
        let list = tree.push_list(&holes);
        tree.holes.push(Holes {
            literal,
            list,
            exprs,
            lists,
        });
    }
    (tree, diagnostics)
}

/// The texts of alerts, in the order of the tree.
fn literals(tree: &Tree) -> Vec<ExprId> {
    let alerts = tree.behaviors.iter().filter(|call| {
        let name = call.name.map(|name| tree.name(name));
        name == Some(ALERT)
    });
    let texts = alerts.filter_map(|call| match tree.list(call.args) {
        [text] => Some(tree.unparenthesized(*text)),
        _ => None,
    });
    let mut texts: Vec<ExprId> = texts
        .filter(|text| tree.expr(*text).kind == ExprKind::Text)
        .collect();
    texts.sort_unstable_by_key(|id| id.0);
    texts
}

fn read_hole(
    tree: Tree,
    hole: Span,
    reader: Reader,
    diagnostics: &mut Vec<Diagnostic>,
) -> (Tree, Option<ExprId>) {
    let file = tree.file;
    let source = Arc::clone(&tree.text);
    let mut lexed = lex(file, &unquoted(tree.text(hole)));
    for token in &mut lexed.tokens {
        token.start += hole.start;
        token.end += hole.start;
    }
    let mut found: Vec<Diagnostic> = std::mem::take(&mut lexed.diagnostics);
    for diagnostic in &mut found {
        shift(diagnostic, file, hole.start);
    }
    let tokens = words::resolve(file, &source, lexed.tokens, &mut found).tokens;
    let progress = Progress::default();
    let (items, behaviors) = (tree.items.len(), tree.behaviors.len());
    let input = Input::of_tokens(&tokens);
    let mut builder = Builder::continuing(tree, input, &progress);
    let result = reader(&mut builder, &tokens, &progress);
    found.append(&mut builder.diagnostics);
    let mut tree = builder.tree;
    let has_items = tree.items.len() > items || tree.behaviors.len() > behaviors;
    tree.items.truncate(items);
    tree.behaviors.truncate(behaviors);
    let expression = result.ok().flatten().filter(|_| !has_items);
    let is_right = found.is_empty() && expression.is_some();
    // One report a hole, and that in terms of the hole.
    if !is_right {
        let first = found.into_iter().next();
        diagnostics.push(wrong_message::hole(hole, first));
    }
    (tree, expression.filter(|_| is_right))
}

/// The text of a hole with plain quotes: within a literal they stand behind a backslash. No byte changes
/// its place; the backslash of a closing quote is the quote.
fn unquoted(hole: &str) -> String {
    let mut text = String::with_capacity(hole.len());
    let mut is_open = false;
    let mut rest = hole;
    while let Some(at) = rest.find("\\\"") {
        text.push_str(rest.get(..at).unwrap_or(""));
        text.push_str(if is_open { "\" " } else { " \"" });
        is_open = !is_open;
        rest = rest.get(at + 2..).unwrap_or("");
    }
    text.push_str(rest);
    text
}

/// Moves a diagnostic of a hole to where the hole stands.
fn shift(diagnostic: &mut Diagnostic, file: FileId, by: u32) {
    let moved = |span: Span| Span::new(file, span.start + by, span.end + by);
    diagnostic.primary = moved(diagnostic.primary);
    for label in &mut diagnostic.labels {
        label.span = moved(label.span);
    }
    for edit in diagnostic.fixes.iter_mut().flat_map(|fix| &mut fix.edits) {
        edit.span = moved(edit.span);
    }
}
