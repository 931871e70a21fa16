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
mod definitions;
mod entity;
mod expansion;
pub(crate) mod expression;
mod feature;
mod in_ref;
mod limit;
mod modules;
mod number;
mod operand;
mod params;
mod property;
mod requirement;
mod rule;
mod rules;
mod scope;
mod test;
mod test_behavior;
mod test_names;
mod types;
mod unit;
mod unknown;
mod variable_set;
mod variables;
mod window;

use std::sync::Arc;

use plasma_diagnostic::{Diagnostic, Span};
use plasma_syntax::Replaced;
use plasma_syntax::tree::{Item, Name, Tree, Word, WordKind};
use rustc_hash::FxHashMap;

use crate::names::{self, Named};
use crate::program::{self, CheckedProgram};
use crate::schema::Schema;
use crate::{Checked, Environment, Modules, lint};

pub(crate) use bounds::server_load;
use declarations::declare;
use definitions::Definitions;
pub(crate) use expansion::anchored;
use modules::{Module, POLICY};
use params::Params;
pub(crate) use rule::Facts;
use rule::RuleChecker;
pub(crate) use rules::Change;
use rules::{CheckedRules, Outcome, rules_before};
use types::Types;
pub use unit::quantity_of;
pub(crate) use variables::Variable as TextVariable;

/// Bytes of a text for each name in it that stands for something, in dense policies.
const BYTES_PER_NAME: usize = 8;

/// What all rules of a program share while it is checked.
pub(crate) struct Checker<'a> {
    pub(crate) tree: &'a Tree,
    pub(crate) diagnostics: Vec<Diagnostic>,
    pub(crate) names: Vec<(Span, Named)>,
    interned: FxHashMap<&'a str, Arc<str>>,
    types: Types,
    params: Params<'a>,
    modules: Vec<Module<'a>>,
    /// The module being checked, by its place.
    module: usize,
    /// The expression that is checked outside of any module.
    prompt: Option<&'a Tree>,
    definitions: Definitions<'a>,
    /// How many definitions are read around the place being checked, each where the one before uses
    /// it: the names in them are noted elsewhere.
    expansions: usize,
    /// Whether what names stand for is noted at all.
    notes_names: bool,
    /// The letters of a name that is put together.
    letters: String,
}

/// What of a check is kept for the next one, besides what everybody can see of it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kept {
    outcomes: Vec<Outcome>,
    /// The names of all rules, if tests may ask for them.
    rule_names: Vec<Arc<str>>,
}

/// Checks the whole tree.
pub(crate) fn check(tree: &Tree, environment: &Environment) -> Checked {
    let mut checker = Checker::declared(tree, environment);
    checker.report_mistakes(&environment.modules);
    checker.note_modules();
    definitions::check_all(&mut checker);
    let mut rules = CheckedRules::default();
    checker.in_each_module(|checker| rules::check_rules(checker, &mut rules));
    let rule_names = match tests_are_checked(tree, environment) {
        true => rule_names(&checker),
        false => Vec::new(),
    };
    let mut checked = finish(&mut checker, environment, rules, rule_names);
    checked.names = std::mem::take(&mut checker.names);
    if !checked.names.is_sorted_by_key(|(span, _)| *span) {
        checked.names.sort_by_key(|(span, _)| *span);
    }
    checked
}

