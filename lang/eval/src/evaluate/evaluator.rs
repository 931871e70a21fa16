//! Evaluates one program tick after tick: what a rule found is kept, and only bindings with something
//! that changed are looked at again.
//!
//! Incremental view maintenance by delta joins: a binding whose truth may have changed has a value
//! that changed, so those are dropped and searched for anew, starting from the changed values of one
//! variable after the other (Gupta, Mumick, Subrahmanian, Maintaining views incrementally, SIGMOD
//! 1993).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_check::program::{CheckedProgram, Range, Rule, VariableId};
use plasma_columns::{Changes, Columns};
use plasma_model::{ActorId, Binding, Entity, EvaluationPlan, Reservations, RulePlan, ServerId};

use super::batch::{Batch, ROWS_MAX};
use super::delta::{Dirty, DirtyPairs};
use super::describe;
use super::facts::{ColumnFacts, Rows};
use super::machine::Machine;
use super::matches::Matches;
use super::near_shares::NearShares;
use super::plan::{Join, Planner};
use super::reads::Reads;
use super::scope::Scope;
use super::shared::Shared;
use crate::Evaluation;
use crate::Past;
use crate::intents::IntentBuilder;
use crate::past::End;
use crate::reference::{Facts, Interpreter, held_truth, reservation_states};

/// What it costs to begin a search with one changed value, in rows of a search for everything: the
/// former looks up, the latter reads on.
const DIRTY_PRICE: usize = 16;

/// So many changed values are worth a search of their own, however little everything is.
const DIRTY_FEW: usize = 64;

/// Evaluates one program on a cluster, tick after tick.
#[derive(Debug, Default)]
pub struct Evaluator {
    past: Past,
    /// By place among rules and requirements.
    rules: Vec<RuleState>,
    /// What changed since the last evaluation, at ticks that were only watched; `None` without any.
    unseen: Option<Changes>,
    /// Of the last evaluation: its period, and whether a server was silent in it.
    last: Option<(f64, bool)>,
    shared: Shared,
    clock: Option<Clock>,
}

/// Tells seconds since whenever.
pub type Clock = fn() -> f64;

impl Clone for Evaluator {
    /// With the same past; what was found is searched for anew.
    fn clone(&self) -> Self {
        Evaluator {
            past: self.past.clone(),
            rules: Vec::new(),
            unseen: None,
            last: None,
            shared: Shared::default(),
            clock: self.clock,
        }
    }
}

/// What is kept of a rule.
#[derive(Debug)]
struct RuleState {
    reads: Reads,
    /// How many types, properties and functions had names when the plans were made.
    vocabulary: [usize; 3],
    /// How many actors there were then.
    actors: usize,
    join: Join,
    is_incremental: bool,
    /// Searches that begin with some values of one variable, or of two.
    deltas: BTreeMap<Vec<VariableId>, Join>,
    /// Rows that the last search for everything looked at.
    rows_of_all: u64,
    /// What was found at the last evaluation; `None` if the rule was given up.
    matches: Option<Matches>,
    /// Bits of the values of its aggregates then, by place.
    aggregates: Vec<u64>,
    /// Kept once there is a tick after the first one, if the rule has such shares.
    near_shares: Option<NearShares>,
    last: RuleFigures,
}

/// What the last evaluation of a rule took.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RuleFigures {
    /// Bindings that it is true of.
    pub matches: usize,
    /// Whether only what changed was looked at.
    pub was_incremental: bool,
    /// Seconds that the search took; `None` without a clock.
    pub search_seconds: Option<f64>,
}

impl Evaluator {
    /// Nothing evaluated yet.
    pub fn new(program: &CheckedProgram) -> Self {
        Evaluator::with_past(Past::of(program))
    }

    /// Nothing evaluated yet, of what was before only this known.
    pub fn with_past(past: Past) -> Self {
        Evaluator {
            past,
            ..Evaluator::default()
        }
    }

    /// The ticks so far, as far as the program looks at them.
    pub fn past(&self) -> &Past {
        &self.past
    }

    /// Measures with this clock how long each rule takes.
    #[must_use]
    pub fn timed_by(self, clock: Clock) -> Self {
        Evaluator {
            clock: Some(clock),
            ..self
        }
    }

    /// Takes note of a tick that is not evaluated: windows look at it later.
    pub fn watch(&mut self, columns: &Columns) {
        let unseen = self.unseen.get_or_insert_default();
        unseen.add(columns.changes());
        self.past.push(columns.frame());
    }

