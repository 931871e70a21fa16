//! Whether what a test expects holds, evaluation after evaluation.

use plasma_check::program::{
    Expectation, Test, TestArgument, TestCondition, TypeSet, Wanted, When,
};
use plasma_check::schema::Schema;
use plasma_eval::{Derivation, Truth, judge};
use plasma_model::{Action, ActionBody, Decision, Goal, Intent, TypeSet as GoalTypes};

use super::{Evaluation, TestFailure, reason};

/// Judges the expectations of one test.
pub(super) struct Judge<'t> {
    test: &'t Test,
    states: Vec<State>,
}

/// How an expectation stands.
enum State {
    /// Nothing is decided yet; what spoke against it last.
    Open(Option<TestFailure>),
    /// It holds, whatever follows.
    Held,
    Failed(TestFailure),
}

impl<'t> Judge<'t> {
    pub(super) fn new(test: &'t Test) -> Self {
        Judge {
            test,
            states: test
                .expectations
                .iter()
                .map(|_| State::Open(None))
                .collect(),
        }
    }

    /// Takes one evaluation into account.
    pub(super) fn see(&mut self, evaluation: &Evaluation<'_>) {
        for (expectation, state) in self.test.expectations.iter().zip(&mut self.states) {
            if let State::Open(_) = state
                && is_looked_at(expectation.when, evaluation.t)
            {
                *state = next(expectation, evaluation);
            }
        }
    }

    /// What did not hold.
    pub(super) fn finish(self) -> Vec<TestFailure> {
        let mut failures = Vec::new();
        if self.test.expectations.is_empty() {
            failures.push(TestFailure {
                t: 0.0,
                span: self.test.name_span,
                expected: "something".to_owned(),
                actual: "the test expects nothing: it cannot fail".to_owned(),
                why: vec!["add what must hold: `expect no actions;`".to_owned()],
            });
        }
        for (expectation, state) in self.test.expectations.iter().zip(self.states) {
            match (expectation.when, state) {
                (_, State::Failed(failure)) => failures.push(failure),
                (When::Eventually(_) | When::At(_), State::Open(Some(failure))) => {
                    failures.push(failure);
                }
                (When::Never(_), State::Open(Some(unknown))) => failures.push(unknown),
                _ => {}
            }
        }
        failures
    }
}

/// Whether an expectation is about the evaluation at a time.
fn is_looked_at(when: When, t: f64) -> bool {
    // Times are reached whatever the last digit.
    let slack = 1e-9 * t;
    match when {
        When::At(at) => t + slack >= at,
        When::Eventually(within) | When::Never(within) | When::Always(within) => {
            within.is_none_or(|within| t <= within + slack)
        }
    }
}

fn next(expectation: &Expectation, evaluation: &Evaluation<'_>) -> State {
    let found = truth(&expectation.wanted, evaluation);
    let failure = || failure(expectation, evaluation);
    match (expectation.when, found) {
        (When::At(_) | When::Eventually(_), Truth::True) => State::Held,
        (When::At(_), _) => State::Failed(failure()),
        (When::Eventually(_), _) => State::Open(Some(failure())),
        (When::Never(_), Truth::True) => State::Failed(failure()),
        // Once known, a condition is no more one that could not be told.
        (When::Never(_), Truth::False) => State::Open(None),
        (When::Never(_), Truth::Unknown) => State::Open(Some(failure())),
        (When::Always(_), Truth::True) => State::Open(None),
        (When::Always(_), _) => State::Failed(failure()),
    }
}

fn failure(expectation: &Expectation, evaluation: &Evaluation<'_>) -> TestFailure {
    let (actual, why) = match &expectation.wanted {
        Wanted::NoActions => reason::actions(evaluation),
        Wanted::Behavior {
            name,
            arguments,
            is_negated,
            by,
        } => {
            let wanted = WantedBehavior {
                name,
                arguments,
                by: by.as_deref(),
            };
            let is_there = truth_of_behavior(&wanted, evaluation);
            match is_there || *is_negated {
                true => reason::behavior_there(&wanted, evaluation),
                false => reason::behavior_missing(&wanted, evaluation),
            }
        }
        Wanted::Condition(condition) => reason::condition(condition, evaluation),
    };
    TestFailure {
        t: evaluation.t,
        span: expectation.span,
        expected: expectation.text.to_string(),
        actual,
        why,
    }
}

/// An expected behavior.
pub(super) struct WantedBehavior<'w> {
    pub(super) name: &'w str,
    pub(super) arguments: &'w [TestArgument],
    pub(super) by: Option<&'w str>,
}

fn truth(wanted: &Wanted, evaluation: &Evaluation<'_>) -> Truth {
    match wanted {
        Wanted::NoActions => Truth::from(evaluation.decision.actions.is_empty()),
        Wanted::Behavior {
            name,
            arguments,
            is_negated,
            by,
        } => {
            let wanted = WantedBehavior {
                name,
                arguments,
                by: by.as_deref(),
            };
            Truth::from(truth_of_behavior(&wanted, evaluation) != *is_negated)
        }
        Wanted::Condition(condition) => {
            let found = condition_now(condition, evaluation);
            found.map_or(Truth::Unknown, |derivation| derivation.holds)
        }
    }
}

