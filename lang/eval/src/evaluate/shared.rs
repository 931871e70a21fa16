//! What the rules of one program share: aggregates over the cluster that they calculate alike, and
//! what they ask about single actors and servers over time.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_check::compare::is_same_aggregation;
use plasma_check::program::{Aggregation, Calculation, Rule, Variable};
use plasma_model::SharedAggregate;

use super::over_time::KnownOverTime;

/// What one evaluation calculates once for all rules.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// By their text, which most that are alike have in common.
    aggregates: RefCell<BTreeMap<Arc<str>, Vec<Alike>>>,
    count: RefCell<usize>,
    /// Values by number and moment.
    values: RefCell<BTreeMap<(usize, usize), f64>>,
    pub(crate) over_time: KnownOverTime,
}

/// Aggregates that mean the same.
#[derive(Debug)]
struct Alike {
    number: usize,
    aggregation: Aggregation,
    /// Those of the rule in which it was met first.
    variables: Vec<Variable>,
    unit: &'static str,
    rules: BTreeSet<Arc<str>>,
}

impl Shared {
    /// The number of an aggregate without variables from outside: the same for all that mean the same.
    pub(crate) fn number_of(
        &self,
        aggregation: &Aggregation,
        written: &Calculation,
        rule: &Rule,
    ) -> usize {
        let mut by_text = self.aggregates.borrow_mut();
        let alike = by_text.entry(Arc::clone(&written.text)).or_default();
        let known = alike.iter_mut().find(|known| {
            let known = (known.variables.as_slice(), &known.aggregation);
            is_same_aggregation(known, (&rule.variables, aggregation))
        });
        if let Some(known) = known {
            known.rules.insert(Arc::clone(&rule.name));
            return known.number;
        }
        let mut count = self.count.borrow_mut();
        let number = *count;
        *count += 1;
        alike.push(Alike {
            number,
            aggregation: aggregation.clone(),
            variables: rule.variables.clone(),
            unit: written.unit,
            rules: BTreeSet::from([Arc::clone(&rule.name)]),
        });
        number
    }

    /// The value of an aggregate at a moment, calculated if nobody asked before.
    pub(crate) fn value(
        &self,
        number: usize,
        moment: usize,
        calculate: impl FnOnce() -> f64,
    ) -> f64 {
        if let Some(known) = self.values.borrow().get(&(number, moment)) {
            return *known;
        }
        let value = calculate();
        self.values.borrow_mut().insert((number, moment), value);
        value
    }

    /// The aggregates of the last evaluation, in order of their text.
    pub(crate) fn aggregates(&self) -> Vec<SharedAggregate> {
        let values = self.values.borrow();
        let by_text = self.aggregates.borrow();
        let all = by_text
            .iter()
            .flat_map(|(text, alike)| alike.iter().map(move |known| (text, known)));
        let valued = all.filter_map(|(text, known)| {
            let value = *values.get(&(known.number, 0))?;
            Some(SharedAggregate {
                text: text.to_string(),
                value: Some(value).filter(|value| !value.is_nan()),
                unit: known.unit.to_owned(),
                rules: known.rules.iter().map(Arc::to_string).collect(),
            })
        });
        valued.collect()
    }

    /// Forgets what was calculated: the cluster is another one.
    pub(crate) fn begin(&mut self) {
        self.values.get_mut().clear();
        self.over_time.clear();
    }
}
