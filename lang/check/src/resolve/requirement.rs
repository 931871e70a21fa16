//! Requirements: one behavior that must hold wherever the `where` does.

use std::sync::Arc;

use plasma_diagnostic::Span;
use plasma_model::{RELEASE_PERIODS_DEFAULT, REQUIREMENT_PRIORITY};
use plasma_syntax::tree;

use super::{Checker, RuleChecker};
use crate::error::{type_mismatch, wrong_argument};
use crate::program::{BehaviorKind, Condition, Feature, Operand, Rule};

/// Checks all requirements of the module being checked; those with a mistake are left out. They get numbers from
/// `number` on.
pub(super) fn check_requirements(checker: &mut Checker<'_>, number: &mut usize) -> Vec<Rule> {
    let tree = checker.tree;
    let mut requirements = Vec::new();
    for (place, requirement) in tree.requirements().enumerate() {
        let rule_checker = RuleChecker::new(checker, *number);
        *number += 1;
        requirements.extend(rule_checker.check_requirement(requirement, place + 1));
    }
    requirements
}

impl RuleChecker<'_, '_> {
    fn check_requirement(mut self, requirement: &tree::Rule, number: usize) -> Option<Rule> {
        (self.is_cut, self.is_broken) = (requirement.is_cut, requirement.is_cut);
        let (condition, behaviors) = self.parts(requirement)?;
        for behavior in &behaviors {
            if let Some(name) = not_required(&behavior.kind) {
                self.fail(wrong_argument::not_required(behavior.span, name));
            }
        }
        if let Some(span) = measured(&condition) {
            let report = type_mismatch::measured_in_requirement(span, self.checker.text_at(span));
            self.fail_in(requirement.span, report);
        }
        if let Some(span) = over_time(&condition) {
            let report = type_mismatch::window_in_requirement(span, self.checker.text_at(span));
            self.fail_in(requirement.span, report);
        }
        if self.is_broken {
            return None;
        }
        Some(Rule {
            index: self.index,
            name: Arc::from(format!("{}require#{number}", self.checker.prefix())),
            priority: REQUIREMENT_PRIORITY,
            cooldown_seconds: None,
            release_periods: RELEASE_PERIODS_DEFAULT,
            span: requirement.span,
            docs: self.checker.tree.docs(requirement.docs),
            variables: self.resolved,
            condition,
            behaviors,
        })
    }
}

/// The name of a behavior that cannot be required.
fn not_required(kind: &BehaviorKind) -> Option<&'static str> {
    match kind {
        BehaviorKind::Separate(..)
        | BehaviorKind::Colocate(..)
        | BehaviorKind::Reserve { .. }
        | BehaviorKind::Pin(_) => None,
        BehaviorKind::Balance { .. }
        | BehaviorKind::Spread { .. }
        | BehaviorKind::Passivate(_)
        | BehaviorKind::Checkpoint(_)
        | BehaviorKind::Drain(_)
        | BehaviorKind::ScaleOut(_)
        | BehaviorKind::ScaleIn(_)
        | BehaviorKind::Alert(_)
        | BehaviorKind::Migrate { .. } => Some(kind.name()),
    }
}

/// The first atom of a condition that measures something.
fn measured(condition: &Condition) -> Option<Span> {
    let mut place = None;
    condition.for_each_atom(&mut |atom, _| {
        if atom.operands().any(is_measured) {
            place.get_or_insert(atom.span);
        }
    });
    place
}

/// The first part of a condition that looks back.
fn over_time(condition: &Condition) -> Option<Span> {
    match condition {
        Condition::Constant(_) => None,
        Condition::And(parts) => parts.iter().find_map(over_time),
        Condition::Or(sides) => sides.iter().find_map(|side| over_time(&side.condition)),
        Condition::Not(inner) => over_time(inner),
        Condition::Sustained { span, .. } => Some(*span),
        Condition::Atom(atom) => atom.operands().any(has_window).then_some(atom.span),
    }
}

fn has_window(operand: &Operand) -> bool {
    let Operand::Calculation(calculation) = operand else {
        return false;
    };
    let mut has_window = calculation.sampled().is_some();
    calculation.for_each_operand(&mut |operand| has_window |= self::has_window(operand));
    has_window
}

/// Whether anything but what actors publish is in it.
fn is_measured(operand: &Operand) -> bool {
    let mut measured = false;
    operand.for_each_feature(&mut |feature| {
        measured |= !matches!(feature, Feature::Published { .. });
    });
    measured
}
