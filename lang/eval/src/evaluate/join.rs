//! The search for the assignments that make a condition true.
//!
//! A backtracking join: one variable a step, each conjunct tested at the first step at which all
//! its variables are bound. Where an already bound variable refers to the next one, or called it
//! or was called by it, only those actors are tried. It looks for true only, so a conjunct that is
//! false or unknown ends the branch.

use std::collections::BTreeSet;

use plasma_check::program::{
    ActorRef, AtomKind, CalculationKind, CallerRef, Comparison, Condition, Feature, Operand,
    OverWindow, Range, Rule, VariableId,
};

use plasma_model::Aggregate;

use super::index::Index;
use super::variables::{free_variables, range_callee};
use crate::reference::{Assignment, Bound, Facts, Interpreter, binding_variables, implicit_server};

/// How to find the values of some variables that make some conjuncts true.
pub(crate) struct Join<'p> {
    /// Tested before any variable is bound.
    tests: Vec<Test<'p>>,
    steps: Vec<Step<'p>>,
}

/// Binds one variable.
struct Step<'p> {
    variable: VariableId,
    source: Source<'p>,
    /// Variables whose range can be tested from here on.
    ranges: Vec<VariableId>,
    tests: Vec<Test<'p>>,
}

/// Where the values of a variable come from.
#[derive(Clone, Copy)]
enum Source<'p> {
    /// All of its kind and types.
    All,
    /// Those that a bound variable leads to.
    Link(Link<'p>),
}

/// A necessary relation between two variables.
#[derive(Clone, Copy)]
struct Link<'p> {
    from: VariableId,
    to: VariableId,
    kind: LinkKind<'p>,
}

#[derive(Clone, Copy)]
enum LinkKind<'p> {
    /// `from` refers to `to` in a property, or in any.
    Refers(Option<&'p str>),
    /// `from` called `to`.
    Called(Option<&'p str>),
    /// `from` was called by `to`.
    CalledBy(Option<&'p str>),
    /// `from` was called by `to` in a window of so many seconds.
    CalledWithin(f64, Option<&'p str>),
}

/// What must be true for a branch to go on.
enum Test<'p> {
    Condition(&'p Condition),
    /// One of the joins finds something: the sides of an `or`, or an implicit server.
    Some(Vec<Join<'p>>),
}

/// A conjunct with the variables it waits for.
struct Pending<'p> {
    waits_for: BTreeSet<VariableId>,
    test: Test<'p>,
}

/// Called with each assignment found; `false` ends the search.
type Visit<'v, 's> = dyn FnMut(&mut Assignment<'s>) -> bool + 'v;

impl<'p> Join<'p> {
    /// The search for the bindings of a rule.
    pub(crate) fn of_rule(index: &Index<'_>, rule: &'p Rule) -> Join<'p> {
        let variables: Vec<VariableId> = binding_variables(rule).collect();
        let conjuncts = conjuncts(&rule.condition);
        let Some(server) = implicit_server(rule) else {
            return Join::new(
                index,
                rule,
                &variables,
                conjuncts,
                Vec::new(),
                &BTreeSet::new(),
            );
        };
        // One server for all the atoms that mention it: they are one test.
        let (of_server, others): (Vec<_>, Vec<_>) = conjuncts
            .into_iter()
            .partition(|c| free_variables(c, &rule.variables).contains(&server));
        let mut waits_for: BTreeSet<VariableId> = of_server
            .iter()
            .flat_map(|c| free_variables(c, &rule.variables))
            .collect();
        waits_for.remove(&server);
        let inner = Join::new(index, rule, &[server], of_server, Vec::new(), &waits_for);
        let pending = Pending {
            waits_for,
            test: Test::Some(vec![inner]),
        };
        Join::new(
            index,
            rule,
            &variables,
            others,
            vec![pending],
            &BTreeSet::new(),
        )
    }

    fn new(
        index: &Index<'_>,
        rule: &'p Rule,
        variables: &[VariableId],
        conjuncts: Vec<&'p Condition>,
        mut pending: Vec<Pending<'p>>,
        bound: &BTreeSet<VariableId>,
    ) -> Join<'p> {
        let mut bound = bound.clone();
        let mut links = Vec::new();
        for conjunct in conjuncts {
            links.extend(condition_links(conjunct));
            pending.push(pending_test(index, rule, conjunct));
        }
        links.extend(variables.iter().filter_map(|v| range_link(*v, rule)));
        let links: Vec<Link<'p>> = links.into_iter().flat_map(Link::both_ways).collect();

        let tests = take_ready(&mut pending, &bound);
        let mut left: Vec<VariableId> = variables.to_vec();
        let mut ranges: Vec<VariableId> = variables.to_vec();
        let mut steps = Vec::new();
        while let Some((variable, source)) = next_variable(index, rule, &left, &links, &bound) {
            left.retain(|v| *v != variable);
            bound.insert(variable);
            let (ready, waiting) = ranges.into_iter().partition(|v| {
                let callee = range_callee(*v, &rule.variables);
                bound.contains(v) && callee.is_none_or(|callee| bound.contains(&callee))
            });
            ranges = waiting;
            steps.push(Step {
                variable,
                source,
                ranges: ready,
                tests: take_ready(&mut pending, &bound),
            });
        }
        Join { tests, steps }
    }

    /// Finds every assignment; ends early, and returns `false`, when `visit` says so.
    pub(crate) fn run<'s>(
        &self,
        interpreter: &Interpreter<'_, 's>,
        index: &Index<'s>,
        assignment: &mut Assignment<'s>,
        visit: &mut Visit<'_, 's>,
    ) -> bool {
        if !all_pass(&self.tests, interpreter, index, assignment) {
            return true;
        }
        self.step(0, interpreter, index, assignment, visit)
    }

    fn step<'s>(
        &self,
        place: usize,
        interpreter: &Interpreter<'_, 's>,
        index: &Index<'s>,
        assignment: &mut Assignment<'s>,
        visit: &mut Visit<'_, 's>,
    ) -> bool {
        let Some(step) = self.steps.get(place) else {
            return visit(assignment);
        };
        for value in step.values(interpreter, index, assignment) {
            if !interpreter.budget.take_steps(1) {
                return false;
            }
            assignment.bind(step.variable, value);
            let in_range = step
                .ranges
                .iter()
                .all(|v| interpreter.is_in_range(*v, assignment));
            if in_range
                && all_pass(&step.tests, interpreter, index, assignment)
                && !self.step(place + 1, interpreter, index, assignment, visit)
            {
                return false;
            }
        }
        true
    }
}

