//! Reading a text again of which a part was changed: only the items around the change are read, and put in
//! the place of those that they replace.
//!
//! What is read of an item depends on what stands before it only where something is open or a mistake is being
//! got over; everywhere else lies a [`Restart`]. So reading begins at the one before the item before the change
//! (which might go on into the changed text), and ends as soon as it comes to one behind the change: from there on
//! all is as it was. That the result is that of reading the whole text is tested with texts at random
//! (`parse::tests`).

use std::ops::Range;
use std::sync::Arc;

use plasma_diagnostic::{Code, Diagnostic, TextChange};

use super::{Parsed, Part, Read, in_order, parse, read_part, read_policy, with_holes};
use crate::builder::Restart;
use crate::limit::{POLICY_RULES_MAX, SYNTAX_ERRORS_MAX};
use crate::token::{Token, TokenKind};
use crate::tree::{Item, Splice, Tree};

/// How many items behind the change are read to find where all is as it was: first so many, then so many.
const ITEMS_BEHIND: [usize; 2] = [2, 32];

/// How many items behind those are looked at, to know where the last of them ends.
const LOOK_AHEAD: usize = 2;

/// What of a text was read again, and is not as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// What became of the text.
    pub change: TextChange,
    /// What is not as it was, in the text before: from the end of an item to the beginning of another one.
    pub before: Range<u32>,
    /// The same part in the text after.
    pub after: Range<u32>,
    /// The items that are gone, by their places among all.
    pub items_before: Range<usize>,
    /// Those that came.
    pub items_after: Range<usize>,
    /// Whether all that are gone were rules.
    pub were_rules: bool,
}

impl Replaced {
    /// Whether nothing but rules went and came; the tree is that of the text after.
    pub fn is_of_rules(&self, after: &Tree) -> bool {
        let came = after.items().get(self.items_after.clone()).unwrap_or(&[]);
        self.were_rules && came.iter().all(|item| matches!(item, Item::Rule(_)))
    }
}

/// Reads another text of the same file, as far as it differs, and says what was read; `None` if that is all of
/// it. The result is that of [`parse`].
pub fn parse_again(before: Parsed, text: impl Into<Arc<str>>) -> (Parsed, Option<Replaced>) {
    let text = text.into();
    let file = before.tree.file();
    let change = TextChange::between(before.tree.source(), &text);
    let found = change.and_then(|change| {
        let mut behind = ITEMS_BEHIND.into_iter();
        behind.find_map(|behind| Found::around(&before, &text, change, behind))
    });
    match found {
        Some(found) => {
            let (parsed, replaced) = found.put_into(before);
            (parsed, Some(replaced))
        }
        None => (parse(file, text), None),
    }
}

/// What was found around a change.
struct Found {
    tree: Tree,
    diagnostics: Vec<Diagnostic>,
    restarts: Vec<Restart>,
    change: TextChange,
    /// The first restart that was read from.
    from: usize,
    /// The one that was come to; one past the last if that is the end of the text.
    to: usize,
}

impl Found {
    /// What is found around a change of a text, if no more than so many items behind it are not as they were.
    fn around(
        before: &Parsed,
        text: &Arc<str>,
        change: TextChange,
        behind: usize,
    ) -> Option<Found> {
        if !is_bounded(before) {
            return None;
        }
        let restarts = &before.restarts;
        let begun = restarts.partition_point(|r| r.after == 0 || r.after < change.start);
        let from = begun.saturating_sub(2);
        let first = restarts.get(from)?;
        let whole = restarts.partition_point(|r| r.after <= change.before_end);
        let next = restarts.get(whole..)?;
        let stops = next.iter().take(behind);
        let stops = stops.map(|r| (change.offset(r.after), change.offset(r.start)));
        let stops: Vec<(u32, u32)> = stops.collect();
        let to = next.get(behind + LOOK_AHEAD);
        let part = Part {
            from: first.after as usize,
            to: to.map_or(text.len(), |r| change.offset(r.after) as usize),
            before: token_before(text, first.after),
            stops: &stops,
        };
        let read = read_part(
            Tree::new(before.tree.file(), Arc::clone(text)),
            part,
            read_policy,
        );
        let is_whole = part.to == text.len();
        let to = match read.stopped_at {
            Some(at) => whole + stops.iter().position(|stop| *stop == at)?,
            None if is_whole => restarts.len(),
            None => return None,
        };
        if read.is_unclosed && !is_whole || read.diagnostics.iter().any(is_bound) {
            return None;
        }
        Some(Found::of(read, change, from, to))
    }

