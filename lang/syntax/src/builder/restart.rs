//! Places between two items from which on a text can be read without what stands before it.

use plasma_diagnostic::TextChange;

use super::Builder;

/// A place between two items, at which nothing is open and no mistake is being got over: what follows is
/// read in the same way whatever stands before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Restart {
    /// Where the token before ends; 0 at the beginning of the text.
    pub(crate) after: u32,
    /// Where the next one begins.
    pub(crate) start: u32,
    /// How many items were built before.
    pub(crate) items: u32,
    /// How many expressions.
    pub(crate) exprs: u32,
    /// How long the lists of them were.
    pub(crate) lists: u32,
    /// How many behaviors.
    pub(crate) behaviors: u32,
}

impl Restart {
    /// The same place in a text of which this is a part, by where the part begins.
    pub(crate) fn behind(self, first: &Restart) -> Restart {
        Restart {
            items: self.items + first.items,
            exprs: self.exprs + first.exprs,
            lists: self.lists + first.lists,
            behaviors: self.behaviors + first.behaviors,
            ..self
        }
    }

    /// Goes where it is when something new stands in the place of what was built between two others.
    pub(crate) fn go(&mut self, change: &TextChange, from: &Restart, to: &Restart, new: &Restart) {
        self.after = change.offset(self.after);
        self.start = change.offset(self.start);
        self.items = self.items - to.items + from.items + new.items;
        self.exprs = self.exprs - to.exprs + from.exprs + new.exprs;
        self.lists = self.lists - to.lists + from.lists + new.lists;
        self.behaviors = self.behaviors - to.behaviors + from.behaviors + new.behaviors;
    }
}

impl Builder<'_> {
    /// Notes that an item is about to be read from the token at `at` on, and that no mistake is being got
    /// over. Says whether to stop here instead.
    pub(crate) fn begins_item(&mut self, at: usize) -> bool {
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        let after = before.map_or(0, |token| token.end);
        let passed = self.settled.iter().take_while(|end| **end < after).count();
        self.settled = self.settled.get(passed..).unwrap_or(&[]);
        let is_settled = before.is_none() || self.settled.first() == Some(&after);
        let Some(next) = self.tokens.get(at) else {
            return false;
        };
        if !is_settled || self.braces_left_out > 0 {
            return false;
        }
        if self.stops.contains(&(after, next.start)) {
            self.stopped_at = Some((after, next.start));
            return true;
        }
        self.restarts.push(Restart {
            after,
            start: next.start,
            items: self.tree.items.len() as u32,
            exprs: self.tree.exprs.len() as u32,
            lists: self.tree.lists.len() as u32,
            behaviors: self.tree.behaviors.len() as u32,
        });
        false
    }
}