/// Checks a tree of which only a part was read again, against the same environment as before: rules that are as
/// they were are not checked. `None` if something else than rules changed, or what changed may matter elsewhere.
pub(crate) fn check_again(
    tree: &Tree,
    environment: &Environment,
    before: Checked,
    replaced: &Replaced,
) -> Option<Checked> {
    let came = tree
        .items()
        .get(replaced.items_after.clone())
        .unwrap_or(&[]);
    let are_rules = came.iter().all(|item| matches!(item, Item::Rule(_)));
    if !replaced.were_rules || !are_rules || !environment.notes_names {
        return None;
    }
    let mut checker = Checker::declared(tree, environment);
    let rule_names = match tests_are_checked(tree, environment) {
        true => rule_names(&checker),
        false => Vec::new(),
    };
    // Types are inferred from all rules together, and tests may name any.
    if !checker.types.are_declared() || rule_names != before.kept.rule_names {
        return None;
    }
    checker.names.clear();
    checker.notes_names = false;
    checker.report_mistakes(&environment.modules);
    definitions::check_all(&mut checker);
    let first = rules_before(tree, replaced.items_after.start);
    let change = Change {
        file: tree.file(),
        text: replaced.change,
        gone: first..first + replaced.items_before.len(),
        came: replaced.items_after.len(),
    };
    let known = CheckedRules {
        rules: before.program.rules,
        outcomes: before.kept.outcomes,
    };
    checker.notes_names = true;
    let rules = rules::check_again(&mut checker, &change, known);
    checker.notes_names = false;
    let came = std::mem::take(&mut checker.names);
    let mut checked = finish(&mut checker, environment, rules, rule_names);
    checked.names = before.names;
    names::replace(&mut checked.names, &change, &replaced.before, came);
    Some(checked)
}

/// All but the rules: what is required, limited and tested, and what is doubtful about everything together.
fn finish(
    checker: &mut Checker<'_>,
    environment: &Environment,
    checked_rules: CheckedRules,
    rule_names: Vec<Arc<str>>,
) -> Checked {
    let tree = checker.tree;
    // They are numbered behind all rules, those of the policy before those of its modules.
    let mut number = checked_rules.outcomes.len();
    checker.in_each_module(rules::report_duplicates);
    checker.diagnostics.extend(checked_rules.reports().cloned());
    let CheckedRules { rules, outcomes } = checked_rules;
    let (mut requirements, mut limits) = (Vec::new(), Vec::new());
    checker.in_each_module(|checker| {
        requirements.extend(requirement::check_requirements(checker, &mut number));
    });
    checker.in_each_module(|checker| limits.extend(limit::check_limits(checker)));
    let tests = match tests_are_checked(tree, environment) {
        true => test::check_tests(checker, &rule_names),
        false => Vec::new(),
    };
    lint::file::check(checker);
    // Those of modules are looked at where they stand.
    let own = rules.partition_point(|rule| rule.span.file == tree.file());
    let own = rules.get(..own).unwrap_or(&[]);
    lint::shadowed_rule::check(own, tree, &mut checker.diagnostics);
    lint::no_gap::check_scaling(own, &mut checker.diagnostics);
    definitions::report_unused(checker);
    let definitions = checker.definitions.checked(checker);
    let params = std::mem::take(&mut checker.params).finish(checker);
    let program = CheckedProgram {
        schema: checker.schema().clone(),
        modules: checker.modules.iter().map(Module::checked).collect(),
        params,
        definitions,
        rules,
        requirements,
        limits,
        tests,
    };
    let conflicts = lint::conflict::check(&program, tree, &|span| checker.text_at(span));
    checker.diagnostics.extend(conflicts);
    let silenced = lint::allow::check(checker, environment.today);
    let mut diagnostics = std::mem::take(&mut checker.diagnostics);
    diagnostics.sort_by_key(|d| (d.primary, d.code));
    Checked {
        program,
        diagnostics,
        silenced,
        names: Vec::new(),
        kept: Kept {
            outcomes,
            rule_names,
        },
    }
}

fn tests_are_checked(tree: &Tree, environment: &Environment) -> bool {
    tree.tests().next().is_some() && !environment.leaves_out_tests
}

/// The names of all rules, those with mistakes included.
fn rule_names(checker: &Checker<'_>) -> Vec<Arc<str>> {
    let of_module = |module: &Module<'_>| {
        let (tree, prefix) = (module.tree, module.prefix.clone());
        let rules = tree.rules().enumerate();
        let names = rules.map(move |(index, rule)| match rule.name() {
            Some(name) => Arc::from(format!("{prefix}{}", tree.name(name))),
            None => Arc::from(format!("{prefix}#{}", index + 1)),
        });
        names.collect::<Vec<_>>()
    };
    checker.modules.iter().flat_map(of_module).collect()
}

