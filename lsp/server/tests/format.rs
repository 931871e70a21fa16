//! Formatting over the protocol.

use serde_json::{Value, json};

use crate::Editor;

const URI: &str = "untitled:a";

fn ask(editor: &mut Editor, method: &str, more: &Value) -> Value {
    let mut params = json!({
        "textDocument": {"uri": URI},
        "options": {"tabSize": 8, "insertSpaces": false},
    });
    if let (Some(params), Some(more)) = (params.as_object_mut(), more.as_object()) {
        params.extend(more.clone());
    }
    editor.ask(&format!("textDocument/{method}"), params)
}

/// An edit within the first line.
fn edit(start: u32, end: u32, text: &str) -> Value {
    json!({
        "range": {"start": {"line": 0, "character": start}, "end": {"line": 0, "character": end}},
        "newText": text,
    })
}

#[test]
fn a_document_a_range_and_what_was_typed_are_formatted() {
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, "/*😀*/true=> pin(Folder( f));\n");
    let expected = json!([edit(6, 6, " "), edit(10, 10, " "), edit(24, 25, "")]);
    assert_eq!(ask(&mut editor, "formatting", &json!({})), expected);
    let start = json!({"line": 0, "character": 7});
    let range = json!({"range": {"start": start, "end": start}});
    assert_eq!(ask(&mut editor, "rangeFormatting", &range), expected);
    let typed = json!({"position": {"line": 0, "character": 29}, "ch": ";"});
    assert_eq!(ask(&mut editor, "onTypeFormatting", &typed), expected);
    editor.end();
}

#[test]
fn a_document_with_mistakes_is_not_formatted() {
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, "true  =>");
    assert_eq!(ask(&mut editor, "formatting", &json!({})), Value::Null);
    editor.end();
}
