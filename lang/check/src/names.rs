//! What the names of a text stand for, as editors ask it: hover, definitions, renaming.

use std::ops::Range;
use std::sync::Arc;

use plasma_diagnostic::Span;
use plasma_model::{Behavior, Metric, Resource, Statistic};

use crate::resolve::Change;
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

impl Named {
    /// Has it know where it is after a change of the rules.
    pub(crate) fn go(&mut self, change: &Change) {
        match self {
            Named::Variable {
                rule, introduced, ..
            } => {
                if *rule != usize::MAX {
                    *rule = change.place(*rule);
                }
                change.text.move_span(change.file, introduced);
            }
            Named::OfTest { introduced, .. } => change.text.move_span(change.file, introduced),
            Named::Rule(place) => *place = change.place(*place),
            Named::Type(_)
            | Named::Any
            | Named::Client
            | Named::Server { .. }
            | Named::Host
            | Named::Property { .. }
            | Named::Function { .. }
            | Named::Param(_)
            | Named::Definition(_)
            | Named::Module(_)
            | Named::Behavior(_)
            | Named::Metric(_)
            | Named::Statistic(..)
            | Named::Resource(_)
            | Named::Figure { .. } => {}
        }
    }
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

/// Puts the names of rules that came in the place of those that are gone, by the part of the text before that
/// changed. All are in the order of the text.
pub(crate) fn replace(
    names: &mut Vec<(Span, Named)>,
    change: &Change,
    changed: &Range<u32>,
    came: Vec<(Span, Named)>,
) {
    let place = |offset| {
        let at = (change.file, offset);
        names.partition_point(|(span, _)| (span.file, span.start) < at)
    };
    let gone = place(changed.start)..place(changed.end);
    // Tests before it may name rules behind it.
    let first = if change.renumbers() { 0 } else { gone.end };
    for (place, (span, named)) in names.iter_mut().enumerate().skip(first) {
        if !gone.contains(&place) {
            change.text.move_span(change.file, span);
            named.go(change);
        }
    }
    names.splice(gone, came);
}
