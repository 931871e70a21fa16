//! What a search looks at and spends: the frames, the interpreter for what no vector can tell, the
//! budget of the rule.

use std::cell::RefCell;
use std::collections::BTreeMap;

use plasma_check::program::{Condition, Range, Rule, VariableId};
use plasma_columns::Names;

use super::batch::Batch;
use super::facts::ColumnFacts;
use super::scope::Scope;
use crate::Truth;
use crate::reference::{Assignment, Bound, Facts, Interpreter, ServerAt};

/// One rule on the frames of a scope.
pub(crate) struct Machine<'m, 's> {
    pub(crate) scope: &'s Scope<'s>,
    pub(crate) facts: &'m ColumnFacts<'s>,
    pub(crate) interpreter: &'m Interpreter<'m, 's>,
    /// Values of the rule's aggregates that are the same for all bindings, by place and moment.
    pub(crate) aggregates: RefCell<BTreeMap<(usize, usize), f64>>,
}

impl<'m, 's> Machine<'m, 's> {
    pub(crate) fn new(
        scope: &'s Scope<'s>,
        facts: &'m ColumnFacts<'s>,
        interpreter: &'m Interpreter<'m, 's>,
    ) -> Self {
        Machine {
            scope,
            facts,
            interpreter,
            aggregates: RefCell::default(),
        }
    }

    fn rule(&self) -> &Rule {
        self.interpreter.rule
    }

    /// A row as the interpreter takes it.
    pub(crate) fn assignment(&self, batch: &Batch, row: usize) -> Assignment<'s> {
        let variables = &self.rule().variables;
        let mut assignment = Assignment::empty(variables.len());
        for (id, variable) in (0..).map(VariableId).zip(variables) {
            let Some(no) = batch.of(id).get(row) else {
                continue;
            };
            let value = match variable.range {
                Range::Servers => self.server(*no).map(Bound::Server),
                Range::Actors(_) | Range::Callers { .. } => self.facts.at(*no).map(Bound::Actor),
            };
            if let Some(value) = value {
                assignment.bind(id, value);
            }
        }
        assignment
    }

    fn server(&self, no: u32) -> Option<ServerAt<'s>> {
        let name = self.scope.columns.server_names().name(no);
        let (id, server) = self.facts.servers().get_key_value(name)?;
        Some(ServerAt { id, server })
    }

    /// The truth of a condition in each row, read row by row.
    pub(crate) fn row_truths(
        &self,
        condition: &Condition,
        batch: &Batch,
        moment: usize,
    ) -> Vec<Truth> {
        let truth = |row| {
            let mut assignment = self.assignment(batch, row);
            let interpreter = self.interpreter;
            interpreter.at_moment(moment, || interpreter.truth(condition, &mut assignment))
        };
        (0..batch.rows()).map(truth).collect()
    }

    /// Whether a caller variable made the calls that its range tells of, in each row.
    pub(crate) fn rows_in_range(&self, variable: VariableId, batch: &Batch) -> Vec<bool> {
        let is_in_range = |row| {
            let assignment = self.assignment(batch, row);
            self.interpreter.is_in_range(variable, &assignment)
        };
        (0..batch.rows()).map(is_in_range).collect()
    }

    /// Those of some numbers that a variable may stand for.
    pub(crate) fn live(&self, variable: VariableId, numbers: &[u32]) -> Vec<u32> {
        let present = self.scope.present();
        let numbers = numbers.iter().copied();
        match self
            .rule()
            .variables
            .get(variable.0 as usize)
            .map(|v| &v.range)
        {
            Some(Range::Servers) => numbers.filter(|no| self.server(*no).is_some()).collect(),
            Some(Range::Actors(types) | Range::Callers { types, .. }) => {
                let types = self.scope.types(types);
                let is_meant = |no: &u32| present.type_of(*no).is_some_and(|t| types.contains(t));
                numbers.filter(is_meant).collect()
            }
            None => Vec::new(),
        }
    }

    /// The ranks of some variables of a row: rows compare by them as their ids do.
    pub(crate) fn ranks(&self, batch: &Batch, row: usize, variables: &[VariableId]) -> Vec<u32> {
        let number = |id: &VariableId| batch.of(*id).get(row).copied();
        let numbers: Vec<u32> = variables.iter().filter_map(number).collect();
        self.ranks_of(&numbers, variables)
    }

    /// The ranks of what some variables stand for.
    pub(crate) fn ranks_of(&self, numbers: &[u32], variables: &[VariableId]) -> Vec<u32> {
        let columns = self.scope.columns;
        let rank = |names: &Names, no: u32| names.ranks().get(no as usize).copied();
        let of_variable = |(id, no): (&VariableId, &u32)| {
            let variable = self.rule().variables.get(id.0 as usize)?;
            match variable.range {
                Range::Servers => rank(columns.server_names(), *no),
                Range::Actors(_) | Range::Callers { .. } => rank(columns.actor_names(), *no),
            }
        };
        let pairs = variables.iter().zip(numbers);
        pairs.map(|pair| of_variable(pair).unwrap_or(0)).collect()
    }
}
