//! The value of one expression for every binding of its variables, as the REPL shows it.

use std::sync::Arc;

use plasma_check::program::{Condition, Operand, Rule, VariableId};
use plasma_check::schema::Schema;
use plasma_model::{Entity, Snapshot};

use super::text::operand_unit;
use crate::Truth;
use crate::reference::{Assignment, Bound, Facts, Interpreter, Sample};

/// What is asked about.
#[derive(Clone, Copy, Debug)]
pub enum Expression<'p> {
    /// A number: `Folder(f).cpu.perc`.
    Number(&'p Operand),
    /// A condition: `Folder(f).cpu.perc > 10`.
    Condition(&'p Condition),
}

/// The values of an expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// The variables, in text order; the last one is empty for the actor chosen for a bare type.
    pub columns: Vec<Arc<str>>,
    /// Unit of the values, as METRICS names it; empty for conditions.
    pub unit: &'static str,
    /// One row a binding, by variable, then id.
    pub rows: Vec<Row>,
}

/// The value for one binding.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// What the columns stand for.
    pub entities: Vec<Entity>,
    /// The value.
    pub value: RowValue,
}

/// The value of an expression for one binding.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum RowValue {
    /// A measured number; `None` is unknown.
    Measured(Option<f64>),
    /// Whether a condition holds.
    Holds(Truth),
}

/// Evaluates an expression for every binding of the variables of `scope`, the rule that it was
/// checked in; a bare `server` ranges over all servers.
pub fn tabulate(
    schema: &Schema,
    scope: &Rule,
    expression: Expression<'_>,
    snapshot: &Snapshot,
) -> Table {
    let index = crate::evaluate::index_of(snapshot, schema);
    let facts: &dyn Facts<'_> = &index;
    let interpreter = Interpreter::new(facts, scope);
    let variables: Vec<VariableId> = columns(scope);
    let mut table = Table {
        columns: variables
            .iter()
            .filter_map(|v| scope.variables.get(v.0 as usize))
            .map(|variable| Arc::clone(&variable.name))
            .collect(),
        unit: match expression {
            Expression::Number(operand) => operand_unit(operand, operand),
            Expression::Condition(_) => "",
        },
        rows: Vec::new(),
    };
    let mut assignment = Assignment::empty(scope.variables.len());
    interpreter.each_assignment(&variables, &mut assignment, &mut |assignment| {
        let bound = variables.iter().filter_map(|v| assignment.get(*v));
        let entities: Vec<Entity> = bound.map(|value| value.entity()).collect();
        match expression {
            Expression::Condition(condition) => table.rows.push(Row {
                entities,
                value: RowValue::Holds(interpreter.truth(condition, assignment)),
            }),
            Expression::Number(operand) => {
                interpreter.some_sample(operand, assignment, &mut |sample| {
                    table.rows.push(number_row(&entities, sample));
                    Truth::False
                });
            }
        }
    });
    if table
        .rows
        .iter()
        .any(|row| row.entities.len() > table.columns.len())
    {
        table.columns.push(Arc::from(""));
    }
    table
}

fn number_row(entities: &[Entity], sample: Sample<'_>) -> Row {
    let chosen = sample.chosen.map(|at| Bound::Actor(at).entity());
    Row {
        entities: entities.iter().cloned().chain(chosen).collect(),
        value: RowValue::Measured(sample.value),
    }
}

/// The variables that make a row: all but those local to one side of an `or`.
fn columns(scope: &Rule) -> Vec<VariableId> {
    use plasma_check::program::Scope;
    (0..)
        .map(VariableId)
        .zip(&scope.variables)
        .filter(|(_, variable)| variable.scope != Scope::OrSide)
        .map(|(id, _)| id)
        .collect()
}
