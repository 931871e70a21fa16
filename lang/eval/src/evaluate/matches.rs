//! The firings that a search finds: the numbers of the rule's variables, each firing once.

use plasma_check::program::{Rule, VariableId};
use plasma_columns::place_from;
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
    /// How many of them, from the first on, are in order and once each.
    arranged: usize,
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
        self.rows <= ROWS_UNSORTED_MAX || self.distinct() <= RULE_BINDINGS_MAX
    }

    /// How many different rows there are.
    fn distinct(&mut self) -> usize {
        let mut rows: Vec<&[u32]> = self.iter().collect();
        rows.sort_unstable();
        rows.dedup();
        let numbers: Vec<u32> = rows.iter().flat_map(|row| row.iter().copied()).collect();
        (self.rows, self.arranged) = (rows.len(), 0);
        self.numbers = numbers;
        self.rows
    }

    /// Keeps the rows for which `keep` says so.
    pub(crate) fn retain(&mut self, keep: impl Fn(&[u32]) -> bool) {
        let width = self.variables.len();
        let (mut kept, mut kept_arranged) = (0, 0);
        for no in 0..self.rows {
            let row = no * width..(no + 1) * width;
            if !keep(self.numbers.get(row.clone()).unwrap_or_default()) {
                continue;
            }
            if kept < no {
                self.numbers.copy_within(row, kept * width);
            }
            kept += 1;
            if no < self.arranged {
                kept_arranged = kept;
            }
        }
        self.numbers.truncate(kept * width);
        (self.rows, self.arranged) = (kept, kept_arranged);
    }

    /// Orders the rows by the ranks of their values and keeps each once. `ranks` are those of the variables,
    /// by number; between two calls they may grow, but not change their order.
    pub(crate) fn arrange(&mut self, ranks: &[&[u32]]) {
        let rank = |place: usize, row: &[u32]| {
            let no = row.get(place).copied().unwrap_or(0) as usize;
            ranks
                .get(place)
                .and_then(|ranks| ranks.get(no))
                .copied()
                .unwrap_or(0)
        };
        match self.variables.len() {
            0 => self.rows = self.rows.min(1),
            1 => self.arrange_by(|row| rank(0, row)),
            2 => self.arrange_by(|row| u64::from(rank(0, row)) << 32 | u64::from(rank(1, row))),
            n => self.arrange_by(|row| (0..n).map(|place| rank(place, row)).collect::<Vec<u32>>()),
        }
    }

    /// Sorts what was added and puts it in between what is in order already.
    fn arrange_by<K: Ord>(&mut self, key: impl Fn(&[u32]) -> K) {
        let mut added: Vec<(K, &[u32])> = self
            .iter()
            .skip(self.arranged)
            .map(|row| (key(row), row))
            .collect();
        let is_ordered = added.is_sorted_by(|(a, _), (b, _)| a < b);
        if self.arranged == 0 && is_ordered {
            self.arranged = self.rows;
            return;
        }
        if !is_ordered {
            added.sort_unstable();
            added.dedup();
        }
        if added.is_empty() {
            return;
        }
        let (numbers, rows) = self.merged(&added, &key);
        (self.numbers, self.rows, self.arranged) = (numbers, rows, rows);
    }

    /// The rows in order and those that were added, each once. What stands between two added ones is copied as
    /// a whole: only where those belong is looked for.
    fn merged<K: Ord>(
        &self,
        added: &[(K, &[u32])],
        key: &impl Fn(&[u32]) -> K,
    ) -> (Vec<u32>, usize) {
        let width = self.variables.len();
        let row = |no: usize| {
            self.numbers
                .get(no * width..(no + 1) * width)
                .unwrap_or_default()
        };
        let rows = |from: usize, to: usize| {
            let rows = self.numbers.get(from * width..to * width);
            rows.unwrap_or_default()
        };
        let mut numbers = Vec::with_capacity(self.numbers.len());
        let mut at = 0;
        for (added_key, added_row) in added {
            let place = place_from(at, self.arranged, |no| key(row(no)) < *added_key);
            numbers.extend_from_slice(rows(at, place));
            at = place;
            if !(at < self.arranged && row(at) == *added_row) {
                numbers.extend_from_slice(added_row);
            }
        }
        numbers.extend_from_slice(rows(at, self.arranged));
        let rows = numbers.len() / width.max(1);
        (numbers, rows)
    }
}
