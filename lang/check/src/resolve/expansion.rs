//! Uses of definitions: `busy(s)`, `hotspot.busy(s)`. The body is read again in the place of the use,
//! with what it is about there; a variable that it introduces is its own.

use plasma_diagnostic::{Code, Diagnostic, Span, did_you_mean};
use plasma_syntax::tree::{ExprId, ExprKind, ExprList, Name, WordKind};

use super::RuleChecker;
use super::aggregate::Aggregates;
use super::chain::Chain;
use super::definitions::{self, About, LEVELS_MAX, State, unit_of_type};
use super::entity::Entity;
use super::operand::Operand;
use super::unit::common;
use super::variables::{Place, Variables};
use crate::error::unit_mismatch::unit_noun;
use crate::error::wrong_argument::definition;
use crate::error::{unknown_function, unknown_module};
use crate::names::{Named, VariableKind};
use crate::program::{
    ActorRef, Condition, Operand as Checked, OrSide, Scope, ServerRef, TypeSet, VariableId,
};
use crate::schema::ValueType;

/// So many definitions may be used in one rule, those within others counted each time.
const USES_MAX: usize = 1_000;

/// What a name stands for at the place being checked.
#[derive(Clone)]
pub(super) enum Meaning {
    /// A variable of the checked rule.
    Variable(VariableId),
    /// In a definition: the server that it is used for.
    Server(ServerRef),
    /// In a definition: the number or text that it is used with.
    Value(Box<Operand>),
    /// In a definition: the condition that it is used with.
    Truth(Box<Condition>),
}

/// A use of a definition, or of something that is none.
#[derive(Clone, Copy)]
pub(super) struct Used {
    /// The name of the definition.
    name: Name,
    /// The name of the module before it.
    module: Option<(Name, Option<usize>)>,
    /// Which definition; `None` if there is none of this name.
    pub(super) place: Option<usize>,
    args: ExprList,
}

/// A definition's text as a rule uses it, for lints.
#[derive(Clone, Copy)]
pub(crate) struct Expansion {
    /// The use in the rule.
    pub(crate) used: Span,
    /// The body of the definition, or of one within it.
    pub(crate) body: Span,
}

