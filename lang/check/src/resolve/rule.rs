//! One rule: its variables, its head, its condition and its behaviors, in this order.

use plasma_diagnostic::{Diagnostic, Span};
use plasma_syntax::tree::{self, ExprId};

use super::Checker;
use super::aggregate::Aggregates;
use super::expansion::{Expansion, Meaning};
use super::types::single;
use super::variables::{Variable as TextVariable, Variables};
use crate::lint;
use crate::names::VariableKind;
use crate::program::{BehaviorCall, Condition, Range, Rule, Scope, TypeSet, Variable, VariableId};
use crate::schema::TypeId;

/// The state of checking one rule.
pub(crate) struct RuleChecker<'c, 'a> {
    pub(super) checker: &'c mut Checker<'a>,
    /// Place among all rules of the file.
    pub(super) index: usize,
    /// The variables as the text mentions them.
    pub(super) variables: Variables<'a>,
    /// Whether the condition has an `or`.
    pub(super) has_or: bool,
    /// Whether the rule cannot be used: something in it was reported, here or by the parser.
    pub(super) is_broken: bool,
    /// Whether what the parser could not read may introduce variables: an unknown one is no mistake
    /// of its own then.
    pub(super) is_cut: bool,
    /// The variables of the checked rule.
    pub(super) resolved: Vec<Variable>,
    /// For each of them, its place among the variables of the text; none for an implicit server, and
    /// for what a definition introduces.
    pub(super) origins: Vec<Option<usize>>,
    /// For each of them, the type that it is written with, if it is one.
    pub(super) written: Vec<Option<TypeId>>,
    /// What each variable of the text is at the place being checked.
    pub(super) scope: Vec<Option<Meaning>>,
    /// The actor whose host a bare `server` is.
    pub(super) server_of: Option<usize>,
    /// The server that a bare `server` is in a rule without actor variable, once it is needed.
    pub(super) implicit_server: Option<VariableId>,
    /// Every bare `server`.
    pub(super) bare_servers: Vec<Span>,
    /// The variables of each aggregate.
    pub(super) aggregates: Aggregates<'a>,
    /// Aggregates over the cluster so far.
    pub(super) aggregations: usize,
    /// The length of the windows around the place being checked, together, in seconds.
    pub(super) window_seconds: f64,
    /// Whether the condition behind a `where` is being collected.
    pub(super) is_in_filter: bool,
    /// Whether what stands in the text of an alert is being collected.
    pub(super) is_in_message: bool,
    /// Types reported in this rule, each with the report's place among the diagnostics.
    pub(super) unknown_types: Vec<(&'a str, usize)>,
    /// Names with an upper-case letter that stand where a variable should, as in `Folder(F)`, each
    /// with its report's place among the diagnostics once it is made.
    pub(super) upper_variables: Vec<(&'a str, Option<usize>)>,
    /// Whether the text of a definition is being checked.
    pub(super) is_in_definition: bool,
    /// The use in the rule itself of the definition being read, if one is.
    pub(super) expanded_from: Option<Span>,
    /// The definitions that were read for the rule.
    pub(super) expanded: Vec<Expansion>,
    /// How many uses of definitions were read, those within others counted each time.
    pub(super) uses: usize,
    /// How many definitions stand within each other at most.
    pub(super) levels: usize,
}

/// What a rule's text tells beyond its checked form, for lints.
pub(crate) struct Facts<'f, 'a> {
    /// The text of the condition.
    pub(crate) condition: Span,
    variables: &'f Variables<'a>,
    origins: &'f [Option<usize>],
    /// Every bare `server`.
    pub(crate) bare_servers: &'f [Span],
    server_of: Option<usize>,
    /// The definitions that were read for the rule.
    pub(crate) expanded: &'f [Expansion],
}

impl<'a> Facts<'_, 'a> {
    /// A variable as the text mentions it; `None` for an implicit server.
    pub(crate) fn variable(&self, id: VariableId) -> Option<&TextVariable<'a>> {
        let index = self.origins.get(id.0 as usize).copied().flatten()?;
        self.variables.list.get(index)
    }

    /// The variables as the text mentions them.
    pub(crate) fn variables(&self) -> &[TextVariable<'a>] {
        &self.variables.list
    }

    /// The variable whose host a bare `server` is.
    pub(crate) fn server_of(&self) -> Option<&TextVariable<'a>> {
        self.variables.list.get(self.server_of?)
    }
}

impl<'c, 'a> RuleChecker<'c, 'a> {
    pub(super) fn new(checker: &'c mut Checker<'a>, index: usize) -> RuleChecker<'c, 'a> {
        RuleChecker {
            checker,
            index,
            variables: Variables::default(),
            has_or: false,
            is_broken: false,
            is_cut: false,
            resolved: Vec::new(),
            origins: Vec::new(),
            bare_servers: Vec::new(),
            scope: Vec::new(),
            server_of: None,
            implicit_server: None,
            aggregates: Aggregates::default(),
            aggregations: 0,
            window_seconds: 0.0,
            is_in_filter: false,
            is_in_message: false,
            unknown_types: Vec::new(),
            upper_variables: Vec::new(),
            written: Vec::new(),
            is_in_definition: false,
            expanded_from: None,
            expanded: Vec::new(),
            uses: 0,
            levels: 0,
        }
    }

    /// Forgets the rule before. The memory of its lists is there for the next one.
    pub(super) fn begin(&mut self, index: usize) {
        self.index = index;
        self.variables.clear();
        self.resolved.clear();
        self.origins.clear();
        self.written.clear();
        self.scope.clear();
        self.bare_servers.clear();
        self.aggregates.clear();
        self.unknown_types.clear();
        self.upper_variables.clear();
        self.expanded.clear();
        (self.has_or, self.is_broken, self.is_cut) = (false, false, false);
        (self.server_of, self.implicit_server, self.expanded_from) = (None, None, None);
        (self.is_in_filter, self.is_in_message, self.is_in_definition) = (false, false, false);
        (self.aggregations, self.uses, self.levels) = (0, 0, 0);
        self.window_seconds = 0.0;
    }

