//! The plan of a rule as people read it, with what it looked at.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use plasma_check::program::{Range, Rule, VariableId};

use super::evaluator::RuleFigures;
use super::link::LinkKind;
use super::plan::{Join, Source, Step, Test, TestKind};
use super::scope::{Function, Kinds, Scope, Types};
use crate::explain::Writer;

/// How a rule was evaluated last.
#[derive(Clone, Debug, PartialEq)]
pub struct RulePlan {
    /// The rule.
    pub rule: Arc<str>,
    /// What the last evaluation took.
    pub figures: RuleFigures,
    /// The steps of the search for everything, in their order.
    pub steps: Vec<PlanStep>,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanStep {
    /// What is bound, and from where: `f: calls of clients to Folder.open`.
    pub source: String,
    /// Rows that the source has given in all searches so far.
    pub rows_tried: u64,
    /// Rows of them that passed the tests.
    pub rows_kept: u64,
    /// What is tested at once, in the language's form.
    pub tests: Vec<PlanTest>,
}

/// A test of a plan.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanTest {
    /// What is tested, in the language's form.
    pub text: String,
    /// How: `as it is read`, `all rows at once`, `row by row`, `some`.
    pub how: &'static str,
}

pub(crate) fn steps(join: &Join, rule: &Rule, scope: &Scope<'_>) -> Vec<PlanStep> {
    let teller = Teller { rule, scope };
    let mut steps = Vec::new();
    if !join.tests.is_empty() {
        steps.push(PlanStep {
            source: "once".to_owned(),
            rows_tried: 1,
            rows_kept: 1,
            tests: teller.tests(&join.tests, None),
        });
    }
    steps.extend(join.steps.iter().map(|step| teller.step(step)));
    steps
}

struct Teller<'t, 's> {
    rule: &'t Rule,
    scope: &'t Scope<'s>,
}

impl Teller<'_, '_> {
    fn step(&self, step: &Step) -> PlanStep {
        let mut tests = self.tests(&step.filtered, Some("as it is read"));
        tests.extend(self.tests(&step.tests, None));
        PlanStep {
            source: self.source(step),
            rows_tried: step.rows_tried.load(Ordering::Relaxed),
            rows_kept: step.rows_kept.load(Ordering::Relaxed),
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

    fn tests(&self, tests: &[Test], how: Option<&'static str>) -> Vec<PlanTest> {
        let writer = Writer {
            schema: self.scope.schema,
            variables: &self.rule.variables,
        };
        let tell = |test: &Test| {
            let (text, usual) = match &test.kind {
                TestKind::Rows {
                    is_of_range: Some(variable),
                    ..
                }
                | TestKind::Range(variable) => (self.range(*variable), "all rows at once"),
                TestKind::Rows { .. } => (writer.condition(&test.condition), "all rows at once"),
                TestKind::EachRow => (writer.condition(&test.condition), "row by row"),
                TestKind::Some { .. } => (writer.condition(&test.condition), "some"),
            };
            PlanTest {
                text,
                how: how.unwrap_or(usual),
            }
        };
        tests.iter().map(tell).collect()
    }

    /// What a caller variable ranges over.
    fn range(&self, variable: VariableId) -> String {
        let of_variable = self.rule.variables.get(variable.0 as usize);
        let function = match of_variable.map(|v| &v.range) {
            Some(Range::Callers {
                function: Some(function),
                ..
            }) => format!(" in {function}"),
            _ => String::new(),
        };
        format!("{} called{function}", self.name(variable))
    }
}
