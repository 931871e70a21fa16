//! Editors that ask for diagnostics.

use lsp_server::Message;
use serde_json::{Value, json};

use crate::Editor;
use crate::folder::Folder;

fn pulling() -> Value {
    json!({
        "textDocument": {"diagnostic": {}},
        "workspace": {
            "diagnostics": {"refreshSupport": true},
            "didChangeWatchedFiles": {"dynamicRegistration": true},
        },
    })
}

fn open(editor: &Editor, uri: &str, text: &str) {
    let document = json!({"uri": uri, "languageId": "plasma", "version": 1, "text": text});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
}

fn ask(editor: &mut Editor, uri: &str, previous: &Value) -> Value {
    let mut params = json!({"textDocument": {"uri": uri}});
    if !previous.is_null() {
        params["previousResultId"] = previous.clone();
    }
    editor.ask("textDocument/diagnostic", params)
}

#[test]
fn what_is_known_is_not_sent_again() {
    let uri = "untitled:a";
    let mut editor = Editor::new(&pulling());
    open(&editor, uri, "Folder(f).cpus > 3 => pin(f);");
    let first = ask(&mut editor, uri, &Value::Null);
    assert_eq!(
        (&first["kind"], &first["items"][0]["code"]),
        (&json!("full"), &json!("E0103"))
    );
    let again = ask(&mut editor, uri, &first["resultId"]);
    assert_eq!(
        again,
        json!({"kind": "unchanged", "resultId": first["resultId"]})
    );
    let change =
        json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": ""}]});
    editor.tell("textDocument/didChange", change);
    let changed = ask(&mut editor, uri, &first["resultId"]);
    assert_eq!(changed["items"][0]["code"], "W0101");
    assert_eq!(
        ask(&mut editor, "untitled:b", &Value::Null)["items"],
        json!([])
    );
    editor.end();
}

#[test]
fn they_are_not_sent_unasked_but_asked_for_again_when_a_file_changes() {
    let folder = Folder::with_project("pulled");
    let mut editor = Editor::new(&pulling());
    let uri = folder.uri("sub/p.plasma");
    open(&editor, &uri, "Folder(f).cpu > 3 => pin(f);");
    assert_eq!(ask(&mut editor, &uri, &Value::Null)["items"], json!([]));
    folder.write("app.plasma", "actor File {}\n");
    let change = json!({"uri": folder.uri("app.plasma"), "type": 2});
    editor.tell(
        "workspace/didChangeWatchedFiles",
        json!({"changes": [change]}),
    );
    loop {
        match editor.heard() {
            Message::Request(request) if request.method == "workspace/diagnostic/refresh" => break,
            Message::Notification(heard) => panic!("{} was sent unasked", heard.method),
            _ => {}
        }
    }
    assert_eq!(
        ask(&mut editor, &uri, &Value::Null)["items"][0]["code"],
        "E0101"
    );
    editor.end();
}
