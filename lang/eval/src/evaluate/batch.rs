//! Some assignments at once: a list of numbers for each variable that is bound.

use plasma_check::program::VariableId;

/// Most rows that are carried through a search together: their columns stay in the cache.
pub(crate) const ROWS_MAX: usize = 4096;

/// Rows of numbers: one slot a variable, and behind them slots for the places of calls.
#[derive(Clone, Debug, Default)]
pub(crate) struct Batch {
    rows: usize,
    /// Each is empty, as long as nothing is bound, or as long as the batch.
    slots: Vec<Vec<u32>>,
}

impl Batch {
    /// One row in which nothing is bound.
    pub(crate) fn unbound(slots: usize) -> Batch {
        Batch {
            rows: 1,
            slots: vec![Vec::new(); slots],
        }
    }

    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The values of a variable, row by row; empty while it is not bound.
    #[inline]
    pub(crate) fn of(&self, variable: VariableId) -> &[u32] {
        self.slot(variable.0 as usize)
    }

    /// The values of a slot, row by row; empty while nothing is bound to it.
    #[inline]
    pub(crate) fn slot(&self, slot: usize) -> &[u32] {
        self.slots.get(slot).map_or(&[], Vec::as_slice)
    }

    /// Binds a slot in all rows; in a batch of one unbound row, as many rows as there are values.
    pub(crate) fn bind(&mut self, slot: usize, values: Vec<u32>) {
        self.rows = values.len();
        if let Some(place) = self.slots.get_mut(slot) {
            *place = values;
        }
    }

    /// The same rows, each as often as its place stands in `places`.
    pub(crate) fn gathered(&self, places: &[u32]) -> Batch {
        let gather = |slot: &Vec<u32>| match slot.is_empty() {
            true => Vec::new(),
            false => {
                let at = |place: &u32| slot.get(*place as usize).copied();
                places.iter().filter_map(at).collect()
            }
        };
        Batch {
            rows: places.len(),
            slots: self.slots.iter().map(gather).collect(),
        }
    }

    /// Keeps the rows for which `keep` says so.
    pub(crate) fn retain(&mut self, keep: &[bool]) {
        let kept = keep.iter().filter(|keep| **keep).count();
        if kept == self.rows {
            return;
        }
        for slot in self.slots.iter_mut().filter(|slot| !slot.is_empty()) {
            let mut flags = keep.iter();
            slot.retain(|_| flags.next().copied().unwrap_or(false));
        }
        self.rows = kept;
    }
}
