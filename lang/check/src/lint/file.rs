//! Lints about a whole file.

use plasma_diagnostic::Span;
use plasma_syntax::tree::Item;

use super::{empty_policy, stray_doc};
use crate::resolve::Checker;

/// Reports what a file as a whole leaves in doubt.
pub(crate) fn check(checker: &mut Checker<'_>) {
    let tree = checker.tree;
    for span in tree.stray_docs() {
        checker.report(stray_doc::stray_doc(*span));
    }
    let items = tree.items();
    let is_schema = items.iter().any(|item| matches!(item, Item::Actor(_)));
    let asks_nothing = tree.rules().next().is_none() && tree.requirements().next().is_none();
    if asks_nothing && !is_schema {
        let start = Span::new(tree.file(), 0, 0);
        checker.report(empty_policy::empty_policy(start));
    }
}
