//! The plan of a rule as people read it, with what it looked at.

use std::sync::atomic::Ordering;

use plasma_check::program::{ActorRef, Range, Rule, VariableId};
use plasma_model::{PlanStep, PlanTest, TestRoute};

use super::link::LinkKind;
use super::plan::{Join, Source, Step, Test, TestKind};
use super::scope::{Function, Kinds, Scope, Types};
use crate::explain::Writer;

/// The steps of a search; times only if they were measured.
pub(crate) fn steps(join: &Join, rule: &Rule, scope: &Scope<'_>, is_timed: bool) -> Vec<PlanStep> {
    Teller {
        rule,
        scope,
        is_timed,
    }
    .steps(join)
}

struct Teller<'t, 's> {
    rule: &'t Rule,
    scope: &'t Scope<'s>,
    is_timed: bool,
}

impl Teller<'_, '_> {
    fn steps(&self, join: &Join) -> Vec<PlanStep> {
        let mut steps = Vec::new();
        if !join.tests.is_empty() {
            let (rows_tried, rows_kept) = join.rows_tested();
            steps.push(PlanStep {
                source: "once".to_owned(),
                rows_tried,
                rows_kept,
                seconds: None,
                tests: self.tests(&join.tests, None),
            });
        }
        // What a step took is told with those after it.
        let times = join.steps.iter().map(Step::nanoseconds);
        let after = times.clone().skip(1).chain([0]);
        let own = times
            .zip(after)
            .map(|(all, after)| all.saturating_sub(after));
        let timed = join.steps.iter().zip(own);
        steps.extend(timed.map(|(step, nanoseconds)| self.step(step, nanoseconds)));
        steps
    }

    fn step(&self, step: &Step, nanoseconds: u64) -> PlanStep {
        let mut tests = self.tests(&step.filtered, Some(TestRoute::AsRead));
        tests.extend(self.tests(&step.tests, None));
        PlanStep {
            source: self.source(step),
            rows_tried: step.rows_tried.load(Ordering::Relaxed),
            rows_kept: step.rows_kept.load(Ordering::Relaxed),
            seconds: self.is_timed.then_some(nanoseconds as f64 / 1e9),
            tests,
        }
    }

    fn source(&self, step: &Step) -> String {
        let name = self.name(step.variable);
        match &step.source {
            Source::Servers => format!("{name}: all servers"),
            Source::Actors(types) => format!("{name}: all {}", self.types(types)),
            Source::Calls {
                caller,
                kinds,
                callees,
                function,
                ..
            } => {
                let callers = match kinds {
                    Kinds::Client => "clients".to_owned(),
                    Kinds::Actors(types) => self.types(types),
                };
                let bound = caller.map_or(name.clone(), |caller| {
                    format!("{}, {name}", self.name(caller))
                });
                let callees = self.types(callees);
                format!(
                    "{bound}: calls of {callers} to {callees}{}",
                    self.function(*function)
                )
            }
            Source::Link { link, .. } => {
                let from = self.name(link.from);
                let leading = match link.kind {
                    LinkKind::Hosts => format!("the host of {from}"),
                    LinkKind::Refers(property) => {
                        format!("whom {from}{} refers to", self.property(property))
                    }
                    LinkKind::ReferredBy(property) => {
                        format!(
                            "who refers to {from}{}",
                            match property {
                                Some(_) =>
                                    format!(" in{}", self.property(property).replace('.', " ")),
                                None => String::new(),
                            }
                        )
                    }
                    LinkKind::Called(function) => {
                        format!("whom {from} called{}", self.called(function))
                    }
                    LinkKind::CalledBy(function) => {
                        format!("who called {from}{}", self.function(function))
                    }
                    LinkKind::CalledWithin(seconds, function) => format!(
                        "who called {from}{} in {}",
                        self.function(function),
                        crate::explain::figure(seconds, "s")
                    ),
                    LinkKind::ByClients(function) => {
                        format!("called by clients{}", self.called(function))
                    }
                };
                format!("{name}: {leading}")
            }
        }
    }

    fn name(&self, variable: VariableId) -> String {
        let variable = self.rule.variables.get(variable.0 as usize);
        variable.map_or_else(String::new, |variable| variable.name.to_string())
    }

    fn types(&self, types: &Types) -> String {
        let names = self.scope.columns.type_names();
        match types {
            Types::Any => "actors".to_owned(),
            Types::Of(numbers) => {
                let names: Vec<&str> = numbers.iter().map(|no| names.name(*no)).collect();
                match names.is_empty() {
                    true => "nobody".to_owned(),
                    false => names.join(" or "),
                }
            }
        }
    }

    fn function(&self, function: Function) -> String {
        match function {
            Function::Any => String::new(),
            Function::One(no) => format!(".{}", self.scope.columns.function_names().name(no)),
        }
    }

    fn called(&self, function: Function) -> String {
        match function {
            Function::Any => String::new(),
            Function::One(no) => format!(" in {}", self.scope.columns.function_names().name(no)),
        }
    }

    fn property(&self, property: Option<u32>) -> String {
        let names = self.scope.columns.property_names();
        property.map_or_else(String::new, |no| format!(".{}", names.name(no)))
    }

    fn tests(&self, tests: &[Test], how: Option<TestRoute>) -> Vec<PlanTest> {
        tests.iter().map(|test| self.test(test, how)).collect()
    }

    fn test(&self, test: &Test, how: Option<TestRoute>) -> PlanTest {
        let writer = Writer {
            schema: self.scope.schema,
            variables: &self.rule.variables,
        };
        let (text, usual) = match &test.kind {
            TestKind::Rows {
                is_of_range: Some(variable),
                ..
            } => (self.range(*variable), TestRoute::Columns),
            TestKind::Range(variable) => (self.range(*variable), TestRoute::EachRow),
            TestKind::Rows { .. } => (writer.condition(&test.condition), TestRoute::Columns),
            TestKind::EachRow => (writer.condition(&test.condition), TestRoute::EachRow),
            TestKind::Some { .. } => (writer.condition(&test.condition), TestRoute::Search),
        };
        let searches = match &test.kind {
            TestKind::Some { joins, .. } => joins.iter().map(|join| self.steps(join)).collect(),
            _ => Vec::new(),
        };
        PlanTest {
            text,
            how: how.unwrap_or(usual),
            searches,
        }
    }

    /// What a caller variable ranges over.
    fn range(&self, variable: VariableId) -> String {
        let of_variable = self.rule.variables.get(variable.0 as usize);
        let function = match of_variable.map(|v| &v.range) {
            Some(Range::Callers {
                callee, function, ..
            }) => {
                let callee = match callee {
                    ActorRef::Variable(callee) => self.name(*callee),
                    ActorRef::Anonymous(types) => self.types(&self.scope.types(types)),
                };
                let function = function.iter().map(|function| format!(".{function}"));
                format!(" {callee}{}", function.collect::<String>())
            }
            _ => String::new(),
        };
        format!("{} calls{function}", self.name(variable))
    }
}
