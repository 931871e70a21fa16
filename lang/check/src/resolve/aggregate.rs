//! Aggregates: their variables, which nothing outside knows, and what they are of.

use plasma_diagnostic::Span;
use plasma_model::{Aggregate, AggregateRow, aggregate_row};
use plasma_syntax::tree::{ExprId, ExprKind, ExprList, Word, WordKind};

use super::RuleChecker;
use super::entity::Entity;
use super::operand::Operand;
use super::unit::{Unit, common};
use super::variable_set::VariableSet;
use super::variables::Place;
use crate::error::{unknown_function, wrong_argument};
use crate::program::{
    ActorRef, Aggregation, CalculationKind, Condition, EntityRef, Feature, Operand as Checked,
    OrSide, OverWindow, Range, Scope, ServerRef, Variable, VariableId,
};

/// The variables of one aggregate.
#[derive(Default)]
pub(super) struct AggregateScope<'a> {
    /// Its own, by name.
    locals: Vec<(&'a str, usize)>,
    /// Those from outside that it mentions.
    outer: VariableSet,
}

/// The variables of all aggregates of a rule, in the order of the tree: few, so that a list does.
#[derive(Default)]
pub(super) struct Aggregates<'a>(Vec<(ExprId, AggregateScope<'a>)>);

impl<'a> Aggregates<'a> {
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    fn place(&self, id: ExprId) -> Result<usize, usize> {
        self.0.binary_search_by_key(&id, |(id, _)| *id)
    }

    pub(super) fn get(&self, id: ExprId) -> Option<&AggregateScope<'a>> {
        Some(&self.0.get(self.place(id).ok()?)?.1)
    }

    /// Those of an aggregate, which has none from here on.
    fn take(&mut self, id: ExprId) -> Option<AggregateScope<'a>> {
        let place = self.place(id).ok()?;
        let (_, scope) = self.0.get_mut(place)?;
        Some(std::mem::take(scope))
    }

    fn insert(&mut self, id: ExprId, scope: AggregateScope<'a>) {
        match self.place(id) {
            Ok(known) => self.0[known].1 = scope,
            Err(place) => self.0.insert(place, (id, scope)),
        }
    }
}

/// What an aggregate over the cluster is made of.
struct Parts {
    variables: Vec<VariableId>,
    value: Option<Checked>,
    unit: Unit,
    filter: OrSide,
}