    /// What was read up to where reading ended: what was looked at behind that is as it was.
    fn of(read: Read<()>, change: TextChange, from: usize, to: usize) -> Found {
        let (mut tree, mut diagnostics) = (read.tree, read.diagnostics);
        if let Some((end, _)) = read.stopped_at {
            tree.comments.retain(|comment| comment.span.start < end);
            tree.doc_lines.retain(|doc| doc.span.start < end);
            diagnostics.retain(|diagnostic| diagnostic.primary.start < end);
        }
        let (tree, diagnostics) = with_holes(tree, diagnostics);
        Found {
            tree,
            diagnostics,
            restarts: read.restarts,
            change,
            from,
            to,
        }
    }
}

impl Found {
    /// Puts it in the place of what it replaces.
    fn put_into(self, before: Parsed) -> (Parsed, Replaced) {
        let mut parsed = before;
        let change = self.change;
        let text_end = parsed.tree.source().len() as u32;
        let end = parsed.tree.end(text_end);
        let from = parsed.restarts.get(self.from).copied().unwrap_or(end);
        let to = parsed.restarts.get(self.to).copied().unwrap_or(end);
        let new = self.tree.end(0);
        let old_items = parsed
            .tree
            .items()
            .get(from.items as usize..to.items as usize);
        let replaced = replaced(
            &change,
            (from, to),
            old_items.unwrap_or(&[]),
            self.tree.items(),
        );

        let is_last = to == end;
        let is_gone = |diagnostic: &Diagnostic| {
            let start = diagnostic.primary.start;
            start >= from.after && (is_last || start < to.after)
        };
        parsed.diagnostics.retain(|diagnostic| !is_gone(diagnostic));
        for diagnostic in &mut parsed.diagnostics {
            if diagnostic.primary.start >= from.after {
                diagnostic.move_spans(parsed.tree.file(), &change);
            }
        }
        parsed.diagnostics.extend(self.diagnostics);
        parsed.diagnostics = in_order(parsed.diagnostics);

        let behind = parsed.restarts.iter_mut().skip(self.to);
        behind.for_each(|restart| restart.go(&change, &from, &to, &new));
        let came = self
            .restarts
            .into_iter()
            .map(|restart| restart.behind(&from));
        parsed.restarts.splice(self.from..self.to, came);

        let splice = Splice {
            bytes: (from.after, to.after),
            from,
            to,
            change,
        };
        parsed.tree.splice(self.tree, &splice);
        parsed.find_stray_docs();
        (parsed, replaced)
    }
}

/// What of the items that were read is not as it was.
fn replaced(
    change: &TextChange,
    (from, to): (Restart, Restart),
    old: &[Item],
    new: &[Item],
) -> Replaced {
    let stays = |(old, new): &(&Item, &Item)| {
        let (old, new) = (old.span(), new.span());
        old.end < change.start && old == new
    };
    let first = old.iter().zip(new).take_while(stays).count();
    let gone = old.get(first..).unwrap_or(&[]);
    let start = match first.checked_sub(1).and_then(|before| old.get(before)) {
        Some(before) => before.span().end,
        None => from.after,
    };
    let items = from.items as usize + first;
    Replaced {
        change: *change,
        before: start..to.start,
        after: start..change.offset(to.start),
        items_before: items..items + gone.len(),
        items_after: items..from.items as usize + new.len(),
        were_rules: gone.iter().all(|item| matches!(item, Item::Rule(_))),
    }
}

/// Whether no bound of what is read was come to.
fn is_bounded(parsed: &Parsed) -> bool {
    parsed.tree.items().len() < POLICY_RULES_MAX
        && parsed.diagnostics.len() < SYNTAX_ERRORS_MAX / 2
        && !parsed.diagnostics.iter().any(is_bound)
}

/// Whether this says that a bound was come to.
fn is_bound(diagnostic: &Diagnostic) -> bool {
    diagnostic.code == Code::TooLarge
}

/// The token that ends at a place behind which nothing is open: the last one of an item.
fn token_before(text: &str, end: u32) -> Option<Token> {
    let start = end.checked_sub(1)?;
    let is_brace = text.as_bytes().get(start as usize) == Some(&b'}');
    let kind = if is_brace {
        TokenKind::RightBrace
    } else {
        TokenKind::Semicolon
    };
    Some(Token { kind, start, end })
}
