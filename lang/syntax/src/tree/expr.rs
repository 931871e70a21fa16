//! Expressions: conditions, features, entities and arguments, told apart only by the checker.

use plasma_diagnostic::Span;

use super::Name;
use crate::Number;

/// Place of an expression in its [`Tree`](super::Tree).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExprId(pub(crate) u32);

/// A run of expressions in its [`Tree`](super::Tree); see [`Tree::list`](super::Tree::list).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExprList {
    pub(crate) start: u32,
    pub(crate) len: u32,
}

/// An expression and the text it was read from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// All of its text; empty for a [`ExprKind::Hole`] where nothing stood.
    pub span: Span,
}

/// What an expression is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ExprKind {
    /// Nothing usable; the mistake is already reported. Whatever contains it is not reported again.
    Hole,
    /// `true` or `false`.
    Bool(bool),
    /// A number with its unit.
    Number(Number),
    /// A text in quotes: [`Tree::text_value`](super::Tree::text_value).
    Text,
    /// A word by itself: `f`, `Folder`, `any`, `server`, `client`, `cpu`.
    Word(Word),
    /// A word with arguments: `Folder(f)`, `any(a)`, `server(s)`.
    Call {
        /// The word before the parenthesis.
        word: Word,
        /// What stands in the parentheses.
        args: ExprList,
    },
    /// A word after a dot: `server.cpu`, `client.call(f.open)`, `f.files`.
    Member {
        /// What stands before the dot.
        base: ExprId,
        /// The word after the dot; `None` if it is missing.
        name: Option<Name>,
        /// What stands in the parentheses; `None` without parentheses.
        args: Option<ExprList>,
    },
    /// Types in braces: `{Folder, File}`.
    Types(ExprList),
    /// `by "zone"`: an argument that says by what.
    By(ExprId),
    /// An expression in parentheses.
    Paren(ExprId),
    /// `not c`.
    Not(ExprId),
    /// `a and b and c`: two or more.
    And(ExprList),
    /// `a or b or c`: two or more.
    Or(ExprList),
    /// `a < b` and the like.
    Compare {
        /// Which comparison.
        op: CompareOp,
        /// Where it is written.
        op_span: Span,
        /// What stands left of it.
        left: ExprId,
        /// What stands right of it.
        right: ExprId,
    },
    /// `File(x) in ref(f.files)`, `File(x) in ref(f)`, or the same with `not in`.
    InRef {
        /// The actor asked about.
        actor: ExprId,
        /// What stands in the parentheses.
        property: ExprId,
        /// With or without `not`.
        sense: Sense,
    },
    /// `Folder(f) on s`, or the same with `not on`.
    On {
        /// The actor asked about.
        actor: ExprId,
        /// The server it may live on.
        host: ExprId,
        /// With or without `not`.
        sense: Sense,
    },
    /// `-x`.
    Minus(ExprId),
    /// `a + b` and the like.
    Arithmetic {
        /// What is done.
        op: ArithmeticOp,
        /// Where the sign is written.
        op_span: Span,
        /// What stands left of it.
        left: ExprId,
        /// What stands right of it.
        right: ExprId,
    },
    /// `server.cpu over 60s`.
    Windowed {
        /// The measured value.
        of: ExprId,
        /// How far back: a duration, the name of a parameter, or a [`ExprKind::Hole`].
        window: ExprId,
    },
    /// `c for 30s`: a condition that held all along.
    Sustained {
        /// The condition, no `and` and no `or` unless in parentheses.
        condition: ExprId,
        /// How far back: a duration, the name of a parameter, or a [`ExprKind::Hole`].
        window: ExprId,
    },
    /// `avg(s.cpu.perc for server(s))`, `count(Folder(f) where f.cpu.perc > 10)`. Without `for` and
    /// `where` it is a [`ExprKind::Call`].
    Aggregate {
        /// The word before the parenthesis.
        word: Word,
        /// What is taken together.
        of: ExprId,
        /// What stands behind `for`; empty without it.
        ranges: ExprList,
        /// What stands behind `where`.
        filter: Option<ExprId>,
    },
}

/// Whether a relation is asked for, or its opposite.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sense {
    /// `in`, `on`
    Is,
    /// `not in`, `not on`
    IsNot,
}

/// What is done with two numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArithmeticOp {
    /// `+`
    Add,
    /// `-`
    Subtract,
    /// `*`
    Multiply,
    /// `/`
    Divide,
}

impl ArithmeticOp {
    /// How it is written.
    pub const fn text(self) -> &'static str {
        match self {
            ArithmeticOp::Add => "+",
            ArithmeticOp::Subtract => "-",
            ArithmeticOp::Multiply => "*",
            ArithmeticOp::Divide => "/",
        }
    }
}

/// A word at the beginning of an operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    /// Which kind of word.
    pub kind: WordKind,
    /// The word itself.
    pub name: Name,
}

/// What a word can stand for, told by its first letter or by being reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WordKind {
    /// A name with a lower-case letter: a variable, a parameter, a resource.
    Lower,
    /// A name with an upper-case letter: an actor type.
    Upper,
    /// `any`.
    Any,
    /// `server`.
    Server,
    /// `client`.
    Client,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CompareOp {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
}

impl CompareOp {
    /// How it is written.
    pub const fn text(self) -> &'static str {
        match self {
            CompareOp::Less => "<",
            CompareOp::LessOrEqual => "<=",
            CompareOp::Greater => ">",
            CompareOp::GreaterOrEqual => ">=",
            CompareOp::Equal => "==",
            CompareOp::NotEqual => "!=",
        }
    }

    /// The comparison that holds with the sides exchanged: `80 < x` is `x > 80`.
    #[must_use]
    pub const fn mirrored(self) -> CompareOp {
        match self {
            CompareOp::Less => CompareOp::Greater,
            CompareOp::LessOrEqual => CompareOp::GreaterOrEqual,
            CompareOp::Greater => CompareOp::Less,
            CompareOp::GreaterOrEqual => CompareOp::LessOrEqual,
            CompareOp::Equal => CompareOp::Equal,
            CompareOp::NotEqual => CompareOp::NotEqual,
        }
    }
}
