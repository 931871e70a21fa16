//! The surface tree of a policy: what was written, with holes where it could not be understood.
//!
//! Expressions lie in one arena and refer to each other by [`ExprId`], lists of them in a second
//! one: few allocations, nothing recursive to drop. The tree keeps the text it was read from; names
//! are spans of it. Depth is at most [`NESTING_DEPTH_MAX`](crate::NESTING_DEPTH_MAX), so it may be
//! walked recursively.

mod documentation;
mod expr;
mod item;
mod moves;
mod splice;
mod test;

use std::hint::black_box;
use std::sync::Arc;

use plasma_diagnostic::{FileId, Span};

use crate::holes::Holes;
use crate::lexer::DocLine;

pub(crate) use splice::Splice;

pub use expr::{ArithmeticOp, CompareOp, Expr, ExprId, ExprKind, ExprList, Sense, Word, WordKind};
pub use item::{
    ActorDecl, AllowDecl, Attribute, AttributeName, BehaviorCall, DefDecl, DefParam, Item,
    LimitDecl, LimitShape, Member, MemberKind, ModuleSetting, ParamDecl, Rule, RuleHead, TypeRef,
    TypeShape, UseDecl,
};
pub use test::{Expectation, ExpectationMode, TestDecl, TestStatement, Wanted};

/// A name where it was written; its letters are those of the text: [`Tree::name`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Name {
    /// Where.
    pub span: Span,
}

/// The `///` lines before an item; see [`Tree::docs`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// A comment, kept for the formatter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// All of its text, without the line break.
    pub span: Span,
    /// How it is written.
    pub kind: CommentKind,
}

/// How a comment is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `// ..`
    Line,
    /// `/* .. */`
    Block,
    /// `/// ..`
    Doc,
}

/// The surface tree of a policy.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    pub(crate) file: FileId,
    pub(crate) text: Arc<str>,
    pub(crate) items: Vec<Item>,
    pub(crate) exprs: Vec<Expr>,
    pub(crate) lists: Vec<ExprId>,
    pub(crate) behaviors: Vec<BehaviorCall>,
    /// The expressions in the texts of alerts, by the text.
    pub(crate) holes: Vec<Holes>,
    pub(crate) doc_lines: Vec<DocLine>,
    pub(crate) stray_docs: Vec<Span>,
    pub(crate) comments: Vec<Comment>,
}

impl Tree {
    /// A tree of nothing yet.
    pub(crate) fn new(file: FileId, text: Arc<str>) -> Tree {
        Tree {
            file,
            text,
            items: Vec::new(),
            exprs: Vec::new(),
            lists: Vec::new(),
            behaviors: Vec::new(),
            holes: Vec::new(),
            doc_lines: Vec::new(),
            stray_docs: Vec::new(),
            comments: Vec::new(),
        }
    }

    /// The file it was read from.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The whole text it was read from.
    pub fn source(&self) -> &Arc<str> {
        &self.text
    }

    /// The items, in the order of the text.
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// The rules among the items, in the order of the text.
    pub fn rules(&self) -> impl Iterator<Item = &Rule> + Clone {
        self.items.iter().filter_map(|item| match item {
            Item::Rule(rule) => Some(rule),
            _ => None,
        })
    }

    /// The modules used, in the order of the text.
    pub fn uses(&self) -> impl Iterator<Item = &UseDecl> {
        self.items.iter().filter_map(|item| match item {
            Item::Use(module) => Some(module),
            _ => None,
        })
    }

    /// The definitions among the items, in the order of the text.
    pub fn definitions(&self) -> impl Iterator<Item = &DefDecl> {
        self.items.iter().filter_map(|item| match item {
            Item::Def(definition) => Some(definition),
            _ => None,
        })
    }

    /// The requirements among the items, in the order of the text.
    pub fn requirements(&self) -> impl Iterator<Item = &Rule> {
        self.items.iter().filter_map(|item| match item {
            Item::Require(requirement) => Some(requirement),
            _ => None,
        })
    }

    /// The tests among the items, in the order of the text.
    pub fn tests(&self) -> impl Iterator<Item = &TestDecl> {
        self.items.iter().filter_map(|item| match item {
            Item::Test(test) => Some(test),
            _ => None,
        })
    }

