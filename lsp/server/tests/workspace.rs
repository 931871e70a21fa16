//! The editor's folders, and what changes in them.

use serde_json::{Value, json};

use crate::Editor;
use crate::folder::Folder;

fn rule(name: &str) -> String {
    format!("rule {name}: Folder(f).cpu > 3 => pin(f);\n")
}

fn names(editor: &mut Editor) -> Vec<String> {
    let found = editor.ask("workspace/symbol", json!({"query": ""}));
    let found = found.as_array().cloned().unwrap_or_default();
    let names = found
        .iter()
        .map(|symbol| symbol["name"].as_str().unwrap_or("").to_owned());
    names.collect()
}

fn capabilities(watches: bool) -> Value {
    json!({"workspace": {
        "workspaceFolders": true,
        "didChangeWatchedFiles": {"dynamicRegistration": watches},
    }})
}

#[test]
fn folders_come_and_go() {
    let (one, two) = (Folder::new("folders-1"), Folder::new("folders-2"));
    one.write("deep/er/a.plasma", &rule("a"));
    two.write("b.plasma", &rule("b"));
    let mut editor = Editor::in_folders(&capabilities(true), &[one.root()]);
    assert_eq!(names(&mut editor), ["a"]);
    let folder = |folder: &Folder| json!([{"uri": folder.root(), "name": "x"}]);
    let mut change = |added: Value, removed: Value| {
        let event = json!({"added": added, "removed": removed});
        editor.tell(
            "workspace/didChangeWorkspaceFolders",
            json!({"event": event}),
        );
        names(&mut editor)
    };
    assert_eq!(change(folder(&two), json!([])), ["a", "b"]);
    assert_eq!(change(json!([]), folder(&one)), ["b"]);
    editor.end();
}

#[test]
fn an_older_editor_has_one_folder() {
    let folder = Folder::new("root-uri");
    folder.write("a.plasma", &rule("a"));
    let introduction = json!({"processId": null, "rootUri": folder.root(), "capabilities": {}});
    let (mut editor, offered) = Editor::with(introduction);
    let folders = &offered["capabilities"]["workspace"]["workspaceFolders"];
    assert_eq!(
        *folders,
        Value::Null,
        "offered to editors that can have several"
    );
    assert_eq!(names(&mut editor), ["a"]);
    editor.end();
}

#[test]
fn files_are_what_they_are_now() {
    for watches in [true, false] {
        let folder = Folder::new(&format!("current-{watches}"));
        folder.write("a.plasma", &rule("a"));
        let mut editor = Editor::in_folders(&capabilities(watches), &[folder.root()]);
        assert_eq!(names(&mut editor), ["a"]);
        let tell = |editor: &Editor, file: &str, kind: u32| {
            if watches {
                let change = json!({"uri": folder.uri(file), "type": kind});
                editor.tell(
                    "workspace/didChangeWatchedFiles",
                    json!({"changes": [change]}),
                );
            }
        };
        folder.write("b.plasma", &rule("b"));
        tell(&editor, "b.plasma", 1);
        assert_eq!(names(&mut editor), ["a", "b"]);
        folder.write("a.plasma", &rule("c"));
        tell(&editor, "a.plasma", 2);
        assert_eq!(names(&mut editor), ["b", "c"]);
        folder.remove("b.plasma");
        tell(&editor, "b.plasma", 3);
        folder.write("target/d.plasma", &rule("d"));
        tell(&editor, "target/d.plasma", 1);
        assert_eq!(names(&mut editor), ["c"]);
        editor.end();
    }
}

#[test]
fn an_open_document_wins_over_its_file() {
    let folder = Folder::new("wins");
    folder.write("a.plasma", &rule("a"));
    let mut editor = Editor::in_folders(&capabilities(true), &[folder.root()]);
    assert_eq!(names(&mut editor), ["a"]);
    let uri = folder.uri("a.plasma");
    editor.open(&uri, &rule("b"));
    assert_eq!(names(&mut editor), ["b"]);
    editor.tell(
        "textDocument/didClose",
        json!({"textDocument": {"uri": uri}}),
    );
    assert_eq!(names(&mut editor), ["a"]);
    editor.end();
}

#[test]
fn what_uses_a_module_is_found_as_it_is_now() {
    for watches in [true, false] {
        let folder = Folder::new(&format!("users-{watches}"));
        folder.write("lib/hot.plasma", "def busy(s: server) = s.cpu.perc > 80;\n");
        folder.write(
            "b.plasma",
            "use lib.cold;\ncold.busy(server(s)) => drain(s);\n",
        );
        let mut editor = Editor::in_folders(&capabilities(watches), &[folder.root()]);
        let uri = folder.uri("lib/hot.plasma");
        editor.open(&uri, "def busy(s: server) = s.cpu.perc > 80;\n");
        let count = |editor: &mut Editor| {
            let params = json!({
                "textDocument": {"uri": uri},
                "position": {"line": 0, "character": 5},
                "context": {"includeDeclaration": false},
            });
            let found = editor.ask("textDocument/references", params);
            found.as_array().map_or(0, Vec::len)
        };
        assert_eq!(count(&mut editor), 0);
        folder.write(
            "b.plasma",
            "use lib.hot;\nhot.busy(server(s)) => drain(s);\n",
        );
        if watches {
            let change = json!({"uri": folder.uri("b.plasma"), "type": 2});
            editor.tell(
                "workspace/didChangeWatchedFiles",
                json!({"changes": [change]}),
            );
        }
        assert_eq!(count(&mut editor), 1);
        let renamed = "def full(s: server) = s.cpu.perc > 80;\n";
        editor.change(&uri, &json!([{"text": renamed}]));
        assert_eq!(count(&mut editor), 0, "it is called otherwise now");
        editor.end();
    }
}
