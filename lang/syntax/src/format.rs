//! The canonical layout of a policy.
//!
//! The tree says where lines may break, the tokens say what is written: [`layout`] walks the tree and
//! takes the tokens in their order, so that no word and no comment can get lost; [`print`] chooses
//! the breaks. Numbers, units and parentheses stay as they were written.
//!
//! The rules, as users see them:
//! - lines of at most 100 columns, indented by two;
//! - a rule with a head stands on one line of up to 80 columns, or its condition begins on the next;
//!   a condition that leaves no room for the behaviors has `=>` on a line of its own; one that fits
//!   no line begins a line with each `and` or `or`; behaviors that fit no line stand one a line;
//! - a declaration in braces stays on one line if it was written so and fits; else one member a line;
//! - items and members keep one blank line between them where there were some;
//! - comments keep their text, their order, and being behind something or on their own line;
//! - a byte order mark goes, the kind of the first line break is the kind of all, the last line ends.

mod comments;
mod cursor;
mod doc;
mod expr;
mod item;
mod layout;
mod print;
mod test;

use crate::lexeme::{LexemeKind, lexemes};
use crate::lexer::lex;
use crate::parse::Parsed;
use layout::Layout;
use print::Printer;

/// Lays a policy out anew: the same tree, the same comments. `None` if it has mistakes.
pub fn format(parsed: &Parsed) -> Option<String> {
    if !parsed.diagnostics.is_empty() {
        return None;
    }
    let tree = &parsed.tree;
    let source = tree.source();
    let tokens = lex(tree.file(), source).tokens;
    let mut layout = Layout::new(tree, &tokens);
    let mut printer = Printer::default();
    for item in tree.items() {
        printer.print(&layout.item(item));
    }
    printer.print(&layout.end());
    let text = printer.finish();
    if !is_same(source, &text) {
        // Whatever went wrong, nobody's words are to be lost for it.
        debug_assert!(false, "the formatter changed more than blanks: {source}");
        return Some(source.to_string());
    }
    Some(with_line_breaks_of(source, text))
}

/// Whether two texts differ in blanks only, and in how the arrow is written.
fn is_same(a: &str, b: &str) -> bool {
    let (a, b) = (lexemes(a), lexemes(b));
    let is_pair = a.iter().zip(&b).all(|(a, b)| match (a.kind, b.kind) {
        (LexemeKind::Comment { .. }, LexemeKind::Comment { .. }) => a
            .text
            .split('\n')
            .map(str::trim_end)
            .eq(b.text.split('\n').map(str::trim_end)),
        (a_kind, b_kind) => a_kind == b_kind && canonical(a.text) == canonical(b.text),
    });
    a.len() == b.len() && is_pair
}

/// How a token is written.
fn canonical(token: &str) -> &str {
    match token {
        "⇒" => "=>",
        token => token,
    }
}

/// The text with the line breaks of the source, whose first one decides.
fn with_line_breaks_of(source: &str, text: String) -> String {
    let is_windows = source
        .find('\n')
        .is_some_and(|at| source.get(..at).is_some_and(|line| line.ends_with('\r')));
    if is_windows {
        text.replace('\n', "\r\n")
    } else {
        text
    }
}
