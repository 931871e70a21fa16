//! Intervals of numbers, and what arithmetic makes of them.
//!
//! A policy calculates in `f64`. Rounding keeps the order of numbers, so the results at the ends of
//! the operands bound those between them; but what is strictly inside may be rounded to the end, so
//! that every calculated end counts as reached.

use crate::program::{Comparison, Operator};

/// How far the mean of many numbers may lie outside of them by rounding, relative to the greatest.
const MEAN_ROUNDING: f64 = 1e-9;

/// All numbers between two ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Interval {
    /// No number is less; may be negative infinity.
    pub(crate) least: f64,
    /// Whether the least is one of them.
    pub(crate) is_least_reached: bool,
    /// No number is greater; may be infinity.
    pub(crate) most: f64,
    /// Whether the greatest is one of them.
    pub(crate) is_most_reached: bool,
}

impl Interval {
    /// Any number.
    pub(crate) const ALL: Self = Interval::closed(f64::NEG_INFINITY, f64::INFINITY);

    /// From `least` to `most`, both included.
    pub(crate) const fn closed(least: f64, most: f64) -> Interval {
        Interval {
            least,
            is_least_reached: true,
            most,
            is_most_reached: true,
        }
    }

    /// The numbers that compare so with some number of `other`; all for `!=`.
    pub(crate) fn comparing(comparison: Comparison, other: Interval) -> Interval {
        let mut interval = Interval::ALL;
        let (bounds_least, bounds_most, is_strict) = match comparison {
            Comparison::Less => (false, true, true),
            Comparison::LessOrEqual => (false, true, false),
            Comparison::Greater => (true, false, true),
            Comparison::GreaterOrEqual => (true, false, false),
            Comparison::Equal => (true, true, false),
            Comparison::NotEqual => (false, false, false),
        };
        if bounds_least {
            interval.least = other.least;
            interval.is_least_reached = other.is_least_reached && !is_strict;
        }
        if bounds_most {
            interval.most = other.most;
            interval.is_most_reached = other.is_most_reached && !is_strict;
        }
        interval
    }

    /// The numbers of both.
    pub(crate) fn meet(self, other: Interval) -> Interval {
        let mut met = self;
        if other.least > self.least {
            (met.least, met.is_least_reached) = (other.least, other.is_least_reached);
        } else if other.least == self.least {
            met.is_least_reached &= other.is_least_reached;
        }
        if other.most < self.most {
            (met.most, met.is_most_reached) = (other.most, other.is_most_reached);
        } else if other.most == self.most {
            met.is_most_reached &= other.is_most_reached;
        }
        met
    }

    /// Whether no number is in it.
    pub(crate) fn is_empty(self) -> bool {
        self.least > self.most
            || self.least == self.most && !(self.is_least_reached && self.is_most_reached)
    }

    /// Whether all numbers of this one and all of the other one compare so, or none of them do;
    /// `None` where it depends on the numbers.
    pub(crate) fn compare(self, comparison: Comparison, other: Interval) -> Option<bool> {
        match comparison {
            Comparison::Less => self.is_less(other),
            Comparison::Greater => other.is_less(self),
            Comparison::GreaterOrEqual => self.is_less(other).map(|less| !less),
            Comparison::LessOrEqual => other.is_less(self).map(|less| !less),
            Comparison::Equal => self.is_equal(other),
            Comparison::NotEqual => self.is_equal(other).map(|equal| !equal),
        }
    }

    fn is_less(self, other: Interval) -> Option<bool> {
        if self.least >= other.most {
            return Some(false);
        }
        let is_below = self.most < other.least
            || self.most == other.least && !(self.is_most_reached && other.is_least_reached);
        is_below.then_some(true)
    }

    fn is_equal(self, other: Interval) -> Option<bool> {
        let met = self.meet(other);
        if met.is_empty() {
            return Some(false);
        }
        let is_point = self.least == self.most && other.least == other.most;
        is_point.then_some(true)
    }

    /// With the sign changed.
    pub(crate) fn negative(self) -> Interval {
        Interval {
            least: -self.most,
            is_least_reached: self.is_most_reached,
            most: -self.least,
            is_most_reached: self.is_least_reached,
        }
    }

    /// Without the sign.
    pub(crate) fn absolute(self) -> Interval {
        if self.least >= 0.0 {
            self
        } else if self.most <= 0.0 {
            self.negative()
        } else {
            Interval::closed(0.0, self.most.max(-self.least))
        }
    }

