//! What a condition depends on: its variables, and the functions whose calls it asks about.

use std::collections::BTreeSet;

use plasma_check::program::{
    ActorRef, AtomKind, CallerRef, CheckedProgram, Condition, EntityRef, Feature, Operand, Range,
    ServerRef, Variable, VariableId,
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
        Condition::Not(inner) => name_functions(inner, named),
        Condition::Atom(atom) => {
            let AtomKind::Compare { left, right, .. } = &atom.kind else {
                return;
            };
            for operand in [left, right] {
                if let Operand::Feature(Feature::Calls { function, .. }) = operand {
                    name_function(function.as_deref(), named);
                }
            }
        }
    }
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
                let mut inner = BTreeSet::new();
                collect(&side.condition, variables, &mut inner);
                inner.extend(
                    side.locals
                        .iter()
                        .filter_map(|v| range_callee(*v, variables)),
                );
                free.extend(inner.into_iter().filter(|v| !side.locals.contains(v)));
            }
        }
        Condition::Not(inner) => collect(inner, variables, free),
        Condition::Atom(atom) => match &atom.kind {
            AtomKind::Compare { left, right, .. } => {
                free.extend([left, right].into_iter().flat_map(of_operand))
            }
            AtomKind::Same { left, right, .. } => {
                free.extend([left, right].into_iter().filter_map(of_entity));
            }
            AtomKind::InRef { member, owner, .. } => {
                free.extend([member, owner].into_iter().filter_map(of_actor));
            }
        },
    }
}

fn of_operand(operand: &Operand) -> Vec<VariableId> {
    match operand {
        Operand::Number(_) => Vec::new(),
        Operand::Feature(Feature::ServerResource { server, .. }) => {
            of_server(server).into_iter().collect()
        }
        Operand::Feature(Feature::ActorResource { actor, .. }) => {
            of_actor(actor).into_iter().collect()
        }
        Operand::Feature(Feature::Calls { caller, callee, .. }) => {
            let caller = match caller {
                CallerRef::Client => None,
                CallerRef::Actor(actor) => of_actor(actor),
            };
            caller.into_iter().chain(of_actor(callee)).collect()
        }
    }
}

fn of_entity(entity: &EntityRef) -> Option<VariableId> {
    match entity {
        EntityRef::Actor(actor) => of_actor(actor),
        EntityRef::Server(server) => of_server(server),
    }
}

fn of_server(server: &ServerRef) -> Option<VariableId> {
    match server {
        ServerRef::HostOf(actor) => of_actor(actor),
        ServerRef::Variable(variable) => Some(*variable),
    }
}

fn of_actor(actor: &ActorRef) -> Option<VariableId> {
    match actor {
        ActorRef::Variable(variable) => Some(*variable),
        ActorRef::Anonymous(_) => None,
    }
}