    /// Checks a rule, and adds it to those that can be used if it is one.
    pub(super) fn check(&mut self, rule: &tree::Rule, place: usize, rules: &mut Vec<Rule>) {
        (self.is_cut, self.is_broken) = (rule.is_cut, rule.is_cut);
        let attributes = self.attributes(rule);
        let Some((condition, behaviors)) = self.parts(rule) else {
            return;
        };
        let name = match rule.name() {
            Some(name) => {
                let text = self.text(name);
                self.checker.own_name(text)
            }
            None => self.checker.numbered_name(place + 1),
        };
        rules.push(Rule {
            index: self.index,
            name,
            priority: attributes.priority,
            cooldown_seconds: attributes.cooldown_seconds,
            release_periods: attributes.release_periods,
            span: rule.span,
            docs: self.checker.tree.docs(rule.docs),
            variables: self.resolved.drain(..).collect(),
            condition,
            behaviors,
        });
        let facts = Facts {
            condition: self.checker.tree.expr(rule.condition).span,
            variables: &self.variables,
            origins: &self.origins,
            bare_servers: &self.bare_servers,
            server_of: self.server_of,
            expanded: &self.expanded,
        };
        if let Some(checked) = rules.last() {
            lint::rule::check(self.checker, checked, &facts);
        }
    }

    /// The condition and the behaviors; `None` if something was reported.
    pub(super) fn parts(&mut self, rule: &tree::Rule) -> Option<(Condition, Vec<BehaviorCall>)> {
        self.collect_variables(rule);
        self.bound_variables();
        self.open_scope(rule.condition);
        let condition = self.condition(rule.condition);
        let behaviors = self.behaviors(rule);
        let (condition, mut behaviors) = (condition?, behaviors?);
        if self.is_broken {
            return None;
        }
        super::bounds::fill(&condition, &mut behaviors);
        Some((condition, behaviors))
    }

    /// Keeps a mistake that makes the rule useless.
    pub(super) fn fail(&mut self, diagnostic: Diagnostic) {
        self.is_broken = true;
        self.checker.report(diagnostic);
    }

    /// Notes that the parser has reported something here already.
    pub(super) fn hole<T>(&mut self) -> Option<T> {
        self.is_broken = true;
        None
    }

    /// Gives the rule's variables their ids and finds what a bare `server` means.
    pub(super) fn open_scope(&mut self, condition: ExprId) {
        self.scope.clear();
        self.scope.resize(self.variables.list.len(), None);
        for index in self.rule_variables(condition).iter() {
            self.bind(index, Scope::Rule);
            let kind = self.variables.list[index].kind;
            let is_actor = matches!(
                kind,
                Some(VariableKind::Actor(_) | VariableKind::AnyActor | VariableKind::Unknown)
            );
            if is_actor && self.server_of.is_none() {
                self.server_of = Some(index);
            }
        }
    }

    /// Makes a variable of the text one of the checked rule, from here on.
    pub(super) fn bind(&mut self, index: usize, scope: Scope) {
        let id = VariableId(self.resolved.len() as u32);
        let Some(variable) = self.variables.list.get(index) else {
            return;
        };
        let range = match variable.kind {
            Some(VariableKind::Actor(id)) => Range::Actors(single(id)),
            Some(VariableKind::AnyActor) => Range::Actors(variable.any_types.clone()),
            Some(VariableKind::Server) => Range::Servers,
            // Not introduced: a parameter, or a mistake that is reported where it is used.
            Some(VariableKind::Unknown | VariableKind::Value(_)) | None => return,
        };
        let written = match variable.kind {
            Some(VariableKind::Actor(id)) => Some(id),
            _ => None,
        };
        let (name, span) = (variable.name, variable.span);
        self.resolved.push(Variable {
            name: self.checker.intern(name),
            range,
            scope,
            span,
        });
        self.origins.push((!self.is_in_definition).then_some(index));
        self.written.push(written);
        self.scope[index] = Some(Meaning::Variable(id));
    }

    /// Makes a variable range over those who made the calls that its one atom asks about.
    pub(super) fn bind_callers(&mut self, id: VariableId, range: Range) {
        if let Some(variable) = self.resolved.get_mut(id.0 as usize) {
            variable.range = range;
        }
    }

    /// The server that a bare `server` means without actor variable.
    pub(super) fn implicit_server(&mut self, span: Span) -> VariableId {
        if let Some(id) = self.implicit_server {
            return id;
        }
        let id = VariableId(self.resolved.len() as u32);
        self.resolved.push(Variable {
            name: self.checker.intern("server"),
            range: Range::Servers,
            scope: Scope::ImplicitServer,
            span,
        });
        self.origins.push(None);
        self.written.push(None);
        self.implicit_server = Some(id);
        id
    }

    /// The type that a variable of the checked rule is written with; `None` for `any`.
    pub(super) fn written_type(&self, id: VariableId) -> Option<TypeId> {
        self.written.get(id.0 as usize).copied().flatten()
    }

    /// The types that a variable of the checked rule can be of; `None` for a server.
    pub(super) fn types_of(&self, id: VariableId) -> Option<&TypeSet> {
        match &self.resolved.get(id.0 as usize)?.range {
            Range::Actors(types) | Range::Callers { types, .. } => Some(types),
            Range::Servers => None,
        }
    }
}
