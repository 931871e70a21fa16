//! How much the evaluation of one rule may take in one period. A rule that takes more yields
//! nothing, and says so: half of its bindings would be another policy.

use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

use plasma_model::{PERIOD_BINDINGS_MAX, RULE_BINDINGS_MAX, RULE_STEPS_MAX};

/// A rule that was given up in a period.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excess {
    /// The rule.
    pub rule: Arc<str>,
    /// What it would have taken more of.
    pub bound: Bound,
}

/// What a rule may not take more of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Bindings, and what behaviors ask for in all of them.
    RuleBindings,
    /// Bindings, together with those of the rules before it.
    PeriodBindings,
    /// Values tried for its variables.
    Steps,
}

impl fmt::Display for Excess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = &self.rule;
        match self.bound {
            Bound::RuleBindings => write!(
                f,
                "rule {rule} fires for more than {RULE_BINDINGS_MAX} bindings and was given up"
            ),
            Bound::PeriodBindings => write!(
                f,
                "rule {rule} was given up: with those before it, it fires for more than \
                 {PERIOD_BINDINGS_MAX} bindings"
            ),
            Bound::Steps => write!(
                f,
                "rule {rule} was given up: more than {RULE_STEPS_MAX} combinations of its variables \
                 were tried"
            ),
        }
    }
}

impl Excess {
    /// The way out.
    pub const HELP: &'static str = "link its variables, as in `File(x) in ref(f.files)`, or narrow \
                                    them by more conditions";
}

/// What is left of a rule's budget.
#[derive(Clone, Debug)]
pub(crate) struct Budget {
    steps: Cell<u64>,
    bindings: Cell<usize>,
    /// The bound that was reached, and by which bindings end.
    reached: Cell<Option<Bound>>,
    of_bindings: Bound,
}

impl Budget {
    /// For a rule where the rules before it have taken `bindings_taken`.
    pub(crate) fn new(bindings_taken: usize) -> Self {
        let left = PERIOD_BINDINGS_MAX.saturating_sub(bindings_taken);
        Budget {
            steps: Cell::new(RULE_STEPS_MAX),
            bindings: Cell::new(left.min(RULE_BINDINGS_MAX)),
            reached: Cell::new(None),
            of_bindings: match left < RULE_BINDINGS_MAX {
                true => Bound::PeriodBindings,
                false => Bound::RuleBindings,
            },
        }
    }

    /// The same after a search that was made within another one.
    pub(crate) fn after(self, search: &Budget) -> Self {
        self.steps.set(search.steps.get());
        if search.reached() == Some(Bound::Steps) {
            self.reach(Bound::Steps);
        }
        self
    }

    /// Takes `steps` values of variables; `false` once a bound is reached.
    pub(crate) fn take_steps(&self, steps: usize) -> bool {
        match self.steps.get().checked_sub(steps as u64) {
            Some(left) => self.steps.set(left),
            None => self.reach(Bound::Steps),
        }
        self.reached.get().is_none()
    }

    /// Takes `bindings`, or so many goals; `false` once a bound is reached.
    pub(crate) fn take_bindings(&self, bindings: usize) -> bool {
        match self.bindings.get().checked_sub(bindings) {
            Some(left) => self.bindings.set(left),
            None => self.reach(self.of_bindings),
        }
        self.reached.get().is_none()
    }

    /// The bound that was reached, if one was.
    pub(crate) fn reached(&self) -> Option<Bound> {
        self.reached.get()
    }

    fn reach(&self, bound: Bound) {
        if self.reached.get().is_none() {
            self.reached.set(Some(bound));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bound_reached_is_told() {
        let budget = Budget::new(0);
        assert!(budget.take_bindings(RULE_BINDINGS_MAX));
        assert!(!budget.take_bindings(1));
        assert!(!budget.take_steps(1));
        assert_eq!(budget.reached(), Some(Bound::RuleBindings));
    }

    #[test]
    fn later_rules_have_what_is_left_of_the_period() {
        let budget = Budget::new(PERIOD_BINDINGS_MAX - 1);
        assert!(budget.take_bindings(1));
        assert!(!budget.take_bindings(1));
        assert_eq!(budget.reached(), Some(Bound::PeriodBindings));
    }

    #[test]
    fn steps_end() {
        let budget = Budget::new(0);
        assert!(budget.take_steps(RULE_STEPS_MAX as usize));
        assert!(!budget.take_steps(1));
        assert_eq!(budget.reached(), Some(Bound::Steps));
    }
}