    /// What the numbers of two intervals make, as far as the result is known: a division by zero is
    /// not.
    pub(crate) fn calculate(self, operator: Operator, other: Interval) -> Interval {
        match operator {
            Operator::Add => Interval::rounded(self.least + other.least, self.most + other.most),
            Operator::Subtract => self.calculate(Operator::Add, other.negative()),
            Operator::Multiply => self.corners(other, |a, b| a * b),
            Operator::Divide => {
                if other.least < 0.0 && other.most > 0.0
                    || other.least == other.most && other.least == 0.0
                {
                    return Interval::ALL;
                }
                // Close to zero, the quotients grow towards the infinity of the divisor's own sign.
                let positive_zero = |end: f64| if end == 0.0 { 0.0 } else { end };
                let negative_zero = |end: f64| if end == 0.0 { -0.0 } else { end };
                let divisor =
                    Interval::closed(positive_zero(other.least), negative_zero(other.most));
                self.corners(divisor, |a, b| a / b)
            }
        }
    }

    /// The hull of an operation at the ends, where it is monotone in both operands. What is no number
    /// at an infinite end stands for zero: the other ends bound the rest.
    fn corners(self, other: Interval, operation: impl Fn(f64, f64) -> f64) -> Interval {
        let (mut least, mut most) = (f64::INFINITY, f64::NEG_INFINITY);
        for a in [self.least, self.most] {
            for b in [other.least, other.most] {
                let value = operation(a, b);
                let value = if value.is_nan() { 0.0 } else { value };
                (least, most) = (least.min(value), most.max(value));
            }
        }
        Interval::rounded(least, most)
    }

    /// Wide enough for the mean of any number of numbers of it.
    pub(crate) fn of_means(self) -> Interval {
        let slack = |end: f64| end.abs() * MEAN_ROUNDING;
        Interval::rounded(self.least - slack(self.least), self.most + slack(self.most))
    }

    /// Between two calculated ends. An end beyond all numbers tells nothing: such a result is
    /// unknown.
    pub(crate) fn rounded(least: f64, most: f64) -> Interval {
        if least.is_nan() || most.is_nan() || least == f64::INFINITY || most == f64::NEG_INFINITY {
            return Interval::ALL;
        }
        Interval::closed(least, most)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const OPERATORS: [Operator; 4] = [
        Operator::Add,
        Operator::Subtract,
        Operator::Multiply,
        Operator::Divide,
    ];

    const COMPARISONS: [Comparison; 6] = [
        Comparison::Less,
        Comparison::LessOrEqual,
        Comparison::Greater,
        Comparison::GreaterOrEqual,
        Comparison::Equal,
        Comparison::NotEqual,
    ];

    fn contains(interval: Interval, value: f64) -> bool {
        !interval.meet(Interval::closed(value, value)).is_empty()
    }

    /// Two ends and a number between them, infinite and equal ends included.
    fn around() -> impl Strategy<Value = (Interval, f64)> {
        let number = prop_oneof![
            3 => (-8..9i32).prop_map(f64::from),
            2 => -1e3..1e3f64,
            1 => any::<f64>().prop_filter("a measured value", |value| value.is_finite()),
        ];
        let end = prop_oneof![4 => number.clone().prop_map(Some), 1 => Just(None)];
        (end.clone(), number, end).prop_map(|(least, value, most)| {
            let least = least.unwrap_or(f64::NEG_INFINITY).min(value);
            let most = most.unwrap_or(f64::INFINITY).max(value);
            (Interval::closed(least, most), value)
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn every_result_is_within(
            (left, a) in around(),
            (right, b) in around(),
            operator in prop::sample::select(&OPERATORS[..]),
        ) {
            if let Some(result) = operator.apply(a, b) {
                prop_assert!(contains(left.calculate(operator, right), result));
            }
            prop_assert!(contains(left.negative(), -a));
            prop_assert!(contains(left.absolute(), a.abs()));
        }

        #[test]
        fn a_decided_comparison_holds_for_every_number(
            (left, a) in around(),
            (right, b) in around(),
            comparison in prop::sample::select(&COMPARISONS[..]),
        ) {
            if let Some(holds) = left.compare(comparison, right) {
                prop_assert_eq!(comparison.holds(a, b), holds);
            }
            if comparison.holds(a, b) {
                prop_assert!(contains(Interval::comparing(comparison, right), a));
            }
        }
    }

    #[test]
    fn a_strict_end_is_not_reached_until_something_is_calculated() {
        let above = Interval::comparing(Comparison::Greater, Interval::closed(80.0, 80.0));
        assert_eq!(
            above.compare(Comparison::LessOrEqual, Interval::closed(80.0, 80.0)),
            Some(false)
        );
        let huge = Interval::closed(1e300, 1e300);
        let sum = above
            .meet(Interval::closed(0.0, 100.0))
            .calculate(Operator::Add, huge);
        assert_eq!(sum.compare(Comparison::Equal, huge), Some(true));
    }

    #[test]
    fn a_quotient_by_what_is_at_least_zero_has_a_sign() {
        let positive = Interval::closed(0.0, f64::INFINITY);
        let quotient = Interval::closed(2.0, 4.0).calculate(Operator::Divide, positive);
        assert_eq!(quotient, positive);
    }
}
