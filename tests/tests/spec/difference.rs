//! Expected against actual lines, for people.

/// The lines of both texts in one sequence: `  ` common, `- ` missing, `+ ` not expected. `None` if
/// all lines match.
pub(super) fn difference(
    expected: &str,
    actual: &str,
    matches: impl Fn(&str, &str) -> bool,
) -> Option<String> {
    let expected: Vec<&str> = expected.lines().map(str::trim_end).collect();
    let actual: Vec<&str> = actual.lines().collect();
    let lengths = common_lengths(&expected, &actual, &matches);
    let (mut row, mut column) = (0, 0);
    let mut lines = Vec::new();
    let mut differs = false;
    while row < expected.len() || column < actual.len() {
        let both = row < expected.len() && column < actual.len();
        if both && matches(expected[row], actual[column]) {
            lines.push(format!("    {}", actual[column]));
            (row, column) = (row + 1, column + 1);
            continue;
        }
        differs = true;
        if row < expected.len()
            && lengths[row + 1][column] >= lengths[row][column.min(actual.len())]
            || column == actual.len()
        {
            lines.push(format!("  - {}", expected[row]));
            row += 1;
        } else {
            lines.push(format!("  + {}", actual[column]));
            column += 1;
        }
    }
    differs.then(|| lines.join("\n"))
}

/// For each pair of places, the length of the longest common sequence of the lines from there on.
fn common_lengths(
    expected: &[&str],
    actual: &[&str],
    matches: &impl Fn(&str, &str) -> bool,
) -> Vec<Vec<usize>> {
    let mut lengths = vec![vec![0; actual.len() + 1]; expected.len() + 1];
    for row in (0..expected.len()).rev() {
        for column in (0..actual.len()).rev() {
            lengths[row][column] = match matches(expected[row], actual[column]) {
                true => lengths[row + 1][column + 1] + 1,
                false => lengths[row + 1][column].max(lengths[row][column + 1]),
            };
        }
    }
    lengths
}

#[test]
fn missing_and_unexpected_lines_are_marked() {
    let equal = |left: &str, right: &str| left == right;
    assert_eq!(difference("a\nb\n", "a\nb\n", equal), None);
    assert_eq!(
        difference("a\nb\nd\n", "a\nc\nd\n", equal).as_deref(),
        Some("    a\n  - b\n  + c\n    d")
    );
    assert_eq!(
        difference("a\n", "a\nb\n", equal).as_deref(),
        Some("    a\n  + b")
    );
}
