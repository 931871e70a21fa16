//! Definitions: what they are about, what they stand for, and that none stands for itself. Each is
//! checked by itself once; where it is used, [`expansion`](super::expansion) reads its body again with
//! what it is then about.

use std::collections::HashMap;

use plasma_diagnostic::{Code, Span};
use plasma_model::{AGGREGATES, BEHAVIORS, WINDOW_FUNCTIONS};
use plasma_syntax::tree::{DefDecl, DefParam, ExprId, ExprKind, Tree, WordKind};

use super::expansion::Meaning;
use super::operand::{Operand, Value};
use super::unit::Unit;
use super::{Checker, RuleChecker};
use crate::error::wrong_argument::definition::{self, Defined};
use crate::error::{duplicate_name, recursion};
use crate::lint::unused_definition::unused_definition;
use crate::names::{Named, VariableKind};
use crate::program::{self, Condition, Operand as Checked, Scope, TypeSet};
use crate::schema::{TypeId, ValueType};

/// So deep may definitions stand within each other.
pub(super) const LEVELS_MAX: usize = 32;

/// The definitions of a program.
#[derive(Default)]
pub(super) struct Definitions<'a> {
    list: Vec<Definition<'a>>,
    by_name: HashMap<(usize, &'a str), usize>,
    /// Those being checked, each because the one before uses it.
    open: Vec<usize>,
    /// Those that were used since somebody asked.
    used: Vec<usize>,
}

/// One definition.
pub(super) struct Definition<'a> {
    /// The module that it stands in.
    pub(super) module: usize,
    pub(super) name: &'a str,
    pub(super) decl: &'a DefDecl,
    /// `busy(s: server)`
    pub(super) signature: String,
    /// What each of its arguments must be; `None` if that is unclear and reported.
    pub(super) about: Vec<Option<About>>,
    /// For each argument that may be an actor of any type: the types that have what is asked of it.
    pub(super) any_types: Vec<TypeSet>,
    pub(super) state: State,
    /// How many definitions stand within each other here, this one included.
    pub(super) levels: usize,
    /// What was reported of it by itself, and is not again where it is used.
    pub(super) reports: Vec<(Code, Span)>,
    is_used: bool,
}

/// What an argument of a definition must be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum About {
    Server,
    Actor(TypeId),
    AnyActor,
    Value(ValueType),
}

/// How far a definition is checked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum State {
    Unchecked,
    Checking,
    /// It has a mistake, which is reported.
    Wrong,
    /// It stands for a condition.
    Condition,
    /// It stands for something with a value: a number, a text, or a published truth value.
    Value(program::Defined),
}

impl<'a> Definitions<'a> {
    pub(super) fn find(&self, module: usize, name: &str) -> Option<usize> {
        if self.list.is_empty() {
            return None;
        }
        self.by_name.get(&(module, name)).copied()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    pub(super) fn get(&self, place: usize) -> Option<&Definition<'a>> {
        self.list.get(place)
    }

    pub(super) fn mark_used(&mut self, place: usize) {
        if let Some(definition) = self.list.get_mut(place) {
            definition.is_used = true;
            if self.used.last() != Some(&place) {
                self.used.push(place);
            }
        }
    }

    /// Those that were used since this was asked last.
    pub(super) fn take_used(&mut self) -> Vec<usize> {
        std::mem::take(&mut self.used)
    }

    /// The names of a module's definitions.
    pub(super) fn names(
        &self,
        module: usize,
    ) -> impl Iterator<Item = &'a str> + Clone + use<'_, 'a> {
        let own = self.list.iter().filter(move |d| d.module == module);
        own.map(|definition| definition.name)
    }

    /// The definitions of the policy and its modules, for editors.
    pub(super) fn checked(&self, checker: &Checker<'_>) -> Vec<program::Definition> {
        let all = self.list.iter().map(|definition| {
            let module = checker.modules.get(definition.module);
            let prefix = module.map_or("", |module| &module.prefix);
            let docs = module.map(|module| module.tree.docs(definition.decl.docs));
            let text = module.map_or("", |module| module.tree.text(definition.decl.span));
            program::Definition {
                name: format!("{prefix}{}", definition.name).into(),
                signature: format!("{prefix}{}", definition.signature).into(),
                text: text.into(),
                result: match definition.state {
                    State::Condition => Some(program::Defined::Condition),
                    State::Value(defined) => Some(defined),
                    _ => None,
                },
                span: definition.decl.name.span,
                docs: docs.unwrap_or_default(),
            }
        });
        all.collect()
    }
}

