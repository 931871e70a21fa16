//! What a condition depends on: its variables, and the functions whose calls it asks about.

use std::collections::BTreeSet;

use plasma_check::program::{
    ActorRef, AtomKind, BehaviorKind, CalculationKind, CheckedProgram, Condition, Feature, Operand,
    OrSide, Range, Variable, VariableId,
};

/// Functions whose calls a program asks about.
pub(crate) enum Functions<'p> {
    /// Some feature is about calls in any function.
    Any,
    /// Every feature names one of these.
    Of(BTreeSet<&'p str>),
}

impl<'p> Functions<'p> {
    /// Those of all rules of a program.
    pub(crate) fn of_program(program: &'p CheckedProgram) -> Functions<'p> {
        let mut named = Some(BTreeSet::new());
        for rule in program.rules_and_requirements() {
            name_functions(&rule.condition, &mut named);
            for behavior in &rule.behaviors {
                if let BehaviorKind::Alert(message) = &behavior.kind {
                    for operand in message.operands() {
                        name_functions_of(operand, &mut named);
                    }
                }
            }
            for variable in &rule.variables {
                if let Range::Callers { function, .. } = &variable.range {
                    name_function(function.as_deref(), &mut named);
                }
            }
        }
        named.map_or(Functions::Any, Functions::Of)
    }

    pub(crate) fn contains(&self, function: &str) -> bool {
        match self {
            Functions::Any => true,
            Functions::Of(named) => named.contains(function),
        }
    }
}

fn name_function<'p>(function: Option<&'p str>, named: &mut Option<BTreeSet<&'p str>>) {
    match (function, named.as_mut()) {
        (Some(function), Some(named)) => {
            named.insert(function);
        }
        _ => *named = None,
    }
}

/// Adds the functions that a condition names; `None` once one feature names none.
fn name_functions<'p>(condition: &'p Condition, named: &mut Option<BTreeSet<&'p str>>) {
    match condition {
        Condition::Constant(_) => {}
        Condition::And(parts) => parts.iter().for_each(|part| name_functions(part, named)),
        Condition::Or(sides) => {
            sides
                .iter()
                .for_each(|side| name_functions(&side.condition, named));
        }
        Condition::Not(inner)
        | Condition::Sustained {
            condition: inner, ..
        } => name_functions(inner, named),
        Condition::Atom(atom) => {
            for operand in atom.operands() {
                name_functions_of(operand, named);
            }
        }
    }
}

fn name_functions_of<'p>(operand: &'p Operand, named: &mut Option<BTreeSet<&'p str>>) {
    operand.for_each_feature(&mut |feature| {
        if let Feature::Calls { function, .. } = feature {
            name_function(function.as_deref(), named);
        }
    });
}

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
