//! Fixes as an editor is offered them.

use serde_json::{Value, json};

use crate::Editor;

const URI: &str = "untitled:a";

fn capabilities() -> Value {
    let kinds = json!({"codeActionKind": {"valueSet": ["quickfix"]}});
    json!({"textDocument": {"codeAction": {"codeActionLiteralSupport": kinds}}})
}

fn actions(editor: &mut Editor, from: u32, to: u32, only: &Value) -> Value {
    let place = json!({
        "start": {"line": 0, "character": from},
        "end": {"line": 0, "character": to},
    });
    let mut context = json!({"diagnostics": []});
    if !only.is_null() {
        context["only"] = only.clone();
    }
    editor.ask(
        "textDocument/codeAction",
        json!({"textDocument": {"uri": URI}, "range": place, "context": context}),
    )
}

#[test]
fn a_fix_comes_with_the_diagnostic_that_it_resolves() {
    let mut editor = Editor::new(&capabilities());
    let published = editor.open(URI, "/*😀*/ Folder(f).cpu.percent > 80 => pin(f);");
    let actions = actions(&mut editor, 22, 22, &json!(["quickfix"]));
    assert_eq!(actions[1], Value::Null, "one fix");
    let action = &actions[0];
    assert_eq!(action["kind"], "quickfix");
    assert_eq!(action["title"], "replace with `perc`");
    assert_eq!(action["isPreferred"], true);
    assert_eq!(action["diagnostics"], published, "as it was published");
    assert_eq!(action["diagnostics"][0]["code"], "E0103");
    let data = json!({"name": "unknown-property", "explain": "plasma explain E0103"});
    assert_eq!(action["diagnostics"][0]["data"], data);
    let edit = &action["edit"]["changes"][URI][0];
    assert_eq!(edit["newText"], "perc");
    let range = json!({
        "start": {"line": 0, "character": 21},
        "end": {"line": 0, "character": 28},
    });
    assert_eq!(edit["range"], range);
    editor.end();
}

#[test]
fn doubtful_fixes_are_offered_and_not_preferred() {
    let mut editor = Editor::new(&capabilities());
    editor.open(URI, "server.cpu.perc > 0.8 => balance({Folder}, cpu);");
    let found = actions(&mut editor, 0, 40, &json!(["quickfix"]));
    let titles = [&found[0]["title"], &found[1]["title"]];
    assert_eq!(titles, ["replace with `80%`", "replace with `0.8%`"]);
    assert_eq!(found[0]["isPreferred"], false);
    assert_eq!(
        actions(&mut editor, 0, 3, &json!(["quickfix"])),
        json!([]),
        "elsewhere"
    );
    let made = actions(&mut editor, 0, 40, &json!(["refactor"]));
    assert_eq!(made[0]["title"], "name this rule `balance_folder`");
    assert_eq!(made[0]["kind"], "refactor.rewrite");
    assert_eq!(made[1], Value::Null, "only that");
    editor.end();
}

#[test]
fn all_safe_fixes_are_one_change() {
    let mut editor = Editor::new(&capabilities());
    editor.open(
        URI,
        "server.cpu.percent > 0.8 && server.mem.percent > 5 => pin(Folder);",
    );
    let found = actions(&mut editor, 0, 0, &json!(["source.fixAll"]));
    let edit = &found[0]["edit"]["changes"][URI];
    assert_eq!(edit[1], Value::Null, "one change");
    let mended = editor.change(URI, &json!([edit_of(&edit[0])]));
    assert_eq!(mended[0]["code"], "W0303", "what is left is doubtful");
    assert_eq!(
        actions(&mut editor, 0, 0, &json!(["source.fixAll"])),
        json!([])
    );
    editor.end();
}

fn edit_of(edit: &Value) -> Value {
    json!({"range": edit["range"], "text": edit["newText"]})
}
