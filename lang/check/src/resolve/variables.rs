//! The variables of a rule: every mention, in the condition and in the behaviors, before anything
//! is resolved. A variable's type, its part in the binding and the meaning of a bare `server` all
//! depend on the whole rule.

use plasma_diagnostic::Span;
use plasma_model::{RULE_VARIABLES_MAX, metric_row};
use plasma_syntax::tree::{ExprId, ExprKind, ExprList, Name, Rule, Word, WordKind};
use rustc_hash::FxHashMap;

use super::chain::Chain;
use super::types::intersection;
use super::{Checker, RuleChecker};
use crate::error::{duplicate_name, out_of_range, type_mismatch};
use crate::names::VariableKind;
use crate::program::TypeSet;

/// One name that stands for an actor or a server in a rule.
pub(crate) struct Variable<'a> {
    pub(crate) name: &'a str,
    /// Its first mention.
    pub(crate) span: Span,
    /// What its typed mentions say; `None` as long as there is none.
    pub(crate) kind: Option<VariableKind>,
    /// The first typed mention, `Folder(f)`.
    pub(crate) introduced: Option<Span>,
    /// Its name in that.
    introducing: Option<Span>,
    /// For `any(a)`: the types that have every function and property asked of it.
    pub(super) any_types: TypeSet,
    /// Mentions in the condition.
    pub(crate) condition_mentions: usize,
    /// Those of them that stand before `.call`.
    pub(crate) caller_mentions: usize,
    /// The first mention in a behavior.
    pub(crate) used_by_behavior: Option<Span>,
    /// The place among the diagnostics of the report that nothing introduces it.
    pub(super) reported_at: Option<usize>,
    /// Whether only one aggregate knows it.
    pub(super) is_local: bool,
    /// Whether a definition is about it.
    pub(crate) is_argument: bool,
}

impl Variable<'_> {
    /// Its name where it is introduced; where it is first mentioned, if nothing introduces it.
    pub(super) fn origin(&self) -> Span {
        self.introducing.unwrap_or(self.span)
    }
}

/// The variables of a rule, in the order of their first mention.
#[derive(Default)]
pub(super) struct Variables<'a> {
    pub(super) list: Vec<Variable<'a>>,
    /// Built only for rules with many variables: a few names are found faster one by one.
    by_name: FxHashMap<&'a str, usize>,
    /// The variables of the aggregates around the place being looked at, innermost last.
    pub(super) locals: Vec<(&'a str, usize)>,
    /// What was mentioned so far, in the order of the text.
    pub(super) mentioned: Vec<usize>,
}

/// Whether two names are one. Most have one letter, and are asked about most of all.
#[inline]
fn is_same(name: &str, other: &str) -> bool {
    match (name.as_bytes(), other.as_bytes()) {
        ([letter], [other]) => letter == other,
        (name, other) => name == other,
    }
}

/// From so many variables on, names are looked up in an index.
const INDEXED_FROM: usize = 16;

impl<'a> Variables<'a> {
    pub(super) fn clear(&mut self) {
        self.list.clear();
        self.by_name.clear();
        self.locals.clear();
        self.mentioned.clear();
    }

    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let local = self.locals.iter().rfind(|(local, _)| is_same(local, name));
        if let Some((_, place)) = local {
            return Some(*place);
        }
        if self.list.len() < INDEXED_FROM {
            let is_found = |v: &Variable<'_>| is_same(v.name, name) && !v.is_local;
            return self.list.iter().position(is_found);
        }
        self.by_name.get(name).copied()
    }

    /// Adds a variable of the innermost aggregate, which hides others of its name.
    pub(super) fn add_local(&mut self, name: &'a str, span: Span) -> usize {
        let place = self.add(name, span, true);
        self.locals.push((name, place));
        place
    }

    /// Adds what a definition is about. Being named there counts as a mention.
    pub(super) fn add_param(&mut self, name: &'a str, span: Span, kind: VariableKind) -> usize {
        let place = self.add(name, span, false);
        if let Some(variable) = self.list.get_mut(place) {
            variable.kind = Some(kind);
            variable.introduced = Some(span);
            variable.condition_mentions = 1;
        }
        place
    }

    /// Notes that only these types have what is asked of a variable.
    pub(super) fn restrict(&mut self, place: usize, types: &TypeSet) {
        if let Some(variable) = self.list.get_mut(place) {
            variable.any_types = intersection(&variable.any_types, types);
        }
    }

    fn find_or_add(&mut self, name: &'a str, span: Span) -> usize {
        if let Some(place) = self.find(name) {
            return place;
        }
        self.add(name, span, false)
    }

    fn add(&mut self, name: &'a str, span: Span, is_local: bool) -> usize {
        self.list.push(Variable {
            name,
            span,
            kind: None,
            introduced: None,
            introducing: None,
            any_types: TypeSet::Any,
            condition_mentions: 0,
            caller_mentions: 0,
            used_by_behavior: None,
            reported_at: None,
            is_local,
            is_argument: false,
        });
        match self.list.len() {
            len if len == INDEXED_FROM => {
                let all = self.list.iter().enumerate();
                let known = all.filter(|(_, v)| !v.is_local);
                self.by_name = known.map(|(place, v)| (v.name, place)).collect();
            }
            len if len > INDEXED_FROM && !is_local => {
                self.by_name.insert(name, len - 1);
            }
            _ => {}
        }
        self.list.len() - 1
    }
}

