//! An aggregate over the cluster that is the same for all bindings of its rule.

use std::collections::BTreeSet;

use plasma_check::program::{Aggregation, Calculation, Rule};
use plasma_columns::UNKNOWN;

use super::batch::Batch;
use super::machine::Machine;
use super::number::Number;
use super::plan::{Join, Planner};
use super::scope::Scope;
use crate::reference::aggregate_of;

/// How to find the value of an aggregate.
#[derive(Debug)]
pub(crate) struct AggregatePlan {
    aggregation: Aggregation,
    /// The same for all that mean the same.
    number: usize,
    join: Join,
    /// `None` where they are only counted.
    value: Option<Number>,
}

impl AggregatePlan {
    /// `None` if it mentions variables from outside, or what a row does not decide by itself.
    pub(crate) fn of(
        aggregation: &Aggregation,
        written: &Calculation,
        rule: &Rule,
        scope: &Scope<'_>,
    ) -> Option<AggregatePlan> {
        if !aggregation.is_closed {
            return None;
        }
        let value = match &aggregation.value {
            Some(operand) => Some(Number::of(operand, rule, scope)?),
            None => None,
        };
        if value.as_ref().is_some_and(Number::asks_calls) {
            return None;
        }
        let planner = Planner::new(rule, scope);
        let join = planner.of_filter(
            &aggregation.variables,
            &aggregation.filter,
            &BTreeSet::new(),
        );
        Some(AggregatePlan {
            aggregation: aggregation.clone(),
            number: scope.shared.number_of(aggregation, written, rule),
            join,
            value,
        })
    }

    /// Its value at a moment; unknown if one of those that it is made of is.
    pub(crate) fn value(&self, machine: &Machine<'_, '_>, moment: usize) -> f64 {
        match moment {
            0 => (machine.scope.shared).value(self.number, || self.calculated(machine)),
            // The search goes by who refers to whom and calls whom at present.
            _ => machine.aggregate_then(&self.aggregation, moment),
        }
    }

    fn calculated(&self, machine: &Machine<'_, '_>) -> f64 {
        let mut found: Vec<(Vec<u32>, f64)> = Vec::new();
        let mut is_known = true;
        let variables = &self.aggregation.variables;
        let ranks = machine.rank_lists(variables);
        let unbound = Batch::unbound(self.join.width());
        self.join.run(machine, unbound, 0, &mut |batch| {
            let values = match &self.value {
                Some(number) => number.values(machine, batch, 0),
                None => vec![1.0; batch.rows()],
            };
            is_known &= values.iter().all(|value| !value.is_nan());
            let slots = variables.iter().map(|id| batch.of(*id)).zip(&ranks);
            let slots: Vec<(&[u32], &&[u32])> = slots.collect();
            let rank = |(numbers, ranks): &(&[u32], &&[u32]), row: usize| {
                let no = numbers.get(row).copied()?;
                ranks.get(no as usize).copied()
            };
            let key = |row| {
                slots
                    .iter()
                    .map(|slot| rank(slot, row).unwrap_or(0))
                    .collect()
            };
            found.extend((0..batch.rows()).map(key).zip(values));
            is_known
        });
        if !is_known {
            return UNKNOWN;
        }
        // Sums are made in order of the variables, then of ids; each choice once, however it is found.
        found.sort_by(|(left, _), (right, _)| left.cmp(right));
        found.dedup_by(|(left, _), (right, _)| left == right);
        let values = found.into_iter().map(|(_, value)| value).collect();
        aggregate_of(self.aggregation.function, values).unwrap_or(UNKNOWN)
    }
}
