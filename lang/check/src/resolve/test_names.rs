//! What the names in a test stand for, as editors ask it: its actors and servers, the types,
//! properties and functions in its cluster, and the rules behind `by`.

use std::collections::HashMap;

use plasma_diagnostic::Span;
use plasma_syntax::cluster::{
    ActorStatement, CallerName, CallsStatement, Field, FieldValue, Statement,
};
use plasma_syntax::tree::{ExprId, ExprKind, Name, TestStatement};

use super::test::TestChecker;
use crate::names::{Named, VariableKind};
use crate::schema::TypeId;

/// Where a test first names its actors and servers.
#[derive(Default)]
pub(super) struct FirstNamed<'a> {
    actors: HashMap<&'a str, (Span, Option<TypeId>)>,
    servers: HashMap<&'a str, Span>,
}

impl FirstNamed<'_> {
    /// What a name of the test stands for.
    fn named(&self, text: &str) -> Option<Named> {
        let actor = self.actors.get(text).map(|(span, of_type)| {
            let kind = of_type.map_or(VariableKind::Unknown, VariableKind::Actor);
            (*span, kind)
        });
        let server = || Some((*self.servers.get(text)?, VariableKind::Server));
        let (introduced, kind) = actor.or_else(server)?;
        Some(Named::OfTest { introduced, kind })
    }
}

impl<'a> TestChecker<'_, 'a> {
    /// Notes the names in the statements about the cluster.
    pub(super) fn note_cluster(&mut self) {
        if !self.checker.notes_names {
            return;
        }
        let test = self.test;
        let mut statements: Vec<&'a Statement> = Vec::new();
        for statement in &test.statements {
            match statement {
                TestStatement::Cluster(statement) => statements.push(statement),
                TestStatement::At {
                    statements: later, ..
                } => statements.extend(later),
                TestStatement::Expectation(_) => {}
            }
        }
        for statement in &statements {
            self.introduce(statement);
        }
        for statement in statements {
            match statement {
                Statement::Server(server) => {
                    server.name.into_iter().for_each(|name| self.note_own(name));
                }
                Statement::Actor(actor) => self.note_actor(actor),
                Statement::Calls(calls) => self.note_calls(calls),
            }
        }
    }

    fn introduce(&mut self, statement: &Statement) {
        let tree = self.checker.tree;
        match statement {
            Statement::Server(server) => {
                if let Some(name) = server.name {
                    let servers = &mut self.first_named.servers;
                    servers.entry(tree.name(name)).or_insert(name.span);
                }
            }
            Statement::Actor(actor) => {
                if let Some(name) = actor.name {
                    let of_type = self.checker.types.find(tree.name(actor.type_name));
                    let actors = &mut self.first_named.actors;
                    actors
                        .entry(tree.name(name))
                        .or_insert((name.span, of_type));
                }
            }
            Statement::Calls(_) => {}
        }
    }

    fn note_actor(&mut self, actor: &ActorStatement) {
        let of_type = self.checker.types.find(self.checker.text(actor.type_name));
        if let Some(id) = of_type {
            self.checker.note(actor.type_name.span, Named::Type(id));
        }
        for name in actor.name.into_iter().chain(actor.host) {
            self.note_own(name);
        }
        for field in &actor.fields {
            self.note_field(of_type, field);
        }
    }

    fn note_field(&mut self, owner: Option<TypeId>, field: &Field) {
        let text = self.checker.text(field.name);
        let is_property = |id: &TypeId| self.checker.types.property(*id, text).is_some();
        if let Some(owner) = owner.filter(is_property) {
            let name = self.checker.intern(text);
            let owner = Some(owner);
            self.checker
                .note(field.name.span, Named::Property { owner, name });
        }
        if let FieldValue::Names(names) = &field.value {
            names.iter().for_each(|name| self.note_own(*name));
        }
    }

    fn note_calls(&mut self, calls: &CallsStatement) {
        match calls.caller {
            CallerName::Client(span) => self.checker.note(span, Named::Client),
            CallerName::Actor(name) => self.note_own(name),
        }
        let Some(callee) = calls.callee else { return };
        self.note_own(callee);
        let of_type = self.first_named.actors.get(self.checker.text(callee));
        let owner = of_type.and_then(|(_, of_type)| *of_type);
        let Some(function) = calls.function else {
            return;
        };
        let text = self.checker.text(function);
        let is_function = |id: &TypeId| self.checker.types.function(*id, text).is_some();
        if let Some(owner) = owner.filter(is_function) {
            let name = self.checker.intern(text);
            let owner = Some(owner);
            self.checker
                .note(function.span, Named::Function { owner, name });
        }
    }

    /// Notes an actor or a server of the test.
    pub(super) fn note_own(&mut self, name: Name) {
        if let Some(named) = self.first_named.named(self.checker.text(name)) {
            self.checker.note(name.span, named);
        }
    }

    /// Notes an actor or a server of the test that is the argument of a behavior.
    pub(super) fn note_argument(&mut self, id: ExprId) {
        let tree = self.checker.tree;
        if let ExprKind::Word(word) = *tree.kind(tree.unparenthesized(id)) {
            self.note_own(word.name);
        }
    }

    /// Of what was noted since then, takes the variables that the test itself names for what they are.
    pub(super) fn note_bound(&mut self, noted: usize, is_own: impl Fn(Span) -> bool) {
        let tree = self.checker.tree;
        let first_named = &self.first_named;
        for (span, named) in self.checker.names.iter_mut().skip(noted) {
            if let Named::Variable { introduced, .. } = named
                && is_own(*introduced)
                && let Some(own) = first_named.named(tree.text(*span))
            {
                *named = own;
            }
        }
    }

    /// Notes the rule behind `by`, and the modules before it.
    pub(super) fn note_rule(&mut self, name: Name, rule: usize) {
        let whole = self.checker.tree.text(name.span);
        let mut prefix = String::new();
        let mut words = whole.split('.').peekable();
        let mut start = name.span.start;
        while let Some(word) = words.next() {
            let blanks = word.len() - word.trim_start().len();
            let text = word.trim();
            let first = start + blanks as u32;
            let span = Span::new(name.span.file, first, first + text.len() as u32);
            start += word.len() as u32 + 1;
            if words.peek().is_none() {
                self.checker.note(span, Named::Rule(rule));
                continue;
            }
            prefix.push_str(text);
            prefix.push('.');
            let modules = &self.checker.modules;
            if let Some(place) = modules.iter().position(|m| m.prefix == prefix) {
                self.checker.note(span, Named::Module(place));
            }
        }
    }
}
