//! What a search looks at and spends: the frames, the interpreter for what no vector can tell, the
//! budget of the rule.

use plasma_check::program::{Aggregation, Condition, Range, Rule, VariableId};

use plasma_columns::UNKNOWN;

use super::batch::Batch;
use super::evaluator::Clock;
use super::facts::ColumnFacts;
use super::scope::Scope;
use crate::Truth;
use crate::reference::{Assignment, Bound, Facts, Interpreter, ServerAt};

/// One rule on the frames of a scope.
pub(crate) struct Machine<'m, 's> {
    pub(crate) scope: &'s Scope<'s>,
    pub(crate) facts: &'m ColumnFacts<'s>,
    pub(crate) interpreter: &'m Interpreter<'m, 's>,
    /// What tells how long each step takes, if anybody wants to know.
    pub(crate) clock: Option<Clock>,
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
            clock: None,
        }
    }

    /// Measures with this clock.
    pub(crate) fn timed_by(self, clock: Option<Clock>) -> Self {
        Machine { clock, ..self }
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

    /// The value of an aggregate at a moment, by the definition; no number if it is unknown.
    pub(crate) fn aggregate_then(&self, aggregation: &Aggregation, moment: usize) -> f64 {
        let unbound = Assignment::empty(self.rule().variables.len());
        let interpreter = self.interpreter;
        let value = interpreter.at_moment(moment, || {
            interpreter.within_aggregate(|| interpreter.aggregated(aggregation, &unbound))
        });
        value.unwrap_or(UNKNOWN)
    }

    /// Whether a variable may stand for a number.
    pub(crate) fn values_of(&self, variable: VariableId) -> impl Fn(&u32) -> bool {
        let present = self.scope.present();
        let range = self
            .rule()
            .variables
            .get(variable.0 as usize)
            .map(|v| &v.range);
        let types = match range {
            Some(Range::Actors(types) | Range::Callers { types, .. }) => {
                Some(self.scope.types(types))
            }
            Some(Range::Servers) | None => None,
        };
        move |no| match &types {
            Some(types) => present.type_of(*no).is_some_and(|t| types.contains(t)),
            None => self.server(*no).is_some(),
        }
    }

    /// The ranks of all that each of some variables may stand for, by number.
    pub(crate) fn rank_lists(&self, variables: &[VariableId]) -> Vec<&'s [u32]> {
        let columns = self.scope.columns;
        let of_variable = |id: &VariableId| {
            let variable = self.rule().variables.get(id.0 as usize);
            match variable.map(|v| &v.range) {
                Some(Range::Servers) => columns.server_names().ranks(),
                _ => columns.actor_names().ranks(),
            }
        };
        variables.iter().map(of_variable).collect()
    }
}
