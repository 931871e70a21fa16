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
        let kept: Vec<bool> = self.iter().map(keep).collect();
        if width > 0 {
            let mut places = 0..self.numbers.len();
            self.numbers.retain(|_| {
                let row = places.next().map(|place| place / width);
                row.and_then(|row| kept.get(row)).copied().unwrap_or(false)
            });
        }
        let count = |kept: &[bool]| kept.iter().filter(|kept| **kept).count();
        self.arranged = count(kept.get(..self.arranged).unwrap_or_default());
        self.rows = count(&kept);
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

    /// Sorts what was added and merges it with what is in order already.
    fn arrange_by<K: Ord>(&mut self, key: impl Fn(&[u32]) -> K) {
        let mut added: Vec<(K, &[u32])> = self
            .iter()
            .skip(self.arranged)
            .map(|row| (key(row), row))
            .collect();
        if added.is_empty() {
            return;
        }
        added.sort_unstable();
        let old = self.iter().take(self.arranged).map(|row| (key(row), row));
        let mut numbers = Vec::with_capacity(self.numbers.len());
        let mut rows = 0;
        let mut last: Option<&[u32]> = None;
        let (mut old, mut added) = (old.peekable(), added.into_iter().peekable());
        loop {
            let is_old_first = match (old.peek(), added.peek()) {
                (Some(old), Some(added)) => old.0 <= added.0,
                (old, _) => old.is_some(),
            };
            let next = if is_old_first {
                old.next()
            } else {
                added.next()
            };
            let Some((_, row)) = next else {
                break;
            };
            if last != Some(row) {
                numbers.extend_from_slice(row);
                rows += 1;
            }
            last = Some(row);
        }
        drop((old, added));
        (self.numbers, self.rows, self.arranged) = (numbers, rows, rows);
    }
}