/// What is known around a use of a definition, and not within the definition.
struct Around<'a> {
    variables: Variables<'a>,
    scope: Vec<Option<Meaning>>,
    aggregates: Aggregates<'a>,
    server_of: Option<usize>,
    has_or: bool,
    is_in_filter: bool,
    is_in_definition: bool,
    unknown_types: Vec<(&'a str, usize)>,
    upper_variables: Vec<(&'a str, Option<usize>)>,
}

impl<'a> RuleChecker<'_, 'a> {
    /// The use of a definition that an expression is, if it is one.
    #[inline]
    pub(super) fn definition_used(&self, id: ExprId) -> Option<Used> {
        // Most policies have no definitions, and all expressions are asked.
        match self.checker.may_use_definitions() {
            true => self.definition_at(id),
            false => None,
        }
    }

    fn definition_at(&self, id: ExprId) -> Option<Used> {
        let tree = self.checker.tree;
        match *tree.kind(tree.unparenthesized(id)) {
            ExprKind::Call { word, args } => {
                let is_name = word.kind == WordKind::Lower && !self.is_calculation(word);
                let text = self.text(word.name);
                let definitions = &self.checker.definitions;
                let place = definitions.find(self.checker.module, text);
                (is_name && place.is_some()).then_some(Used {
                    name: word.name,
                    module: None,
                    place,
                    args,
                })
            }
            ExprKind::Member { .. } => self.definition_of_module(Chain::read(tree, id)),
            _ => None,
        }
    }

    /// `hotspot.busy(s)`
    fn definition_of_module(&self, chain: Chain) -> Option<Used> {
        let tree = self.checker.tree;
        let link = chain.link(tree, 0).filter(|_| chain.len == 1)?;
        let (name, args) = (link.name?, link.args?);
        let ExprKind::Word(word) = *tree.kind(chain.root) else {
            return None;
        };
        let text = self.text(word.name);
        let is_known = self.variables.find(text).is_some_and(|index| {
            let variable = self.variables.list.get(index);
            variable.is_some_and(|v| v.kind.is_some())
        });
        if word.kind != WordKind::Lower || is_known || self.text(name) == "call" {
            return None;
        }
        let module = self.checker.used_module(text)?;
        let place = module.and_then(|m| self.checker.definitions.find(m, self.text(name)));
        Some(Used {
            name,
            module: Some((word.name, module)),
            place,
            args,
        })
    }

    /// Finds the variables in the arguments of a definition.
    pub(super) fn collect_arguments(&mut self, used: Used) {
        let tree = self.checker.tree;
        if let Some(place) = used.place {
            definitions::check(self.checker, place);
        }
        let definition = used.place.and_then(|p| self.checker.definitions.get(p));
        let wanted: Vec<(Option<About>, TypeSet)> = definition.map_or(Vec::new(), |d| {
            let about = d.about.iter().copied();
            about.zip(d.any_types.iter().cloned()).collect()
        });
        for (index, argument) in tree.list(used.args).iter().enumerate() {
            let wanted = wanted.get(index);
            let is_value = wanted.is_some_and(|(about, _)| matches!(about, Some(About::Value(_))));
            if is_value {
                self.collect_condition(*argument);
                continue;
            }
            let mentioned = self.variables.mentioned.len();
            self.collect_root(*argument, Place::Argument, None);
            if let (Some((_, types)), Some(variable)) =
                (wanted, self.variables.mentioned.get(mentioned).copied())
                && self.variables.mentioned.len() == mentioned + 1
            {
                self.variables.restrict(variable, types);
            }
        }
    }

    /// What a use of a definition that stands for a condition stands for.
    pub(super) fn expanded_condition(&mut self, used: Used, span: Span) -> Option<Condition> {
        let (body, meanings) = self.arguments_of(used, span)?;
        self.within(used, span, meanings, |this, locals| {
            let condition = this.condition(body)?;
            Some(match locals.is_empty() {
                true => condition,
                false => Condition::Or(vec![OrSide { locals, condition }]),
            })
        })
    }

    /// What a use of a definition that stands for a value stands for.
    pub(super) fn expanded_operand(&mut self, used: Used, span: Span) -> Option<Operand> {
        let (body, meanings) = self.arguments_of(used, span)?;
        let definition = self.checker.definitions.get(used.place?)?;
        if definition.state == State::Condition {
            let report = definition::condition_as_value(definition.defined(), span);
            self.fail(report);
            return None;
        }
        let words = self.checker.tree.text(span).split_whitespace();
        let text = words.collect::<Vec<_>>().join(" ");
        let operand = self.within(used, span, meanings, |this, _| this.operand(body))?;
        Some(operand.used_as(span, &text))
    }

    /// Whether the definition that is used stands for a condition.
    pub(super) fn is_condition(&mut self, used: Used) -> bool {
        let Some(place) = used.place else {
            return false;
        };
        definitions::check(self.checker, place);
        let definition = self.checker.definitions.get(place);
        definition.is_some_and(|d| d.state == State::Condition)
    }

    /// The body of a definition, and what its arguments stand for; `None` if something was reported.
    fn arguments_of(&mut self, used: Used, span: Span) -> Option<(ExprId, Vec<Meaning>)> {
        if let Some((name, Some(module))) = used.module {
            self.checker.note(name.span, Named::Module(module));
        }
        let Some(place) = used.place else {
            self.unknown_definition(used);
            return None;
        };
        self.checker.note(used.name.span, Named::Definition(place));
        self.checker.definitions.mark_used(place);
        definitions::check(self.checker, place);
        let definition = self.checker.definitions.get(place)?;
        let (state, decl, levels) = (definition.state, definition.decl, definition.levels);
        let about = definition.about.clone();
        self.levels = self.levels.max(levels);
        self.uses += 1;
        let given = self.checker.tree.list(used.args);
        let has_hole = given
            .iter()
            .any(|id| *self.checker.tree.kind(*id) == ExprKind::Hole);
        if has_hole || state == State::Wrong {
            // What stands in the parentheses is looked at all the same.
            for (id, about) in given.iter().zip(&about) {
                about.map(|about| self.argument_of(place, *id, about));
            }
            return self.hole();
        }
        let report = if state == State::Checking {
            definitions::report_recursion(self.checker, place, span);
            return self.hole();
        } else if given.len() != about.len() {
            let defined = definition.defined();
            definition::wrong_number(defined, span, about.len(), given.len())
        } else if levels + self.checker.expansions >= LEVELS_MAX {
            definition::too_deep(span, LEVELS_MAX)
        } else if self.uses > USES_MAX {
            definition::too_many(span, USES_MAX)
        } else {
            let arguments = given.iter().zip(&about);
            let meanings: Vec<_> = arguments
                .map(|(id, about)| self.argument_of(place, *id, (*about)?))
                .collect();
            let meanings = meanings.into_iter().collect::<Option<Vec<_>>>()?;
            return Some((decl.body, meanings));
        };
        self.fail(report);
        None
    }

    fn unknown_definition(&mut self, used: Used) {
        let text = self.text(used.name);
        match used.module {
            Some((module, Some(place))) => {
                let module = self.text(module);
                let names = self.checker.definitions.names(place);
                let names: Vec<&str> = names.collect();
                let report =
                    unknown_function::unknown_definition(used.name.span, text, module, names);
                self.fail(report);
            }
            // The `use` is reported.
            _ => self.is_broken = true,
        }
    }

    /// What one argument stands for.
    fn argument_of(&mut self, place: usize, id: ExprId, about: About) -> Option<Meaning> {
        let tree = self.checker.tree;
        let span = tree.expr(id).span;
        let text = tree.text(span);
        if let About::Value(value) = about {
            return self.value_argument(place, id, value);
        }
        if let Some(found) = self.not_an_entity(id) {
            self.wrong_argument(place, span, about, found);
            return None;
        }
        match (about, self.entity(id)?) {
            (About::Server, Entity::Server(server)) => Some(Meaning::Server(server)),
            (About::AnyActor | About::Actor(_), Entity::Actor(ActorRef::Variable(id))) => {
                let written = self.written_type(id);
                let fits = match about {
                    About::Actor(wanted) => written == Some(wanted),
                    _ => true,
                };
                if !fits {
                    let kind = written.map_or(VariableKind::AnyActor, VariableKind::Actor);
                    let found = self.checker.kind_noun(kind);
                    self.wrong_argument(place, span, about, &found);
                    return None;
                }
                Some(Meaning::Variable(id))
            }
            (About::AnyActor | About::Actor(_), Entity::Actor(ActorRef::Anonymous(_))) => {
                let definition = self.checker.definitions.get(place)?;
                let first = text.chars().next().unwrap_or('a').to_ascii_lowercase();
                let report =
                    definition::bare_type(definition.defined(), (span, text), &first.to_string());
                self.fail(report);
                None
            }
            (_, other) => {
                self.wrong_argument(place, span, about, other.noun());
                None
            }
        }
    }

    /// What an argument is that cannot stand for an actor or a server, for people.
    fn not_an_entity(&mut self, id: ExprId) -> Option<&'static str> {
        let used = self.definition_used(id).is_some();
        if used {
            return Some("a definition");
        }
        self.other_than_entity(id)
    }

    fn value_argument(&mut self, place: usize, id: ExprId, value: ValueType) -> Option<Meaning> {
        let span = self.checker.tree.expr(id).span;
        let about = About::Value(value);
        if value == ValueType::Bool {
            if let Some(truth) = self.truth_argument(self.checker.tree.unparenthesized(id)) {
                return Some(Meaning::Truth(Box::new(truth)));
            }
            return self.condition(id).map(Box::new).map(Meaning::Truth);
        }
        let operand = self.operand(id)?;
        if value == ValueType::Text {
            if let Operand::Text(..) = operand {
                return Some(Meaning::Value(Box::new(operand)));
            }
            self.wrong_argument(place, span, about, "no text");
            return None;
        }
        if let Operand::Text(..) = operand {
            self.wrong_argument(place, span, about, "a text");
            return None;
        }
        let operand = self.number(operand)?;
        if common(unit_of_type(value), operand.unit()).is_none() {
            let found = match operand.unit() {
                Some("") | None => "a plain number",
                Some(unit) => unit_noun(unit),
            };
            self.wrong_argument(place, span, about, found);
            return None;
        }
        Some(Meaning::Value(Box::new(operand)))
    }

    fn wrong_argument(&mut self, place: usize, span: Span, about: About, found: &str) {
        let text = self.checker.tree.text(span);
        let needed = match about {
            About::Server => "a server".to_owned(),
            About::AnyActor => "an actor".to_owned(),
            About::Actor(id) => self.checker.kind_noun(VariableKind::Actor(id)),
            About::Value(value) => value.noun().to_owned(),
        };
        if let Some(definition) = self.checker.definitions.get(place) {
            let defined = definition.defined();
            let report = definition::wrong_kind(defined, (span, text), &needed, found);
            self.fail(report);
        }
    }

    /// Reads the body of a definition with these arguments. What is wrong only with them is reported
    /// at the use.
    fn within<T>(
        &mut self,
        used: Used,
        span: Span,
        meanings: Vec<Meaning>,
        read: impl FnOnce(&mut Self, Vec<VariableId>) -> Option<T>,
    ) -> Option<T> {
        let place = used.place?;
        let definition = self.checker.definitions.get(place)?;
        let (module, decl, about) = (definition.module, definition.decl, definition.about.clone());
        let before = self.checker.diagnostics.len();
        let outside = self.checker.enter(module);
        self.checker.expansions += 1;
        let outermost = self.expanded_from.unwrap_or(span);
        let expanded_from = self.expanded_from.replace(outermost);
        self.expanded.push(Expansion {
            used: outermost,
            body: self.checker.tree.expr(decl.body).span,
        });
        let around = self.step_in();
        let params = self.add_params(decl, &about);
        self.collect_condition(decl.body);
        self.scope = vec![None; self.variables.list.len()];
        for (index, meaning) in params.into_iter().zip(meanings) {
            self.scope[index] = Some(meaning);
        }
        let locals = self.open_definition(decl.body);
        let result = read(self, locals);
        self.step_out(around);
        self.expanded_from = expanded_from;
        self.checker.expansions -= 1;
        self.checker.leave(outside);
        self.report_at_use(place, span, before);
        result
    }

    /// Keeps a mistake in a rule; one in the text of a definition is reported where the rule uses that.
    pub(super) fn fail_in(&mut self, rule: Span, diagnostic: Diagnostic) {
        let diagnostic = anchored(diagnostic, rule, &self.expanded);
        self.fail(diagnostic);
    }

    /// Gives the variables that a definition introduces by itself their ids.
    pub(super) fn open_definition(&mut self, body: ExprId) -> Vec<VariableId> {
        let mut locals = Vec::new();
        for index in self.bound(body).iter() {
            let is_own = !self.variables.list[index].is_local;
            if is_own && self.scope.get(index).is_some_and(Option::is_none) {
                self.bind(index, Scope::OrSide);
                locals.extend(self.variable_id(index));
            }
        }
        locals
    }

    fn step_in(&mut self) -> Around<'a> {
        Around {
            variables: std::mem::take(&mut self.variables),
            scope: std::mem::take(&mut self.scope),
            aggregates: std::mem::take(&mut self.aggregates),
            server_of: self.server_of.take(),
            has_or: std::mem::take(&mut self.has_or),
            is_in_filter: std::mem::take(&mut self.is_in_filter),
            is_in_definition: std::mem::replace(&mut self.is_in_definition, true),
            unknown_types: std::mem::take(&mut self.unknown_types),
            upper_variables: std::mem::take(&mut self.upper_variables),
        }
    }

    fn step_out(&mut self, around: Around<'a>) {
        self.variables = around.variables;
        self.scope = around.scope;
        self.aggregates = around.aggregates;
        self.server_of = around.server_of;
        self.has_or = around.has_or;
        self.is_in_filter = around.is_in_filter;
        self.is_in_definition = around.is_in_definition;
        self.unknown_types = around.unknown_types;
        self.upper_variables = around.upper_variables;
    }

    /// Moves what was reported within a definition to its use, where the definition by itself is right.
    fn report_at_use(&mut self, place: usize, used: Span, before: usize) {
        let new = self.checker.diagnostics.split_off(before);
        let Some(definition) = self.checker.definitions.get(place) else {
            return;
        };
        let is_known = |d: &Diagnostic| definition.reports.contains(&(d.code, d.primary));
        let first = new.into_iter().find(|d| !is_known(d));
        let report = first.map(|d| match contains(used, d.primary) {
            true => d,
            false => at_use(d, used),
        });
        self.checker.diagnostics.extend(report);
    }

    /// The variable of the checked rule that one of the text is at the place being checked.
    pub(super) fn variable_id(&self, index: usize) -> Option<VariableId> {
        match self.scope.get(index)? {
            Some(Meaning::Variable(id)) => Some(*id),
            _ => None,
        }
    }

    /// The condition that a word stands for in a definition, if it does.
    pub(super) fn truth_argument(&self, id: ExprId) -> Option<Condition> {
        let ExprKind::Word(word) = *self.checker.tree.kind(id) else {
            return None;
        };
        let index = self.variables.find(self.text(word.name))?;
        match self.scope.get(index)? {
            Some(Meaning::Truth(condition)) => Some(condition.as_ref().clone()),
            _ => None,
        }
    }

    /// The definition that a word with arguments was probably meant to be.
    pub(super) fn near_definition(&self, name: &str) -> Option<&'a str> {
        let names = self.checker.definitions.names(self.checker.module);
        did_you_mean(name, names)
    }

    /// Reports `hotspot.busy(s)` where no module is called so, but one nearly so.
    pub(super) fn unknown_module(&mut self, name: Name) -> bool {
        let text = self.text(name);
        let modules: Vec<&str> = self.checker.used_modules().collect();
        // What stands there is no variable either, then.
        let is_near = did_you_mean(text, modules.iter().copied()).is_some();
        if is_near {
            self.fail(unknown_module::not_used(name.span, text, modules));
        }
        is_near
    }
}

