//! The value of one expression for every binding of its variables, as the REPL shows it.

use std::sync::Arc;

use plasma_check::program::{Condition, Operand, Rule, VariableId};
use plasma_check::schema::Schema;
use plasma_columns::Columns;
use plasma_model::Entity;

use super::text::operand_unit;
use crate::evaluate::looking_at;
use crate::reference::{Assignment, Bound, Effort, Facts, Interpreter, Sample};
use crate::{Past, Stop, Truth};

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
    /// The first rows: one a binding, by variable, then id.
    pub rows: Vec<Row>,
    /// How many rows there are; if it was stopped, how many were found until then.
    pub rows_total: usize,
    /// Why not all rows were found, if so.
    pub stop: Option<Stop>,
}

/// What a table may cost. Over several variables it has as many rows as there are combinations.
#[derive(Clone, Copy)]
pub struct Allowance<'a> {
    /// At most so many rows are kept; the rest is counted.
    pub rows_max: usize,
    /// At most so many actors and servers are tried as values of variables and bare types.
    pub candidates_max: u64,
    /// Whether nobody waits for the table any more.
    pub is_called_off: &'a dyn Fn() -> bool,
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
/// checked in; a bare `server` ranges over all servers. Keeps the first rows and counts the others,
/// as far as the allowance goes.
pub fn tabulate(
    schema: &Schema,
    scope: &Rule,
    expression: Expression<'_>,
    world: (&Columns, &Past),
    allowance: Allowance<'_>,
) -> Table {
    looking_at(world, schema, |facts| {
        tabulate_on(facts, scope, expression, allowance)
    })
}

fn tabulate_on(
    facts: &dyn Facts<'_>,
    scope: &Rule,
    expression: Expression<'_>,
    allowance: Allowance<'_>,
) -> Table {
    let effort = Effort::new(allowance.candidates_max, allowance.is_called_off);
    let interpreter = Interpreter::new(facts, scope).within(&effort);
    let variables: Vec<VariableId> = columns(scope);
    let mut rows = Rows {
        kept: Vec::new(),
        kept_max: allowance.rows_max,
        total: 0,
    };
    let mut assignment = Assignment::empty(scope.variables.len());
    interpreter.each_assignment(&variables, &mut assignment, &mut |assignment| {
        let bound = variables.iter().filter_map(|v| assignment.get(*v));
        let entities = bound.map(|value| value.entity());
        match expression {
            // One row each: beyond those that are kept there is nothing to evaluate.
            Expression::Condition(_) if rows.are_full() => rows.total += 1,
            Expression::Condition(condition) => {
                let entities = entities.collect();
                let value = RowValue::Holds(interpreter.truth(condition, assignment));
                if effort.stop().is_none() {
                    rows.add(|| Row { entities, value });
                }
            }
            Expression::Number(operand) => {
                interpreter.some_sample(operand, assignment, &mut |sample| {
                    rows.add(|| number_row(entities.clone(), sample));
                    Truth::False
                });
            }
        }
    });
    table(scope, &variables, expression, rows, effort.stop())
}

/// The rows of a table while it is made.
struct Rows {
    kept: Vec<Row>,
    kept_max: usize,
    total: usize,
}

impl Rows {
    fn are_full(&self) -> bool {
        self.kept.len() >= self.kept_max
    }

    fn add(&mut self, row: impl FnOnce() -> Row) {
        self.total += 1;
        if !self.are_full() {
            self.kept.push(row());
        }
    }
}

fn table(
    scope: &Rule,
    variables: &[VariableId],
    expression: Expression<'_>,
    rows: Rows,
    stop: Option<Stop>,
) -> Table {
    let variables = variables
        .iter()
        .filter_map(|v| scope.variables.get(v.0 as usize));
    let mut columns: Vec<Arc<str>> = variables.map(|v| Arc::clone(&v.name)).collect();
    if rows
        .kept
        .iter()
        .any(|row| row.entities.len() > columns.len())
    {
        columns.push(Arc::from(""));
    }
    Table {
        columns,
        unit: match expression {
            Expression::Number(operand) => operand_unit(operand, operand),
            Expression::Condition(_) => "",
        },
        rows: rows.kept,
        rows_total: rows.total,
        stop,
    }
}

fn number_row(entities: impl Iterator<Item = Entity>, sample: Sample<'_>) -> Row {
    let chosen = sample.chosen.map(|at| Bound::Actor(at).entity());
    Row {
        entities: entities.chain(chosen).collect(),
        value: RowValue::Measured(sample.value),
    }
}

/// The variables that make a row: all but those of one side of an `or`, or of one aggregate.
fn columns(scope: &Rule) -> Vec<VariableId> {
    use plasma_check::program::Scope;
    (0..)
        .map(VariableId)
        .zip(&scope.variables)
        .filter(|(_, variable)| matches!(variable.scope, Scope::Rule | Scope::ImplicitServer))
        .map(|(id, _)| id)
        .collect()
}
