//! Names changed over the protocol.

use serde_json::{Value, json};

use crate::Editor;
use crate::folder::Folder;

const URI: &str = "untitled:a";
const TEXT: &str = "/*😀*/ Folder(f).cpu > 80 => pin(f);";

fn rename(uri: &str, character: u32, name: &str) -> Value {
    json!({
        "textDocument": {"uri": uri},
        "position": {"line": 0, "character": character},
        "newName": name,
    })
}

fn range(from: u32, to: u32) -> Value {
    json!({"start": {"line": 0, "character": from}, "end": {"line": 0, "character": to}})
}

#[test]
fn preparing_is_offered_to_editors_that_do_it() {
    let prepares = json!({"textDocument": {"rename": {"prepareSupport": true}}});
    for (capabilities, expected) in [
        (json!({}), json!(true)),
        (
            prepares,
            json!({"prepareProvider": true, "workDoneProgress": true}),
        ),
    ] {
        let introduction =
            json!({"processId": null, "rootUri": null, "capabilities": capabilities});
        let (mut editor, offered) = Editor::with(introduction);
        assert_eq!(offered["capabilities"]["renameProvider"], expected);
        editor.open(URI, TEXT);
        let found = editor.ask_at("textDocument/prepareRename", URI, 14);
        assert_eq!(found, json!({"range": range(14, 15), "placeholder": "f"}));
        assert_eq!(
            editor.ask_at("textDocument/prepareRename", URI, 1),
            Value::Null
        );
        let cpu = editor.ask_at("textDocument/prepareRename", URI, 18);
        assert_eq!(cpu, -32803);
        editor.end();
    }
}

#[test]
fn a_name_is_changed_in_its_document() {
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, TEXT);
    let edit = editor.ask("textDocument/rename", rename(URI, 14, " folder "));
    let expected = json!([
        {"range": range(14, 15), "newText": "folder"},
        {"range": range(33, 34), "newText": "folder"},
    ]);
    assert_eq!(edit["changes"][URI], expected);
    editor.end();
}

#[test]
fn a_refusal_tells_its_reason() {
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, TEXT);
    let refused = editor.answer("textDocument/rename", rename(URI, 14, "Folder"));
    let reason = "`Folder` must begin with a lower-case letter, as a variable does";
    assert_eq!(refused, Err((-32803, reason.to_owned())));
    let closed = editor.answer("textDocument/rename", rename("untitled:b", 14, "g"));
    assert_eq!(closed, Err((-32803, "the document is not open".to_owned())));
    editor.end();
}

#[test]
fn a_name_is_changed_in_all_files_open_or_not() {
    let folder = Folder::with_project("rename");
    folder.write(
        "b.plasma",
        "/*😀*/ client.call(Folder(g).open) > 3 => pin(g);\n",
    );
    let changes = json!({"workspace": {"workspaceEdit": {"documentChanges": true}}});
    let mut editor = Editor::in_folders(&changes, &[folder.root()]);
    let uri = folder.uri("a.plasma");
    editor.open(&uri, "/*😀*/ client.call(Folder(f).open) > 3 => pin(f);");
    let edit = editor.ask("textDocument/rename", rename(&uri, 30, "list"));
    let changes = &edit["documentChanges"];
    let expected = [
        ("a.plasma", json!(1), range(29, 33)),
        ("app.plasma", Value::Null, range(18, 22)),
        ("b.plasma", Value::Null, range(29, 33)),
    ];
    for (place, (file, version, range)) in expected.into_iter().enumerate() {
        let change = &changes[place];
        let document = json!({"uri": folder.uri(file), "version": version});
        assert_eq!(change["textDocument"], document);
        assert_eq!(
            change["edits"],
            json!([{"range": range, "newText": "list"}])
        );
    }
    assert_eq!(changes[3], Value::Null);
    // What an open document says counts, also where the file says otherwise.
    editor.open(
        &folder.uri("b.plasma"),
        "/*😀*/ client.call(any(g).open) > 3 => pin(g);",
    );
    let edit = editor.ask("textDocument/rename", rename(&uri, 30, "list"));
    let change = &edit["documentChanges"][2];
    assert_eq!(change["textDocument"]["version"], 1);
    assert_eq!(change["edits"][0]["range"], range(26, 30));
    editor.end();
}
