//! Units of calculated numbers: what the units of two numbers make of their sum or product.
//!
//! A unit is written as METRICS writes it. `None` is a constant without one, and a value of a type
//! that is inferred: it takes the unit that its place needs.

use plasma_syntax::Quantity;

use crate::program::Operator;

/// Unit of a number, if it has one.
pub(super) type Unit = Option<&'static str>;

/// What the values of a unit measure; `None` for a plain number, such as one of calls or cores.
pub fn quantity_of(unit: &str) -> Option<Quantity> {
    match unit {
        "%" => Some(Quantity::Percent),
        "B" => Some(Quantity::Bytes),
        "B/s" => Some(Quantity::BytesPerSecond),
        "s" => Some(Quantity::Duration),
        "/s" => Some(Quantity::PerSecond),
        _ => None,
    }
}

/// The base unit of a quantity.
pub(super) fn unit_of(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Percent => "%",
        Quantity::Bytes => "B",
        Quantity::BytesPerSecond => "B/s",
        Quantity::Duration => "s",
        Quantity::PerSecond => "/s",
    }
}

/// The unit that both numbers can have: what can be compared, and added. The outer `None` says that
/// there is none.
pub(super) fn common(left: Unit, right: Unit) -> Option<Unit> {
    match (left, right) {
        (None, other) | (other, None) => Some(other),
        (Some(left), Some(right)) if left == right => Some(Some(left)),
        // A plain number counts whatever the other one counts.
        (Some(""), Some(other)) | (Some(other), Some("")) if is_plain(other) => Some(Some(other)),
        _ => None,
    }
}

/// The unit of a result, and what the result of the figures is multiplied by to be in it. The outer
/// `None` says that this cannot be calculated.
pub(super) fn calculated(operator: Operator, left: Unit, right: Unit) -> Option<(Unit, f64)> {
    match operator {
        Operator::Add | Operator::Subtract => Some((common(left, right)?, 1.0)),
        Operator::Multiply => product(left, right),
        Operator::Divide => quotient(left, right),
    }
}

/// A share is a factor, too: 50% of something is half of it.
const PERCENT: f64 = 0.01;

fn product(left: Unit, right: Unit) -> Option<(Unit, f64)> {
    use Quantity::{BytesPerSecond, Duration, PerSecond, Percent};
    let (Some(left_unit), Some(right_unit)) = (left, right) else {
        return Some((left.or(right), 1.0));
    };
    let result = match (quantity_of(left_unit), quantity_of(right_unit)) {
        (Some(Percent), _) => (right_unit, PERCENT),
        (_, Some(Percent)) => (left_unit, PERCENT),
        (None, None) => (plain(left_unit, right_unit), 1.0),
        (None, Some(_)) => (right_unit, 1.0),
        (Some(_), None) => (left_unit, 1.0),
        (Some(Duration), Some(PerSecond)) | (Some(PerSecond), Some(Duration)) => ("", 1.0),
        (Some(Duration), Some(BytesPerSecond)) | (Some(BytesPerSecond), Some(Duration)) => {
            ("B", 1.0)
        }
        _ => return None,
    };
    Some((Some(result.0), result.1))
}

fn quotient(left: Unit, right: Unit) -> Option<(Unit, f64)> {
    use Quantity::{Bytes, BytesPerSecond, Duration, PerSecond, Percent};
    let Some(right_unit) = right else {
        return Some((left, 1.0));
    };
    let left_quantity = left.and_then(quantity_of);
    let result = match (left_quantity, quantity_of(right_unit)) {
        (Some(left), Some(right)) if left == right => ("", 1.0),
        (_, Some(Percent)) => return Some((left, 1.0 / PERCENT)),
        (None, None) => (plain(left.unwrap_or(""), right_unit), 1.0),
        (Some(_), None) => return Some((left, 1.0)),
        (None, Some(Duration)) => ("/s", 1.0),
        (None, Some(PerSecond)) => ("s", 1.0),
        (Some(Bytes), Some(Duration)) => ("B/s", 1.0),
        (Some(Bytes), Some(BytesPerSecond)) => ("s", 1.0),
        (Some(BytesPerSecond), Some(PerSecond)) => ("B", 1.0),
        (Some(BytesPerSecond), Some(Bytes)) => ("/s", 1.0),
        _ => return None,
    };
    Some((Some(result.0), result.1))
}

/// The unit of two plain numbers multiplied or divided: that of the one that has one.
fn plain(left: &'static str, right: &'static str) -> &'static str {
    match (left, right) {
        (unit, "") => unit,
        _ => "",
    }
}

fn is_plain(unit: &str) -> bool {
    quantity_of(unit).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(operator: Operator, left: &'static str, right: &'static str) -> Option<(Unit, f64)> {
        calculated(operator, Some(left), Some(right))
    }

    #[test]
    fn only_what_has_one_unit_is_added() {
        assert_eq!(of(Operator::Add, "%", "%"), Some((Some("%"), 1.0)));
        assert_eq!(of(Operator::Add, "%", "B"), None);
        assert_eq!(
            of(Operator::Subtract, "", "calls"),
            Some((Some("calls"), 1.0))
        );
        assert_eq!(of(Operator::Add, "cores", "calls"), None);
        assert_eq!(
            calculated(Operator::Add, None, Some("B")),
            Some((Some("B"), 1.0))
        );
    }

    #[test]
    fn products_and_quotients_change_the_unit() {
        assert_eq!(of(Operator::Multiply, "B/s", "s"), Some((Some("B"), 1.0)));
        assert_eq!(of(Operator::Multiply, "B", "B"), None);
        assert_eq!(of(Operator::Divide, "B", "s"), Some((Some("B/s"), 1.0)));
        assert_eq!(of(Operator::Divide, "B", "B"), Some((Some(""), 1.0)));
        assert_eq!(of(Operator::Divide, "calls", "s"), Some((Some("/s"), 1.0)));
        assert_eq!(of(Operator::Divide, "s", "B"), None);
    }

    #[test]
    fn a_percentage_is_a_factor() {
        assert_eq!(
            of(Operator::Multiply, "%", "calls"),
            Some((Some("calls"), 0.01))
        );
        assert_eq!(of(Operator::Multiply, "%", "%"), Some((Some("%"), 0.01)));
        assert_eq!(of(Operator::Divide, "B", "%"), Some((Some("B"), 100.0)));
        assert_eq!(
            calculated(Operator::Multiply, Some("%"), None),
            Some((Some("%"), 1.0))
        );
    }
}
