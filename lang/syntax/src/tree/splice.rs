//! Puts what was read of a part of a text into the tree of the whole, in the place of what it replaces.

use std::ops::Range;
use std::sync::Arc;

use plasma_diagnostic::{FileId, TextChange};

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
    fn new([from, to]: [usize; 2], new_len: usize) -> Part {
        let more = (new_len as u32).wrapping_sub((to - from) as u32);
        Part {
            range: from..to,
            more,
        }
    }

    fn end(&self) -> u32 {
        self.range.end as u32
    }

    /// How what lies behind it moves.
    fn behind(&self) -> Steps {
        Steps {
            from: [self.end(), u32::MAX],
            by: [self.more, 0],
        }
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
    /// The places of both, and how many of the new elements are of items, and how many there are.
    fn new(items: [usize; 2], holes: [usize; 2], new: [usize; 2]) -> Parts {
        let [new_items, new_len] = new;
        Parts {
            items: Part::new(items, new_items),
            holes: Part::new(holes, new_len - new_items),
            new_items,
        }
    }

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

/// What of the arenas is replaced.
struct Shape {
    exprs: Parts,
    lists: Parts,
    behaviors: Part,
    docs: Part,
    /// The texts with holes.
    holes: Range<usize>,
}

impl Shape {
    /// What of a tree is replaced by that of a part of its text.
    fn new(tree: &Tree, part: &Tree, splice: &Splice) -> Shape {
        let Splice { from, to, .. } = *splice;
        let holes = tree.holes_between(from.exprs, to.exprs);
        let ends = [holes.start, holes.end];
        let docs = tree.docs_between(splice.bytes);
        let places = |from: u32, to: u32| [from as usize, to as usize];
        Shape {
            exprs: Parts::new(
                places(from.exprs, to.exprs),
                ends.map(|holes| tree.first_hole_expr(holes)),
                [part.first_hole_expr(0), part.exprs.len()],
            ),
            lists: Parts::new(
                places(from.lists, to.lists),
                ends.map(|holes| tree.first_hole_list(holes)),
                [part.first_hole_list(0), part.lists.len()],
            ),
            behaviors: Part::new(places(from.behaviors, to.behaviors), part.behaviors.len()),
            docs: Part::new([docs.start, docs.end], part.doc_lines.len()),
            holes,
        }
    }

    /// How what stays in the tree moves.
    fn staying(&self, file: FileId, splice: &Splice) -> Moves {
        Moves {
            file,
            text: Some(splice.change),
            exprs: self.exprs.staying(),
            lists: self.lists.staying(),
            behaviors: self.behaviors.behind(),
            docs: self.docs.behind(),
        }
    }

    /// How what comes moves.
    fn coming(&self, file: FileId, from: Restart) -> Moves {
        Moves {
            file,
            text: None,
            exprs: self.exprs.coming(),
            lists: self.lists.coming(),
            behaviors: Steps::all(from.behaviors),
            docs: Steps::all(self.docs.range.start as u32),
        }
    }
}

impl Tree {
    /// Puts what was read of a part of the text in the place of what it replaces: the tree is then that of the
    /// whole text.
    pub(crate) fn splice(&mut self, part: Tree, splice: &Splice) {
        let Splice { from, to, .. } = *splice;
        let shape = Shape::new(self, &part, splice);
        let (staying, coming) = (
            shape.staying(self.file, splice),
            shape.coming(self.file, from),
        );
        let comments = self.comments_between(splice.bytes);
        let mut part = part;
        part.go_behind(&coming, Restart::default(), 0, 0);
        self.text = Arc::clone(&part.text);
        self.go_behind(&staying, to, comments.end, shape.docs.range.end);
        self.items
            .splice(from.items as usize..to.items as usize, part.items);
        shape.exprs.fill(&mut self.exprs, part.exprs);
        shape.lists.fill(&mut self.lists, part.lists);
        self.behaviors.splice(shape.behaviors.range, part.behaviors);
        self.holes.splice(shape.holes, part.holes);
        self.doc_lines.splice(shape.docs.range, part.doc_lines);
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