impl Definition<'_> {
    /// What messages say of it.
    pub(super) fn defined(&self) -> Defined<'_> {
        Defined {
            name: self.name,
            span: self.decl.name.span,
            signature: &self.signature,
        }
    }
}

/// Takes in the definitions of the module being checked.
pub(super) fn declare(checker: &mut Checker<'_>) {
    let tree = checker.tree;
    for decl in tree.definitions() {
        let name = tree.name(decl.name);
        if let Some(clash) = clash(checker, decl, name) {
            checker.report(clash);
            continue;
        }
        let about = about_all(checker, decl);
        let place = checker.definitions.list.len();
        checker.note(decl.name.span, Named::Definition(place));
        let key = (checker.module, name);
        checker.definitions.by_name.insert(key, place);
        checker.definitions.list.push(Definition {
            module: checker.module,
            name,
            decl,
            signature: signature(tree, decl),
            any_types: vec![TypeSet::Any; about.len()],
            about,
            state: State::Unchecked,
            levels: 1,
            reports: Vec::new(),
            is_used: false,
        });
    }
}

/// The report on a name that stands for something else already.
fn clash(
    checker: &Checker<'_>,
    decl: &DefDecl,
    name: &str,
) -> Option<plasma_diagnostic::Diagnostic> {
    let span = decl.name.span;
    if let Some(first) = checker.definitions.find(checker.module, name) {
        let first = checker.definitions.get(first)?.decl.name.span;
        return Some(duplicate_name::definition(span, name, first));
    }
    if let Some((_, declared)) = checker.params.find(name) {
        return Some(duplicate_name::definition_and_param(span, name, declared));
    }
    let is_function = name == "abs"
        || AGGREGATES.iter().any(|row| row.name == name)
        || WINDOW_FUNCTIONS.iter().any(|row| row.name == name);
    let is_behavior = BEHAVIORS.iter().any(|row| row.name == name);
    let noun = match (is_function, is_behavior) {
        (true, _) => "function",
        (_, true) => "behavior",
        _ => return None,
    };
    Some(duplicate_name::definition_and_word(span, name, noun))
}

fn signature(tree: &Tree, decl: &DefDecl) -> String {
    let params = decl.params.iter().map(|param| {
        let words = tree.text(param.span).split_whitespace();
        words.collect::<Vec<_>>().join(" ")
    });
    let params: Vec<String> = params.collect();
    format!("{}({})", tree.name(decl.name), params.join(", "))
}

/// What the arguments of a definition must be.
fn about_all<'a>(checker: &mut Checker<'a>, decl: &'a DefDecl) -> Vec<Option<About>> {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    let mut all = Vec::with_capacity(decl.params.len());
    for param in &decl.params {
        let name = checker.text(param.name);
        let span = param.name.span;
        let mut about = about(checker, *param);
        if let Some(first) = seen.insert(name, span) {
            checker.report(duplicate_name::about(span, name, first));
            about = None;
        } else if let Some((_, declared)) = checker.params.find(name) {
            checker.report(duplicate_name::variable_and_param(span, name, declared));
            about = None;
        }
        all.push(about);
    }
    all
}

fn about(checker: &mut Checker<'_>, param: DefParam) -> Option<About> {
    let ty = checker.meant(param.ty?);
    let text = checker.text(ty.name);
    match ty.kind {
        WordKind::Server => Some(About::Server),
        WordKind::Any => {
            checker.note_any(ty.name);
            Some(About::AnyActor)
        }
        WordKind::Upper => {
            let id = RuleChecker::new(checker, usize::MAX).noted_type(ty.name)?;
            Some(About::Actor(id))
        }
        WordKind::Lower if ValueType::from_name(text).is_some() => {
            ValueType::from_name(text).map(About::Value)
        }
        WordKind::Lower | WordKind::Client => {
            checker.report(definition::unknown_about(ty.name.span, text));
            None
        }
    }
}