    /// Evaluates the program on the cluster at its last tick, which follows that of the last call: what
    /// it asks for, how often each rule fired, and how the reservations in force stand.
    ///
    /// Rules fire only on true; the intents come in order of their first cause, causes in order of
    /// rule, then binding.
    pub fn evaluate(
        &mut self,
        program: &CheckedProgram,
        columns: &Columns,
        reservations: &Reservations,
    ) -> Evaluation {
        self.shared.begin();
        let (before, end) = self.past.before(columns.frame());
        let scope = Scope::new(columns, before, end, &program.schema, &self.shared);
        let unseen = self.unseen.take().map(|mut changes| {
            changes.add(columns.changes());
            changes
        });
        let changes = unseen.as_ref().unwrap_or(columns.changes());
        let present = (
            scope.present().period_seconds,
            scope.present().servers.any_stale(),
        );
        // Whose silence makes what unknown is not followed.
        let was_calm = |(period, was_stale): (f64, bool)| period == present.0 && !was_stale;
        let is_anew = changes.everything || present.1 || !self.last.is_some_and(was_calm);
        let changes = (!is_anew).then_some(changes);
        self.last = Some(present);

        let rows = Rows::of(&scope);
        let facts = ColumnFacts::new(&scope, &rows);
        let mut builder = IntentBuilder::new(&facts);
        for (place, rule) in program.rules_and_requirements().enumerate() {
            let interpreter = Interpreter::new(&facts, rule)
                .remembering()
                .spending(builder.budget());
            let machine = Machine::new(&scope, &facts, &interpreter).timed_by(self.clock);
            if self.rules.len() <= place {
                self.rules.push(RuleState::of(rule, &machine));
            }
            let firings = match self.rules.get_mut(place) {
                Some(state) => {
                    let started = self.clock.map(|clock| clock());
                    state.search(&machine, rule, changes);
                    let ended = self.clock.map(|clock| clock());
                    state.last.search_seconds = ended.zip(started).map(|(end, start)| end - start);
                    let found = state.matches.as_ref();
                    found.map(|matches| firings(&machine, rule, matches, reservations))
                }
                None => None,
            };
            builder.add_rule(rule, firings.unwrap_or_default(), &interpreter.budget);
        }
        let evaluation = builder.finish(reservation_states(&facts, program, reservations));
        drop(rows);
        self.past.push(columns.frame());
        evaluation
    }

    /// Forgets what was found: the next evaluation looks at everything.
    pub fn forget(&mut self) {
        self.last = None;
    }

    /// What the rule at a place among rules and requirements was true of at the last evaluation, in order of the
    /// binding: numbers of actors and servers, in the order of its variables.
    pub fn matches(&self, place: usize) -> impl Iterator<Item = &[u32]> {
        let found = self
            .rules
            .get(place)
            .and_then(|state| state.matches.as_ref());
        found.into_iter().flat_map(Matches::iter)
    }

    /// How the last evaluation went about it: on these columns, of this program.
    pub fn plan(&self, program: &CheckedProgram, columns: &Columns) -> EvaluationPlan {
        let scope = Scope::new(columns, [], End::Start, &program.schema, &self.shared);
        let rules = program.rules_and_requirements().zip(&self.rules);
        let rules = rules.map(|(rule, state)| RulePlan {
            rule: rule.name.to_string(),
            matches: state.last.matches,
            incremental: state.last.was_incremental,
            search_seconds: state.last.search_seconds,
            steps: describe::steps(&state.join, rule, &scope, self.clock.is_some()),
        });
        EvaluationPlan {
            columns_bytes: columns.bytes(),
            rules: rules.collect(),
            aggregates: self.shared.aggregates(),
            over_time: self.shared.over_time.figures(),
        }
    }

    /// What the last evaluation of each rule took, in the order of rules and requirements.
    pub fn figures(&self) -> impl Iterator<Item = RuleFigures> {
        self.rules.iter().map(|state| state.last)
    }
}

impl RuleState {
    fn of(rule: &Rule, machine: &Machine<'_, '_>) -> RuleState {
        let scope = machine.scope;
        let reads = Reads::of(rule);
        let join = Planner::new(rule, scope)
            .measuring(machine)
            .of_rule(&BTreeSet::new());
        RuleState {
            is_incremental: !reads.is_of_time && join.is_of_rows(),
            reads,
            vocabulary: vocabulary(scope),
            actors: scope.present().live().len(),
            join,
            deltas: BTreeMap::new(),
            rows_of_all: 0,
            matches: None,
            aggregates: Vec::new(),
            near_shares: None,
            last: RuleFigures::default(),
        }
    }