/// Where a variable is mentioned.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Condition,
    /// Before `.call`.
    Caller,
    /// In the parentheses of a definition.
    Argument,
    Behavior,
}

/// What is asked of the actor in front of a dot.
#[derive(Clone, Copy)]
pub(super) enum Asked {
    Function(Name),
    Property(Name),
    /// A property, unless every actor has it.
    Value(Name),
}

impl<'a> RuleChecker<'_, 'a> {
    /// Finds all variables of the rule.
    pub(super) fn collect_variables(&mut self, rule: &Rule) {
        self.collect_condition(rule.condition);
        let tree = self.checker.tree;
        for behavior in tree.behaviors(rule) {
            for argument in tree.list(behavior.args) {
                self.collect_root(*argument, Place::Behavior, None);
                self.collect_holes(*argument);
            }
        }
    }

    /// The variables in the holes of a text: a behavior uses them.
    fn collect_holes(&mut self, text: ExprId) {
        let tree = self.checker.tree;
        let has_or = self.has_or;
        self.is_in_message = true;
        for hole in tree.holes(tree.unparenthesized(text)) {
            self.collect_condition(*hole);
        }
        self.is_in_message = false;
        self.has_or = has_or;
    }

    /// Reports the first variable beyond what a rule may have.
    pub(super) fn bound_variables(&mut self) {
        if let Some(beyond) = self.variables.list.get(RULE_VARIABLES_MAX) {
            let report = out_of_range::too_many_variables(beyond.span, beyond.name);
            self.checker.report(report);
            self.is_broken = true;
        }
    }

    pub(super) fn collect_condition(&mut self, id: ExprId) {
        let tree = self.checker.tree;
        if let Some(used) = self.definition_used(id) {
            return self.collect_arguments(used);
        }
        match *tree.kind(id) {
            ExprKind::And(list) => self.collect_all(list),
            ExprKind::Or(list) => {
                self.has_or = true;
                self.collect_all(list);
            }
            ExprKind::Not(inner) | ExprKind::Paren(inner) => self.collect_condition(inner),
            ExprKind::Compare { left, right, .. } => {
                self.collect_condition(left);
                self.collect_condition(right);
            }
            ExprKind::Minus(inner)
            | ExprKind::Windowed { of: inner, .. }
            | ExprKind::Sustained {
                condition: inner, ..
            } => self.collect_condition(inner),
            ExprKind::Arithmetic { left, right, .. } => {
                self.collect_condition(left);
                self.collect_condition(right);
            }
            ExprKind::Call { word, args } if self.is_calculation(word) => {
                self.collect_call(id, args)
            }
            ExprKind::Aggregate {
                of, ranges, filter, ..
            } => self.collect_aggregate(id, of, ranges, filter),
            ExprKind::On { actor, host, .. } => {
                self.collect_root(actor, Place::Condition, None);
                self.collect_root(host, Place::Condition, None);
            }
            ExprKind::InRef {
                actor, property, ..
            } => {
                self.collect_root(actor, Place::Condition, None);
                let owner = Chain::read(tree, property);
                let asked = owner
                    .link(tree, 0)
                    .and_then(|l| l.name)
                    .map(Asked::Property);
                self.collect_root(owner.root, Place::Condition, asked);
            }
            _ => self.collect_operand(id),
        }
    }

    fn collect_all(&mut self, list: ExprList) {
        let tree = self.checker.tree;
        for id in tree.list(list) {
            self.collect_condition(*id);
        }
    }

    fn collect_operand(&mut self, id: ExprId) {
        let tree = self.checker.tree;
        let chain = Chain::read(tree, id);
        // Whatever the word before them: `calls(..)` is a slip, and its variables are meant.
        let first = chain.link(tree, 0);
        let Some(call) = first.and_then(|link| link.args) else {
            let name = first.and_then(|link| link.name);
            let asked = name.map(Asked::Value);
            self.collect_root(chain.root, Place::Condition, asked);
            return;
        };
        self.collect_root(chain.root, Place::Caller, None);
        for argument in tree.list(call) {
            let callee = Chain::read(tree, *argument);
            let asked = callee
                .link(tree, 0)
                .and_then(|l| l.name)
                .map(Asked::Function);
            self.collect_root(callee.root, Place::Condition, asked);
        }
    }

    /// The entity at the root of a chain: a word, or a word with a variable.
    pub(super) fn collect_root(&mut self, id: ExprId, place: Place, asked: Option<Asked>) {
        let tree = self.checker.tree;
        match *tree.kind(tree.unparenthesized(id)) {
            ExprKind::Word(word) if word.kind == WordKind::Lower => {
                self.mention(word.name, place, asked);
            }
            ExprKind::Call { word, args } => {
                let Some(name) = self.variable_in(args) else {
                    self.collect_unclear(args, place);
                    return;
                };
                let text = self.text(name);
                if self.is_in_filter && self.variables.find(text).is_none() {
                    self.variables.add_local(text, name.span);
                }
                // Only `any` is restricted by what is asked of it.
                let is_any = self.checker.meant(word).kind == WordKind::Any;
                let asked = asked.filter(|_| is_any || self.is_in_definition);
                let variable = self.mention(name, place, asked);
                let span = tree.expr(tree.unparenthesized(id)).span;
                self.introduce(variable, word, (name, span));
            }
            ExprKind::Member { .. } => {
                let root = Chain::read(tree, id).root;
                self.collect_root(root, place, asked);
            }
            _ => {}
        }
    }

    /// The names in a wrong `Folder(f, g)`: reported there, and unclear everywhere else.
    fn collect_unclear(&mut self, args: ExprList, place: Place) {
        let tree = self.checker.tree;
        if let Some(name) = self.upper_variable_in(args) {
            let text = self.text(name);
            if self.upper_variables.iter().all(|(known, _)| *known != text) {
                self.upper_variables.push((text, None));
            }
        }
        for argument in tree.list(args) {
            let root = Chain::read(tree, *argument).root;
            if let ExprKind::Call { .. } = *tree.kind(root) {
                self.collect_root(root, place, None);
                continue;
            }
            if let ExprKind::Word(word) = *tree.kind(root)
                && word.kind == WordKind::Lower
            {
                let index = self.mention(word.name, place, None);
                let variable = &mut self.variables.list[index];
                variable.kind.get_or_insert(VariableKind::Unknown);
            }
        }
    }

    /// The variable in `Type(v)`; `None` if something else stands there.
    pub(super) fn variable_in(&self, args: ExprList) -> Option<Name> {
        let tree = self.checker.tree;
        let [argument] = tree.list(args) else {
            return None;
        };
        match *tree.kind(*argument) {
            ExprKind::Word(word) if word.kind == WordKind::Lower => Some(word.name),
            _ => None,
        }
    }

    /// The name in `Folder(F)`, which no actor type has: a variable is meant.
    pub(super) fn upper_variable_in(&self, args: ExprList) -> Option<Name> {
        let tree = self.checker.tree;
        let [argument] = tree.list(args) else {
            return None;
        };
        match *tree.kind(*argument) {
            ExprKind::Word(word) if word.kind == WordKind::Upper => {
                let is_type = self.checker.is_type(self.text(word.name));
                (!is_type).then_some(word.name)
            }
            _ => None,
        }
    }

    fn mention(&mut self, name: Name, place: Place, asked: Option<Asked>) -> usize {
        let text = self.text(name);
        let index = self.variables.find_or_add(text, name.span);
        let kind = self.variables.list.get(index).and_then(|v| v.kind);
        let may_be_any = matches!(kind, None | Some(VariableKind::AnyActor));
        let asked = asked.filter(|_| may_be_any || self.is_in_definition);
        let restriction = asked.map(|asked| match asked {
            Asked::Function(name) => self.checker.types.with_function(self.text(name)),
            Asked::Value(name) if self.has_every_actor(name) => TypeSet::Any,
            Asked::Property(name) | Asked::Value(name) => {
                self.checker.types.with_property(self.text(name))
            }
        });
        self.variables.mentioned.push(index);
        let variable = &mut self.variables.list[index];
        match place {
            _ if self.is_in_message => {
                variable.used_by_behavior.get_or_insert(name.span);
            }
            Place::Behavior => {
                variable.used_by_behavior.get_or_insert(name.span);
            }
            Place::Condition => variable.condition_mentions += 1,
            Place::Argument => {
                variable.condition_mentions += 1;
                variable.is_argument = true;
            }
            Place::Caller => {
                variable.condition_mentions += 1;
                variable.caller_mentions += 1;
            }
        }
        if let Some(types) = restriction {
            variable.any_types = intersection(&variable.any_types, &types);
        }
        index
    }

    /// Whether a word behind a dot is there for every actor: its host, or what is measured of it.
    fn has_every_actor(&self, name: Name) -> bool {
        let text = self.text(name);
        text == "server" || metric_row(text).is_some()
    }

    /// Learns from a typed mention what a variable stands for.
    fn introduce(&mut self, index: usize, word: Word, (name, place): (Name, Span)) {
        let word = self.checker.meant(word);
        let kind = self.kind_of(word);
        let variable = &mut self.variables.list[index];
        let (Some(known), Some(introduced)) = (variable.kind, variable.introduced) else {
            variable.kind = Some(kind);
            variable.introduced = Some(place);
            variable.introducing = Some(name.span);
            let text = variable.name;
            if let Some(place) = self.checker.definitions.find(self.checker.module, text)
                && let Some(definition) = self.checker.definitions.get(place)
            {
                let defined = definition.defined().span;
                self.checker.definitions.mark_used(place);
                self.fail(duplicate_name::variable_and_definition(
                    name.span, text, defined,
                ));
                self.variables.list[index].kind = Some(VariableKind::Unknown);
                return;
            }
            let clash = self.checker.params.find(text);
            if let Some((param, declared)) = clash {
                self.fail(duplicate_name::variable_and_param(
                    name.span, text, declared,
                ));
                // Meant or not, the name is used, and what it stands for is open: one report is enough.
                self.checker.params.mark_used(param);
                self.variables.list[index].kind = Some(VariableKind::Unknown);
            }
            return;
        };
        if known == kind || known == VariableKind::Unknown || kind == VariableKind::Unknown {
            return;
        }
        let text = variable.name;
        // What it stands for is open: nothing else is said about it.
        variable.kind = Some(VariableKind::Unknown);
        let (known, found) = (self.checker.kind_noun(known), self.checker.kind_noun(kind));
        self.fail(type_mismatch::two_types(
            place, text, &found, introduced, &known,
        ));
    }

    fn kind_of(&mut self, word: Word) -> VariableKind {
        match word.kind {
            WordKind::Server => VariableKind::Server,
            WordKind::Any => VariableKind::AnyActor,
            WordKind::Upper => match self.resolve_type(word.name) {
                Some(id) => VariableKind::Actor(id),
                None => VariableKind::Unknown,
            },
            WordKind::Lower | WordKind::Client => VariableKind::Unknown,
        }
    }
}

impl Checker<'_> {
    /// What a variable stands for, for people: ``a `Folder` ``.
    pub(super) fn kind_noun(&self, kind: VariableKind) -> String {
        match kind {
            VariableKind::Actor(id) => match self.types.get(id) {
                Some(actor) => format!("a `{}`", actor.name),
                None => "an actor".to_owned(),
            },
            VariableKind::AnyActor => "an actor of `any` type".to_owned(),
            VariableKind::Server => "a server".to_owned(),
            VariableKind::Value(value) => value.noun().to_owned(),
            VariableKind::Unknown => "something unknown".to_owned(),
        }
    }
}