/// Checks the definitions of all modules.
pub(super) fn check_all(checker: &mut Checker<'_>) {
    for place in 0..checker.definitions.list.len() {
        check(checker, place);
    }
}

/// Warns of the policy's definitions that nothing uses. A file without rules is one for others.
pub(super) fn report_unused(checker: &mut Checker<'_>) {
    if checker.tree.rules().next().is_none() && checker.tree.requirements().next().is_none() {
        return;
    }
    let own = checker.definitions.list.iter();
    let unused = own.filter(|d| d.module == checker.module && !d.is_used);
    let reports: Vec<_> = unused
        .map(|d| unused_definition(d.decl.name.span, d.name))
        .collect();
    checker.diagnostics.extend(reports);
}

/// Checks a definition by itself, unless it is checked already, or being checked.
pub(super) fn check(checker: &mut Checker<'_>, place: usize) {
    let Some(definition) = checker.definitions.list.get_mut(place) else {
        return;
    };
    if definition.state != State::Unchecked {
        return;
    }
    definition.state = State::Checking;
    let module = definition.module;
    checker.definitions.open.push(place);
    let outside = checker.enter(module);
    let around = std::mem::replace(&mut checker.expansions, 0);
    let before = checker.diagnostics.len();
    let body = RuleChecker::new(checker, usize::MAX).definition(place);
    checker.expansions = around;
    checker.leave(outside);
    checker.definitions.open.pop();
    let new = checker.diagnostics.get(before..).unwrap_or(&[]);
    let reports: Vec<_> = new.iter().map(|d| (d.code, d.primary)).collect();
    checker.keep_reports(before, module);
    if let Some(definition) = checker.definitions.list.get_mut(place) {
        definition.reports = reports;
        let is_wrong = definition.state == State::Wrong;
        match body.filter(|_| !is_wrong) {
            Some(body) => {
                definition.state = body.state;
                definition.any_types = body.any_types;
                definition.levels = body.levels;
            }
            None => definition.state = State::Wrong,
        }
    }
}

/// Reports a use of a definition that is being checked: it stands for itself. All on the way are
/// wrong.
pub(super) fn report_recursion(checker: &mut Checker<'_>, place: usize, span: Span) {
    let open = checker.definitions.open.clone();
    let first = open.iter().position(|open| *open == place).unwrap_or(0);
    let circle = open.get(first..).unwrap_or(&[]);
    let list = &mut checker.definitions.list;
    let named = circle.iter().filter_map(|place| list.get(*place));
    let named: Vec<_> = named.map(|d| (d.name, d.decl.name.span)).collect();
    let report = recursion::recursion(span, &named);
    for place in circle {
        if let Some(definition) = list.get_mut(*place) {
            definition.state = State::Wrong;
        }
    }
    checker.report(report);
}

/// What a definition turned out to stand for.
struct Body {
    state: State,
    any_types: Vec<TypeSet>,
    levels: usize,
}

impl RuleChecker<'_, '_> {
    /// Checks a definition by itself; `None` if something was reported.
    fn definition(mut self, place: usize) -> Option<Body> {
        let definition = self.checker.definitions.get(place)?;
        let (decl, about) = (definition.decl, definition.about.clone());
        self.is_in_definition = true;
        let params = self.add_params(decl, &about);
        self.collect_condition(decl.body);
        self.scope = vec![None; self.variables.list.len()];
        for (index, about) in params.iter().zip(&about) {
            self.bind_param(*index, *about);
        }
        let any_types = params
            .iter()
            .map(|index| self.variables.list[*index].any_types.clone());
        let any_types = any_types.collect();
        let locals = self.open_definition(decl.body);
        let is_right = about.iter().all(Option::is_some);
        let state = match self.is_truth(decl.body) {
            true => {
                self.condition(decl.body)?;
                State::Condition
            }
            false => State::Value(self.value_of_definition(decl.body, &locals)?),
        };
        let body = Body {
            state,
            any_types,
            levels: self.levels + 1,
        };
        (is_right && !self.is_broken).then_some(body)
    }

