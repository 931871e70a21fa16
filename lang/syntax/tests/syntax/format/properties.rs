//! What holds for the layout of any policy.

use plasma_diagnostic::FileId;
use plasma_syntax::{Parsed, parse};
use proptest::prelude::*;

use super::formatted;
use super::generated::{blanks, gaps, laid_out, policy};
use crate::dump;

/// The comments of a policy, without blanks at the ends of their lines.
fn comments(parsed: &Parsed) -> Vec<String> {
    let comments = parsed.tree.comments().iter();
    let texts = comments.map(|comment| parsed.tree.text(comment.span));
    let trimmed = texts.map(|text| text.split('\n').map(str::trim_end).collect::<Vec<_>>());
    trimmed.map(|lines| lines.join("\n")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_layout_keeps_the_tree_and_the_comments_and_is_its_own(
        items in policy(true),
        gaps in gaps(),
    ) {
        let source = laid_out(&items, &gaps);
        let before = parse(FileId(0), source.as_str());
        prop_assert_eq!(&before.diagnostics, &[], "{}", source);
        let text = formatted(&source);
        let after = parse(FileId(0), text.as_str());
        prop_assert_eq!(&after.diagnostics, &[], "{}", text);
        prop_assert_eq!(dump::tree(&before.tree), dump::tree(&after.tree), "{}", text);
        prop_assert_eq!(comments(&before), comments(&after), "{}", text);
        prop_assert_eq!(formatted(&text), text);
    }

    #[test]
    fn the_layout_does_not_depend_on_the_layout_before(
        items in policy(false),
        some in blanks(),
        other in blanks(),
    ) {
        let (some, other) = (laid_out(&items, &some), laid_out(&items, &other));
        let unified = |text: String| text.replace("\r\n", "\n");
        prop_assert_eq!(unified(formatted(&some)), unified(formatted(&other)));
    }

    #[test]
    fn lines_end_with_words_and_none_are_left_blank_twice(
        items in policy(true),
        gaps in gaps(),
    ) {
        let text = formatted(&laid_out(&items, &gaps)).replace("\r\n", "\n");
        let is_trimmed = text.lines().all(|line| line.trim_end() == line);
        prop_assert!(is_trimmed, "{}", text);
        prop_assert!(!text.contains("\n\n\n") && !text.starts_with('\n'), "{}", text);
        prop_assert!(text.is_empty() || text.ends_with('\n') && !text.ends_with("\n\n"), "{}", text);
    }
}
