//! Where to look for what comes nearest to firing: first where all but one condition hold, then where the
//! links between the variables hold, then anywhere.
//!
//! In a large cluster most bindings of a rule with two variables have nothing to do with each other. The
//! evaluator on columns finds those that have, since a rule with a part of its condition left out is a
//! rule, too.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use plasma_check::program::{
    AtomKind, CheckedProgram, Comparison, Condition, Feature, Operand, OrSide, Range, Rule,
    VariableId,
};
use plasma_columns::Columns;
use plasma_model::{ActorId, Binding, Entity, Reservations, ServerId, Statistic};

use super::links::atom_of_link;
use super::reading::Derivation;
use super::search::{BINDINGS_EXPLAINED_MAX, Search};
use crate::Past;
use crate::evaluate::{Evaluator, conjuncts, looking_at};
use crate::reference::{Facts, Interpreter, binding_variables};

/// Calls `visit` with the derivations of the bindings of a rule that have the `fixed` values and are wanted, those
/// first that may come nearest to firing; each once. Of more than [`BINDINGS_EXPLAINED_MAX`] the others
/// are left out; whether that were all of them.
pub fn each_near_derivation(
    program: &CheckedProgram,
    world: (&Columns, &Past),
    reservations: &Reservations,
    rule_index: usize,
    (fixed, is_wanted): (&Binding, &dyn Fn(&Binding) -> bool),
    visit: &mut dyn FnMut(Derivation),
) -> bool {
    let Some(rule) = program.rule(rule_index) else {
        return true;
    };
    let is_meant =
        |binding: &Binding| fixed.iter().all(|pair| binding.contains(pair)) && is_wanted(binding);
    let relaxed = looking_at(world, &program.schema, |facts| {
        match is_small(rule, facts, fixed) {
            true => Vec::new(),
            false => relaxations(&rule.condition),
        }
    });
    // Each search is made once, on all columns.
    let likely: Vec<Binding> = relaxed
        .iter()
        .flat_map(|condition| matching(program, rule, condition, world))
        .filter(is_meant)
        .collect();
    looking_at(world, &program.schema, |facts| {
        let search = Search {
            program,
            rule,
            facts,
            reservations,
        };
        let mut likely = likely;
        if let (Some(links), false) = (relaxed.last(), fixed.is_empty()) {
            // There may have been too many for the whole cluster.
            likely.extend(search.linked(links, fixed, is_wanted));
        }
        let mut known: BTreeSet<Binding> = BTreeSet::new();
        for binding in likely {
            if known.len() >= BINDINGS_EXPLAINED_MAX {
                return false;
            }
            let assignment = Interpreter::new(facts, rule).assignment_of(&binding);
            if let Some(assignment) = assignment
                && known.insert(binding)
            {
                visit(search.derivation(assignment));
            }
        }
        search.visit((fixed, is_wanted), &known, visit)
    })
}

/// Whether there are so few bindings that each may be looked at.
fn is_small(rule: &Rule, facts: &dyn Facts<'_>, fixed: &Binding) -> bool {
    let interpreter = Interpreter::new(facts, rule);
    let mut open = binding_variables(rule).filter(|id| {
        let variable = rule.variables.get(id.0 as usize);
        variable.is_some_and(|variable| fixed.iter().all(|(name, _)| *name != variable.name))
    });
    let bindings = open.try_fold(1usize, |bindings, variable| {
        let bindings = bindings.saturating_mul(interpreter.values(variable).len());
        match bindings <= BINDINGS_EXPLAINED_MAX {
            true => ControlFlow::Continue(bindings),
            false => ControlFlow::Break(()),
        }
    });
    bindings.is_continue()
}

/// The conditions that hold for what comes nearest to firing: those in which one part is left out,
/// then that of the links alone, if there are any. Of an `or`, those of each of its sides.
fn relaxations(condition: &Condition) -> Vec<Condition> {
    if let Condition::Or(sides) = condition {
        let of_side = |side: &OrSide| {
            let locals = side.locals.clone();
            let relaxed = relaxations(&side.condition).into_iter();
            let side = relaxed.map(move |condition| OrSide {
                locals: locals.clone(),
                condition,
            });
            side.map(|side| Condition::Or(vec![side]))
                .collect::<Vec<_>>()
        };
        return sides.iter().flat_map(of_side).collect();
    }
    let parts = conjuncts(condition);
    let links: Vec<Condition> = parts.iter().filter_map(|part| link(part)).collect();
    let mut relaxed = Vec::new();
    for (place, part) in parts.iter().enumerate() {
        let is_all_link = atom_of_link(part).is_some_and(|atom| !is_of_calls(&atom.kind));
        if is_all_link {
            continue;
        }
        let others = parts.iter().enumerate();
        let others = others.filter(|(other, _)| *other != place);
        let kept = others.map(|(_, part)| (*part).clone()).chain(link(part));
        relaxed.push(Condition::And(kept.collect()));
    }
    if !links.is_empty() {
        relaxed.push(Condition::And(links));
    }
    relaxed
}

fn is_of_calls(kind: &AtomKind) -> bool {
    matches!(kind, AtomKind::Compare { .. })
}

/// What of a part of a condition links variables: the whole of it, or that there are calls at all.
fn link(part: &Condition) -> Option<Condition> {
    let mut atom = atom_of_link(part)?.clone();
    if let AtomKind::Compare {
        left: Operand::Feature(Feature::Calls { statistic, .. }),
        comparison,
        right,
    } = &mut atom.kind
    {
        *statistic = Statistic::Count;
        *comparison = Comparison::Greater;
        *right = Operand::Number(0.0);
    }
    Some(Condition::Atom(atom))
}

/// The bindings for which another condition of the same rule holds; none if there are too many.
fn matching(
    program: &CheckedProgram,
    rule: &Rule,
    condition: &Condition,
    (columns, past): (&Columns, &Past),
) -> Vec<Binding> {
    let relaxed = CheckedProgram {
        rules: vec![Rule {
            condition: condition.clone(),
            behaviors: Vec::new(),
            ..rule.clone()
        }],
        schema: program.schema.clone(),
        ..CheckedProgram::default()
    };
    let mut evaluator = Evaluator::with_past(past.clone());
    evaluator.evaluate(&relaxed, columns, &Reservations::default());
    let variables: Vec<VariableId> = binding_variables(rule).collect();
    let bind = |row: &[u32]| {
        let pair = |(variable, no): (&VariableId, &u32)| {
            let variable = rule.variables.get(variable.0 as usize)?;
            let entity = match variable.range {
                Range::Servers => Entity::Server(ServerId::from(columns.server_names().name(*no))),
                Range::Actors(_) | Range::Callers { .. } => {
                    Entity::Actor(ActorId::from(columns.actor_names().name(*no)))
                }
            };
            Some((variable.name.clone(), entity))
        };
        variables.iter().zip(row).filter_map(pair).collect()
    };
    evaluator.matches(0).map(bind).collect()
}
