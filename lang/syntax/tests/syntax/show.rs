//! What snapshots hold: the source, and below it the tree or the rendered mistakes.

/// Compares with the snapshot file of the test; without the expression, the text speaks for itself.
macro_rules! snapshot {
    ($shown:expr) => {
        insta::with_settings!({ omit_expression => true }, {
            insta::assert_snapshot!($shown)
        })
    };
}

use plasma_diagnostic::{Diagnostic, RenderOptions, SourceMap, render};
use plasma_syntax::{parse, parse_cluster};

use crate::dump;

/// A policy without mistakes, and its tree.
pub(crate) fn policy(source: &str) -> String {
    let (sources, file) = SourceMap::single("test.plasma", source);
    let parsed = parse(file, source);
    let mistakes = rendered(&sources, &parsed.diagnostics);
    assert!(mistakes.is_empty(), "{mistakes}");
    format!("{source}\n----\n{}", dump::tree(&parsed.tree))
}

/// A cluster literal without mistakes, and its tree.
pub(crate) fn cluster(source: &str) -> String {
    let (sources, file) = SourceMap::single("test.plasma", source);
    let parsed = parse_cluster(file, source);
    let mistakes = rendered(&sources, &parsed.diagnostics);
    assert!(mistakes.is_empty(), "{mistakes}");
    format!("{source}\n----\n{}", dump::cluster(&parsed.tree))
}

/// A policy, its rendered mistakes, and the tree that was understood all the same.
pub(crate) fn mistakes(source: &str) -> String {
    let (sources, file) = SourceMap::single("test.plasma", source);
    let parsed = parse(file, source);
    assert!(!parsed.diagnostics.is_empty(), "no mistake in {source}");
    let mistakes = rendered(&sources, &parsed.diagnostics);
    let tree = dump::tree(&parsed.tree);
    format!("{source}\n----\n{mistakes}----\n{tree}")
}

/// A cluster literal, its rendered mistakes, and the tree that was understood all the same.
pub(crate) fn cluster_mistakes(source: &str) -> String {
    let (sources, file) = SourceMap::single("test.plasma", source);
    let parsed = parse_cluster(file, source);
    assert!(!parsed.diagnostics.is_empty(), "no mistake in {source}");
    let mistakes = rendered(&sources, &parsed.diagnostics);
    let tree = dump::cluster(&parsed.tree);
    format!("{source}\n----\n{mistakes}----\n{tree}")
}

/// Each policy with its mistakes, one below the other.
pub(crate) fn each(sources: &[&str]) -> String {
    let shown: Vec<String> = sources.iter().map(|source| mistakes(source)).collect();
    shown.join("\n\n")
}

/// The mistakes as a terminal shows them, with the fixes listed.
pub(crate) fn rendered(sources: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let one = std::slice::from_ref(diagnostic);
        out += &render(sources, one, RenderOptions::default());
        for fix in &diagnostic.fixes {
            let safe = if fix.safe { "safe" } else { "doubtful" };
            out.truncate(out.trim_end().len());
            out += &format!("\n({safe} fix: {})\n\n", fix.title);
        }
    }
    out
}
