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
use crate::tree::Name;

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
    /// Names in brackets: references.
    Names(Vec<Name>),
    /// Texts in braces: labels.
    Texts(Vec<(Name, String)>),
}

impl ClusterTree {
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