impl<'p> Step<'p> {
    fn values<'s>(
        &self,
        interpreter: &Interpreter<'_, 's>,
        index: &Index<'s>,
        assignment: &Assignment<'s>,
    ) -> Vec<Bound<'s>> {
        let Source::Link(link) = self.source else {
            return interpreter.values(self.variable);
        };
        let Some(from) = assignment.actor(link.from) else {
            return Vec::new();
        };
        let mut actors: Vec<_> = match link.kind {
            LinkKind::Refers(property) => {
                let refs = from.actor.refs.iter();
                let meant = refs.filter(|(name, _)| property.is_none_or(|p| p == name.as_ref()));
                let ids = meant.flat_map(|(_, ids)| ids);
                ids.filter_map(|id| index.live(id)).collect()
            }
            LinkKind::Called(function) => index.callees_of(from.id, function).collect(),
            LinkKind::CalledBy(function) => index.callers_within(None, from.id, function).collect(),
            LinkKind::CalledWithin(seconds, function) => {
                let callers = index.callers_within(Some(seconds), from.id, function);
                callers.collect()
            }
        };
        actors.sort_by_key(|at| at.id);
        actors.dedup_by_key(|at| at.id);
        actors.retain(|at| interpreter.ranges_over(self.variable, at.actor));
        actors.into_iter().map(Bound::Actor).collect()
    }
}

impl<'p> Link<'p> {
    /// Calls lead from caller to callee and back; references only from owner to member.
    fn both_ways(self) -> impl Iterator<Item = Link<'p>> {
        let back = match self.kind {
            LinkKind::Refers(_) | LinkKind::CalledWithin(..) => None,
            LinkKind::Called(function) => Some(LinkKind::CalledBy(function)),
            LinkKind::CalledBy(function) => Some(LinkKind::Called(function)),
        };
        let back = back.map(|kind| Link {
            from: self.to,
            to: self.from,
            kind,
        });
        [Some(self), back].into_iter().flatten()
    }
}

fn all_pass<'s>(
    tests: &[Test<'_>],
    interpreter: &Interpreter<'_, 's>,
    index: &Index<'s>,
    assignment: &mut Assignment<'s>,
) -> bool {
    tests.iter().all(|test| match test {
        Test::Condition(condition) => interpreter.truth(condition, assignment).is_true(),
        Test::Some(joins) => joins
            .iter()
            .any(|join| !join.run(interpreter, index, assignment, &mut |_| false)),
    })
}

/// The parts of a condition that must all be true.
fn conjuncts(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::And(parts) => parts.iter().flat_map(conjuncts).collect(),
        other => vec![other],
    }
}

fn pending_test<'p>(index: &Index<'_>, rule: &'p Rule, condition: &'p Condition) -> Pending<'p> {
    let waits_for = free_variables(condition, &rule.variables);
    let test = match condition {
        Condition::Or(sides) => {
            let sides = sides.iter().map(|side| {
                let parts = conjuncts(&side.condition);
                Join::new(index, rule, &side.locals, parts, Vec::new(), &waits_for)
            });
            Test::Some(sides.collect())
        }
        other => Test::Condition(other),
    };
    Pending { waits_for, test }
}

