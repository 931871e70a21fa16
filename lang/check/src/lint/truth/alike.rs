//! Whether two parts of one rule mean the same value wherever they stand.

use plasma_model::Aggregate;

use crate::program::{
    ActorRef, Atom, AtomKind, Calculation, CalculationKind, EntityRef, Feature, Operand, Operator,
    ServerRef, TextOperand,
};

/// Whether an operand has one value under a binding: an anonymous actor is chosen anew in each atom.
pub(crate) fn is_one(operand: &Operand) -> bool {
    match operand {
        Operand::Number(_) => true,
        Operand::Feature(feature) => is_one_feature(feature),
        Operand::Calculation(calculation) => {
            // What is made of the whole cluster is one value.
            let mut is_single = calculation.sampled().is_none_or(is_one_feature);
            if !matches!(calculation.kind, CalculationKind::OverCluster(_)) {
                calculation.for_each_operand(&mut |operand| is_single &= is_one(operand));
            }
            is_single
        }
    }
}

/// The same of a feature. (In a call feature a bare type stands for all its actors together.)
pub(super) fn is_one_feature(feature: &Feature) -> bool {
    match feature {
        Feature::ServerResource { server, .. } => is_one_server(server),
        Feature::ActorResource { actor, .. } | Feature::Published { actor, .. } => {
            is_one_actor(actor)
        }
        Feature::Gauge { of, .. } => is_one_entity(of),
        Feature::Calls { .. } => true,
    }
}

/// Whether an actor is one under a binding.
pub(super) fn is_one_actor(actor: &ActorRef) -> bool {
    matches!(actor, ActorRef::Variable(_))
}

/// Whether a server is one under a binding.
pub(super) fn is_one_server(server: &ServerRef) -> bool {
    match server {
        ServerRef::HostOf(actor) => is_one_actor(actor),
        ServerRef::Variable(_) => true,
    }
}

/// Whether an entity is one under a binding.
pub(super) fn is_one_entity(entity: &EntityRef) -> bool {
    match entity {
        EntityRef::Actor(actor) => is_one_actor(actor),
        EntityRef::Server(server) => is_one_server(server),
    }
}

/// Whether a text is one under a binding.
pub(super) fn is_one_text(text: &TextOperand) -> bool {
    match text {
        TextOperand::Literal(_) => true,
        TextOperand::Published { actor, .. } => is_one_actor(actor),
        TextOperand::Label { server, .. } => is_one_server(server),
    }
}

/// Decides whether two aggregates over the cluster are the same; called with nothing else.
pub(crate) type SameAggregate<'s> = &'s dyn Fn(&Calculation, &Calculation) -> bool;

/// Whether two aggregates of one rule are the same.
fn same_aggregate(left: &Calculation, right: &Calculation) -> bool {
    match (&left.kind, &right.kind) {
        // Without a variable from outside, its text says all of it.
        (CalculationKind::OverCluster(first), CalculationKind::OverCluster(second)) => {
            let is_same_text = left.text == right.text;
            first.index == second.index || first.is_closed && second.is_closed && is_same_text
        }
        _ => false,
    }
}

/// Whether two operands of one rule are the same expression. What they mean is the same value only if it
/// is [one](is_one).
pub(super) fn same_operand(left: &Operand, right: &Operand) -> bool {
    same_operand_by(left, right, &same_aggregate)
}

/// Whether two operands are the same expression, with aggregates compared so.
pub(crate) fn same_operand_by(
    left: &Operand,
    right: &Operand,
    same_aggregate: SameAggregate<'_>,
) -> bool {
    match (left, right) {
        (Operand::Number(left), Operand::Number(right)) => left == right,
        (Operand::Feature(left), Operand::Feature(right)) => left == right,
        (Operand::Calculation(left), Operand::Calculation(right)) => {
            same_calculation(left, right, same_aggregate)
        }
        _ => false,
    }
}

fn are_the_same_in_some_order(
    left: &[Operand],
    right: &[Operand],
    same_operand: &dyn Fn(&Operand, &Operand) -> bool,
) -> bool {
    let mut rest: Vec<&Operand> = right.iter().collect();
    left.iter().all(|operand| {
        let place = rest.iter().position(|other| same_operand(operand, other));
        place.map(|place| rest.swap_remove(place)).is_some()
    })
}

