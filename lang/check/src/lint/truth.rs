//! Conditions that always or never hold, whatever is measured: single atoms by the ranges of what
//! they compare, and whole conditions by what their atoms say together. What needs more than that is
//! left undecided.

mod alike;
mod apart;
mod implied;
mod interval;
mod literals;
mod range;

use std::borrow::Cow;

use plasma_diagnostic::Diagnostic;
use plasma_model::Statistic;

use self::alike::same_operand;
pub(crate) use self::alike::{is_one, same_atom_by, same_operand_by};
pub(crate) use self::literals::{Conjunction, Literal, Wanted, is_impossible};
use super::Source;
use super::{always_true, never_true};
use crate::program::{
    ActorRef, Atom, AtomKind, Comparison, Condition, EntityRef, Operand, Range, Rule, ServerRef,
    TextOperand, TypeSet,
};
use crate::resolve::Facts;

pub(crate) use implied::{By, is_implied};
pub(crate) use interval::Interval;
pub(crate) use range::{measured, range};

/// What is plain about a condition, and why.
struct Verdict {
    holds: bool,
    reason: Cow<'static, str>,
}

/// Reports conditions that plainly always or never hold.
pub(super) fn check(
    rule: &Rule,
    facts: &Facts<'_, '_>,
    source: &Source<'_>,
    found: &mut Vec<Diagnostic>,
) {
    // A parameter that is false switches the rule off on purpose.
    if matches!(rule.condition, Condition::Constant(false))
        && source(facts.condition).contains("false")
    {
        let reason = "the rule never fires";
        found.push(never_true::never_true(facts.condition, "false", reason));
    }
    for variable in &rule.variables {
        if matches!(&variable.range, Range::Actors(TypeSet::Of(types)) if types.is_empty()) {
            found.push(never_true::no_type(variable.span, &variable.name));
        }
    }
    let mut is_plain = true;
    rule.condition.for_each_atom(&mut |atom, _| {
        let Some(Verdict { holds, reason }) = verdict(rule, atom) else {
            return;
        };
        is_plain = false;
        let text = source(atom.span);
        found.push(match holds {
            true => always_true::always_true(atom.span, text, &reason),
            false => never_true::never_true(atom.span, text, &reason),
        });
    });
    let condition = &rule.condition;
    // What says one thing cannot contradict itself.
    if matches!(condition, Condition::Constant(_) | Condition::Atom(_)) {
        return;
    }
    if is_plain && apart::are_apart(condition) {
        debug_assert!(!is_telling(condition, facts, source), "{condition:?}");
        return;
    }
    whole(condition, is_plain, facts, source, found);
}

/// Reports what the atoms of a condition say together.
fn whole(
    condition: &Condition,
    is_plain: bool,
    facts: &Facts<'_, '_>,
    source: &Source<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let wanted = |holds| Wanted { condition, holds };
    contradictions(wanted(true), &[], source, found);
    if is_plain && literals::is_impossible(wanted(false), &[]) {
        found.push(always_true::whole(facts.condition));
    }
}

/// Whether there is anything to report of a plain condition as a whole.
fn is_telling(condition: &Condition, facts: &Facts<'_, '_>, source: &Source<'_>) -> bool {
    let mut found = Vec::new();
    whole(condition, true, facts, source, &mut found);
    !found.is_empty()
}

fn verdict(rule: &Rule, atom: &Atom) -> Option<Verdict> {
    match &atom.kind {
        AtomKind::Compare {
            left,
            comparison,
            right,
        } => compared(left, *comparison, right),
        AtomKind::Same { left, right, equal } => {
            let (are_same, reason) = sameness(rule, left, right)?;
            Some(Verdict {
                holds: are_same == *equal,
                reason: reason.into(),
            })
        }
        AtomKind::CompareText {
            left: TextOperand::Literal(left),
            right: TextOperand::Literal(right),
            equal,
        } => Some(Verdict {
            holds: (left == right) == *equal,
            reason: "it compares constants".into(),
        }),
        AtomKind::InRef { .. }
        | AtomKind::On { .. }
        | AtomKind::Published { .. }
        | AtomKind::CompareText { .. } => None,
    }
}

