//! Whether one condition holds wherever another one does.
//!
//! More than that the second cannot be false: it must be true, so nothing in it may be unknown. An
//! atom counts only if the first condition asks the same, or measures all that the atom compares.

use super::alike::{is_one_feature, same_atom};
use super::literals::{Conjunction, Literal, Wanted, are_contrary};
use crate::program::{Atom, AtomKind, Condition, Feature, Operand};

/// So many sides of `or`s are looked at.
const SIDES_MAX: usize = 64;

/// How an atom may follow from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// By what numbers can be at once.
    Reasoning,
    /// Only by being among them.
    Identity,
}

/// Whether `then` is true whenever `given` is. `false` where that is not plain.
pub(crate) fn is_implied(given: &Condition, then: &Condition, by: By) -> bool {
    let wanted = Wanted {
        condition: given,
        holds: true,
    };
    let mut search = Search {
        by,
        sides_left: SIDES_MAX,
    };
    search.follows(&[], &[wanted], then)
}

struct Search {
    by: By,
    sides_left: usize,
}

impl Search {
    /// Whether `then` is true where these literals and wanted conditions are.
    fn follows<'c>(
        &mut self,
        beside: &[Literal<'c>],
        given: &[Wanted<'c>],
        then: &Condition,
    ) -> bool {
        let mut literals = beside.to_vec();
        let mut choices = Vec::new();
        for wanted in given {
            let conjunction = Conjunction::of(*wanted);
            literals.extend(conjunction.literals);
            choices.extend(conjunction.choices);
        }
        if self.is_true(&literals, then, true) {
            return true;
        }
        // One choice at a time: then each of its sides must be enough.
        choices.iter().any(|choice| {
            choice.iter().all(|side| {
                let is_within = self.sides_left > 0;
                self.sides_left = self.sides_left.saturating_sub(1);
                is_within && self.follows(&literals, &[*side], then)
            })
        })
    }

    /// Whether `then` is true, or false if so wanted, where these literals are as they say.
    fn is_true(&self, literals: &[Literal<'_>], then: &Condition, holds: bool) -> bool {
        match (then, holds) {
            (Condition::Constant(value), _) => *value == holds,
            (Condition::Not(inner), _) => self.is_true(literals, inner, !holds),
            (Condition::And(parts), true) => {
                parts.iter().all(|part| self.is_true(literals, part, holds))
            }
            (Condition::And(parts), false) => {
                parts.iter().any(|part| self.is_true(literals, part, holds))
            }
            (Condition::Or(sides), true) => {
                let mut sides = sides.iter();
                sides.any(|side| self.is_true(literals, &side.condition, holds))
            }
            (Condition::Or(sides), false) => {
                let mut sides = sides.iter();
                sides.all(|side| self.is_true(literals, &side.condition, holds))
            }
            // It is about the past as well.
            (Condition::Sustained { .. }, _) => false,
            (Condition::Atom(atom), _) => self.decides(literals, atom, holds),
        }
    }

    /// Whether the literals make an atom true, or false if so wanted.
    fn decides(&self, literals: &[Literal<'_>], atom: &Atom, holds: bool) -> bool {
        let is_same =
            |literal: &&Literal<'_>| literal.holds == holds && same_atom(literal.atom, atom);
        if literals.iter().any(|literal| is_same(&literal)) {
            return true;
        }
        if self.by == By::Identity || !is_measured(literals, atom) {
            return false;
        }
        let contrary = Literal {
            atom,
            holds: !holds,
        };
        are_contrary(contrary, literals)
    }
}

/// Whether all that an atom compares is measured where the literals are as they say.
fn is_measured(literals: &[Literal<'_>], atom: &Atom) -> bool {
    let AtomKind::Compare { left, right, .. } = &atom.kind else {
        return false;
    };
    [left, right].into_iter().all(|operand| match operand {
        Operand::Number(_) => true,
        // Of some actors of a bare type it may be unknown.
        Operand::Feature(feature) => {
            is_one_feature(feature) && literals.iter().any(|known| compares(known.atom, feature))
        }
        // A window may have a gap, and a division nothing to divide by.
        Operand::Calculation(_) => false,
    })
}

/// Whether an atom compares this very feature, and not only something made of it.
fn compares(atom: &Atom, feature: &Feature) -> bool {
    let mut operands = atom.operands();
    operands.any(|operand| matches!(operand, Operand::Feature(known) if known == feature))
}
