//! What the names of a text stand for, as editors ask it: hover, definitions, renaming.

use std::sync::Arc;

use plasma_diagnostic::Span;
use plasma_model::{Behavior, Metric, Resource, Statistic};

use crate::schema::{TypeId, ValueType};

/// What a name stands for.
#[derive(Clone, Debug)]
pub enum Named {
    /// An actor type of the program's schema.
    Type(TypeId),
    /// `any`: every actor type.
    Any,
    /// `client`: all clients together.
    Client,
    /// A bare `server`: the host of a variable, or some server if the rule has no actor variable.
    Server {
        /// The variable whose host it is.
        host_of: Option<Arc<str>>,
    },
    /// `f.server`: the host of what stands before the dot; also the word `server` of `server(s)`.
    Host,
    /// A variable. All its uses in a rule carry the same `introduced`.
    Variable {
        /// Place of the rule among all rules of the program, from 0; the greatest number in a
        /// definition.
        rule: usize,
        /// Its name where the rule introduces it, `Folder(f)`; where it is first mentioned, if nothing does.
        introduced: Span,
        /// What it stands for.
        kind: VariableKind,
    },
    /// An actor or a server of a test. All its uses in the test carry the same `introduced`.
    OfTest {
        /// Where the test first names it.
        introduced: Span,
        /// What it stands for.
        kind: VariableKind,
    },
    /// A property.
    Property {
        /// Of which type; `None` for a property of `any`.
        owner: Option<TypeId>,
        /// Its name.
        name: Arc<str>,
    },
    /// A function.
    Function {
        /// Of which type; `None` for a function of `any`.
        owner: Option<TypeId>,
        /// Its name.
        name: Arc<str>,
    },
    /// A parameter, by its place in [`CheckedProgram::params`](crate::program::CheckedProgram).
    Param(usize),
    /// A definition, by its place in
    /// [`CheckedProgram::definitions`](crate::program::CheckedProgram).
    Definition(usize),
    /// A module, by its place in [`CheckedProgram::modules`](crate::program::CheckedProgram).
    Module(usize),
    /// A rule, by its place among all rules of the program, from 0.
    Rule(usize),
    /// A behavior.
    Behavior(Behavior),
    /// A metric, behind an entity or a caller.
    Metric(&'static Metric),
    /// A statistic of a metric.
    Statistic(&'static Metric, Statistic),
    /// A resource as the argument of a behavior.
    Resource(Resource),
    /// A number without a unit, which is in that of its place.
    Figure {
        /// The unit, as METRICS names it: `%`, `B`, `calls`; empty for a plain number.
        unit: &'static str,
    },
}

/// What a variable stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VariableKind {
    /// An actor of this type.
    Actor(TypeId),
    /// An actor of any type.
    AnyActor,
    /// A server.
    Server,
    /// In a definition: a value of this type.
    Value(ValueType),
    /// Unclear: nothing introduces it, or its type is unknown. Already reported.
    Unknown,
}
