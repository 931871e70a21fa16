//! Whether aggregates over the cluster of two rules of one program are the same number.

use super::alike::same_aggregation;
use crate::lint::renamed::Renaming;
use crate::program::{Aggregation, Condition, Range, Variable, VariableId};

/// Whether two aggregates that mention no variable from outside mean the same, each with the variables of its
/// rule; both are of one program. `false` where that is not seen at once.
pub fn is_same_aggregation(
    (left_variables, left): (&[Variable], &Aggregation),
    (right_variables, right): (&[Variable], &Aggregation),
) -> bool {
    let (mentioned, standing) = (own_variables(left), own_variables(right));
    if mentioned.len() != standing.len() || left.variables.len() != right.variables.len() {
        return false;
    }
    // Those of the left one take the places of those of the right one, in order; any other is nobody's.
    let mut renamed = vec![VariableId(u32::MAX); left_variables.len()];
    for (from, to) in mentioned.iter().zip(&standing) {
        if !is_same_range(range(left_variables, *from), range(right_variables, *to)) {
            return false;
        }
        if let Some(place) = renamed.get_mut(from.0 as usize) {
            *place = *to;
        }
    }
    let renamed = Renaming::of(&renamed).aggregation(left);
    renamed.is_some_and(|renamed| same_aggregation(&renamed, right))
}

/// The variables that nothing outside knows, as they stand.
fn own_variables(aggregation: &Aggregation) -> Vec<VariableId> {
    let mut ids = aggregation.variables.clone();
    ids.extend(&aggregation.filter.locals);
    add_locals(&aggregation.filter.condition, &mut ids);
    ids
}

fn add_locals(condition: &Condition, ids: &mut Vec<VariableId>) {
    match condition {
        Condition::And(parts) => parts.iter().for_each(|part| add_locals(part, ids)),
        Condition::Or(sides) => {
            for side in sides {
                ids.extend(&side.locals);
                add_locals(&side.condition, ids);
            }
        }
        Condition::Not(inner) => add_locals(inner, ids),
        Condition::Sustained { condition, .. } => add_locals(condition, ids),
        Condition::Constant(_) | Condition::Atom(_) => {}
    }
}

fn range(variables: &[Variable], id: VariableId) -> Option<&Range> {
    variables.get(id.0 as usize).map(|variable| &variable.range)
}

fn is_same_range(left: Option<&Range>, right: Option<&Range>) -> bool {
    match (left, right) {
        (Some(Range::Servers), Some(Range::Servers)) => true,
        (Some(Range::Actors(left)), Some(Range::Actors(right))) => left == right,
        // Whom they call would have to be the same, too.
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::program::{CalculationKind, CheckedProgram, FileId, Operand};
    use crate::{Environment, check_source};

    const SCHEMA: &str = "actor Folder { files: [File]; fn open; } actor File { fn read; }
        param high = 80%; param low = 20%;\n";

    fn checked(rules: &str) -> CheckedProgram {
        let source = format!("{SCHEMA}{rules}");
        let checked = check_source(FileId(0), source.as_str(), &Environment::default());
        assert!(!checked.has_errors(), "{rules}: {:?}", checked.diagnostics);
        checked.program
    }

    /// The aggregate that a rule of the program compares something with.
    fn aggregate(program: &CheckedProgram, rule: usize) -> (&[Variable], &Aggregation) {
        let rule = &program.rules[rule];
        let mut found = None;
        rule.condition.for_each_atom(&mut |atom, _| {
            for operand in atom.operands() {
                if let Operand::Calculation(calculation) = operand
                    && let CalculationKind::OverCluster(aggregation) = &calculation.kind
                {
                    found = Some(aggregation);
                }
            }
        });
        (&rule.variables, found.expect("an aggregate"))
    }

    #[track_caller]
    fn alike(left: &str, right: &str, expected: bool) {
        let program = checked(&format!(
            "Folder(f).cpu.perc > {left} => pin(f);
            File(x).cpu.perc > 1 and Folder(y).cpu.perc > {right} => pin(y);"
        ));
        let (left, right) = (aggregate(&program, 0), aggregate(&program, 1));
        assert_eq!(is_same_aggregation(left, right), expected);
        assert_eq!(is_same_aggregation(right, left), expected);
    }

    #[test]
    fn names_and_places_of_variables_do_not_matter() {
        let left = "avg(s.cpu.perc for server(s) where s.cpu.perc > high)";
        alike(left, left, true);
        alike(
            left,
            "avg(t.cpu.perc for server(t) where t.cpu.perc > 80)",
            true,
        );
        alike(
            "sum(a.cpu.perc for Folder(a), File(b) where b in ref(a.files))",
            "sum(c.cpu.perc for Folder(c), File(d) where d in ref(c.files))",
            true,
        );
    }

    #[test]
    fn functions_values_filters_and_types_do() {
        let left = "avg(s.cpu.perc for server(s) where s.cpu.perc > high)";
        for right in [
            "max(s.cpu.perc for server(s) where s.cpu.perc > high)",
            "avg(s.mem.perc for server(s) where s.cpu.perc > high)",
            "avg(s.cpu.perc for server(s) where s.cpu.perc > low)",
            "avg(s.cpu.perc for server(s))",
            "avg(s.cpu.perc for server(s), server(t) where s.cpu.perc > high)",
        ] {
            alike(left, right, false);
        }
        alike(
            "avg(a.cpu.perc for Folder(a))",
            "avg(a.cpu.perc for File(a))",
            false,
        );
        alike(
            "sum(a.cpu.perc for Folder(a), File(b) where b in ref(a.files))",
            "sum(b.cpu.perc for Folder(a), File(b) where b in ref(a.files))",
            false,
        );
    }
}
