//! Why a rule does not fire: the binding that comes nearest, and all of them.

use std::collections::BTreeSet;

use plasma_check::program::{CheckedProgram, Condition, Rule, Span, VariableId};
use plasma_check::schema::Schema;
use plasma_columns::Columns;
use plasma_model::{Binding, Entity, Reservations};

use super::near::each_near_derivation;
use super::reading::{Derivation, derive};
use super::search::Search;
use super::text::Writer;
use crate::Past;
use crate::evaluate::looking_at;
use crate::reference::{Assignment, Facts, Interpreter, binding_variables};

/// The derivation of the binding for which a rule is nearest to firing, see [`Nearness`]; of several the first.
/// `None` if no binding has the `fixed` values and is wanted. Of many bindings only those are looked at that
/// [`each_near_derivation`] visits.
pub fn nearest(
    program: &CheckedProgram,
    world: (&Columns, &Past),
    reservations: &Reservations,
    rule_index: usize,
    (fixed, is_wanted): (&Binding, &dyn Fn(&Binding) -> bool),
) -> Option<Derivation> {
    let mut best: Option<(Nearness, Derivation)> = None;
    each_near_derivation(
        program,
        world,
        reservations,
        rule_index,
        (fixed, is_wanted),
        &mut |derivation| {
            let nearness = Nearness::of(&derivation);
            let is_nearer = match &best {
                Some((known, _)) => nearness.is_nearer(known),
                None => true,
            };
            if is_nearer {
                best = Some((nearness, derivation));
            }
        },
    );
    best.map(|(_, derivation)| derivation)
}

/// Calls `visit` with the derivation of every binding of a rule that has the `fixed` values, whether it
/// fires or not. Of more than [`BINDINGS_EXPLAINED_MAX`](super::BINDINGS_EXPLAINED_MAX) only the first are
/// visited; whether that were all of them.
pub fn each_derivation(
    program: &CheckedProgram,
    world: (&Columns, &Past),
    reservations: &Reservations,
    rule_index: usize,
    fixed: &Binding,
    visit: &mut dyn FnMut(Derivation),
) -> bool {
    let Some(rule) = program.rule(rule_index) else {
        return true;
    };
    looking_at(world, &program.schema, |facts| {
        let search = Search {
            program,
            rule,
            facts,
            reservations,
        };
        search.visit((fixed, &|_| true), &BTreeSet::new(), visit)
    })
}

/// How a condition stands where some of its variables are given actors and servers; for the others there
/// must be some value that makes it true. `None` if a given one is not alive.
pub fn judge(
    schema: &Schema,
    scope: &Rule,
    condition: &Condition,
    bound: &[(VariableId, Entity)],
    world: (&Columns, &Past),
) -> Option<Derivation> {
    let rule = Rule {
        condition: condition.clone(),
        ..scope.clone()
    };
    looking_at(world, schema, |facts| {
        judge_rule(schema, &rule, facts, bound)
    })
}

fn judge_rule(
    schema: &Schema,
    rule: &Rule,
    facts: &dyn Facts<'_>,
    bound: &[(VariableId, Entity)],
) -> Option<Derivation> {
    let interpreter = Interpreter::new(facts, rule);
    let mut assignment = Assignment::empty(rule.variables.len());
    for (variable, entity) in bound {
        let value = interpreter.value_of(*variable, entity)?;
        assignment.bind(*variable, value);
    }
    let is_open = |variable: &VariableId| bound.iter().all(|(known, _)| known != variable);
    let open: Vec<VariableId> = binding_variables(rule).filter(is_open).collect();
    let none = Reservations::default();
    let mut best: Option<Derivation> = None;
    interpreter.each_assignment(&open, &mut assignment, &mut |assignment| {
        if best.as_ref().is_some_and(|best| best.holds.is_true()) {
            return;
        }
        let found = derive(schema, facts, &none, rule, assignment.clone());
        if best.as_ref().is_none_or(|best| found.holds > best.holds) {
            best = Some(found);
        }
    });
    best
}

/// One part of a condition, as derivations show it.
#[derive(Clone, Debug, PartialEq)]
pub struct ConditionPart {
    /// In the language's form.
    pub text: String,
    /// Where it stands in the policy.
    pub span: Span,
    /// Whether it compares something measured with a constant.
    pub has_threshold: bool,
}

/// The parts of a rule's condition, in the order of the text.
pub fn parts_of(program: &CheckedProgram, rule: &Rule) -> Vec<ConditionPart> {
    let writer = Writer {
        schema: &program.schema,
        variables: &rule.variables,
    };
    let mut parts = Vec::new();
    add_parts(&rule.condition, writer, &mut parts);
    parts
}

fn add_parts(condition: &Condition, writer: Writer<'_>, parts: &mut Vec<ConditionPart>) {
    let span = match condition {
        Condition::Constant(_) => return,
        Condition::And(inner) => {
            return inner.iter().for_each(|part| add_parts(part, writer, parts));
        }
        Condition::Or(sides) => {
            return sides
                .iter()
                .for_each(|side| add_parts(&side.condition, writer, parts));
        }
        Condition::Not(inner) => super::reading::first_span(inner),
        Condition::Sustained { span, .. } => *span,
        Condition::Atom(atom) => atom.span,
    };
    let compared = match condition {
        Condition::Sustained { condition, .. } => condition,
        other => other,
    };
    parts.push(ConditionPart {
        text: writer.condition(condition),
        span,
        has_threshold: super::reading::has_threshold(compared),
    });
}

/// How near a binding is to firing: the fewer of the links between its variables are missing, else the fewer of its
/// atoms fail, else the nearer the failing figures are to their thresholds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Nearness {
    /// How many links between its variables do not hold: it is about two that have nothing to do with each
    /// other.
    pub links_broken: usize,
    /// How many of its atoms do not hold.
    pub failing: usize,
    /// How far the failing figures are from their thresholds, each relative to its threshold.
    pub distance: f64,
}

impl Nearness {
    /// Of what a derivation shows.
    pub fn of(derivation: &Derivation) -> Nearness {
        let failing = derivation.atoms.iter().filter(|atom| !atom.holds.is_true());
        let distances = failing.clone().filter_map(|atom| {
            let (value, threshold) = atom.figures?;
            Some((value - threshold).abs() / threshold.abs().max(1.0))
        });
        Nearness {
            links_broken: derivation.links_broken,
            failing: failing.clone().count(),
            distance: distances.sum(),
        }
    }

    /// Whether less is missing than there.
    pub fn is_nearer(&self, other: &Nearness) -> bool {
        let order = |of: &Nearness| (of.links_broken, of.failing, of.distance);
        order(self) < order(other)
    }
}
