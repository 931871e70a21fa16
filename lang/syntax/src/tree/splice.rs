//! Puts what was read of a part of a text into the tree of the whole, in the place of what it replaces.

use std::ops::Range;
use std::sync::Arc;

use plasma_diagnostic::TextChange;

use super::moves::{Movable, Moves, Steps};
use super::{Comment, ExprId, Tree};
use crate::builder::Restart;

/// What of a tree is replaced.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Splice {
    /// The bytes, in the text before.
    pub(crate) bytes: (u32, u32),
    /// The first item that is replaced.
    pub(crate) from: Restart,
    /// The first one behind it that is not.
    pub(crate) to: Restart,
    /// What became of the text.
    pub(crate) change: TextChange,
}

/// A part of an arena, and how much longer it becomes.
#[derive(Clone, Debug)]
struct Part {
    range: Range<usize>,
    more: u32,
}

impl Part {
    fn new(from: usize, to: usize, new_len: usize) -> Part {
        let more = (new_len as u32).wrapping_sub((to - from) as u32);
        Part {
            range: from..to,
            more,
        }
    }

    fn end(&self) -> u32 {
        self.range.end as u32
    }
}

/// Two parts of an arena: that of items, and that of the texts of alerts, which lie behind all items.
struct Parts {
    items: Part,
    holes: Part,
    /// How much of the new elements is of items.
    new_items: usize,
}

impl Parts {
    /// How what stays in the arena moves.
    fn staying(&self) -> Steps {
        Steps {
            from: [self.items.end(), self.holes.end()],
            by: [
                self.items.more,
                self.items.more.wrapping_add(self.holes.more),
            ],
        }
    }

    /// How the new elements move.
    fn coming(&self) -> Steps {
        let holes = self.holes.range.start as u32;
        let holes = holes.wrapping_add(self.items.more);
        Steps {
            from: [0, self.new_items as u32],
            by: [
                self.items.range.start as u32,
                holes.wrapping_sub(self.new_items as u32),
            ],
        }
    }

    /// Puts new elements into their places.
    fn fill<T>(&self, all: &mut Vec<T>, mut new: Vec<T>) {
        let holes = new.split_off(self.new_items.min(new.len()));
        all.splice(self.holes.range.clone(), holes);
        all.splice(self.items.range.clone(), new);
    }
}

impl Tree {
    /// Puts what was read of a part of the text in the place of what it replaces: the tree is then that of the
    /// whole text.
    pub(crate) fn splice(&mut self, part: Tree, splice: &Splice) {
        let Splice { from, to, .. } = *splice;
        let holes = self.holes_between(from.exprs, to.exprs);
        let exprs = Parts {
            items: Part::new(
                from.exprs as usize,
                to.exprs as usize,
                part.first_hole_expr(0),
            ),
            holes: Part::new(
                self.first_hole_expr(holes.start),
                self.first_hole_expr(holes.end),
                part.exprs.len() - part.first_hole_expr(0),
            ),
            new_items: part.first_hole_expr(0),
        };
        let lists = Parts {
            items: Part::new(
                from.lists as usize,
                to.lists as usize,
                part.first_hole_list(0),
            ),
            holes: Part::new(
                self.first_hole_list(holes.start),
                self.first_hole_list(holes.end),
                part.lists.len() - part.first_hole_list(0),
            ),
            new_items: part.first_hole_list(0),
        };
        let behaviors = Part::new(
            from.behaviors as usize,
            to.behaviors as usize,
            part.behaviors.len(),
        );
        let doc_lines = self.docs_between(splice.bytes);
        let docs = Part::new(doc_lines.start, doc_lines.end, part.doc_lines.len());
        let staying = Moves {
            file: self.file,
            text: Some(splice.change),
            exprs: exprs.staying(),
            lists: lists.staying(),
            behaviors: Steps {
                from: [behaviors.end(), u32::MAX],
                by: [behaviors.more, 0],
            },
            docs: Steps {
                from: [docs.end(), u32::MAX],
                by: [docs.more, 0],
            },
        };
        let coming = Moves {
            file: self.file,
            text: None,
            exprs: exprs.coming(),
            lists: lists.coming(),
            behaviors: Steps::all(from.behaviors),
            docs: Steps::all(doc_lines.start as u32),
        };
        let comments = self.comments_between(splice.bytes);
        let mut part = part;
        part.go_behind(&coming, Restart::default(), 0, 0);
        self.text = Arc::clone(&part.text);
        self.go_behind(&staying, to, comments.end, docs.range.end);
        self.items
            .splice(from.items as usize..to.items as usize, part.items);
        exprs.fill(&mut self.exprs, part.exprs);
        lists.fill(&mut self.lists, part.lists);
        self.behaviors.splice(behaviors.range, part.behaviors);
        self.holes.splice(holes, part.holes);
        self.doc_lines.splice(docs.range, part.doc_lines);
        self.comments.splice(comments, part.comments);
    }

    /// Moves what lies behind some items, comments and doc lines, and the texts with holes.
    fn go_behind(&mut self, moves: &Moves, items: Restart, comments: usize, docs: usize) {
        behind_mut(&mut self.items, items.items as usize).go(moves);
        behind_mut(&mut self.exprs, items.exprs as usize).go(moves);
        behind_mut(&mut self.lists, items.lists as usize).go(moves);
        behind_mut(&mut self.behaviors, items.behaviors as usize).go(moves);
        behind_mut(&mut self.comments, comments).go(moves);
        behind_mut(&mut self.doc_lines, docs).go(moves);
        for holes in &mut self.holes {
            holes.literal.go(moves);
            holes.list.go(moves);
            holes.exprs = moves.exprs.apply(holes.exprs);
            holes.lists = moves.lists.apply(holes.lists);
        }
    }

    /// The texts with holes among these expressions.
    fn holes_between(&self, from: u32, to: u32) -> Range<usize> {
        let place = |end| {
            self.holes
                .partition_point(|holes| holes.literal < ExprId(end))
        };
        place(from)..place(to)
    }

    /// Behind all items, but not yet in a text with holes.
    pub(crate) fn end(&self, after: u32) -> Restart {
        Restart {
            after,
            start: after,
            items: self.items.len() as u32,
            exprs: self.first_hole_expr(0) as u32,
            lists: self.first_hole_list(0) as u32,
            behaviors: self.behaviors.len() as u32,
        }
    }

    /// The first expression that was read from a text with holes, or from one behind it.
    fn first_hole_expr(&self, holes: usize) -> usize {
        let first = self.holes.get(holes);
        first.map_or(self.exprs.len(), |holes| holes.exprs as usize)
    }

    /// The first place of a list that was read from a text with holes, or from one behind it.
    fn first_hole_list(&self, holes: usize) -> usize {
        let first = self.holes.get(holes);
        first.map_or(self.lists.len(), |holes| holes.lists as usize)
    }

    fn docs_between(&self, (from, to): (u32, u32)) -> Range<usize> {
        let lines = &self.doc_lines;
        let place = |end| lines.partition_point(|doc| doc.span.start < end);
        place(from)..place(to)
    }

    fn comments_between(&self, (from, to): (u32, u32)) -> Range<usize> {
        let comments = &self.comments;
        let place = |end| comments.partition_point(|comment: &Comment| comment.span.start < end);
        place(from)..place(to)
    }
}

fn behind_mut<T>(all: &mut [T], place: usize) -> &mut [T] {
    all.get_mut(place..).unwrap_or_default()
}
