//! The variables that a condition depends on.

use std::collections::BTreeSet;

use plasma_check::program::{
    ActorRef, AtomKind, CalculationKind, Condition, Operand, OrSide, Range, Variable, VariableId,
};

/// The variables that must be bound before the condition has a truth: those it mentions but for the
/// locals of its own `or` sides.
pub(crate) fn free_variables(
    condition: &Condition,
    variables: &[Variable],
) -> BTreeSet<VariableId> {
    let mut free = BTreeSet::new();
    collect(condition, variables, &mut free);
    free
}

/// The callee variable on which a caller variable's range depends.
pub(crate) fn range_callee(variable: VariableId, variables: &[Variable]) -> Option<VariableId> {
    match &variables.get(variable.0 as usize)?.range {
        Range::Callers {
            callee: ActorRef::Variable(callee),
            ..
        } => Some(*callee),
        _ => None,
    }
}

fn collect(condition: &Condition, variables: &[Variable], free: &mut BTreeSet<VariableId>) {
    match condition {
        Condition::Constant(_) => {}
        Condition::And(parts) => {
            for part in parts {
                collect(part, variables, free);
            }
        }
        Condition::Or(sides) => {
            for side in sides {
                collect_side(side, variables, free);
            }
        }
        Condition::Not(inner)
        | Condition::Sustained {
            condition: inner, ..
        } => collect(inner, variables, free),
        Condition::Atom(atom) => match &atom.kind {
            AtomKind::Compare { left, right, .. } => {
                collect_operand(left, variables, free);
                collect_operand(right, variables, free);
            }
            // All others have no variables of their own.
            _ => atom.for_each_variable(&mut |variable| {
                free.insert(variable);
            }),
        },
    }
}

/// What one side of an `or`, or the filter of an aggregate, mentions but for its own variables.
fn collect_side(side: &OrSide, variables: &[Variable], free: &mut BTreeSet<VariableId>) {
    let mut inner = BTreeSet::new();
    collect(&side.condition, variables, &mut inner);
    let locals = side.locals.iter();
    inner.extend(locals.filter_map(|v| range_callee(*v, variables)));
    free.extend(inner.into_iter().filter(|v| !side.locals.contains(v)));
}

fn collect_operand(operand: &Operand, variables: &[Variable], free: &mut BTreeSet<VariableId>) {
    match operand {
        Operand::Number(_) => {}
        Operand::Feature(feature) => feature.for_each_variable(&mut |variable| {
            free.insert(variable);
        }),
        Operand::Calculation(calculation) => {
            let mut inner = BTreeSet::new();
            if let Some(feature) = calculation.sampled() {
                feature.for_each_variable(&mut |variable| {
                    inner.insert(variable);
                });
            }
            calculation.for_each_operand(&mut |operand| {
                collect_operand(operand, variables, &mut inner);
            });
            if let CalculationKind::OverCluster(aggregation) = &calculation.kind {
                collect_side(&aggregation.filter, variables, &mut inner);
                inner.retain(|v| !aggregation.variables.contains(v));
            }
            free.extend(inner);
        }
    }
}
