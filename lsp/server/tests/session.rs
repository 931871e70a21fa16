//! What is answered from `initialize` to `exit`.

use plasma_server::ServerError;
use serde_json::{Value, json};

use crate::Editor;

const URI: &str = "untitled:a";

#[test]
fn a_document_is_checked_shown_and_completed() {
    let mut editor = Editor::new(&json!({}));
    let wrong = editor.open(URI, "/*😀*/ server.cpu >> 80 => pin(Folder);");
    assert_ne!(wrong, json!([]));
    let text = "/*😀*/ Folder(f).cpu > 80 => pin(f);";
    assert_eq!(editor.change(URI, &json!([{"text": text}])), json!([]));
    let hover = editor.ask_at("textDocument/hover", URI, 8);
    assert_eq!(hover["range"]["start"]["character"], 7, "😀 is two units");
    let items = editor.ask_at("textDocument/completion", URI, 17);
    assert_eq!(items[0]["label"], "cpu");
    editor.end();
}

#[test]
fn positions_are_bytes_where_the_editor_offers_it() {
    let mut editor = Editor::new(&json!({"general": {"positionEncodings": ["utf-8", "utf-16"]}}));
    editor.open(URI, "/*😀*/ Folder(f).cpu > 80 => pin(f);");
    let hover = editor.ask_at("textDocument/hover", URI, 10);
    assert_eq!(hover["range"]["start"]["character"], 9, "😀 is four bytes");
    editor.end();
}

#[test]
fn a_lone_carriage_return_ends_a_line() {
    let editor = Editor::new(&json!({}));
    let wrong = editor.open(URI, "rule a: true => pin(A(a));\rrule b: tru => pin(A(a));");
    assert_eq!(
        wrong[0]["range"]["start"],
        json!({"line": 1, "character": 8})
    );
    editor.end();
}

#[test]
fn snippets_are_sent_only_to_editors_that_take_them() {
    let snippets =
        json!({"textDocument": {"completion": {"completionItem": {"snippetSupport": true}}}});
    for (capabilities, format, inserted) in
        [(json!({}), 1, "pin"), (snippets, 2, "pin(${1:actor});")]
    {
        let mut editor = Editor::new(&capabilities);
        editor.open(URI, "true => ");
        let items = editor.ask_at("textDocument/completion", URI, 8);
        assert_eq!(items[0]["insertTextFormat"], format);
        assert_eq!(items[0]["textEdit"]["newText"], inserted);
        editor.end();
    }
}

#[test]
fn what_cannot_be_answered_says_why() {
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, "");
    let nowhere = json!({"position": "nowhere"});
    assert_eq!(editor.ask("textDocument/hover", nowhere), -32602);
    assert_eq!(editor.ask("textDocument/unheard", json!({})), -32601);
    let again = json!({"processId": null, "rootUri": null, "capabilities": {}});
    assert_eq!(editor.ask("initialize", again), -32600);
    editor.end();
}

#[test]
fn an_exit_without_shutdown_is_told_apart() {
    let editor = Editor::new(&json!({}));
    editor.tell("exit", Value::Null);
    let ended = editor.server.join().expect("no panic");
    assert!(matches!(ended, Err(ServerError::ExitWithoutShutdown)));
}
