//! Whether parts of two rules are the same, once they have the same variables and types.

use crate::lint::truth::{same_atom_by, same_operand_by};
use crate::program::{
    Aggregation, Atom, BehaviorKind, Calculation, CalculationKind, Condition, Message,
    MessagePiece, Operand, OrSide, VariableId,
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
    same_atom_by(left, right, &same_aggregate)
}

/// Whether two numbers are the same expression.
pub(super) fn same_operand(left: &Operand, right: &Operand) -> bool {
    same_operand_by(left, right, &same_aggregate)
}

/// Whether two aggregates over the cluster are the same, part by part.
fn same_aggregate(left: &Calculation, right: &Calculation) -> bool {
    match (&left.kind, &right.kind) {
        (CalculationKind::OverCluster(left), CalculationKind::OverCluster(right)) => {
            same_aggregation(left, right)
        }
        _ => false,
    }
}

pub(super) fn same_aggregation(left: &Aggregation, right: &Aggregation) -> bool {
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
