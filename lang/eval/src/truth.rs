//! Kleene's three truth values.

use std::fmt;
use std::ops::Not;

/// A truth value: what is not measured makes a condition neither true nor false.
///
/// Ordered so that `and` is the least and `or` the greatest of its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Truth {
    /// It does not hold.
    False,
    /// What it depends on is not known.
    Unknown,
    /// It holds.
    True,
}

impl Truth {
    /// Whether it holds for certain: rules fire on nothing less.
    pub fn is_true(self) -> bool {
        self == Truth::True
    }

    /// Kleene's conjunction; true of nothing.
    pub fn all(operands: impl IntoIterator<Item = Truth>) -> Truth {
        let mut result = Truth::True;
        for operand in operands {
            result = result.min(operand);
            if result == Truth::False {
                break;
            }
        }
        result
    }

    /// Kleene's disjunction; false of nothing.
    pub fn any(operands: impl IntoIterator<Item = Truth>) -> Truth {
        let mut result = Truth::False;
        for operand in operands {
            result = result.max(operand);
            if result == Truth::True {
                break;
            }
        }
        result
    }
}

impl From<bool> for Truth {
    fn from(value: bool) -> Truth {
        if value { Truth::True } else { Truth::False }
    }
}

impl Not for Truth {
    type Output = Truth;

    fn not(self) -> Truth {
        match self {
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
            Truth::True => Truth::False,
        }
    }
}

impl fmt::Display for Truth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Truth::False => "false",
            Truth::Unknown => "unknown",
            Truth::True => "true",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{self, False, True, Unknown};

    #[test]
    fn unknown_is_decided_only_by_the_other_operand() {
        assert_eq!(Truth::all([Unknown, False]), False);
        assert_eq!(Truth::all([Unknown, True]), Unknown);
        assert_eq!(Truth::any([Unknown, True]), True);
        assert_eq!(Truth::any([Unknown, False]), Unknown);
        assert_eq!(!Unknown, Unknown);
    }

    #[test]
    fn nothing_holds_as_a_conjunction_and_not_as_a_disjunction() {
        assert_eq!(Truth::all([]), True);
        assert_eq!(Truth::any([]), False);
    }
}
