//! Colours, folding, growing selections.

use serde_json::{Value, json};

use crate::Editor;

const URI: &str = "file:///a.plasma";

fn tokens(answer: &Value) -> Vec<u64> {
    let data = answer["data"].as_array().cloned().unwrap_or_default();
    data.iter().filter_map(Value::as_u64).collect()
}

/// Text, in UTF-16, before each token's distance from the one before.
#[test]
fn tokens_are_told_by_their_distance_and_what_changes_by_one_edit() {
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, "/* é😀 */ Folder(f).cpu > 3 => pin(f);\n");
    let document = json!({"uri": URI});
    let full = editor.ask(
        "textDocument/semanticTokens/full",
        json!({"textDocument": document}),
    );
    // Comment, type, variable, metric, operator, number, arrow, behavior, variable.
    let kinds: Vec<u64> = tokens(&full).chunks(5).map(|token| token[3]).collect();
    assert_eq!(kinds, [12, 1, 4, 2, 13, 10, 13, 3, 4]);
    assert_eq!(tokens(&full)[..10], [0, 0, 9, 12, 0, 0, 10, 6, 1, 0]);

    let part = json!({"start": {"line": 0, "character": 26}, "end": {"line": 0, "character": 27}});
    let range = editor.ask(
        "textDocument/semanticTokens/range",
        json!({"textDocument": document, "range": part}),
    );
    assert_eq!(tokens(&range).len(), 5, "{range}");

    let insertion =
        json!({"start": {"line": 0, "character": 27}, "end": {"line": 0, "character": 27}});
    editor.change(URI, &json!([{"range": insertion, "text": "0"}]));
    let previous = full["resultId"].clone();
    let delta = editor.ask(
        "textDocument/semanticTokens/full/delta",
        json!({"textDocument": document, "previousResultId": previous}),
    );
    let edit = &delta["edits"][0];
    assert_eq!(edit["start"], 25, "{delta}");
    assert_eq!(edit["deleteCount"], 10, "{delta}");
    assert_eq!(edit["data"].as_array().map(Vec::len), Some(10));

    // What the editor has is not known any more: it gets all.
    let again = editor.ask(
        "textDocument/semanticTokens/full/delta",
        json!({"textDocument": document, "previousResultId": previous}),
    );
    assert_eq!(tokens(&again).len(), 45, "{again}");
    editor.end();
}

#[test]
fn lines_fold_and_selections_grow() {
    let mut editor = Editor::new(&json!({}));
    editor.open(
        URI,
        "// é\n// b\nserver.cpu > 80\n  => balance({any}, cpu);\n",
    );
    let document = json!({"uri": URI});
    let folded = editor.ask(
        "textDocument/foldingRange",
        json!({"textDocument": document}),
    );
    let lines = |place: usize| {
        (
            folded[place]["startLine"].clone(),
            folded[place]["endLine"].clone(),
        )
    };
    assert_eq!(lines(0), (json!(0), json!(1)));
    assert_eq!(lines(1), (json!(2), json!(3)));
    assert_eq!(folded[0]["kind"], "comment");

    let positions = json!([{"line": 2, "character": 8}, {"line": 99, "character": 0}]);
    let grown = editor.ask(
        "textDocument/selectionRange",
        json!({"textDocument": document, "positions": positions}),
    );
    assert_eq!(grown[0]["range"]["end"]["character"], 10);
    assert_eq!(
        grown[0]["parent"]["parent"]["range"]["end"]["character"],
        15
    );
    assert_eq!(grown.as_array().map(Vec::len), Some(2));
    editor.end();
}
