//! Where the parts of a tree go when others come or go before them: in its text, and in its arenas.

use plasma_diagnostic::{FileId, Span, TextChange};

use super::{
    ActorDecl, AllowDecl, ArithmeticOp, Attribute, AttributeName, BehaviorCall, Comment,
    CommentKind, CompareOp, DefDecl, DefParam, Docs, Expectation, ExpectationMode, Expr, ExprId,
    ExprKind, ExprList, Item, LimitDecl, LimitShape, Member, MemberKind, ModuleSetting, Name,
    ParamDecl, Rule, RuleHead, Sense, TestDecl, TestStatement, TypeRef, TypeShape, UseDecl, Wanted,
    Word, WordKind,
};
use crate::Number;
use crate::cluster::{
    ActorStatement, CallerName, CallsStatement, Field, FieldValue, Figure, SeriesEntry,
    SeriesShape, ServerStatement, Statement,
};
use crate::lexer::DocLine;

/// How far the places of an arena move: those from a first one on, and those from a second one on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Steps {
    pub(super) from: [u32; 2],
    /// Added to the places; wraps around for what moves forward.
    pub(super) by: [u32; 2],
}

impl Steps {
    /// All places move alike.
    pub(super) fn all(by: u32) -> Steps {
        Steps {
            from: [0, u32::MAX],
            by: [by, by],
        }
    }

    pub(super) fn apply(&self, place: u32) -> u32 {
        let [first, second] = self.from;
        match place {
            _ if place >= second => place.wrapping_add(self.by[1]),
            _ if place >= first => place.wrapping_add(self.by[0]),
            _ => place,
        }
    }
}

/// How far the parts of a tree move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moves {
    pub(super) file: FileId,
    /// In the text; `None` if they stay.
    pub(super) text: Option<TextChange>,
    pub(super) exprs: Steps,
    pub(super) lists: Steps,
    pub(super) behaviors: Steps,
    pub(super) docs: Steps,
}

/// A part of a tree, which knows places of the text or of the arenas.
pub(super) trait Movable {
    /// Has it know where they went.
    fn go(&mut self, moves: &Moves);
}

impl Movable for Span {
    #[inline]
    fn go(&mut self, moves: &Moves) {
        if let Some(change) = &moves.text {
            change.move_span(moves.file, self);
        }
    }
}

impl Movable for ExprId {
    #[inline]
    fn go(&mut self, moves: &Moves) {
        self.0 = moves.exprs.apply(self.0);
    }
}

impl Movable for ExprList {
    #[inline]
    fn go(&mut self, moves: &Moves) {
        // An empty one is nowhere.
        if self.len > 0 {
            self.start = moves.lists.apply(self.start);
        }
    }
}

impl Movable for Docs {
    fn go(&mut self, moves: &Moves) {
        if self.len > 0 {
            self.start = moves.docs.apply(self.start);
        }
    }
}

impl<T: Movable> Movable for Option<T> {
    #[inline]
    fn go(&mut self, moves: &Moves) {
        if let Some(part) = self {
            part.go(moves);
        }
    }
}

impl<T: Movable> Movable for [T] {
    fn go(&mut self, moves: &Moves) {
        self.iter_mut().for_each(|part| part.go(moves));
    }
}

impl<T: Movable> Movable for Vec<T> {
    fn go(&mut self, moves: &Moves) {
        self.as_mut_slice().go(moves);
    }
}

impl<T: Movable> Movable for Box<T> {
    fn go(&mut self, moves: &Moves) {
        self.as_mut().go(moves);
    }
}

impl Movable for (Name, String) {
    fn go(&mut self, moves: &Moves) {
        self.0.go(moves);
    }
}

/// Parts that know no place.
macro_rules! still {
    ($($part:ty),*) => { $(
        impl Movable for $part {
            #[inline]
            fn go(&mut self, _: &Moves) {}
        }
    )* };
}

still!(
    bool,
    u32,
    ArithmeticOp,
    AttributeName,
    CommentKind,
    CompareOp,
    ExpectationMode,
    Number,
    Sense,
    TypeShape,
    WordKind
);

/// Parts that consist of others. All have to be named.
macro_rules! made_of {
    ($($part:ident { $($field:ident),* })*) => { $(
        impl Movable for $part {
            #[inline]
            fn go(&mut self, moves: &Moves) {
                let $part { $($field),* } = self;
                $( $field.go(moves); )*
            }
        }
    )* };
}

made_of! {
    ActorDecl { span, docs, name, members }
    ActorStatement { span, type_name, name, host, fields }
    AllowDecl { span, docs, lint, reason, until }
    Attribute { span, name, value, allow }
    BehaviorCall { span, name, args }
    CallsStatement { span, caller, callee, function, figures }
    Comment { span, kind }
    DefDecl { span, docs, name, params, body }
    DefParam { span, name, ty }
    Expectation { span, mode_span, mode, wanted, at, within }
    Expr { kind, span }
    Field { span, name, value, value_span }
    Figure { span, number }
    LimitDecl { span, docs, what, shape }
    Member { span, docs, name, kind }
    ModuleSetting { span, name, value }
    Name { span }
    ParamDecl { span, docs, name, value }
    RuleHead { span, name, attributes }
    SeriesEntry { span, shape, times }
    ServerStatement { span, name, fields }
    TestDecl { span, docs, name, attributes, statements, is_cut }
    TypeRef { span, shape, name }
    UseDecl { span, docs, path, settings }
    Word { kind, name }
}

