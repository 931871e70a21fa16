//! Resolution: every name of a tree to what it stands for, rule by rule, going on after mistakes.

mod aggregate;
mod arithmetic;
mod attributes;
mod behavior;
mod bounds;
mod call;
mod chain;
mod compare;
mod condition;
mod constant;
mod declarations;
mod entity;
pub(crate) mod expression;
mod feature;
mod in_ref;
mod limit;
mod number;
mod operand;
mod params;
mod property;
mod requirement;
mod rule;
mod scope;
mod test;
mod test_behavior;
mod types;
mod unit;
mod unknown;
mod variables;
mod window;

use std::collections::HashMap;
use std::sync::Arc;

use plasma_diagnostic::{Diagnostic, Span};
use plasma_syntax::tree::{Item, Name, Tree};

use crate::names::Named;
use crate::program::CheckedProgram;
use crate::schema::Schema;
use crate::{Checked, Environment, lint};

pub(crate) use bounds::server_load;
use declarations::declare;
use params::Params;
pub(crate) use rule::Facts;
use rule::RuleChecker;
use types::Types;
pub(crate) use unit::quantity_of;

/// What all rules of a program share while it is checked.
pub(crate) struct Checker<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) names: Vec<(Span, Named)>,
    interned: HashMap<&'a str, Arc<str>>,
    types: Types,
    params: Params<'a>,
}

/// Checks the whole tree.
pub(crate) fn check(tree: &Tree, environment: &Environment) -> Checked {
    let mut checker = Checker::new(tree, environment.schema.clone());
    declare(&mut checker, environment.schema.is_some());
    checker.params = Params::declare(&mut checker, &environment.params);
    let rules = rule::check_rules(&mut checker);
    let requirements = requirement::check_requirements(&mut checker);
    let limits = limit::check_limits(&mut checker);
    let names = rule_names(tree, &checker);
    let tests = test::check_tests(&mut checker, &names);
    lint::file::check(&mut checker);
    lint::shadowed_rule::check(&rules, tree, &mut checker.diagnostics);
    let params = std::mem::take(&mut checker.params).finish(&mut checker);
    let program = CheckedProgram {
        schema: checker.schema().clone(),
        params,
        rules,
        requirements,
        limits,
        tests,
    };
    lint::conflict::check(&program, tree, &mut checker.diagnostics);
    let silenced = lint::allow::check(&mut checker, environment.today);
    let mut checked = Checked {
        program,
        diagnostics: checker.diagnostics,
        silenced,
        names: checker.names,
    };
    checked.diagnostics.sort_by_key(|d| (d.primary, d.code));
    checked.names.sort_by_key(|(span, _)| *span);
    checked
}

/// The names of all rules and requirements, those with mistakes included.
fn rule_names(tree: &Tree, checker: &Checker<'_>) -> Vec<Arc<str>> {
    let rules = tree
        .rules()
        .enumerate()
        .map(|(index, rule)| match rule.name() {
            Some(name) => Arc::from(checker.text(name)),
            None => Arc::from(format!("#{}", index + 1)),
        });
    rules.collect()
}

/// The schema that a tree declares.
pub(crate) fn schema_of(tree: &Tree) -> (Schema, Vec<Diagnostic>) {
    let mut checker = Checker::new(tree, None);
    declare(&mut checker, false);
    let mut schema = checker.types.into_schema();
    schema.declared = true;
    (schema, checker.diagnostics)
}

impl<'a> Checker<'a> {
    fn new(tree: &'a Tree, schema: Option<Schema>) -> Checker<'a> {
        let declares_types = tree.items().iter().any(|i| matches!(i, Item::Actor(_)));
        Checker {
            tree,
            diagnostics: Vec::new(),
            names: Vec::new(),
            interned: HashMap::new(),
            types: Types::new(schema, declares_types),
            params: Params::default(),
        }
    }

    /// The letters of a name.
    pub(crate) fn text(&self, name: Name) -> &'a str {
        self.tree.name(name)
    }

    /// A shared copy of a text of the tree, one for each distinct text.
    fn intern(&mut self, text: &'a str) -> Arc<str> {
        Arc::clone(self.interned.entry(text).or_insert_with(|| text.into()))
    }

    /// The types known so far.
    pub(crate) fn schema(&self) -> &Schema {
        self.types.schema()
    }

    /// Adds a type that a test mentions, where types are inferred from use.
    fn infer_type(&mut self, name: &str, span: Span) {
        if !self.types.are_declared() && self.types.find(name).is_none() {
            self.types.infer(Arc::from(name), span);
        }
    }

    /// Keeps a mistake or a doubt.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// Remembers, for editors, what the name at `span` stands for.
    fn note(&mut self, span: Span, named: Named) {
        self.names.push((span, named));
    }
}

impl<'a> RuleChecker<'_, 'a> {
    fn text(&self, name: Name) -> &'a str {
        self.checker.text(name)
    }
}
