//! Conditions whose atoms have nothing to do with each other, which most are: they neither contradict
//! nor complete each other, and no more needs to be asked.

use super::alike::same_operand;
use crate::program::{AtomKind, CalculationKind, Condition, Feature, Operand, ServerRef};

/// More values than that in one condition are not told apart.
const VALUES_MAX: usize = 24;

/// Whether each value, relation and question of the condition stands in one atom only, so that none tells
/// anything about another.
pub(super) fn are_apart(condition: &Condition) -> bool {
    let mut seen = Seen::default();
    condition.for_each_atom(&mut |atom, _| match &atom.kind {
        AtomKind::Compare { left, right, .. } => {
            seen.operand(left);
            seen.operand(right);
        }
        AtomKind::On { server, .. } => {
            seen.relations += 1;
            // Of its own host something is known.
            seen.is_linked |= matches!(server, ServerRef::HostOf(_));
        }
        AtomKind::Same { .. } => seen.is_linked = true,
        AtomKind::InRef { .. } => seen.references += 1,
        AtomKind::Published { .. } | AtomKind::CompareText { .. } => seen.answers += 1,
    });
    !seen.is_linked && seen.relations <= 1 && seen.references <= 1 && seen.answers <= 1
}

/// What the atoms so far are about.
#[derive(Default)]
struct Seen<'c> {
    features: [Option<&'c Feature>; VALUES_MAX],
    calculations: [Option<&'c Operand>; VALUES_MAX],
    /// Who lives where.
    relations: usize,
    references: usize,
    answers: usize,
    /// Whether two of them are about one thing.
    is_linked: bool,
}

impl<'c> Seen<'c> {
    fn operand(&mut self, operand: &'c Operand) {
        match operand {
            Operand::Number(_) => {}
            Operand::Feature(feature) => self.feature(feature),
            Operand::Calculation(_) => {
                let is_same = |seen: &Operand| same_operand(seen, operand);
                self.is_linked |= !note(&mut self.calculations, operand, is_same);
                self.parts(operand);
            }
        }
    }

    /// The values that a calculation is made of.
    fn parts(&mut self, operand: &'c Operand) {
        let Operand::Calculation(calculation) = operand else {
            return self.operand(operand);
        };
        if let Some(feature) = calculation.sampled() {
            self.feature(feature);
        }
        // What is counted or kept is about variables of its own.
        let parts = match &calculation.kind {
            CalculationKind::Negative(inner) | CalculationKind::Absolute(inner) => {
                [Some(inner), None]
            }
            CalculationKind::Arithmetic { left, right, .. } => [Some(left), Some(right)],
            CalculationKind::OverCluster(aggregation) => [aggregation.value.as_ref(), None],
            CalculationKind::OfNumbers(..) => {
                self.is_linked = true;
                [None, None]
            }
            CalculationKind::OverWindow(_) | CalculationKind::Forecast(_) => [None, None],
        };
        for part in parts.into_iter().flatten() {
            self.parts(part);
        }
    }

    fn feature(&mut self, feature: &'c Feature) {
        self.is_linked |= !note(&mut self.features, feature, |seen| seen == feature);
    }
}

/// Adds one to those seen; `false` if it was there, or if there is no room.
fn note<'c, T>(
    seen: &mut [Option<&'c T>; VALUES_MAX],
    new: &'c T,
    is_same: impl Fn(&T) -> bool,
) -> bool {
    for place in seen {
        match place {
            Some(known) if is_same(known) => return false,
            Some(_) => {}
            None => {
                *place = Some(new);
                return true;
            }
        }
    }
    false
}
