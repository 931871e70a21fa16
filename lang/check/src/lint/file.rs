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
    // Rules may stand in a module, and a file may be for others.
    let is_for_more = |item: &Item| {
        matches!(
            item,
            Item::Actor(_) | Item::Use(_) | Item::Def(_) | Item::Rule(_) | Item::Require(_)
        )
    };
    if !items.iter().any(is_for_more) {
        let start = Span::new(tree.file(), 0, 0);
        checker.report(empty_policy::empty_policy(start));
    }
}