/// The names of all parameters, as they are set from outside.
pub(crate) fn param_names(tree: &Tree, modules: &Modules) -> Vec<String> {
    let (modules, _) = modules::open(tree, modules);
    let of_module = |module: &Module<'_>| {
        let items = module.tree.items().iter();
        let names = items.filter_map(|item| match item {
            Item::Param(param) => param.name,
            _ => None,
        });
        let names = names.map(|name| format!("{}{}", module.prefix, module.tree.name(name)));
        names.collect::<Vec<_>>()
    };
    modules.iter().flat_map(of_module).collect()
}

/// The schema that a tree declares.
pub(crate) fn schema_of(tree: &Tree) -> (Schema, Vec<Diagnostic>) {
    let environment = Environment::default();
    let mut checker = Checker::new(tree, &environment);
    checker.diagnostics.clear();
    declare(&mut checker, false);
    let mut schema = checker.types.into_schema();
    schema.declared = true;
    (schema, checker.diagnostics)
}

impl<'a> Checker<'a> {
    fn new(tree: &'a Tree, environment: &'a Environment) -> Checker<'a> {
        let (modules, diagnostics) = modules::open(tree, &environment.modules);
        let declares = |tree: &Tree| tree.items().iter().any(|i| matches!(i, Item::Actor(_)));
        let declares_types = modules.iter().any(|module| declares(module.tree));
        Checker {
            tree,
            diagnostics,
            names: match environment.notes_names {
                true => Vec::with_capacity(tree.source().len() / BYTES_PER_NAME),
                false => Vec::new(),
            },
            interned: FxHashMap::default(),
            types: Types::new(environment.schema.clone(), declares_types),
            params: Params::default(),
            modules,
            module: POLICY,
            prompt: None,
            definitions: Definitions::default(),
            expansions: 0,
            notes_names: environment.notes_names,
            letters: String::new(),
        }
    }

    /// With all that the policy and its modules declare.
    fn declared(tree: &'a Tree, environment: &'a Environment) -> Checker<'a> {
        let mut checker = Checker::new(tree, environment);
        let is_given = environment.schema.is_some();
        checker.in_each_module(|checker| declare(checker, is_given));
        checker.in_each_module(|checker| params::declare(checker, &environment.params));
        params::report_unknown(&mut checker, &environment.params);
        checker.in_each_module(definitions::declare);
        checker
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

    /// Whether anybody asks what the names at the place being checked stand for.
    #[inline]
    fn is_noting(&self) -> bool {
        self.notes_names && self.expansions == 0
    }

    /// Remembers, for editors, what the name at `span` stands for.
    #[inline]
    fn note(&mut self, span: Span, named: Named) {
        if self.is_noting() {
            self.names.push((span, named));
        }
    }

    /// Whether an actor type is called so, in the module being checked.
    fn is_type(&self, name: &str) -> bool {
        self.types.find(name).is_some() || self.params.actor_type(name).is_some()
    }

    /// A word as its module means it: a parameter that stands for any actor is `any`.
    fn meant(&mut self, word: Word) -> Word {
        let is_any = word.kind == WordKind::Upper && self.params.is_any(self.text(word.name));
        match is_any {
            true => Word {
                kind: WordKind::Any,
                ..word
            },
            false => word,
        }
    }

    /// Notes that `any` is meant, by this word or by the parameter that it is the name of.
    fn note_any(&mut self, name: Name) {
        match self.params.find(self.text(name)) {
            Some((place, _)) => {
                self.params.mark_used(place);
                self.note(name.span, Named::Param(place));
            }
            None => self.note(name.span, Named::Any),
        }
    }
}

impl Module<'_> {
    fn checked(&self) -> program::Module {
        program::Module {
            prefix: self.prefix.as_str().into(),
            file: self.tree.file(),
        }
    }
}

impl<'a> RuleChecker<'_, 'a> {
    fn text(&self, name: Name) -> &'a str {
        self.checker.text(name)
    }
}
