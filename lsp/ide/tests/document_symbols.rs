//! The outline of a document, and search in many.

use plasma_ide::{DocumentSymbol, document_symbols};

use crate::at_cursor;

const POLICY: &str = r#"/// é
actor Folder { files: [File]; fn open; }
actor File {}
param high = 80%;
use lib.hot with { share = 3% };
def busy(s: server) = s.cpu.perc > high;
rule hot [priority 3]: busy(server(s)) => drain(s);
Folder(f).cpu > 3
  => pin(f);
require separate(Folder(a),
  File(b));
limit servers 2..16;
allow "no-gap" "why" until "2027-01-31";
test "a hot \"one\"" {
  server s1 { cpu: 90% }
  Folder f on s1 { files: [x] }
  client -> f.open: 5
  at 30s { server s1 { cpu: 20% } }
  expect drain(s1)
    by hot;
}
"#;

fn shown(text: &str, symbols: &[DocumentSymbol], depth: usize, lines: &mut Vec<String>) {
    for symbol in symbols {
        let selected = &text[symbol.selection.range()];
        let selected = selected.lines().next().unwrap_or("");
        let kind = symbol.kind.word();
        lines.push(format!(
            "{:2$}{kind} `{}` at `{selected}`",
            "",
            symbol.name,
            2 * depth
        ));
        let (whole, selection) = (symbol.whole, symbol.selection);
        assert!(whole.start <= selection.start && selection.end <= whole.end);
        shown(text, &symbol.children, depth + 1, lines);
    }
}

fn outline(text: &str) -> Vec<String> {
    let (analysis, _) = at_cursor(text);
    let mut lines = Vec::new();
    shown(text, &document_symbols(&analysis), 0, &mut lines);
    lines
}

#[test]
fn an_outline_holds_members_and_statements() {
    let expected = [
        "actor `Folder` at `Folder`",
        "  property `files` at `files`",
        "  fn `open` at `open`",
        "actor `File` at `File`",
        "param `high` at `high`",
        "use `lib.hot` at `lib.hot`",
        "def `busy` at `busy`",
        "rule `hot` at `hot`",
        "rule `#2` at `Folder`",
        "require `require separate(Folder(a), File(b))` at `require separate(Folder(a),`",
        "limit `limit servers 2..16` at `limit servers 2..16;`",
        "test `a hot \"one\"` at `\"a hot \\\"one\\\"\"`",
        "  server `s1` at `s1`",
        "  actor of the test `f` at `f`",
        "  calls `client -> f.open` at `client -> f.open`",
        "  at `at 30s` at `30s`",
        "    server `s1` at `s1`",
        "  expectation `expect drain(s1) by hot` at `expect drain(s1)`",
    ];
    assert_eq!(outline(POLICY), expected);
}

#[test]
fn what_is_unfinished_has_an_outline_too() {
    assert_eq!(
        outline("rule hot: Folder(f).cpu >"),
        ["rule `hot` at `hot`"]
    );
    assert_eq!(
        outline("actor Folder { fn open; fn"),
        ["actor `Folder` at `Folder`", "  fn `open` at `open`"]
    );
    for end in 0..POLICY.len() {
        if let Some(text) = POLICY.get(..end) {
            outline(text);
        }
    }
}
