//! What a selection grows to.

use insta::assert_snapshot;
use plasma_ide::selection_ranges;

use crate::at_cursor;

/// The ranges around the cursor, the smallest first.
fn told(source: &str) -> String {
    let (analysis, offset) = at_cursor(source);
    let spans = selection_ranges(&analysis, offset);
    for pair in spans.windows(2) {
        assert!(pair[1].start <= pair[0].start && pair[0].end <= pair[1].end);
    }
    let texts = spans
        .iter()
        .map(|span| analysis.text().get(span.range()).unwrap_or("?"));
    texts.collect::<Vec<_>>().join("\n")
}

#[test]
fn it_grows_from_the_word_to_the_document() {
    let rule = "param p = 3;\nrule r: server.cpu.perc > 80 and not File(x) in ref(f.fi$0les) or p > 2 => pin(x);";
    assert_snapshot!(told(rule), @r#"
    files
    f.files
    File(x) in ref(f.files)
    not File(x) in ref(f.files)
    server.cpu.perc > 80 and not File(x) in ref(f.files)
    server.cpu.perc > 80 and not File(x) in ref(f.files) or p > 2
    rule r: server.cpu.perc > 80 and not File(x) in ref(f.files) or p > 2 => pin(x);
    param p = 3;
    rule r: server.cpu.perc > 80 and not File(x) in ref(f.files) or p > 2 => pin(x);
    "#);
    assert_snapshot!(told("rule r [priority 3]: true => pin(F$0); pin(G);"), @r#"
    F
    pin(F)
    pin(F); pin(G)
    rule r [priority 3]: true => pin(F); pin(G);
    "#);
    assert_snapshot!(told("rule r [prio$0rity 3]: true => pin(F);"), @r#"
    priority
    priority 3
    rule r [priority 3]:
    rule r [priority 3]: true => pin(F);
    "#);
}

#[test]
fn it_grows_in_actors_and_tests_too() {
    assert_snapshot!(told("actor F { fn op$0en; fn list; }"), @r#"
    open
    fn open;
    actor F { fn open; fn list; }
    "#);
    assert_snapshot!(told("test \"t\" { at 30s { server s$01 } expect no actions; }"), @r#"
    s1
    server s1
    at 30s { server s1 }
    test "t" { at 30s { server s1 } expect no actions; }
    "#);
}

#[test]
fn nothing_and_what_nobody_understands_have_a_range() {
    assert_eq!(told("$0"), "");
    let grown = told("rule r: server.cpu > $0 => pin(");
    assert!(grown.ends_with("rule r: server.cpu >  => pin("), "{grown}");
}
