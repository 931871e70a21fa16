//! What is shown between the letters of a text, in `‹›` where it stands.

use plasma_diagnostic::Span;
use plasma_ide::{HintKind, InlayHint, inlay_hints};

use crate::{SCHEMA, at_cursor, at_cursor_with_module};

fn hints(source: &str) -> (String, Vec<InlayHint>) {
    let (analysis, _) = at_cursor(source);
    let all = Span::new(analysis.file(), 0, analysis.text().len() as u32);
    (analysis.text().to_owned(), inlay_hints(&analysis, all))
}

fn with_hints(text: &str, hints: &[InlayHint]) -> String {
    let mut shown = text.to_owned();
    for hint in hints.iter().rev() {
        shown.insert_str(hint.offset as usize, &format!("‹{}›", hint.label));
    }
    shown
}

fn shown(source: &str) -> String {
    let (text, hints) = hints(source);
    with_hints(&text, &hints)
}

#[test]
fn units_and_default_statistics_are_shown_where_they_are_left_out() {
    for (source, expected) in [
        (
            "server.cpu > 80 => balance({Folder}, cpu);",
            "server.cpu‹.perc› > 80‹%› => balance({Folder}, cpu);",
        ),
        (
            "server.cpu.perc > 80% => balance({Folder}, cpu);",
            "server.cpu.perc > 80% => balance({Folder}, cpu);",
        ),
        (
            "server.mem.size > 3GB => balance({Folder}, mem);",
            "server.mem.size > 3GB => balance({Folder}, mem);",
        ),
        (
            "Folder(f).mailbox > 8 => pin(f);",
            "Folder(f).mailbox > 8‹ messages› => pin(f);",
        ),
        (
            "client.call(Folder(f).open) > 40 => pin(f);",
            "client.call(Folder(f).open)‹.count› > 40‹ calls› => pin(f);",
        ),
        (
            "client.call(Folder(f).open).perc > 40 => pin(f);",
            "client.call(Folder(f).open).perc > 40‹%› => pin(f);",
        ),
        (
            "(server.net.size * 2) > 9 => scale_out(2);",
            "(server.net.size * 2) > 9‹B/s› => scale_out(‹count: ›2);",
        ),
    ] {
        assert_eq!(shown(source), expected);
    }
}

#[test]
fn the_actor_is_shown_whose_host_a_bare_server_is() {
    assert_eq!(
        shown("Folder(f).cpu.perc > 8% and server.cpu.perc > 80% => pin(f);"),
        "Folder(f).cpu.perc > 8% and ‹f.›server.cpu.perc > 80% => pin(f);"
    );
    assert_eq!(
        shown("Folder(f).cpu.perc > 8% and f.server.cpu.perc > 80% => pin(f);"),
        "Folder(f).cpu.perc > 8% and f.server.cpu.perc > 80% => pin(f);"
    );
}

#[test]
fn what_may_be_typed_as_it_stands_means_the_same() {
    let source = format!(
        "{SCHEMA}Folder(f).cpu > 8 and server.mem > 80 and client.call(f.open).p99 > 3 => pin(f);"
    );
    let (text, hints) = hints(&source);
    assert_eq!(hints.len(), 6, "{hints:?}");
    let mut typed = text;
    for hint in hints.iter().rev() {
        assert!(hint.is_source, "{hint:?}");
        typed.insert_str(hint.offset as usize, &hint.label);
    }
    let rule = typed.lines().last().expect("the rule");
    assert_eq!(
        rule,
        "Folder(f).cpu.perc > 8% and f.server.mem.perc > 80% and client.call(f.open).p99 > 3s => pin(f);"
    );
    assert_eq!(shown(&typed), typed, "nothing is left out any more");
}

#[test]
fn a_definition_says_what_it_stands_for_and_what_its_constants_are() {
    assert_eq!(
        shown(
            "def hot(s: server, by: percent) = s.cpu.perc > by;\nhot(server(s), 80%) => drain(s);"
        ),
        "def hot(s: server, by: percent)‹: condition› = s.cpu.perc > by;\nhot(server(s), ‹by: ›80%) => drain(s);"
    );
    assert_eq!(
        shown("def load(s: server) = s.cpu.perc + s.mem.perc;\nload(server(s)) > 9 => drain(s);"),
        "def load(s: server)‹: %› = s.cpu.perc + s.mem.perc;\nload(server(s)) > 9‹%› => drain(s);"
    );
    let (analysis, _) =
        at_cursor_with_module("use lib.hot;\nhot.busy(server(s), 3%) => drain(s);\n");
    let all = Span::new(analysis.file(), 0, analysis.text().len() as u32);
    assert_eq!(
        with_hints(analysis.text(), &inlay_hints(&analysis, all)),
        "use lib.hot;\nhot.busy(server(s), ‹by: ›3%) => drain(s);\n"
    );
}

#[test]
fn only_what_is_looked_at_is_answered() {
    let (analysis, _) =
        at_cursor("server.cpu > 80 => drain(server);\nserver.mem > 80 => drain(server);");
    let second = Span::new(analysis.file(), 34, analysis.text().len() as u32);
    let kinds: Vec<_> = inlay_hints(&analysis, second)
        .into_iter()
        .map(|hint| hint.kind)
        .collect();
    assert_eq!(kinds, [HintKind::Statistic, HintKind::Unit]);
}
