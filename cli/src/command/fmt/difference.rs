//! What formatting changes, as `diff -u` shows it.

use std::fmt::Write as _;
use std::time::Duration;

use similar::{ChangeTag, TextDiff};

/// Lines shown around each change.
const CONTEXT_LINES: usize = 3;

/// After so long a difference may be longer than it has to be.
const PATIENCE: Duration = Duration::from_secs(2);

const RED: &str = "\u{1b}[31m";
const GREEN: &str = "\u{1b}[32m";
const CYAN: &str = "\u{1b}[36m";
const BOLD: &str = "\u{1b}[1m";
const PLAIN: &str = "\u{1b}[0m";

/// The difference of a file's text and its formatted text; `patch` can apply it.
pub(super) fn difference(name: &str, text: &str, formatted: &str, coloured: bool) -> String {
    let diff = TextDiff::configure()
        .timeout(PATIENCE)
        .diff_lines(text, formatted);
    let mut out = String::new();
    let mut line = |colour: &str, line: &str| {
        // Writing into a string cannot fail.
        let _ = match colour {
            "" => writeln!(out, "{line}"),
            _ if !coloured => writeln!(out, "{line}"),
            colour => writeln!(out, "{colour}{line}{PLAIN}"),
        };
    };
    line(BOLD, &format!("--- {name}"));
    line(BOLD, &format!("+++ {name}"));
    for hunk in diff
        .unified_diff()
        .context_radius(CONTEXT_LINES)
        .iter_hunks()
    {
        line(CYAN, &hunk.header().to_string());
        for change in hunk.iter_changes() {
            let (sign, colour) = match change.tag() {
                ChangeTag::Delete => ('-', RED),
                ChangeTag::Insert => ('+', GREEN),
                ChangeTag::Equal => (' ', ""),
            };
            let text = change.value();
            line(
                colour,
                &format!("{sign}{}", text.strip_suffix('\n').unwrap_or(text)),
            );
            if change.missing_newline() {
                line("", "\\ No newline at end of file");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_coloured_on_a_terminal_only() {
        let shown = |coloured| difference("a.plasma", "a\nb", "a\nc\n", coloured);
        assert_eq!(
            shown(false),
            "--- a.plasma\n+++ a.plasma\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
        );
        assert!(shown(true).contains("\u{1b}[32m+c\u{1b}[0m\n"));
    }
}
