//! One measured value of everybody: a number a place.

use std::sync::Arc;

/// What stands in a column where nothing is known. Measured values are finite.
pub const UNKNOWN: f64 = f64::NAN;

/// One measured value of everybody, by number. A clone shares the numbers until one of them is changed.
#[derive(Clone, Debug, Default)]
pub struct Column(Arc<Vec<f64>>);

impl Column {
    /// The value of a number; `None` is unknown.
    pub fn get(&self, no: u32) -> Option<f64> {
        Some(self.at(no)).filter(|value| !value.is_nan())
    }

    /// The value of a number; [`UNKNOWN`] if it is not known.
    #[inline]
    pub fn at(&self, no: u32) -> f64 {
        self.0.get(no as usize).copied().unwrap_or(UNKNOWN)
    }

    /// The values from number 0 on; beyond its end all are unknown.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The values of so many numbers, and of all that have one.
    pub(crate) fn values_mut(&mut self, numbers: usize) -> &mut [f64] {
        let values = Arc::make_mut(&mut self.0);
        if values.len() < numbers {
            values.resize(numbers, UNKNOWN);
        }
        values
    }

    /// Sets the value of a number; whether it is another one than before.
    pub fn set(&mut self, no: u32, value: Option<f64>) -> bool {
        let value = value.unwrap_or(UNKNOWN);
        let before = self.at(no);
        if before == value || (before.is_nan() && value.is_nan()) {
            return false;
        }
        let values = Arc::make_mut(&mut self.0);
        let place = no as usize;
        if place >= values.len() {
            values.resize(place + 1, UNKNOWN);
        }
        if let Some(at) = values.get_mut(place) {
            *at = value;
        }
        true
    }

    /// Gives memory back that was taken for growth.
    pub(crate) fn shrink(&mut self) {
        Arc::make_mut(&mut self.0).shrink_to_fit();
    }

    /// Bytes held in memory.
    pub fn bytes(&self) -> usize {
        self.0.capacity() * size_of::<f64>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_never_set_is_unknown() {
        let mut column = Column::default();
        assert_eq!(column.get(3), None);
        assert!(column.set(3, Some(1.0)));
        assert_eq!(
            (column.get(2), column.get(3), column.get(9)),
            (None, Some(1.0), None)
        );
    }

    #[test]
    fn the_same_value_is_no_change() {
        let mut column = Column::default();
        assert!(!column.set(0, None));
        assert!(column.set(0, Some(0.0)));
        assert!(!column.set(0, Some(0.0)));
        assert!(column.set(0, None));
    }

    #[test]
    fn a_clone_keeps_what_it_was() {
        let mut column = Column::default();
        column.set(0, Some(1.0));
        let before = column.clone();
        column.set(0, Some(2.0));
        assert_eq!(before.get(0), Some(1.0));
    }
}
