//! How much an evaluation may cost: the candidates for its variables are counted, and it can be called
//! off.

use std::cell::Cell;

/// Why an evaluation ended before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It looked at as many candidates as it may.
    Bound,
    /// It was called off.
    CalledOff,
}

/// What is left of an evaluation's allowance.
pub(crate) struct Effort<'a> {
    candidates_left: Cell<u64>,
    is_called_off: &'a dyn Fn() -> bool,
    stop: Cell<Option<Stop>>,
}

impl<'a> Effort<'a> {
    /// At most `candidates_max` candidates, until `is_called_off`.
    pub(crate) fn new(candidates_max: u64, is_called_off: &'a dyn Fn() -> bool) -> Self {
        Effort {
            candidates_left: Cell::new(candidates_max),
            is_called_off,
            stop: Cell::new(None),
        }
    }

    /// Takes one candidate; whether it may still be looked at. Once it may not, nothing more may.
    pub(crate) fn take(&self) -> bool {
        if self.stop.get().is_none() {
            match self.candidates_left.get().checked_sub(1) {
                None => self.stop.set(Some(Stop::Bound)),
                Some(_) if (self.is_called_off)() => self.stop.set(Some(Stop::CalledOff)),
                Some(left) => self.candidates_left.set(left),
            }
        }
        self.stop.get().is_none()
    }

    /// Why it ended early, if it did: what was found until then is not the whole.
    pub(crate) fn stop(&self) -> Option<Stop> {
        self.stop.get()
    }
}