/// A report about a rule, or one about the text of a definition, moved to where the rule uses that.
pub(crate) fn anchored(diagnostic: Diagnostic, rule: Span, expanded: &[Expansion]) -> Diagnostic {
    if contains(rule, diagnostic.primary) {
        return diagnostic;
    }
    let from = expanded
        .iter()
        .find(|e| contains(e.body, diagnostic.primary));
    match from {
        Some(expansion) => at_use(diagnostic, expansion.used),
        None => diagnostic,
    }
}

fn contains(whole: Span, part: Span) -> bool {
    whole.file == part.file && whole.start <= part.start && part.end <= whole.end
}

/// A report on the text of a definition, moved to where the definition is used.
fn at_use(diagnostic: Diagnostic, used: Span) -> Diagnostic {
    if diagnostic.code == Code::TooLarge {
        // The way to where it became too much says nothing.
        return Diagnostic::new(diagnostic.code, used, diagnostic.message);
    }
    let label = match diagnostic.primary_label.is_empty() {
        true => "where it is defined".to_owned(),
        false => diagnostic.primary_label,
    };
    Diagnostic {
        primary: used,
        primary_label: "as it is used here".to_owned(),
        fixes: Vec::new(),
        ..diagnostic
    }
    .with_label(diagnostic.primary, label)
}

impl Operand {
    /// A value under the name by which it is used: `load(s)` in a rule, the name of an argument in a
    /// definition.
    pub(super) fn used_as(mut self, place: Span, text: &str) -> Operand {
        match &mut self {
            Operand::Number(number) => number.span = place,
            Operand::Feature(measured) => {
                measured.span = place;
                measured.statistic = None;
            }
            Operand::Value(value) => {
                value.span = place;
                if let Checked::Calculation(calculation) = &mut value.checked {
                    calculation.text = text.into();
                }
                if let Some(like) = &mut value.like {
                    like.span = place;
                    like.statistic = None;
                }
            }
            Operand::Truth(published) => published.span = place,
            Operand::Inferred(inferred) => inferred.span = place,
            Operand::Text(_, span) | Operand::Entity(_, span) => *span = place,
            Operand::Unknown(_) => {}
        }
        self
    }
}
