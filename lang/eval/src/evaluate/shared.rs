//! What the rules of one program share: aggregates over the cluster that they calculate alike, and
//! what they ask about single actors and servers over time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use plasma_check::compare::is_same_aggregation;
use plasma_check::program::{Aggregation, Calculation, Rule, Variable};
use plasma_model::SharedAggregate;

use super::over_time::KnownOverTime;

/// What one evaluation calculates once for all rules.
#[derive(Debug, Default)]
pub(crate) struct Shared {
    aggregates: Mutex<Aggregates>,
    /// Values by number.
    values: Mutex<BTreeMap<usize, f64>>,
    pub(crate) over_time: KnownOverTime,
}

#[derive(Debug, Default)]
struct Aggregates {
    /// By their text, which most that are alike have in common.
    by_text: BTreeMap<Arc<str>, Vec<Alike>>,
    count: usize,
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
        let mut known = lock(&self.aggregates);
        let number = known.count;
        let alike = known.by_text.entry(Arc::clone(&written.text)).or_default();
        let same = alike.iter_mut().find(|known| {
            let known = (known.variables.as_slice(), &known.aggregation);
            is_same_aggregation(known, (&rule.variables, aggregation))
        });
        if let Some(same) = same {
            same.rules.insert(Arc::clone(&rule.name));
            return same.number;
        }
        alike.push(Alike {
            number,
            aggregation: aggregation.clone(),
            variables: rule.variables.clone(),
            unit: written.unit,
            rules: BTreeSet::from([Arc::clone(&rule.name)]),
        });
        known.count += 1;
        number
    }

    /// The value of an aggregate at present, calculated if nobody asked before.
    pub(crate) fn value(&self, number: usize, calculate: impl FnOnce() -> f64) -> f64 {
        let known = lock(&self.values).get(&number).copied();
        known.unwrap_or_else(|| {
            let value = calculate();
            lock(&self.values).insert(number, value);
            value
        })
    }

    /// The aggregates of the last evaluation, in order of their text.
    pub(crate) fn aggregates(&self) -> Vec<SharedAggregate> {
        let values = lock(&self.values);
        let known = lock(&self.aggregates);
        let all = (known.by_text.iter())
            .flat_map(|(text, alike)| alike.iter().map(move |known| (text, known)));
        let valued = all.filter_map(|(text, known)| {
            let value = *values.get(&known.number)?;
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
        lock(&self.values).clear();
        self.over_time.clear();
    }
}

/// Nobody leaves anything half done behind a lock.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
