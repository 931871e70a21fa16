//! The firings that a search finds: the numbers of the rule's variables, each firing once.

use plasma_check::program::{Rule, VariableId};
use plasma_model::RULE_BINDINGS_MAX;

use super::batch::Batch;
use crate::reference::binding_variables;

/// Rows that may be found before they are looked through for repeated ones.
const ROWS_UNSORTED_MAX: usize = 4 * RULE_BINDINGS_MAX;

/// Firings of one rule.
#[derive(Clone, Debug, Default)]
pub(crate) struct Matches {
    /// The variables of a binding, in their order.
    variables: Vec<VariableId>,
    /// Row after row.
    numbers: Vec<u32>,
    /// How many rows: without variables there is one at most.
    rows: usize,
}

impl Matches {
    /// None yet.
    pub(crate) fn of(rule: &Rule) -> Matches {
        Matches {
            variables: binding_variables(rule).collect(),
            ..Matches::default()
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.rows
    }

    pub(crate) fn variables(&self) -> &[VariableId] {
        &self.variables
    }

    /// The rows found.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &[u32]> {
        let width = self.variables.len();
        let row = move |row: usize| self.numbers.get(row * width..(row + 1) * width);
        (0..self.rows).map(move |no| row(no).unwrap_or_default())
    }

    /// Adds what was found; `false` if there are more firings than a rule may have.
    pub(crate) fn add(&mut self, found: &Batch) -> bool {
        let slots: Vec<&[u32]> = self.variables.iter().map(|id| found.of(*id)).collect();
        self.numbers.reserve(found.rows() * slots.len());
        for row in 0..found.rows() {
            let numbers = slots.iter().filter_map(|slot| slot.get(row));
            self.numbers.extend(numbers);
        }
        self.rows += found.rows();
        if self.rows > ROWS_UNSORTED_MAX {
            self.arrange(|row| row.to_vec());
            return self.rows <= RULE_BINDINGS_MAX;
        }
        true
    }

    /// Keeps the rows for which `keep` says so.
    pub(crate) fn retain(&mut self, keep: impl Fn(&[u32]) -> bool) {
        let width = self.variables.len();
        let kept: Vec<bool> = self.iter().map(keep).collect();
        if width > 0 {
            let mut places = 0..self.numbers.len();
            self.numbers.retain(|_| {
                let row = places.next().map(|place| place / width);
                row.and_then(|row| kept.get(row)).copied().unwrap_or(false)
            });
        }
        self.rows = kept.into_iter().filter(|kept| *kept).count();
    }

    /// Orders the rows by a key that is another one for each, and keeps each once.
    pub(crate) fn arrange(&mut self, key: impl Fn(&[u32]) -> Vec<u32>) {
        if self.variables.is_empty() {
            self.rows = self.rows.min(1);
            return;
        }
        let mut keyed: Vec<(Vec<u32>, &[u32])> = self.iter().map(|row| (key(row), row)).collect();
        if keyed
            .windows(2)
            .all(|pair| matches!(pair, [a, b] if a.0 < b.0))
        {
            return;
        }
        keyed.sort_unstable();
        keyed.dedup();
        let numbers: Vec<u32> = keyed
            .iter()
            .flat_map(|(_, row)| row.iter().copied())
            .collect();
        self.rows = keyed.len();
        self.numbers = numbers;
    }
}