fn same_calculation(
    left: &Calculation,
    right: &Calculation,
    same_aggregate: SameAggregate<'_>,
) -> bool {
    let same_operand =
        |left: &Operand, right: &Operand| same_operand_by(left, right, same_aggregate);
    match (&left.kind, &right.kind) {
        (CalculationKind::OverCluster(_), CalculationKind::OverCluster(_)) => {
            same_aggregate(left, right)
        }
        (CalculationKind::Negative(left), CalculationKind::Negative(right))
        | (CalculationKind::Absolute(left), CalculationKind::Absolute(right)) => {
            same_operand(left, right)
        }
        (
            CalculationKind::Arithmetic {
                left: a,
                operator: first,
                right: b,
                scale: first_scale,
            },
            CalculationKind::Arithmetic {
                left: c,
                operator: second,
                right: d,
                scale: second_scale,
            },
        ) => {
            let commutes = matches!(first, Operator::Add | Operator::Multiply);
            first == second
                && first_scale == second_scale
                && (same_operand(a, c) && same_operand(b, d)
                    || commutes && same_operand(a, d) && same_operand(b, c))
        }
        (CalculationKind::OfNumbers(first, left), CalculationKind::OfNumbers(second, right)) => {
            let mut pairs = left.iter().zip(right);
            let is_same = first == second && left.len() == right.len();
            let commutes = matches!(first, Aggregate::Max | Aggregate::Min);
            is_same
                && (pairs.all(|(left, right)| same_operand(left, right))
                    || commutes && are_the_same_in_some_order(left, right, &same_operand))
        }
        (CalculationKind::OverWindow(left), CalculationKind::OverWindow(right)) => {
            left.function == right.function
                && left.feature == right.feature
                && left.window_seconds == right.window_seconds
        }
        (CalculationKind::Forecast(left), CalculationKind::Forecast(right)) => {
            left.feature == right.feature && left.ahead_seconds == right.ahead_seconds
        }
        _ => false,
    }
}

/// Whether two atoms of one rule are the same question, with the same answer wherever they stand.
pub(crate) fn same_atom(left: &Atom, right: &Atom) -> bool {
    same_atom_by(left, right, &same_aggregate)
}

/// Whether two atoms are the same question, with aggregates compared so.
pub(crate) fn same_atom_by(left: &Atom, right: &Atom, same_aggregate: SameAggregate<'_>) -> bool {
    let same_operand =
        |left: &Operand, right: &Operand| same_operand_by(left, right, same_aggregate);
    match (&left.kind, &right.kind) {
        (
            AtomKind::Compare {
                left: a,
                comparison: first,
                right: b,
            },
            AtomKind::Compare {
                left: c,
                comparison: second,
                right: d,
            },
        ) => {
            first == second && same_operand(a, c) && same_operand(b, d)
                || *first == second.mirrored() && same_operand(a, d) && same_operand(b, c)
        }
        (
            AtomKind::Same {
                left: a,
                right: b,
                equal: first,
            },
            AtomKind::Same {
                left: c,
                right: d,
                equal: second,
            },
        ) => first == second && (a == c && b == d || a == d && b == c),
        (
            AtomKind::InRef {
                member: a,
                owner: b,
                property: first,
            },
            AtomKind::InRef {
                member: c,
                owner: d,
                property: second,
            },
        ) => first == second && a == c && b == d,
        (
            AtomKind::On {
                actor: a,
                server: b,
            },
            AtomKind::On {
                actor: c,
                server: d,
            },
        ) => a == c && b == d,
        (
            AtomKind::Published {
                actor: a,
                property: first,
            },
            AtomKind::Published {
                actor: b,
                property: second,
            },
        ) => first == second && a == b,
        (
            AtomKind::CompareText {
                left: a,
                right: b,
                equal: first,
            },
            AtomKind::CompareText {
                left: c,
                right: d,
                equal: second,
            },
        ) => first == second && (a == c && b == d || a == d && b == c),
        _ => false,
    }
}
