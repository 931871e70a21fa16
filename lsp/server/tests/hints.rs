//! Signature help and inlay hints over the protocol.

use serde_json::{Value, json};

use crate::Editor;

const URI: &str = "untitled:a";

#[test]
fn a_signature_marks_the_part_being_typed() {
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, "/*😀*/ true => reserve(Folder(f), cpu);");
    let help = editor.ask_at("textDocument/signatureHelp", URI, 36);
    let signature = &help["signatures"][0];
    assert_eq!(signature["label"], "reserve(actor, resource)");
    assert_eq!(
        signature["parameters"],
        json!([{"label": [8, 13]}, {"label": [15, 23]}])
    );
    assert_eq!(help["activeParameter"], 1);
    assert_eq!(
        editor.ask_at("textDocument/signatureHelp", URI, 9),
        Value::Null
    );
    editor.end();
}

#[test]
fn a_hint_that_may_be_typed_is_typed_at_a_click() {
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, "/*😀*/ server.cpu > 80 => scale_out(2);");
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 1, "character": 0}});
    let params = json!({"textDocument": {"uri": URI}, "range": range});
    let hints = editor.ask("textDocument/inlayHint", params.clone());
    let place = json!({"line": 0, "character": 17});
    let edit = json!({"range": {"start": place, "end": place}, "newText": ".perc"});
    assert_eq!(
        (&hints[0]["position"], &hints[0]["label"]),
        (&place, &json!(".perc"))
    );
    assert_eq!(hints[0]["textEdits"], json!([edit]));
    assert_eq!(
        (&hints[2]["label"], &hints[2]["paddingRight"]),
        (&json!("count:"), &json!(true))
    );
    assert_eq!(hints[2]["textEdits"], Value::Null);
    // What is switched off is not shown.
    let off = json!({"plasma": {"inlayHints": {"statistics": false, "parameters": false}}});
    editor.tell("workspace/didChangeConfiguration", json!({"settings": off}));
    let hints = editor.ask("textDocument/inlayHint", params);
    let labels: Vec<_> = hints
        .as_array()
        .expect("hints")
        .iter()
        .map(|h| &h["label"])
        .collect();
    assert_eq!(labels, ["%"]);
    editor.end();
}
