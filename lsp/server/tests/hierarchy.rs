//! Which items use which, over the protocol.

use serde_json::{Value, json};

use crate::Editor;
use crate::folder::Folder;

#[test]
fn uses_are_followed_both_ways_and_through_files() {
    let folder = Folder::new("hierarchy");
    folder.write(
        "lib/hot.plasma",
        "/*😀*/ def busy(s: server) = s.cpu.perc > 80;\n",
    );
    folder.write(
        "b.plasma",
        "use lib.hot;\n/*😀*/ hot.busy(server(s)) => drain(s);\n",
    );
    let mut editor = Editor::in_folders(&json!({}), &[folder.root()]);
    let uri = folder.uri("a.plasma");
    editor.open(
        &uri,
        "/*😀*/ use lib.hot; rule r: hot.busy(server(s)) => drain(s);",
    );
    let items = editor.ask_at("textDocument/prepareCallHierarchy", &uri, 25);
    let item = items[0].clone();
    assert_eq!(item["name"], "r");
    assert_eq!(item["selectionRange"]["start"]["character"], 25);
    let uses = editor.ask("callHierarchy/outgoingCalls", json!({"item": item}));
    assert_eq!(uses[1], Value::Null);
    assert_eq!(uses[0]["fromRanges"][0]["start"]["character"], 32);
    let busy = uses[0]["to"].clone();
    assert_eq!(busy["name"], "busy");
    assert_eq!(busy["uri"], folder.uri("lib/hot.plasma"));
    assert_eq!(busy["selectionRange"]["start"]["character"], 11);
    let users = editor.ask("callHierarchy/incomingCalls", json!({"item": busy}));
    assert_eq!(users[0]["from"]["name"], "r");
    assert_eq!(users[1]["from"]["name"], "#1");
    assert_eq!(users[1]["from"]["uri"], folder.uri("b.plasma"));
    assert_eq!(
        users[1]["fromRanges"][0]["start"],
        json!({"line": 1, "character": 11})
    );
    assert_eq!(users[2], Value::Null);
    editor.end();
}
