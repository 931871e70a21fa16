//! Tests: `test "a hot folder moves" { .. }`.

use plasma_diagnostic::Span;

use super::{Attribute, BehaviorCall, Docs, ExprId, Name};
use crate::cluster::Statement;

/// A test of the policy that it stands in.
#[derive(Clone, Debug, PartialEq)]
pub struct TestDecl {
    /// All of its text.
    pub span: Span,
    /// The `///` lines before it.
    pub docs: Docs,
    /// Its name, with the quotes: [`Tree::text_value`](super::Tree::text_value).
    pub name: Span,
    /// What stands in the brackets: `period 1s`.
    pub attributes: Vec<Attribute>,
    /// What stands in the braces, in order.
    pub statements: Vec<TestStatement>,
    /// Whether something in it was not understood (already reported).
    pub is_cut: bool,
}

/// A statement of a test.
#[derive(Clone, Debug, PartialEq)]
pub enum TestStatement {
    /// What the cluster is like from the beginning.
    Cluster(Statement),
    /// `at 30s { .. }`: what it is like from then on.
    At {
        /// All of its text.
        span: Span,
        /// When: a number, the name of a parameter, or a [`Hole`](super::ExprKind::Hole).
        time: ExprId,
        /// What stands in the braces, in order.
        statements: Vec<Statement>,
    },
    /// `expect ..;`, `eventually ..;`, `never ..;`, `always ..;`
    Expectation(Expectation),
}

/// What a test expects.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Expectation {
    /// All of its text.
    pub span: Span,
    /// The word that it begins with.
    pub mode_span: Span,
    /// When it must hold.
    pub mode: ExpectationMode,
    /// What must hold.
    pub wanted: Wanted,
    /// `at T`: when it is looked at.
    pub at: Option<ExprId>,
    /// `within D`: by when it must have held.
    pub within: Option<ExprId>,
}

/// When an expectation must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExpectationMode {
    /// `expect`: at the first evaluation, or at a given time.
    Expect,
    /// `eventually`: at some evaluation.
    Eventually,
    /// `never`: at no evaluation.
    Never,
    /// `always`: at every evaluation.
    Always,
}

impl ExpectationMode {
    /// Every mode with its word.
    pub const ALL: &[(&str, ExpectationMode)] = &[
        ("expect", ExpectationMode::Expect),
        ("eventually", ExpectationMode::Eventually),
        ("never", ExpectationMode::Never),
        ("always", ExpectationMode::Always),
    ];
}

/// What must hold.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wanted {
    /// `no actions`.
    NoActions,
    /// `reserve(f, cpu) by hot_folder`, `not migrate(g)`.
    Behavior {
        /// The behavior; trailing arguments may be left out.
        call: BehaviorCall,
        /// With or without `not`.
        is_negated: bool,
        /// The rule that asks for it.
        by: Option<Name>,
    },
    /// Any condition, read after the actions.
    Condition(ExprId),
}