    /// Whether the plans are made for another cluster: other names, or many more or fewer actors.
    fn is_outdated(&self, scope: &Scope<'_>) -> bool {
        let (then, now) = (self.actors, scope.present().live().len());
        self.vocabulary != vocabulary(scope) || now > 2 * then || now < then / 2
    }

    /// Brings the matches up to date; without `changes` everything may have changed.
    fn search(&mut self, machine: &Machine<'_, '_>, rule: &Rule, changes: Option<&Changes>) {
        if self.is_outdated(machine.scope) {
            let kept = self.last;
            *self = RuleState::of(rule, machine);
            self.last = kept;
        }
        let aggregates = self.aggregate_bits(machine);
        let may_follow = self.is_incremental && aggregates == self.aggregates;
        self.aggregates = aggregates;
        let crossed = self.crossed(machine.scope, changes);
        let dirty = match (changes, &self.matches) {
            (Some(changes), Some(matches)) if may_follow => {
                let variables = matches.variables();
                let seen = (changes, machine.scope);
                Some(Dirty::of(variables, rule, &self.reads, seen, crossed))
            }
            _ => None,
        };
        let few = DIRTY_FEW.max(self.rows_of_all as usize / DIRTY_PRICE);
        let dirty = dirty.filter(|dirty| dirty.len() <= few);
        self.last.was_incremental = dirty.is_some();
        let is_whole = match dirty {
            Some(dirty) => self.update(machine, rule, &dirty),
            None => self.search_anew(machine, rule),
        };
        match (&mut self.matches, is_whole) {
            (Some(matches), true) => {
                let ranks = machine.rank_lists(matches.variables());
                matches.arrange(&ranks);
                self.last.matches = matches.len();
            }
            _ => {
                // The budget tells why; whatever was found says nothing.
                machine.interpreter.budget.take_bindings(usize::MAX);
                self.matches = None;
            }
        }
    }

    /// The callees of calls whose share came to the other side of the limit that the rule asks about, if they are
    /// followed; if they may be, they are from now on.
    fn crossed(
        &mut self,
        scope: &Scope<'_>,
        changes: Option<&Changes>,
    ) -> Option<(VariableId, Vec<u32>)> {
        let followed = self.near_shares.take().zip(changes);
        if let Some((mut near, changes)) = followed {
            let crossed = near.follow(changes, scope)?;
            let callee = near.callee;
            self.near_shares = Some(near);
            return Some((callee, crossed));
        }
        if changes.is_some() && self.is_incremental {
            self.near_shares = NearShares::of(&self.join, &self.reads, scope);
        }
        None
    }

    fn aggregate_bits(&self, machine: &Machine<'_, '_>) -> Vec<u64> {
        let mut bits = Vec::new();
        self.join
            .for_each_aggregate(&mut |plan| bits.push(plan.value(machine, 0).to_bits()));
        bits
    }

    fn search_anew(&mut self, machine: &Machine<'_, '_>, rule: &Rule) -> bool {
        let mut matches = Matches::of(rule);
        let unbound = Batch::unbound(self.join.width());
        let before = self.join.rows_tried();
        let add = &mut |found: &Batch| matches.add(found);
        let is_whole = self.join.run(machine, unbound, 0, add);
        self.rows_of_all = self.join.rows_tried() - before;
        self.matches = Some(matches);
        is_whole
    }

    /// Drops what has a value that changed, and finds what is true of it now.
    fn update(&mut self, machine: &Machine<'_, '_>, rule: &Rule, dirty: &Dirty<'_>) -> bool {
        let Some(matches) = &mut self.matches else {
            return false;
        };
        matches.retain(|row| !dirty.touches(row));
        if matches.variables().is_empty() {
            // Nothing but the cluster as a whole decides: that is looked at as it is.
            return self.search_anew(machine, rule);
        }
        for (variable, numbers) in dirty.iter() {
            let is_value = machine.values_of(variable);
            for values in numbers.list().chunks(ROWS_MAX) {
                let values = values.iter().copied().filter(&is_value).collect();
                if !self.search_from(machine, rule, vec![(variable, values)]) {
                    return false;
                }
            }
        }
        for dirty in dirty.pairs() {
            let is_whole = match self.join.begins_with(dirty) {
                true => self.search_places(machine, dirty),
                false => self.search_pairs(machine, rule, dirty),
            };
            if !is_whole {
                return false;
            }
        }
        true
    }

