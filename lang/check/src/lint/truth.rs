//! Conditions whose truth is plain from the ranges of what they compare: single comparisons, and
//! comparisons of one feature joined by `and`. What needs more than that is left undecided.

use std::cmp::Ordering;

use plasma_diagnostic::{Diagnostic, Span};
use plasma_model::Statistic;
use plasma_syntax::tree::Tree;

use super::{always_true, never_true};
use crate::program::{
    ActorRef, Atom, AtomKind, Comparison, Condition, EntityRef, Feature, Operand, Range, Rule,
    ServerRef, TextOperand, TypeSet,
};
use crate::resolve::Facts;

/// So many comparisons under one `and` are compared with each other; more are left undecided.
const COMPARED_MAX: usize = 16;

/// What is plain about a condition, and why.
struct Verdict {
    holds: bool,
    reason: &'static str,
}

/// Reports conditions that plainly always or never hold.
pub(super) fn check(rule: &Rule, facts: &Facts<'_, '_>, tree: &Tree, found: &mut Vec<Diagnostic>) {
    // A parameter that is false switches the rule off on purpose.
    let is_literal = tree.text(facts.condition).contains("false");
    if let (Condition::Constant(false), true) = (&rule.condition, is_literal) {
        let reason = "the rule never fires";
        found.push(never_true::never_true(facts.condition, "false", reason));
    }
    for variable in &rule.variables {
        if matches!(&variable.range, Range::Actors(TypeSet::Of(types)) if types.is_empty()) {
            found.push(never_true::no_type(variable.span, &variable.name));
        }
    }
    rule.condition.for_each_atom(&mut |atom, _| {
        let text = tree.text(atom.span);
        match verdict(rule, atom) {
            Some(Verdict {
                holds: true,
                reason,
            }) => {
                found.push(always_true::always_true(atom.span, text, reason));
            }
            Some(Verdict {
                holds: false,
                reason,
            }) => {
                found.push(never_true::never_true(atom.span, text, reason));
            }
            None => {}
        }
    });
    contradictions(&rule.condition, tree, found);
}

fn verdict(rule: &Rule, atom: &Atom) -> Option<Verdict> {
    match &atom.kind {
        AtomKind::Compare {
            left,
            comparison,
            right,
        } => match (left, right) {
            (Operand::Number(left), Operand::Number(right)) => Some(Verdict {
                holds: comparison.holds(*left, *right),
                reason: "it compares constants",
            }),
            (Operand::Feature(feature), Operand::Number(value)) => {
                by_range(feature, *comparison, *value)
            }
            (Operand::Number(value), Operand::Feature(feature)) => {
                by_range(feature, comparison.mirrored(), *value)
            }
            (Operand::Feature(left), Operand::Feature(right)) => {
                let is_same = left == right && is_one(left);
                is_same.then(|| Verdict {
                    holds: comparison.holds(0.0, 0.0),
                    reason: "both sides are the same",
                })
            }
            (Operand::Calculation(_), _) | (_, Operand::Calculation(_)) => None,
        },
        AtomKind::Same { left, right, equal } => {
            let (are_same, reason) = sameness(rule, left, right)?;
            Some(Verdict {
                holds: are_same == *equal,
                reason,
            })
        }
        AtomKind::CompareText {
            left: TextOperand::Literal(left),
            right: TextOperand::Literal(right),
            equal,
        } => Some(Verdict {
            holds: (left == right) == *equal,
            reason: "it compares constants",
        }),
        AtomKind::InRef { .. }
        | AtomKind::On { .. }
        | AtomKind::Published { .. }
        | AtomKind::CompareText { .. } => None,
    }
}

/// Whether a feature means the same value wherever it stands: an anonymous actor is chosen anew in
/// each atom. (In a call feature a bare type stands for all its actors together.)
fn is_one(feature: &Feature) -> bool {
    let is_variable = |actor: &ActorRef| matches!(actor, ActorRef::Variable(_));
    let is_one_server = |server: &ServerRef| match server {
        ServerRef::HostOf(actor) => is_variable(actor),
        ServerRef::Variable(_) => true,
    };
    match feature {
        Feature::ServerResource { server, .. } => is_one_server(server),
        Feature::ActorResource { actor, .. } | Feature::Published { actor, .. } => {
            is_variable(actor)
        }
        Feature::Gauge { of, .. } => match of {
            EntityRef::Actor(actor) => is_variable(actor),
            EntityRef::Server(server) => is_one_server(server),
        },
        Feature::Calls { .. } => true,
    }
}