impl Movable for DocLine {
    fn go(&mut self, moves: &Moves) {
        let DocLine { span, next } = self;
        span.go(moves);
        if let Some(change) = &moves.text {
            *next = change.offset(*next);
        }
    }
}

impl Movable for Rule {
    fn go(&mut self, moves: &Moves) {
        let Rule {
            span,
            docs,
            head,
            condition,
            behaviors: (first, count),
            is_cut: _,
        } = self;
        span.go(moves);
        docs.go(moves);
        head.go(moves);
        condition.go(moves);
        if *count > 0 {
            *first = moves.behaviors.apply(*first);
        }
    }
}

impl Movable for Item {
    fn go(&mut self, moves: &Moves) {
        match self {
            Item::Actor(actor) => actor.go(moves),
            Item::Param(param) => param.go(moves),
            Item::Use(used) => used.go(moves),
            Item::Def(definition) => definition.go(moves),
            Item::Require(rule) | Item::Rule(rule) => rule.go(moves),
            Item::Limit(limit) => limit.go(moves),
            Item::Test(test) => test.go(moves),
            Item::Allow(allow) => allow.go(moves),
        }
    }
}

impl Movable for MemberKind {
    fn go(&mut self, moves: &Moves) {
        match self {
            MemberKind::Function => {}
            MemberKind::Property(kind) => kind.go(moves),
        }
    }
}

impl Movable for LimitShape {
    fn go(&mut self, moves: &Moves) {
        match self {
            LimitShape::Rate {
                count,
                window,
                each,
            } => {
                count.go(moves);
                window.go(moves);
                each.go(moves);
            }
            LimitShape::Range { least, most } => {
                least.go(moves);
                most.go(moves);
            }
        }
    }
}

impl Movable for ExprKind {
    fn go(&mut self, moves: &Moves) {
        match self {
            ExprKind::Hole | ExprKind::Bool(_) | ExprKind::Number(_) | ExprKind::Text => {}
            ExprKind::Word(word) => word.go(moves),
            ExprKind::Call { word, args } => {
                word.go(moves);
                args.go(moves);
            }
            ExprKind::Member { base, name, args } => {
                base.go(moves);
                name.go(moves);
                args.go(moves);
            }
            ExprKind::Types(list) | ExprKind::And(list) | ExprKind::Or(list) => list.go(moves),
            ExprKind::By(inner)
            | ExprKind::Paren(inner)
            | ExprKind::Not(inner)
            | ExprKind::Minus(inner) => inner.go(moves),
            ExprKind::Compare {
                op: _,
                op_span,
                left,
                right,
            }
            | ExprKind::Arithmetic {
                op: _,
                op_span,
                left,
                right,
            } => {
                op_span.go(moves);
                left.go(moves);
                right.go(moves);
            }
            ExprKind::InRef {
                actor: one,
                property: other,
                sense: _,
            }
            | ExprKind::On {
                actor: one,
                host: other,
                sense: _,
            }
            | ExprKind::Windowed {
                of: one,
                window: other,
            }
            | ExprKind::Sustained {
                condition: one,
                window: other,
            } => {
                one.go(moves);
                other.go(moves);
            }
            ExprKind::Aggregate {
                word,
                of,
                ranges,
                filter,
            } => {
                word.go(moves);
                of.go(moves);
                ranges.go(moves);
                filter.go(moves);
            }
        }
    }
}

impl Movable for TestStatement {
    fn go(&mut self, moves: &Moves) {
        match self {
            TestStatement::Cluster(statement) => statement.go(moves),
            TestStatement::At {
                span,
                time,
                statements,
            } => {
                span.go(moves);
                time.go(moves);
                statements.go(moves);
            }
            TestStatement::Expectation(expectation) => expectation.go(moves),
        }
    }
}

impl Movable for Wanted {
    fn go(&mut self, moves: &Moves) {
        match self {
            Wanted::NoActions => {}
            Wanted::Behavior {
                call,
                is_negated: _,
                by,
            } => {
                call.go(moves);
                by.go(moves);
            }
            Wanted::Condition(condition) => condition.go(moves),
        }
    }
}

impl Movable for Statement {
    fn go(&mut self, moves: &Moves) {
        match self {
            Statement::Server(server) => server.go(moves),
            Statement::Actor(actor) => actor.go(moves),
            Statement::Calls(calls) => calls.go(moves),
        }
    }
}

impl Movable for CallerName {
    fn go(&mut self, moves: &Moves) {
        match self {
            CallerName::Client(span) => span.go(moves),
            CallerName::Actor(name) => name.go(moves),
        }
    }
}

impl Movable for FieldValue {
    fn go(&mut self, moves: &Moves) {
        match self {
            FieldValue::Hole
            | FieldValue::Number(_)
            | FieldValue::Bool(_)
            | FieldValue::Text(_)
            | FieldValue::Missing => {}
            FieldValue::Series(entries) => entries.go(moves),
            FieldValue::Names(names) => names.go(moves),
            FieldValue::Texts(texts) => texts.go(moves),
        }
    }
}

impl Movable for SeriesShape {
    fn go(&mut self, _: &Moves) {
        match self {
            SeriesShape::Missing | SeriesShape::Value(_) | SeriesShape::Range { .. } => {}
        }
    }
}
