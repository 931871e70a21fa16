//! Cluster literals: the tree of what specification pages and test blocks say about a cluster.
//!
//! ```text
//! server s1 { cpu: 90%, labels: {zone: "a"}, cores: 4 }
//! Folder f on s1 { cpu: 60%, files: [x], depth: 3 }
//! client -> f.open: 500, 4KiB, 2ms        f -> x.read: 10
//! ```

use std::sync::Arc;

use plasma_diagnostic::{FileId, Span};

use crate::Number;
use crate::tree::{Name, Tree};

/// What a text says about a cluster.
#[derive(Clone, Debug)]
pub struct ClusterTree {
    pub(crate) file: FileId,
    pub(crate) text: Arc<str>,
    pub(crate) statements: Vec<Statement>,
}

/// One statement about a cluster. Naming a thing again changes only the fields given.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `server s1 { .. }`
    Server(ServerStatement),
    /// `Folder f on s1 { .. }`
    Actor(ActorStatement),
    /// `client -> f.open: 500, 4KiB, 2ms`
    Calls(CallsStatement),
}

/// A server and its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct ServerStatement {
    /// All of its text.
    pub span: Span,
    /// Its id; `None` if it is missing.
    pub name: Option<Name>,
    /// What stands in the braces, in order.
    pub fields: Vec<Field>,
}

/// An actor, its host and its figures.
#[derive(Clone, Debug, PartialEq)]
pub struct ActorStatement {
    /// All of its text.
    pub span: Span,
    /// Its type.
    pub type_name: Name,
    /// Its id; `None` if it is missing (already reported).
    pub name: Option<Name>,
    /// The server after `on`; `None` without `on`.
    pub host: Option<Name>,
    /// What stands in the braces, in order.
    pub fields: Vec<Field>,
}

/// Calls of a period.
#[derive(Clone, Debug, PartialEq)]
pub struct CallsStatement {
    /// All of its text.
    pub span: Span,
    /// Who calls.
    pub caller: CallerName,
    /// Who is called; `None` if it is missing (already reported).
    pub callee: Option<Name>,
    /// The function called; `None` if it is missing (already reported).
    pub function: Option<Name>,
    /// The numbers after the colon: count, size, latency.
    pub figures: Vec<Figure>,
}

/// Who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallerName {
    /// `client`.
    Client(Span),
    /// An actor.
    Actor(Name),
}

/// A number among the figures of calls.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Figure {
    /// Its text.
    pub span: Span,
    /// The number; `None` if it could not be understood (already reported).
    pub number: Option<Number>,
}

/// A field of a server or an actor: `cpu: 90%`.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// All of its text.
    pub span: Span,
    /// Which field.
    pub name: Name,
    /// Its value.
    pub value: FieldValue,
    /// Where the value stands.
    pub value_span: Span,
}

/// The value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum FieldValue {
    /// Nothing usable (already reported).
    Hole,
    /// A number, perhaps negative.
    Number(Number),
    /// `true` or `false`.
    Bool(bool),
    /// A text in quotes, with its escapes resolved.
    Text(String),
    /// `_`: unknown, a missing sample.
    Missing,
    /// `[10%, 20%..40% step 10%, _, 40% x5]`: one entry a period, the last one stays.
    Series(Vec<SeriesEntry>),
    /// Names in brackets: references.
    Names(Vec<Name>),
    /// Texts in braces: labels.
    Texts(Vec<(Name, String)>),
}

/// An entry of a series.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeriesEntry {
    /// All of its text.
    pub span: Span,
    /// What it says.
    pub shape: SeriesShape,
    /// For how many periods, at least 1.
    pub times: u32,
}

/// What an entry of a series says. A number is `None` if it could not be understood (already
/// reported).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum SeriesShape {
    /// A missing sample.
    Missing,
    /// A number.
    Value(Option<Number>),
    /// Numbers from one to another, both included.
    Range {
        /// The first one.
        from: Option<Number>,
        /// Where it ends.
        to: Option<Number>,
        /// How far they are apart.
        step: Option<Number>,
    },
}

impl Statement {
    /// All of its text.
    pub fn span(&self) -> Span {
        match self {
            Statement::Server(server) => server.span,
            Statement::Actor(actor) => actor.span,
            Statement::Calls(calls) => calls.span,
        }
    }
}

impl ClusterTree {
    /// Statements that stand in a policy: those of a test.
    pub fn of_policy(tree: &Tree, statements: Vec<Statement>) -> ClusterTree {
        ClusterTree {
            file: tree.file(),
            text: Arc::clone(tree.source()),
            statements,
        }
    }

    /// The file it was read from.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The statements, in the order of the text.
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The letters of a name.
    pub fn name(&self, name: Name) -> &str {
        self.text(name.span)
    }

    /// The text under a span of this file.
    pub fn text(&self, span: Span) -> &str {
        self.text.get(span.range()).unwrap_or("")
    }
}
