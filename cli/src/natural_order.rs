//! The order in which people count: `s2` before `s10`.

use std::cmp::Ordering;

/// Compares names with their runs of digits as numbers.
pub(crate) fn compare(left: &str, right: &str) -> Ordering {
    let (mut left_rest, mut right_rest) = (left, right);
    while let (Some((a, after_a)), Some((b, after_b))) = (part(left_rest), part(right_rest)) {
        let order = match (is_number(a), is_number(b)) {
            (true, true) => by_value(a, b),
            _ => a.cmp(b),
        };
        if order.is_ne() {
            return order;
        }
        (left_rest, right_rest) = (after_a, after_b);
    }
    // `s01` and `s1` count the same and are not.
    (left_rest.len().cmp(&right_rest.len())).then_with(|| left.cmp(right))
}

/// The digits, or the text without digits, that `text` begins with; and the rest.
fn part(text: &str) -> Option<(&str, &str)> {
    let begins_with_digit = text.chars().next()?.is_ascii_digit();
    let end = text
        .find(|c: char| c.is_ascii_digit() != begins_with_digit)
        .unwrap_or(text.len());
    Some(text.split_at(end))
}

fn is_number(part: &str) -> bool {
    part.starts_with(|c: char| c.is_ascii_digit())
}

fn by_value(left: &str, right: &str) -> Ordering {
    let (left, right) = (left.trim_start_matches('0'), right.trim_start_matches('0'));
    (left.len().cmp(&right.len())).then_with(|| left.cmp(right))
}

#[cfg(test)]
mod tests {
    use super::compare;

    #[test]
    fn numbers_count() {
        let mut names = vec!["s10", "s1", "new2", "s2", "s11", "s", "s1b", "s01"];
        names.sort_by(|a, b| compare(a, b));
        assert_eq!(names, ["new2", "s", "s01", "s1", "s1b", "s2", "s10", "s11"]);
    }
}