/// A comparison with a constant at the edge of what the feature can be.
fn by_range(feature: &Feature, comparison: Comparison, value: f64) -> Option<Verdict> {
    // What an actor publishes may be anything.
    feature.row()?;
    let below = value.partial_cmp(&0.0)?;
    let (holds, reason) = match (comparison, below) {
        (Comparison::GreaterOrEqual, Ordering::Equal) => (true, "nothing measured is below 0"),
        (Comparison::Less, Ordering::Equal) => (false, "nothing measured is below 0"),
        _ => match (comparison, value.partial_cmp(&greatest(feature)?)?) {
            (Comparison::Greater, Ordering::Equal) => (false, "a share is at most 100"),
            (Comparison::LessOrEqual, Ordering::Equal) => (true, "a share is at most 100"),
            _ => return None,
        },
    };
    Some(Verdict { holds, reason })
}

/// The greatest value that a feature can have, by the METRICS table.
fn greatest(feature: &Feature) -> Option<f64> {
    let row = feature.row()?;
    row.max.filter(|_| row.statistic == Statistic::Perc)
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

/// Reports comparisons of one feature, joined by `and`, that exclude each other.
fn contradictions(condition: &Condition, tree: &Tree, found: &mut Vec<Diagnostic>) {
    match condition {
        Condition::Constant(_) | Condition::Atom(_) => {}
        Condition::Not(inner)
        | Condition::Sustained {
            condition: inner, ..
        } => contradictions(inner, tree, found),
        Condition::Or(sides) => {
            for side in sides {
                contradictions(&side.condition, tree, found);
            }
        }
        Condition::And(parts) => {
            let bounds: Vec<_> = parts.iter().filter_map(bound).take(COMPARED_MAX).collect();
            for (place, second) in bounds.iter().enumerate() {
                let first = bounds
                    .iter()
                    .take(place)
                    .find(|first| first.excludes(second));
                if let Some(first) = first {
                    let (a, b) = (first.span, second.span);
                    let (a, b) = ((a, tree.text(a)), (b, tree.text(b)));
                    found.push(never_true::contradiction(a, b));
                }
            }
            for part in parts {
                contradictions(part, tree, found);
            }
        }
    }
}

/// A comparison of a feature with a constant.
struct Bound<'c> {
    feature: &'c Feature,
    comparison: Comparison,
    value: f64,
    span: Span,
}

fn bound(condition: &Condition) -> Option<Bound<'_>> {
    let Condition::Atom(atom) = condition else {
        return None;
    };
    let AtomKind::Compare {
        left,
        comparison,
        right,
    } = &atom.kind
    else {
        return None;
    };
    let (feature, comparison, value) = match (left, right) {
        (Operand::Feature(feature), Operand::Number(value)) => (feature, *comparison, *value),
        (Operand::Number(value), Operand::Feature(feature)) => {
            (feature, comparison.mirrored(), *value)
        }
        _ => return None,
    };
    is_one(feature).then_some(Bound {
        feature,
        comparison,
        value,
        span: atom.span,
    })
}

impl Bound<'_> {
    fn excludes(&self, other: &Bound<'_>) -> bool {
        self.feature == other.feature && (self.is_above(other) || other.is_above(self))
    }

    /// Whether all values that this one allows are greater than all that the other one allows.
    fn is_above(&self, other: &Bound<'_>) -> bool {
        let (least, is_least_allowed) = match self.comparison {
            Comparison::Greater => (self.value, false),
            Comparison::GreaterOrEqual | Comparison::Equal => (self.value, true),
            _ => return false,
        };
        let (most, is_most_allowed) = match other.comparison {
            Comparison::Less => (other.value, false),
            Comparison::LessOrEqual | Comparison::Equal => (other.value, true),
            _ => return false,
        };
        least > most || least == most && !(is_least_allowed && is_most_allowed)
    }
}