/// A comparison that the ranges of its sides decide, or that is of a value with itself.
fn compared(left: &Operand, comparison: Comparison, right: &Operand) -> Option<Verdict> {
    let is_number = matches!(left, Operand::Number(_)) || matches!(right, Operand::Number(_));
    if !is_number && is_one(left) && same_operand(left, right) {
        return Some(Verdict {
            holds: comparison.holds(0.0, 0.0),
            reason: "both sides are the same".into(),
        });
    }
    let (left_range, right_range) = (range(left, &measured), range(right, &measured));
    let holds = left_range.compare(comparison, right_range)?;
    let reason = match (left, right) {
        (Operand::Number(_), Operand::Number(_)) => "it compares constants".into(),
        (Operand::Number(_), measured) => plain_range(measured, right_range),
        (measured, Operand::Number(_)) => plain_range(measured, left_range),
        _ => format!(
            "the left side {}, the right side {}",
            between(left_range, unit(left)),
            between(right_range, unit(right))
        )
        .into(),
    };
    Some(Verdict { holds, reason })
}

/// Within what a measured or calculated value lies, as a reason.
fn plain_range(operand: &Operand, range: Interval) -> Cow<'static, str> {
    match operand {
        Operand::Feature(feature) => {
            let is_share = feature
                .row()
                .is_some_and(|row| row.statistic == Statistic::Perc);
            match is_share {
                true => "a share is between 0 and 100".into(),
                false => "nothing measured is below 0".into(),
            }
        }
        _ => format!("the calculated value {}", between(range, unit(operand))).into(),
    }
}

fn unit(operand: &Operand) -> &'static str {
    operand.unit().unwrap_or_default()
}

/// `is between 10 and 110 %`.
fn between(range: Interval, unit: &str) -> String {
    let space = if unit.is_empty() { "" } else { " " };
    let Interval { least, most, .. } = range;
    match (least.is_finite(), most.is_finite()) {
        (true, true) if least == most => format!("is {least}{space}{unit}"),
        (true, true) => format!("is between {least} and {most}{space}{unit}"),
        (true, false) => format!("is at least {least}{space}{unit}"),
        (false, true) => format!("is at most {most}{space}{unit}"),
        (false, false) => "may be anything".to_owned(),
    }
}

/// Whether two entities are plainly the same one, or plainly different ones.
fn sameness(rule: &Rule, left: &EntityRef, right: &EntityRef) -> Option<(bool, &'static str)> {
    match (left, right) {
        (EntityRef::Actor(ActorRef::Variable(a)), EntityRef::Actor(ActorRef::Variable(b)))
            if a == b =>
        {
            Some((true, "both sides are the same actor"))
        }
        (EntityRef::Server(a), EntityRef::Server(b)) if a == b => {
            let is_one = !matches!(a, ServerRef::HostOf(ActorRef::Anonymous(_)));
            is_one.then_some((true, "both sides are the same server"))
        }
        (EntityRef::Actor(a), EntityRef::Actor(b)) => {
            let (TypeSet::Of(a), TypeSet::Of(b)) = (types(rule, a)?, types(rule, b)?) else {
                return None;
            };
            a.is_disjoint(b)
                .then_some((false, "actors of different types are never the same"))
        }
        _ => None,
    }
}

fn types<'r>(rule: &'r Rule, actor: &'r ActorRef) -> Option<&'r TypeSet> {
    match actor {
        ActorRef::Anonymous(types) => Some(types),
        ActorRef::Variable(id) => match &rule.variables.get(id.0 as usize)?.range {
            Range::Actors(types) | Range::Callers { types, .. } => Some(types),
            Range::Servers => None,
        },
    }
}

/// Reports the parts of a condition that cannot hold beside what must hold with them.
fn contradictions<'c>(
    wanted: Wanted<'c>,
    beside: &[Literal<'c>],
    source: &Source<'_>,
    found: &mut Vec<Diagnostic>,
) {
    let conjunction = Conjunction::of(wanted);
    let literals = conjunction.beside(beside);
    if let Some(core) = literals::core(&literals) {
        // One that never holds by itself is reported by itself.
        if let [causes @ .., last] = &*core
            && !causes.is_empty()
        {
            let part = |literal: &Literal<'_>| (literal.atom.span, literal.text(source));
            let causes: Vec<_> = causes.iter().map(part).collect();
            found.push(never_true::contradiction(&causes, part(last)));
        }
        return;
    }
    for choice in &conjunction.choices {
        for side in choice {
            contradictions(*side, &literals, source, found);
        }
    }
}

impl Literal<'_> {
    /// As it is written: `f not on s` has its `not` within.
    fn text(&self, source: &Source<'_>) -> String {
        let text = source(self.atom.span);
        let is_relation = matches!(self.atom.kind, AtomKind::On { .. } | AtomKind::InRef { .. });
        let has_not = is_relation && text.split_whitespace().any(|word| word == "not");
        match self.holds != has_not {
            true => text.to_owned(),
            false => format!("not {text}"),
        }
    }
}
