//! Checked tests: what the cluster is like, and what is expected of the policy.

use std::sync::Arc;

use plasma_diagnostic::Span;
use plasma_model::{ActorId, Entity, Resource, ServerId};

use super::{Condition, Rule, TypeSet, VariableId};
use crate::cluster::Said;

/// A test of a policy.
#[derive(Clone, Debug)]
pub struct Test {
    /// Its name.
    pub name: Arc<str>,
    /// Where it stands in the text.
    pub span: Span,
    /// Where its name stands.
    pub name_span: Span,
    /// Its `///` text.
    pub docs: String,
    /// How far its snapshots are apart, in seconds.
    pub period_seconds: f64,
    /// What the cluster is like, each from a time on, in seconds and in this order; 0 for what stands
    /// outside `at`.
    pub said: Vec<(f64, Said)>,
    /// What is expected, in the order of the text.
    pub expectations: Vec<Expectation>,
    /// The last evaluation is the first one at or after this time, in seconds.
    pub end_seconds: f64,
}

/// What a test expects.
#[derive(Clone, Debug)]
pub struct Expectation {
    /// As it is written, on one line and without `;`.
    pub text: Arc<str>,
    /// Where it stands in the text.
    pub span: Span,
    /// At which evaluations it must hold.
    pub when: When,
    /// What must hold.
    pub wanted: Wanted,
}

/// At which evaluations something must hold. Times are in seconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum When {
    /// At the first one at or after this time.
    At(f64),
    /// At one of those up to this time, or of all.
    Eventually(Option<f64>),
    /// At none of those up to this time, or of all.
    Never(Option<f64>),
    /// At each of those up to this time, or of all.
    Always(Option<f64>),
}

/// What must hold.
#[derive(Clone, Debug)]
pub enum Wanted {
    /// The plan is empty.
    NoActions,
    /// A behavior is asked for and not refused; of `migrate`: the actor is moved.
    Behavior {
        /// Its name.
        name: Arc<str>,
        /// Its first arguments; those left out may be anything.
        arguments: Vec<TestArgument>,
        /// Whether it must not be so.
        is_negated: bool,
        /// The rule that asks for it; any if none is named.
        by: Option<Arc<str>>,
    },
    /// A condition on the cluster after the actions.
    Condition(Box<TestCondition>),
}

/// An argument of an expected behavior.
#[derive(Clone, Debug, PartialEq)]
pub enum TestArgument {
    /// An actor.
    Actor(ActorId),
    /// A server.
    Server(ServerId),
    /// Actor types.
    Types(TypeSet),
    /// A resource.
    Resource(Resource),
    /// A text.
    Text(Arc<str>),
    /// A number.
    Number(f64),
}

/// A condition about the actors and servers of a test.
#[derive(Clone, Debug)]
pub struct TestCondition {
    /// Holds its variables.
    pub scope: Rule,
    /// The condition.
    pub condition: Condition,
    /// The variables that stand for one actor or server of the test. For the others there must be some
    /// value that makes it true.
    pub bound: Vec<(VariableId, Entity)>,
}