fn take_ready<'p>(pending: &mut Vec<Pending<'p>>, bound: &BTreeSet<VariableId>) -> Vec<Test<'p>> {
    let (ready, waiting): (Vec<_>, Vec<_>) = std::mem::take(pending)
        .into_iter()
        .partition(|p| p.waits_for.is_subset(bound));
    *pending = waiting;
    ready.into_iter().map(|p| p.test).collect()
}

/// The relation between variables that must hold for this conjunct to be true, if it states one.
fn condition_links(condition: &Condition) -> Option<Link<'_>> {
    let atom = match condition {
        Condition::Atom(atom) => atom,
        // What holds all along holds now.
        Condition::Sustained { condition, .. } => return condition_links(condition),
        _ => return None,
    };
    match &atom.kind {
        AtomKind::InRef {
            member: ActorRef::Variable(member),
            owner: ActorRef::Variable(owner),
            property,
        } => Some(Link {
            from: *owner,
            to: *member,
            kind: LinkKind::Refers(property.as_deref()),
        }),
        AtomKind::Compare {
            left,
            comparison: Comparison::Greater,
            right: Operand::Number(least),
        } if *least >= 0.0 => call_link(left),
        _ => None,
    }
}

/// The calls without which a value is 0 or unknown, and so not greater than anything from 0 on.
fn call_link(value: &Operand) -> Option<Link<'_>> {
    let (feature, window_seconds) = match value {
        Operand::Feature(feature) => (feature, None),
        Operand::Calculation(calculation) => match &calculation.kind {
            // Of samples that are all 0 each is 0, but for their number.
            CalculationKind::OverWindow(windowed)
                if windowed.function != OverWindow::Aggregate(Aggregate::Count) =>
            {
                (&windowed.feature, Some(windowed.window_seconds))
            }
            _ => return None,
        },
        Operand::Number(_) => return None,
    };
    let Feature::Calls {
        caller: CallerRef::Actor(ActorRef::Variable(caller)),
        callee: ActorRef::Variable(callee),
        function,
        ..
    } = feature
    else {
        return None;
    };
    let function = function.as_deref();
    Some(Link {
        from: *callee,
        to: *caller,
        kind: match window_seconds {
            Some(seconds) => LinkKind::CalledWithin(seconds, function),
            None => LinkKind::CalledBy(function),
        },
    })
}

/// A caller variable's own range: those who called.
fn range_link(variable: VariableId, rule: &Rule) -> Option<Link<'_>> {
    match &rule.variables.get(variable.0 as usize)?.range {
        Range::Callers {
            callee: ActorRef::Variable(callee),
            function,
            window_seconds,
            ..
        } => {
            let function = function.as_deref();
            let kind = match window_seconds {
                Some(seconds) => LinkKind::CalledWithin(*seconds, function),
                None => LinkKind::CalledBy(function),
            };
            Some(Link {
                from: *callee,
                to: variable,
                kind,
            })
        }
        _ => None,
    }
}

/// The variable to bind next: one that a bound variable leads to; else, of those that no other
/// unbound variable leads to alone, the one with the fewest values.
fn next_variable<'p>(
    index: &Index<'_>,
    rule: &Rule,
    left: &[VariableId],
    links: &[Link<'p>],
    bound: &BTreeSet<VariableId>,
) -> Option<(VariableId, Source<'p>)> {
    let linked = left.iter().find_map(|variable| {
        let mut leading = links.iter().filter(|link| link.to == *variable);
        let link = leading.find(|link| bound.contains(&link.from))?;
        Some((*variable, Source::Link(*link)))
    });
    if linked.is_some() {
        return linked;
    }
    let waits = |variable: &VariableId| {
        links.iter().any(|link| {
            let one_way = matches!(link.kind, LinkKind::Refers(_) | LinkKind::CalledWithin(..));
            one_way && link.to == *variable && link.from != *variable && left.contains(&link.from)
        })
    };
    let free = left.iter().filter(|variable| !waits(variable));
    let smallest = free.min_by_key(|variable| domain_size(index, rule, **variable));
    let chosen = smallest.or(left.first())?;
    Some((*chosen, Source::All))
}

fn domain_size(index: &Index<'_>, rule: &Rule, variable: VariableId) -> usize {
    match rule.variables.get(variable.0 as usize).map(|v| &v.range) {
        Some(Range::Actors(types) | Range::Callers { types, .. }) => index.actors(types).len(),
        Some(Range::Servers) => index.snapshot().servers.len(),
        None => 0,
    }
}