    /// Makes the arguments of a definition its first variables; gives their places.
    pub(super) fn add_params(&mut self, decl: &DefDecl, about: &[Option<About>]) -> Vec<usize> {
        let mut places = Vec::with_capacity(decl.params.len());
        for (param, about) in decl.params.iter().zip(about) {
            let name = self.text(param.name);
            let kind = match about {
                Some(About::Server) => VariableKind::Server,
                Some(About::Actor(id)) => VariableKind::Actor(*id),
                Some(About::AnyActor) => VariableKind::AnyActor,
                Some(About::Value(value)) => VariableKind::Value(*value),
                None => VariableKind::Unknown,
            };
            let place = self.variables.add_param(name, param.name.span, kind);
            self.note_variable(param.name.span, place);
            places.push(place);
        }
        places
    }

    /// What an argument stands for while its definition is checked by itself.
    fn bind_param(&mut self, index: usize, about: Option<About>) {
        let Some(About::Value(value)) = about else {
            return self.bind(index, Scope::Rule);
        };
        let span = self.variables.list[index].span;
        let meaning = match value {
            ValueType::Bool => Meaning::Truth(Box::new(Condition::Constant(true))),
            ValueType::Text => {
                let text = program::TextOperand::Literal("".into());
                Meaning::Value(Box::new(Operand::Text(text, span)))
            }
            number => Meaning::Value(Box::new(Operand::Value(Value {
                checked: Checked::Number(0.0),
                unit: unit_of_type(number),
                span,
                like: None,
            }))),
        };
        self.scope[index] = Some(meaning);
    }

    /// Something with a value that a definition stands for. Its own variables would be open.
    fn value_of_definition(
        &mut self,
        body: ExprId,
        locals: &[program::VariableId],
    ) -> Option<program::Defined> {
        let span = self.checker.tree.expr(body).span;
        if let Some(local) = locals.first()
            && let Some(variable) = self.resolved.get(local.0 as usize)
        {
            let (name, place) = (variable.name.clone(), variable.span);
            self.fail(definition::open_variable(place, &name, span));
            return None;
        }
        match self.operand(body)? {
            Operand::Truth(_) => Some(program::Defined::Condition),
            Operand::Inferred(_) => Some(program::Defined::Unclear),
            Operand::Text(..) => Some(program::Defined::Text),
            Operand::Entity(entity, span) => {
                let text = self.checker.tree.text(span);
                let noun = entity.noun();
                self.fail(crate::error::type_mismatch::entity_as_value(
                    span, text, noun,
                ));
                None
            }
            Operand::Unknown(name) => {
                self.unknown_number(name);
                None
            }
            operand => {
                let number = self.number(operand)?;
                Some(program::Defined::Number(number.unit()))
            }
        }
    }

    /// Whether an expression is a condition by its form.
    pub(super) fn is_truth(&self, id: ExprId) -> bool {
        let tree = self.checker.tree;
        let id = tree.unparenthesized(id);
        match *tree.kind(id) {
            ExprKind::Bool(_)
            | ExprKind::Not(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Compare { .. }
            | ExprKind::InRef { .. }
            | ExprKind::On { .. }
            | ExprKind::Sustained { .. } => true,
            ExprKind::Word(_) => self.truth_argument(id).is_some(),
            ExprKind::Call { .. } | ExprKind::Member { .. } => {
                let used = self.definition_used(id);
                let definition = used.and_then(|used| self.checker.definitions.get(used.place?));
                definition.is_some_and(|d| d.state == State::Condition)
            }
            _ => false,
        }
    }
}

/// The unit of a number of a type.
pub(super) fn unit_of_type(value: ValueType) -> Unit {
    Some(match value {
        ValueType::Bytes => "B",
        ValueType::Duration => "s",
        ValueType::Percent => "%",
        ValueType::Int | ValueType::Float | ValueType::Bool | ValueType::Text => "",
    })
}