/// How a condition stands after the actions.
pub(super) fn condition_now(
    condition: &TestCondition,
    evaluation: &Evaluation<'_>,
) -> Option<Derivation> {
    judge(
        &evaluation.program.schema,
        &condition.scope,
        &condition.condition,
        &condition.bound,
        (evaluation.after, evaluation.past),
    )
}

fn truth_of_behavior(wanted: &WantedBehavior<'_>, evaluation: &Evaluation<'_>) -> bool {
    let schema = &evaluation.program.schema;
    let decision = evaluation.decision;
    if wanted.name == "migrate" {
        return actions(wanted, decision).next().is_some();
    }
    let mut asked = intents(wanted, schema, decision);
    asked.any(|(place, _)| !decision.is_dropped(place))
}

/// The intents of a plan that are what is wanted, accepted or not.
pub(super) fn intents<'d>(
    wanted: &'d WantedBehavior<'d>,
    schema: &'d Schema,
    decision: &'d Decision,
) -> impl Iterator<Item = (usize, &'d Intent)> {
    let all = decision.intents.iter().enumerate();
    all.filter(|(_, intent)| {
        let is_by = |rule: &str| {
            intent
                .causes
                .iter()
                .any(|cause| cause.rule.as_ref() == rule)
        };
        intent.goal.behavior().name() == wanted.name
            && fits(&intent.goal, wanted.arguments, schema)
            && wanted.by.is_none_or(is_by)
    })
}

/// The moves of a plan that are what is wanted.
pub(super) fn actions<'d>(
    wanted: &'d WantedBehavior<'d>,
    decision: &'d Decision,
) -> impl Iterator<Item = (usize, &'d Action)> {
    let all = decision.actions.iter().enumerate();
    all.filter(|(place, action)| {
        let ActionBody::Migrate { actor, to, .. } = &action.body else {
            return false;
        };
        let fits = match wanted.arguments {
            [] => true,
            [TestArgument::Actor(id)] => id == actor,
            [TestArgument::Actor(id), TestArgument::Server(server)] => id == actor && server == to,
            _ => false,
        };
        let served = decision.action_intents.get(*place).into_iter().flatten();
        let mut served = served.filter_map(|intent| decision.intents.get(*intent));
        let is_by = wanted.by.is_none_or(|rule| {
            served.any(|intent| {
                intent
                    .causes
                    .iter()
                    .any(|cause| cause.rule.as_ref() == rule)
            })
        });
        fits && is_by
    })
}

/// Whether a goal has these arguments; those left out may be anything. Two actors of one behavior may
/// stand in either order.
fn fits(goal: &Goal, arguments: &[TestArgument], schema: &Schema) -> bool {
    match (goal, arguments) {
        (_, []) => true,
        (
            Goal::Pin { actor }
            | Goal::Reserve { actor, .. }
            | Goal::Passivate { actor }
            | Goal::Checkpoint { actor },
            [TestArgument::Actor(id)],
        ) => actor == id,
        (
            Goal::Reserve { actor, resource },
            [TestArgument::Actor(id), TestArgument::Resource(wanted)],
        ) => actor == id && resource == wanted,
        (Goal::ScaleOut { count } | Goal::ScaleIn { count }, [TestArgument::Number(wanted)]) => {
            f64::from(*count) == *wanted
        }
        (Goal::Alert { text }, [TestArgument::Text(wanted)]) => text == wanted,
        (Goal::Drain { server }, [TestArgument::Server(id)]) => server == id,
        (Goal::Separate { a, b } | Goal::Colocate { a, b }, [TestArgument::Actor(id)]) => {
            a == id || b == id
        }
        (
            Goal::Separate { a, b } | Goal::Colocate { a, b },
            [TestArgument::Actor(first), TestArgument::Actor(second)],
        ) => (a, b) == (first, second) || (a, b) == (second, first),
        (
            Goal::Balance { types, .. } | Goal::Spread { types, .. },
            [TestArgument::Types(wanted)],
        ) => same_types(types, wanted, schema),
        (
            Goal::Balance {
                types, resource, ..
            },
            [TestArgument::Types(wanted), TestArgument::Resource(of)],
        ) => same_types(types, wanted, schema) && resource == of,
        (Goal::Spread { types, by }, [TestArgument::Types(wanted), TestArgument::Text(label)]) => {
            same_types(types, wanted, schema) && by.as_ref() == Some(label)
        }
        _ => false,
    }
}

fn same_types(types: &GoalTypes, wanted: &TypeSet, schema: &Schema) -> bool {
    match (types, wanted) {
        (GoalTypes::Any, TypeSet::Any) => true,
        (GoalTypes::Of(names), TypeSet::Of(ids)) => {
            let wanted = ids.iter().filter_map(|id| schema.get(*id));
            let wanted: std::collections::BTreeSet<_> = wanted.map(|t| t.name.clone()).collect();
            *names == wanted
        }
        _ => false,
    }
}
