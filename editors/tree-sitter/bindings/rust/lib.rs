//! The tree-sitter grammar of Plasma, with what editors ask of it.

use tree_sitter_language::LanguageFn;

unsafe extern "C" {
    fn tree_sitter_plasma() -> *const ();
}

/// The grammar.
// SAFETY: the generated parser returns a table that lives as long as the program.
pub const LANGUAGE: LanguageFn = unsafe { LanguageFn::from_raw(tree_sitter_plasma) };

/// What each word is, for colours.
pub const HIGHLIGHTS_QUERY: &str = include_str!("../../queries/highlights.scm");

/// The languages within: documentation is markdown.
pub const INJECTIONS_QUERY: &str = include_str!("../../queries/injections.scm");

/// Which variables belong together.
pub const LOCALS_QUERY: &str = include_str!("../../queries/locals.scm");

/// What a file declares.
pub const TAGS_QUERY: &str = include_str!("../../queries/tags.scm");

/// What can be folded.
pub const FOLDS_QUERY: &str = include_str!("../../queries/folds.scm");

/// How lines are indented.
pub const INDENTS_QUERY: &str = include_str!("../../queries/indents.scm");