    /// Adds what is true of some calls, which the search for everything begins with.
    fn search_places(&mut self, machine: &Machine<'_, '_>, dirty: DirtyPairs<'_>) -> bool {
        let Some(matches) = &mut self.matches else {
            return false;
        };
        let add = &mut |found: &Batch| matches.add(found);
        self.join.run_from_calls(machine, dirty, add)
    }

    /// Adds what is true of some callers and callees.
    fn search_pairs(
        &mut self,
        machine: &Machine<'_, '_>,
        rule: &Rule,
        dirty: DirtyPairs<'_>,
    ) -> bool {
        let (caller, callee) = (dirty.caller, dirty.callee);
        let (is_caller, is_callee) = (machine.values_of(caller), machine.values_of(callee));
        dirty.pairs.chunks(ROWS_MAX).all(|pairs| {
            let pairs = pairs.iter().filter(|(a, b)| is_caller(a) && is_callee(b));
            let (a, b): (Vec<u32>, Vec<u32>) = pairs.copied().unzip();
            self.search_from(machine, rule, vec![(caller, a), (callee, b)])
        })
    }

    /// Adds what is true of some values of variables, row by row.
    fn search_from(
        &mut self,
        machine: &Machine<'_, '_>,
        rule: &Rule,
        start: Vec<(VariableId, Vec<u32>)>,
    ) -> bool {
        let Some(matches) = &mut self.matches else {
            return false;
        };
        if start.iter().any(|(_, values)| values.is_empty()) {
            return true;
        }
        let variables: Vec<VariableId> = start.iter().map(|(id, _)| *id).collect();
        let bound: BTreeSet<VariableId> = variables.iter().copied().collect();
        let planned = || Planner::new(rule, machine.scope).of_rule(&bound);
        let delta = self.deltas.entry(variables).or_insert_with(planned);
        let mut batch = Batch::unbound(delta.width());
        for (variable, values) in start {
            batch.bind(variable.0 as usize, values);
        }
        delta.run(machine, batch, 0, &mut |found| matches.add(found))
    }
}

/// How many names there are of what a plan refers to by number.
fn vocabulary(scope: &Scope<'_>) -> [usize; 3] {
    let columns = scope.columns;
    let names = [
        columns.type_names(),
        columns.property_names(),
        columns.function_names(),
    ];
    names.map(plasma_columns::Names::len)
}

/// The firings of a rule as bindings: those that hold a reservation by the definition, one by one
/// (they are few), all others as they were found. Ends early where the budget ends.
fn firings(
    machine: &Machine<'_, '_>,
    rule: &Rule,
    matches: &Matches,
    reservations: &Reservations,
) -> Vec<Binding> {
    let budget = &machine.interpreter.budget;
    let facts: &dyn Facts<'_> = machine.facts;
    let mut firings = Vec::new();
    let mut are_held = false;
    for (_, binding) in reservations.iter().filter(|(at, _)| *at == rule.index) {
        are_held = true;
        if let Some((truth, _)) = held_truth(facts, rule, binding)
            && truth.is_true()
            && budget.take_bindings(1)
        {
            firings.push(binding.clone());
        }
    }
    let names: Vec<(Arc<str>, bool)> = matches
        .variables()
        .iter()
        .filter_map(|id: &VariableId| rule.variables.get(id.0 as usize))
        .map(|variable| (Arc::clone(&variable.name), variable.range == Range::Servers))
        .collect();
    let columns = machine.scope.columns;
    let entity = |is_server: bool, no: u32| match is_server {
        true => Entity::Server(ServerId::from(columns.server_names().name(no))),
        false => Entity::Actor(ActorId::from(columns.actor_names().name(no))),
    };
    for row in matches.iter() {
        if budget.reached().is_some() {
            break;
        }
        let named = names.iter().zip(row);
        let binding: Binding = named
            .map(|((name, is_server), no)| (Arc::clone(name), entity(*is_server, *no)))
            .collect();
        if !(are_held && reservations.holds(rule.index, &binding)) && budget.take_bindings(1) {
            firings.push(binding);
        }
    }
    firings
}