    /// An expression of this tree; a hole for an id of another one.
    #[inline]
    pub fn expr(&self, id: ExprId) -> Expr {
        let hole = Expr {
            kind: ExprKind::Hole,
            span: Span::new(self.file, 0, 0),
        };
        self.exprs.get(id.0 as usize).copied().unwrap_or(hole)
    }

    /// What an expression of this tree is; a hole for an id of another one.
    #[inline]
    pub fn kind(&self, id: ExprId) -> &ExprKind {
        let expr = self.exprs.get(id.0 as usize);
        expr.map_or(&ExprKind::Hole, |expr| &expr.kind)
    }

    /// Reads the expressions from those of one condition to another's. They lie in the order in which they
    /// were read, but are looked at from the top: brought near in one go, they are not waited for one by one.
    pub fn bring_near(&self, from: ExprId, to: ExprId) {
        let between = self.exprs.get(from.0 as usize..to.0 as usize + 1);
        let starts = between.unwrap_or(&[]).iter().map(|expr| expr.span.start);
        black_box(starts.fold(0, u32::wrapping_add));
    }

    /// All expressions, in the order in which they were read: what an expression is made of stands
    /// before it.
    pub fn exprs(&self) -> impl Iterator<Item = (ExprId, &Expr)> {
        let numbered = (0..).map(ExprId);
        numbered.zip(&self.exprs)
    }

    /// The expression in as many parentheses as there are around it.
    #[inline]
    pub fn unparenthesized(&self, id: ExprId) -> ExprId {
        let mut id = id;
        while let ExprKind::Paren(inner) = *self.kind(id) {
            id = inner;
        }
        id
    }

    /// The expressions of a list, in the order of the text.
    #[inline]
    pub fn list(&self, list: ExprList) -> &[ExprId] {
        slice(&self.lists, list.start, list.len)
    }

    /// The expressions in the text of an alert, in order; those with a mistake are left out.
    pub fn holes(&self, text: ExprId) -> &[ExprId] {
        let place = self
            .holes
            .binary_search_by_key(&text, |holes| holes.literal);
        let holes = place.ok().and_then(|place| self.holes.get(place));
        holes.map_or(&[], |holes| self.list(holes.list))
    }

    /// Puts a list of expressions into the tree.
    pub(crate) fn push_list(&mut self, elements: &[ExprId]) -> ExprList {
        // An empty one is nowhere.
        if elements.is_empty() {
            return ExprList::default();
        }
        let start = self.lists.len() as u32;
        self.lists.extend_from_slice(elements);
        let len = elements.len() as u32;
        ExprList { start, len }
    }

    /// What a rule asks for, in the order of the text.
    pub fn behaviors(&self, rule: &Rule) -> &[BehaviorCall] {
        slice(&self.behaviors, rule.behaviors.0, rule.behaviors.1)
    }

    /// The text under a span of this file.
    #[inline]
    pub fn text(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }

    /// The text that a literal in quotes stands for, with `\"` `\\` `\n` `\t` resolved; any other
    /// escape stays as it is.
    pub fn text_value(&self, literal: Span) -> String {
        unescaped(self.text(literal))
    }

    /// The letters of a name.
    #[inline]
    pub fn name(&self, name: Name) -> &str {
        self.text(name.span)
    }

    /// Every comment, in the order of the text.
    pub fn comments(&self) -> &[Comment] {
        &self.comments
    }
}

/// The text within quotes.
pub(crate) fn unescaped(quoted: &str) -> String {
    let inner = quoted.strip_prefix('"').unwrap_or(quoted);
    // In a hole of a text, the closing quote stands behind a backslash, which ends the literal.
    let inner = inner
        .strip_suffix('"')
        .or_else(|| inner.strip_suffix('\\'))
        .unwrap_or(inner);
    let mut text = String::with_capacity(inner.len());
    let mut chars = inner.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => text.push('\n'),
            Some('t') => text.push('\t'),
            Some(quoted @ ('"' | '\\')) => text.push(quoted),
            Some(other) => text.extend(['\\', other]),
            None => text.push('\\'),
        }
    }
    text
}

fn slice<T>(all: &[T], start: u32, len: u32) -> &[T] {
    let start = start as usize;
    all.get(start..start + len as usize).unwrap_or(&[])
}
