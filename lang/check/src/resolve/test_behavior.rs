//! The behaviors that a test expects, with their arguments.

use std::sync::Arc;

use plasma_diagnostic::did_you_mean;
use plasma_model::{ActorId, BEHAVIORS, Parameter, Resource, ServerId, behavior_row};
use plasma_syntax::tree::{BehaviorCall, ExprId, ExprKind, ExprList, Name, WordKind};

use super::RuleChecker;
use super::test::TestChecker;
use crate::error::{unknown_function, wrong_argument, wrong_test};
use crate::names::Named;
use crate::program::{TestArgument, TypeSet, Wanted};

impl TestChecker<'_, '_> {
    pub(super) fn wanted_behavior(
        &mut self,
        call: &BehaviorCall,
        is_negated: bool,
        by: Option<Name>,
    ) -> Option<Wanted> {
        let tree = self.checker.tree;
        let by = match by {
            Some(by) => Some(self.rule_name(by)?),
            None => None,
        };
        let name = call.name?;
        let text = tree.name(name);
        let Some(row) = behavior_row(text) else {
            let names = BEHAVIORS.iter().map(|row| row.name);
            let report = unknown_function::unknown_behavior(name.span, text, names);
            self.checker.report(report);
            return None;
        };
        self.checker.note(name.span, Named::Behavior(row.behavior));
        let given = tree.list(call.args);
        if given.len() > row.parameters.len() {
            let spans: Vec<_> = given.iter().map(|id| tree.expr(*id).span).collect();
            let report = wrong_argument::wrong_number(row, call.span, &spans, &[]);
            self.checker.report(report);
            return None;
        }
        let parameters = row.parameters.iter().zip(given);
        let arguments: Vec<_> = parameters
            .map(|((_, parameter), id)| self.argument(text, *parameter, *id))
            .collect();
        Some(Wanted::Behavior {
            name: Arc::from(text),
            arguments: arguments.into_iter().collect::<Option<_>>()?,
            is_negated,
            by,
        })
    }

    fn rule_name(&mut self, name: Name) -> Option<Arc<str>> {
        let text = self.checker.tree.name(name);
        if let Some(place) = self.rules.iter().position(|rule| rule.as_ref() == text) {
            self.note_rule(name, place);
            return self.rules.get(place).map(Arc::clone);
        }
        let named = self.rules.iter().map(AsRef::as_ref);
        let names: Vec<&str> = named.filter(|name: &&str| !name.contains('#')).collect();
        let report = wrong_test::unknown_rule(name.span, text, names);
        self.checker.report(report);
        None
    }

    fn argument(
        &mut self,
        behavior: &str,
        parameter: Parameter,
        id: ExprId,
    ) -> Option<TestArgument> {
        let tree = self.checker.tree;
        let expr = tree.expr(tree.unparenthesized(id));
        let word = self.word(id);
        let argument = match (parameter, expr.kind) {
            (_, ExprKind::Hole) => return None,
            (Parameter::Actor, _) => word
                .filter(|(text, _)| self.introduced.actors.contains_key(*text))
                .map(|(text, _)| TestArgument::Actor(ActorId::from(text))),
            (Parameter::Server, _) => word
                .filter(|(text, _)| self.introduced.is_server(text))
                .map(|(text, _)| TestArgument::Server(ServerId::from(text))),
            (Parameter::Resource, _) => word
                .and_then(|(text, _)| Resource::from_name(text))
                .map(TestArgument::Resource),
            (Parameter::Types, ExprKind::Types(types)) => {
                return self.types(types).map(TestArgument::Types);
            }
            (Parameter::Types, _) => None,
            (Parameter::Label, ExprKind::By(label)) => {
                let label = tree.expr(tree.unparenthesized(label));
                let is_text = label.kind == ExprKind::Text;
                is_text.then(|| TestArgument::Text(tree.text_value(label.span).into()))
            }
            (Parameter::Label, _) => None,
            (Parameter::Count, ExprKind::Number(number)) => {
                Some(TestArgument::Number(number.base_value()))
            }
            (Parameter::Count, _) => None,
            (Parameter::Message, ExprKind::Text) => {
                Some(TestArgument::Text(tree.text_value(expr.span).into()))
            }
            (Parameter::Message, _) => None,
        };
        if let Some(argument) = argument {
            match &argument {
                TestArgument::Actor(_) | TestArgument::Server(_) => self.note_argument(id),
                TestArgument::Resource(resource) => {
                    self.checker.note(expr.span, Named::Resource(*resource));
                }
                _ => {}
            }
            return Some(argument);
        }
        let text = tree.text(expr.span);
        let (noun, names): (&str, Vec<&str>) = match parameter {
            Parameter::Actor => {
                let actors = self.introduced.actors.keys();
                ("an actor of the test", actors.map(String::as_str).collect())
            }
            Parameter::Resource => ("a resource", vec!["cpu", "mem", "net"]),
            Parameter::Types => ("actor types in braces", Vec::new()),
            Parameter::Count => ("a number of servers", Vec::new()),
            Parameter::Message => ("a text in quotes", Vec::new()),
            Parameter::Label => ("`by` and the name of a label in quotes", Vec::new()),
            Parameter::Server => {
                let servers = self.introduced.servers.iter();
                (
                    "a server of the test",
                    servers.map(String::as_str).collect(),
                )
            }
        };
        let meant = did_you_mean(text, names.iter().copied());
        let report = wrong_test::argument(expr.span, behavior, noun, text, meant);
        self.checker.report(report);
        None
    }

    fn types(&mut self, list: ExprList) -> Option<TypeSet> {
        let tree = self.checker.tree;
        let mut types = Vec::new();
        for id in tree.list(list) {
            match *tree.kind(*id) {
                ExprKind::Word(word) if self.checker.meant(word).kind == WordKind::Any => {
                    self.checker.note_any(word.name);
                    return Some(TypeSet::Any);
                }
                ExprKind::Word(word) if word.kind == WordKind::Upper => {
                    types.push(RuleChecker::new(self.checker, usize::MAX).noted_type(word.name)?);
                }
                ExprKind::Hole => return None,
                _ => {
                    let span = tree.expr(*id).span;
                    let text = tree.text(span);
                    let noun = "an actor type";
                    let report = wrong_test::argument(span, "balance", noun, text, None);
                    self.checker.report(report);
                    return None;
                }
            }
        }
        Some(TypeSet::Of(types.into_iter().collect()))
    }
}
