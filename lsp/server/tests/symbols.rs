//! Outlines and search over the protocol.

use serde_json::{Value, json};

use crate::Editor;
use crate::folder::Folder;

const URI: &str = "untitled:a";
const TEXT: &str = "/*😀*/ actor Folder { fn open; }\ntest \"\" { server s1 {} }";

#[test]
fn an_outline_has_parts_where_the_editor_takes_them() {
    let outlines =
        json!({"textDocument": {"documentSymbol": {"hierarchicalDocumentSymbolSupport": true}}});
    let mut editor = Editor::new(&outlines);
    editor.open(URI, TEXT);
    let document = json!({"textDocument": {"uri": URI}});
    let found = editor.ask("textDocument/documentSymbol", document.clone());
    assert_eq!(found[0]["name"], "Folder");
    assert_eq!(found[0]["kind"], 5);
    assert_eq!(found[0]["range"]["start"]["character"], 7);
    assert_eq!(found[0]["selectionRange"]["start"]["character"], 13);
    assert_eq!(found[0]["children"][0]["name"], "open");
    assert_eq!(found[1]["name"], "test", "a name is never empty");
    assert_eq!(found[1]["children"][0]["name"], "s1");
    editor.end();

    let mut editor = Editor::new(&json!({}));
    editor.open(URI, TEXT);
    let found = editor.ask("textDocument/documentSymbol", document);
    assert_eq!(found[1]["name"], "open");
    assert_eq!(found[1]["containerName"], "Folder");
    assert_eq!(found[1]["location"]["range"]["start"]["character"], 22);
    editor.end();
}

#[test]
fn all_files_are_searched_open_or_not() {
    let folder = Folder::with_project("symbols");
    folder.write(
        "b.plasma",
        "/*😀*/ rule open_folder: true => pin(Folder);\n",
    );
    folder.write(
        "target/c.plasma",
        "rule open_target: true => pin(Folder);\n",
    );
    folder.write(
        ".hidden/d.plasma",
        "rule open_hidden: true => pin(Folder);\n",
    );
    let mut editor = Editor::in_folders(&json!({}), &[folder.root()]);
    let uri = folder.uri("a.plasma");
    editor.open(&uri, "/*😀*/ def opened(f: Folder) = f.cpu > 3;");
    let found = editor.ask("workspace/symbol", json!({"query": "OPEN"}));
    let names: Vec<_> = (0..4).map(|place| found[place]["name"].clone()).collect();
    assert_eq!(
        names,
        [
            json!("open"),
            json!("opened"),
            json!("open_folder"),
            Value::Null
        ]
    );
    assert_eq!(found[1]["location"]["uri"], uri);
    assert_eq!(found[1]["location"]["range"]["start"]["character"], 11);
    assert_eq!(found[0]["containerName"], "Folder");
    editor.end();
}
