//! What links the variables of a rule: conditions that hold for few of all pairs, since they say that the
//! one has to do with the other.

use std::collections::BTreeSet;

use plasma_check::program::{
    Atom, AtomKind, Comparison, Condition, Feature, Operand, Rule, VariableId,
};

use super::reading::AtomReading;
use crate::evaluate::conjuncts;

/// The atom of a part that links two variables: a reference, a host, the same name, many calls.
pub(super) fn atom_of_link(part: &Condition) -> Option<&Atom> {
    let Condition::Atom(atom) = part else {
        return None;
    };
    let may_link = match &atom.kind {
        AtomKind::InRef { .. } | AtomKind::On { .. } => true,
        AtomKind::Same { equal, .. } | AtomKind::CompareText { equal, .. } => *equal,
        AtomKind::Compare {
            left: Operand::Feature(Feature::Calls { .. }),
            comparison: Comparison::Greater | Comparison::GreaterOrEqual,
            right: Operand::Number(_),
        } => true,
        AtomKind::Compare { .. } | AtomKind::Published { .. } => false,
    };
    let mut variables: BTreeSet<VariableId> = BTreeSet::new();
    atom.for_each_variable(&mut |variable| {
        variables.insert(variable);
    });
    (may_link && variables.len() > 1).then_some(atom)
}

/// How many of a rule's links do not hold, by what its atoms read. Of calls that are too few there are some.
pub(super) fn count_broken(rule: &Rule, readings: &[AtomReading]) -> usize {
    let links = conjuncts(&rule.condition)
        .into_iter()
        .filter_map(atom_of_link);
    let is_broken = |atom: &&Atom| {
        let mut readings = readings.iter();
        let reading = readings.find(|reading| reading.span == atom.span);
        reading.is_some_and(|reading| {
            let are_calls = matches!(atom.kind, AtomKind::Compare { .. });
            let are_some = reading.figures.is_some_and(|(value, _)| value > 0.0);
            !(reading.holds.is_true() || are_calls && are_some)
        })
    };
    links.filter(is_broken).count()
}
