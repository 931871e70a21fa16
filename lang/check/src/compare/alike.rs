//! Whether parts of two rules are the same, once they have the same variables and types.

use crate::lint::truth::same_atom;
use crate::program::{
    Aggregation, Atom, AtomKind, BehaviorKind, CalculationKind, Condition, Message, MessagePiece,
    Operand, OrSide, VariableId,
};

/// Whether two conditions are the same, part by part.
pub(super) fn same_condition(left: &Condition, right: &Condition) -> bool {
    match (left, right) {
        (Condition::Constant(left), Condition::Constant(right)) => left == right,
        (Condition::And(left), Condition::And(right)) => {
            let mut pairs = left.iter().zip(right);
            left.len() == right.len() && pairs.all(|(left, right)| same_condition(left, right))
        }
        (Condition::Or(left), Condition::Or(right)) => {
            let mut pairs = left.iter().zip(right);
            left.len() == right.len() && pairs.all(|(left, right)| same_side(left, right))
        }
        (Condition::Not(left), Condition::Not(right)) => same_condition(left, right),
        (
            Condition::Sustained {
                condition: left,
                window_seconds: left_seconds,
                ..
            },
            Condition::Sustained {
                condition: right,
                window_seconds: right_seconds,
                ..
            },
        ) => left_seconds == right_seconds && same_condition(left, right),
        (Condition::Atom(left), Condition::Atom(right)) => same(left, right),
        _ => false,
    }
}

fn same_side(left: &OrSide, right: &OrSide) -> bool {
    same_locals(&left.locals, &right.locals) && same_condition(&left.condition, &right.condition)
}

/// Whether the same variables are local, in any order.
pub(super) fn same_locals(left: &[VariableId], right: &[VariableId]) -> bool {
    let sorted = |ids: &[VariableId]| {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids
    };
    sorted(left) == sorted(right)
}

/// Whether two atoms are the same question.
pub(super) fn same(left: &Atom, right: &Atom) -> bool {
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
        _ => same_atom(left, right),
    }
}

/// Whether two numbers are the same expression.
pub(super) fn same_operand(left: &Operand, right: &Operand) -> bool {
    match (left, right) {
        (Operand::Number(left), Operand::Number(right)) => left == right,
        (Operand::Feature(left), Operand::Feature(right)) => left == right,
        (Operand::Calculation(left), Operand::Calculation(right)) => {
            same_calculation(&left.kind, &right.kind)
        }
        _ => false,
    }
}

fn same_calculation(left: &CalculationKind, right: &CalculationKind) -> bool {
    match (left, right) {
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
            first == second
                && first_scale == second_scale
                && same_operand(a, c)
                && same_operand(b, d)
        }
        (CalculationKind::OfNumbers(first, left), CalculationKind::OfNumbers(second, right)) => {
            let mut pairs = left.iter().zip(right);
            let is_same = first == second && left.len() == right.len();
            is_same && pairs.all(|(left, right)| same_operand(left, right))
        }
        (CalculationKind::OverCluster(left), CalculationKind::OverCluster(right)) => {
            same_aggregation(left, right)
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

fn same_aggregation(left: &Aggregation, right: &Aggregation) -> bool {
    let is_same_value = match (&left.value, &right.value) {
        (None, None) => true,
        (Some(left), Some(right)) => same_operand(left, right),
        _ => false,
    };
    is_same_value
        && left.function == right.function
        && same_locals(&left.variables, &right.variables)
        && same_side(&left.filter, &right.filter)
}

/// Whether two behaviors ask for the same. Between which bounds a balance works is not looked at: it
/// follows from the condition.
pub(super) fn same_behavior(left: &BehaviorKind, right: &BehaviorKind) -> bool {
    match (left, right) {
        (
            BehaviorKind::Balance {
                types, resource, ..
            },
            BehaviorKind::Balance {
                types: other,
                resource: of,
                ..
            },
        ) => types == other && resource == of,
        (
            BehaviorKind::Spread { types, by },
            BehaviorKind::Spread {
                types: other,
                by: over,
            },
        ) => types == other && by == over,
        (
            BehaviorKind::Reserve { actor, resource },
            BehaviorKind::Reserve {
                actor: other,
                resource: of,
            },
        ) => actor == other && resource == of,
        (BehaviorKind::Colocate(a, b), BehaviorKind::Colocate(c, d))
        | (BehaviorKind::Separate(a, b), BehaviorKind::Separate(c, d)) => {
            (a, b) == (c, d) || (a, b) == (d, c)
        }
        (BehaviorKind::Pin(a), BehaviorKind::Pin(b))
        | (BehaviorKind::Passivate(a), BehaviorKind::Passivate(b))
        | (BehaviorKind::Checkpoint(a), BehaviorKind::Checkpoint(b)) => a == b,
        (BehaviorKind::Drain(a), BehaviorKind::Drain(b)) => a == b,
        (
            BehaviorKind::Migrate { actor, to },
            BehaviorKind::Migrate {
                actor: other,
                to: target,
            },
        ) => actor == other && to == target,
        (BehaviorKind::ScaleOut(a), BehaviorKind::ScaleOut(b))
        | (BehaviorKind::ScaleIn(a), BehaviorKind::ScaleIn(b)) => a == b,
        (BehaviorKind::Alert(a), BehaviorKind::Alert(b)) => same_message(a, b),
        _ => false,
    }
}

fn same_message(left: &Message, right: &Message) -> bool {
    let mut pairs = left.pieces.iter().zip(&right.pieces);
    left.pieces.len() == right.pieces.len()
        && pairs.all(|pair| match pair {
            (MessagePiece::Text(left), MessagePiece::Text(right)) => left == right,
            (
                MessagePiece::Number { operand, unit },
                MessagePiece::Number {
                    operand: other,
                    unit: of,
                },
            ) => unit == of && same_operand(operand, other),
            (MessagePiece::Entity(left), MessagePiece::Entity(right)) => left == right,
            (
                MessagePiece::Published { actor, property },
                MessagePiece::Published {
                    actor: other,
                    property: of,
                },
            ) => actor == other && property == of,
            (
                MessagePiece::Label { server, name },
                MessagePiece::Label {
                    server: other,
                    name: of,
                },
            ) => server == other && name == of,
            _ => false,
        })
}
