//! No text makes the reader fail, and no text with a mistake passes without one reported.

use plasma_diagnostic::{Diagnostic, FileId, RenderOptions, SourceMap, render};
use plasma_syntax::tree::{ExprKind, Tree};
use plasma_syntax::{parse, parse_cluster, parse_repl_input};
use proptest::prelude::*;

use crate::{dump, policies};

/// Reads the text in every way, walks what comes out and renders it.
fn survives(text: &str) {
    let (sources, file) = SourceMap::single("any.plasma", text);
    let parsed = parse(file, text);
    check(&sources, &parsed.diagnostics);
    dump::tree(&parsed.tree);
    holes_are_reported(&parsed.tree, &parsed.diagnostics);
    let cluster = parse_cluster(file, text);
    check(&sources, &cluster.diagnostics);
    dump::cluster(&cluster.tree);
    let input = parse_repl_input(file, text);
    check(&sources, &input.diagnostics);
}

/// Every place lies in the text, on borders of characters, and can be shown.
fn check(sources: &SourceMap, diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let fixes = diagnostic.fixes.iter().flat_map(|fix| &fix.edits);
        let spans = diagnostic.labels.iter().map(|label| label.span);
        let spans = spans.chain(fixes.map(|edit| edit.span));
        for span in spans.chain([diagnostic.primary]) {
            let text = sources.text(span.file);
            assert!(
                text.get(span.range()).is_some(),
                "{span:?} of {diagnostic:?}"
            );
        }
    }
    render(sources, diagnostics, RenderOptions::default());
}

fn holes_are_reported(tree: &Tree, diagnostics: &[Diagnostic]) {
    let holes = tree
        .rules()
        .filter(|rule| tree.expr(rule.condition).kind == ExprKind::Hole);
    assert!(holes.count() == 0 || !diagnostics.is_empty());
}

/// Pieces from which much nearly right text can be made.
const PIECES: &[&str] = &[
    "rule", "param", "actor", "fn", "ref", "on", "priority", "true", "false", "and", "or", "not",
    "in", "client", "server", "any", "balance", "reserve", "pin", "Folder", "File", "f", "x",
    "cpu", "perc", "call", "80", "40%", "10/s", "100/sec", "40x5", ".5", "4KiB", "\"a\"", "\"",
    "=>", "⇒", "->", "==", "!=", "<=", ">=", "<", ">", "=", ".", ",", ";", ":", "?", "(", ")", "{",
    "}", "[", "]", "+", "-", "*", "/", "%", "//", "///", "/*", "*/", "&&", "|", "!", "é", "'", "@",
    "#", "\u{0}", "\n", "_", "\u{202e}",
];

/// Pieces of the texts of alerts.
const IN_TEXTS: &[&str] = &[
    "{",
    "}",
    "{{",
    "}}",
    "{f}",
    "{f.cpu.perc}",
    "{f.",
    "\\\"",
    "\\",
    "\"",
    "é",
    " ",
    "f",
    "s.label(",
    ")",
    "=>",
    "pin(f);",
    "80 %",
    "//",
    "/*",
    "param x = 1;",
    "1 +",
    "\n",
    "\u{202e}",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn arbitrary_tokens(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..60)) {
        survives(&pieces.join(" "));
    }

    #[test]
    fn arbitrary_tokens_without_blanks(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..20)
    ) {
        survives(&pieces.concat());
    }

    #[test]
    fn an_alert_with_arbitrary_holes(
        pieces in prop::collection::vec(prop::sample::select(IN_TEXTS), 0..20)
    ) {
        let text = pieces.concat();
        survives(&format!("Folder(f).cpu.perc > 80 => alert(\"{text}\"); pin(f);"));
    }

    #[test]
    fn a_policy_with_a_piece_put_in(
        at in any::<prop::sample::Index>(),
        piece in prop::sample::select(PIECES),
    ) {
        let policy = policies::EVERYTHING;
        let place = policy.floor_char_boundary(at.index(policy.len()));
        survives(&format!("{} {piece} {}", &policy[..place], &policy[place..]));
    }

    #[test]
    fn a_policy_with_a_piece_cut_out(
        from in any::<prop::sample::Index>(),
        length in 1usize..30,
    ) {
        let policy = policies::EVERYTHING;
        let start = policy.floor_char_boundary(from.index(policy.len()));
        let end = policy.floor_char_boundary((start + length).min(policy.len()));
        survives(&format!("{}{}", &policy[..start], &policy[end..]));
    }
}

#[test]
fn every_truncation_of_every_policy() {
    let published = policies::PUBLISHED.iter().map(|(_, source)| *source);
    for policy in published.chain([policies::EVERYTHING]) {
        for end in (0..=policy.len()).filter(|end| policy.is_char_boundary(*end)) {
            survives(&policy[..end]);
        }
    }
}

/// What is dropped is never dropped in silence: the text of a clean parse is all in its items.
#[test]
fn a_clean_parse_leaves_nothing_out() {
    let policy = policies::EVERYTHING;
    let parsed = parse(FileId(0), policy);
    assert_eq!(parsed.diagnostics, []);
    let mut rest = policy.to_owned();
    let items = parsed.tree.items().iter().map(|item| item.span());
    let comments = parsed.tree.comments().iter().map(|comment| comment.span);
    for span in items.chain(comments) {
        rest.replace_range(span.range(), &" ".repeat(span.range().len()));
    }
    assert_eq!(rest.trim(), "");
}