impl<'a> RuleChecker<'_, 'a> {
    /// Finds the variables of `abs(x)`, `max(a, b)` and `count(Folder(f))`.
    pub(super) fn collect_call(&mut self, id: ExprId, args: ExprList) {
        let tree = self.checker.tree;
        match tree.list(args) {
            [of] if self.is_range(*of) => {
                self.collect_aggregate(id, *of, ExprList::default(), None);
            }
            given => given.iter().for_each(|id| self.collect_condition(*id)),
        }
    }

    /// Finds the variables of an aggregate over the cluster.
    pub(super) fn collect_aggregate(
        &mut self,
        id: ExprId,
        of: ExprId,
        ranges: ExprList,
        filter: Option<ExprId>,
    ) {
        let tree = self.checker.tree;
        let (locals, mentioned) = (self.variables.locals.len(), self.variables.mentioned.len());
        let given = tree.list(ranges);
        let counted = [of];
        for range in if given.is_empty() { &counted } else { given } {
            if let ExprKind::Call { args, .. } = *tree.kind(tree.unparenthesized(*range))
                && let Some(name) = self.variable_in(args)
            {
                let text = self.text(name);
                self.variables.add_local(text, name.span);
            }
            self.collect_root(*range, Place::Condition, None);
        }
        if !given.is_empty() {
            self.collect_condition(of);
        }
        if let Some(filter) = filter {
            let is_inner = std::mem::replace(&mut self.is_in_filter, true);
            self.collect_condition(filter);
            self.is_in_filter = is_inner;
        }
        let locals = self.variables.locals.split_off(locals);
        let is_own = |index: &usize| locals.iter().any(|(_, own)| own == index);
        let mut outer = VariableSet::default();
        let mut place = 0;
        self.variables.mentioned.retain(|index| {
            place += 1;
            let is_outer = place > mentioned && !is_own(index);
            outer.extend(is_outer.then_some(*index));
            place <= mentioned || is_outer
        });
        self.aggregates.insert(id, AggregateScope { locals, outer });
    }

    /// The variables from outside that an aggregate mentions.
    pub(super) fn mentioned_in_aggregate(&self, id: ExprId) -> Option<&VariableSet> {
        self.aggregates.get(id).map(|scope| &scope.outer)
    }

    /// Whether an expression stands for everything of a kind: `Folder(f)`, `Folder`, `server(s)`.
    fn is_range(&self, id: ExprId) -> bool {
        let tree = self.checker.tree;
        match *tree.kind(tree.unparenthesized(id)) {
            ExprKind::Word(word) => matches!(word.kind, WordKind::Upper | WordKind::Any),
            ExprKind::Call { word, .. } => {
                matches!(
                    word.kind,
                    WordKind::Upper | WordKind::Any | WordKind::Server
                )
            }
            _ => false,
        }
    }

    /// `max(a, b)`, `count(Folder(f))`.
    pub(super) fn aggregate_of_arguments(
        &mut self,
        id: ExprId,
        word: Word,
        args: ExprList,
    ) -> Option<Operand> {
        let tree = self.checker.tree;
        let span = tree.expr(id).span;
        let text = self.text(word.name);
        let row = aggregate_row(text)?;
        match tree.list(args) {
            [of] if row.aggregate == Aggregate::Count && self.is_range(*of) => {
                self.aggregate(id, word, *of, ExprList::default(), None)
            }
            [of] if *tree.kind(*of) == ExprKind::Hole => self.hole(),
            [samples] if self.window_of(*samples).is_some() => {
                let (of, window) = self.window_of(*samples)?;
                self.over_window(OverWindow::Aggregate(row.aggregate), of, window, span)
            }
            given @ ([] | [_]) => {
                for argument in given {
                    if !self.is_range(*argument) {
                        let operand = self.operand(*argument)?;
                        self.number(operand)?;
                    }
                }
                let of = given.first().map(|id| tree.text(tree.expr(*id).span));
                self.fail(wrong_argument::aggregate_of_one(span, text, of));
                None
            }
            given => self.of_numbers(row, given, span),
        }
    }

    /// An aggregate over its arguments.
    fn of_numbers(&mut self, row: &AggregateRow, given: &[ExprId], span: Span) -> Option<Operand> {
        let operands: Vec<Option<Operand>> = given
            .iter()
            .map(|id| {
                let operand = self.operand(*id)?;
                self.number(operand)
            })
            .collect();
        let operands = operands.into_iter().collect::<Option<Vec<_>>>()?;
        let mut widest: Option<&Operand> = None;
        for operand in &operands {
            let unit = widest.and_then(Operand::unit);
            if common(unit, operand.unit()).is_none()
                && let Some(first) = widest
            {
                _ = self.check_sides(first, operand);
                return None;
            }
            if unit.is_none() {
                widest = Some(operand);
            }
        }
        let unit = unit_of_result(row.aggregate, widest.and_then(Operand::unit));
        let values = operands.into_iter().map(Operand::into_checked);
        let values = values.collect::<Option<Vec<Checked>>>()?;
        let kind = CalculationKind::OfNumbers(row.aggregate, values);
        Some(Operand::Value(self.value(kind, unit, span)))
    }

    /// An aggregate over the cluster.
    pub(super) fn aggregate(
        &mut self,
        id: ExprId,
        word: Word,
        of: ExprId,
        ranges: ExprList,
        filter: Option<ExprId>,
    ) -> Option<Operand> {
        let span = self.checker.tree.expr(id).span;
        let text = self.text(word.name);
        let Some(row) = aggregate_row(text) else {
            let diagnostic = unknown_function::unknown_aggregate(word.name.span, text);
            self.fail(diagnostic);
            return None;
        };
        let collected = self.aggregates.take(id);
        let is_collected = collected.is_some();
        let scope = collected.unwrap_or_default();
        let depth = self.variables.locals.len();
        self.variables.locals.extend_from_slice(&scope.locals);
        let bare_servers = self.bare_servers.len();
        let parts = self.aggregate_parts(row, of, ranges, filter, span);
        let has_server = self.bare_servers.len() > bare_servers;
        for (_, index) in &scope.locals {
            if let Some(place) = self.scope.get_mut(*index) {
                *place = None;
            }
        }
        self.variables.locals.truncate(depth);
        let is_variable = |index: usize| self.scope.get(index).is_some_and(Option::is_some);
        let has_outer = scope.outer.iter().any(is_variable);
        if is_collected {
            self.aggregates.insert(id, scope);
        }
        let parts = parts?;
        let aggregation = Aggregation {
            function: row.aggregate,
            variables: parts.variables,
            filter: parts.filter,
            value: parts.value,
            index: self.aggregations,
            is_closed: !has_server && !has_outer,
        };
        self.aggregations += 1;
        let unit = unit_of_result(row.aggregate, parts.unit);
        let kind = CalculationKind::OverCluster(aggregation);
        Some(Operand::Value(self.value(kind, unit, span)))
    }

    /// The variables, the value with its unit, and the filter of an aggregate over the cluster.
    fn aggregate_parts(
        &mut self,
        row: &AggregateRow,
        of: ExprId,
        ranges: ExprList,
        filter: Option<ExprId>,
        span: Span,
    ) -> Option<Parts> {
        let tree = self.checker.tree;
        let given = tree.list(ranges);
        let is_count = row.aggregate == Aggregate::Count && self.is_range(of);
        let (variables, value) = if given.is_empty() {
            if !is_count {
                self.fail(wrong_argument::aggregate_without_for(span, row.name));
                return None;
            }
            (self.range(of, true).map(|id| vec![id]), Some(None))
        } else {
            let variables: Vec<_> = given.iter().map(|id| self.range(*id, false)).collect();
            let variables = variables.into_iter().collect::<Option<Vec<_>>>();
            let operand = self.operand(of).and_then(|operand| self.number(operand));
            (variables, operand.map(Some))
        };
        let filter = match filter {
            Some(filter) => self.or_side(filter),
            None => Some(OrSide {
                locals: Vec::new(),
                condition: Condition::Constant(true),
            }),
        };
        let (variables, value, filter) = (variables?, value?, filter?);
        let unit = value.as_ref().and_then(Operand::unit);
        let value = match value {
            Some(operand) => Some(operand.into_checked()?),
            None => None,
        };
        if value.as_ref().is_some_and(has_bare_type) {
            let span = tree.expr(of).span;
            self.fail(wrong_argument::bare_type_in_aggregate(span));
            return None;
        }
        Some(Parts {
            variables,
            value,
            unit,
            filter,
        })
    }

    /// What an aggregate ranges over: `server(s)`; where it only counts, `Folder` too.
    fn range(&mut self, id: ExprId, may_be_bare: bool) -> Option<VariableId> {
        let tree = self.checker.tree;
        let expr = tree.expr(tree.unparenthesized(id));
        let text = tree.text(expr.span);
        if let ExprKind::Call { args, .. } = expr.kind
            && let Some(name) = self.variable_in(args)
        {
            let index = self.variables.find(self.text(name))?;
            if self.scope.get(index).is_some_and(Option::is_none) {
                self.bind(index, Scope::Aggregate);
            }
            self.entity(id)?;
            return self.variable_id(index);
        }
        match (expr.kind, may_be_bare) {
            (ExprKind::Hole, _) => return self.hole(),
            (ExprKind::Word(_), true) => {
                if let Entity::Actor(ActorRef::Anonymous(types)) = self.entity(id)? {
                    let id = VariableId(self.resolved.len() as u32);
                    self.resolved.push(Variable {
                        name: self.checker.intern(text),
                        range: Range::Actors(types),
                        scope: Scope::Aggregate,
                        span: expr.span,
                    });
                    self.origins.push(None);
                    self.written.push(None);
                    return Some(id);
                }
            }
            (ExprKind::Call { .. }, _) => {
                // Something else than a variable in the parentheses is reported here.
                self.entity(id)?;
            }
            _ => {}
        }
        self.fail(wrong_argument::not_a_range(expr.span, text));
        None
    }
}

/// The unit of an aggregate over values of a unit.
fn unit_of_result(aggregate: Aggregate, unit: Unit) -> Unit {
    match aggregate {
        Aggregate::Count => Some(""),
        _ => unit,
    }
}

/// Whether a bare type stands where one actor is needed: which one is open.
fn has_bare_type(operand: &Checked) -> bool {
    let is_bare = |actor: &ActorRef| matches!(actor, ActorRef::Anonymous(_));
    let is_bare_host = |server: &ServerRef| match server {
        ServerRef::HostOf(actor) => is_bare(actor),
        ServerRef::Variable(_) => false,
    };
    let mut found = false;
    operand.for_each_feature(&mut |feature| {
        found |= match feature {
            Feature::ServerResource { server, .. } => is_bare_host(server),
            Feature::ActorResource { actor, .. } | Feature::Published { actor, .. } => {
                is_bare(actor)
            }
            Feature::Gauge { of, .. } => match of {
                EntityRef::Actor(actor) => is_bare(actor),
                EntityRef::Server(server) => is_bare_host(server),
            },
            Feature::Calls { .. } => false,
        };
    });
    found
}
