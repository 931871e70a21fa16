//! Documents notice what changes around them on disk.

use lsp_server::Message;
use serde_json::{Value, json};

use crate::Editor;
use crate::folder::Folder;

const POLICY: &str = "Folder(f).cpu > 3 => pin(f);";

fn watching() -> Value {
    json!({"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}}})
}

#[test]
fn an_editor_that_can_is_asked_to_watch_projects_and_schemas() {
    let editor = Editor::new(&watching());
    let Message::Request(asked) = editor.heard() else {
        panic!("something else was asked for");
    };
    assert_eq!(asked.method, "client/registerCapability");
    let registration = &asked.params["registrations"][0];
    assert_eq!(registration["method"], "workspace/didChangeWatchedFiles");
    let watchers = json!([{"globPattern": "**/plasma.toml"}, {"globPattern": "**/*.plasma"}]);
    assert_eq!(registration["registerOptions"]["watchers"], watchers);
    editor.end();
}

#[test]
fn a_changed_file_has_its_documents_checked_again() {
    let folder = Folder::with_project("watched");
    let editor = Editor::new(&watching());
    let policy = folder.uri("sub/p.plasma");
    assert_eq!(editor.open(&policy, POLICY), json!([]));
    let changed = |file: &str| {
        let change = json!({"uri": folder.uri(file), "type": 2});
        editor.tell(
            "workspace/didChangeWatchedFiles",
            json!({"changes": [change]}),
        );
        editor.diagnostics(&policy)
    };
    folder.write("app.plasma", "actor File {}\n");
    assert_ne!(changed("app.plasma"), json!([]));
    folder.write("other.plasma", "actor Folder {}\n");
    folder.write("plasma.toml", "schema = \"other.plasma\"\n");
    assert_eq!(changed("plasma.toml"), json!([]));
    folder.write("sub/plasma.toml", "shcema = 1\n");
    assert_ne!(changed("sub/plasma.toml"), json!([]));
    editor.end();
}

#[test]
fn a_save_has_documents_checked_again() {
    let folder = Folder::with_project("saved");
    let editor = Editor::new(&json!({}));
    let policy = folder.uri("sub/p.plasma");
    assert_eq!(editor.open(&policy, POLICY), json!([]));
    folder.write("app.plasma", "actor File {}\n");
    editor.tell(
        "textDocument/didSave",
        json!({"textDocument": {"uri": policy}}),
    );
    assert_ne!(editor.diagnostics(&policy), json!([]));
    editor.end();
}

#[test]
fn a_module_that_appears_clears_what_lacked_it() {
    let folder = Folder::with_project("appears");
    let editor = Editor::new(&watching());
    let policy = folder.uri("p.plasma");
    assert_ne!(editor.open(&policy, "use lib.hot;"), json!([]));
    folder.write("lib/hot.plasma", POLICY);
    let change = json!({"uri": folder.uri("lib/hot.plasma"), "type": 1});
    editor.tell(
        "workspace/didChangeWatchedFiles",
        json!({"changes": [change]}),
    );
    assert_eq!(editor.diagnostics(&policy), json!([]));
    editor.end();
}

#[test]
fn an_open_schema_counts_as_the_editor_has_it() {
    let folder = Folder::with_project("open");
    let editor = Editor::new(&json!({}));
    let (policy, schema) = (folder.uri("sub/p.plasma"), folder.uri("app.plasma"));
    assert_eq!(editor.open(&policy, POLICY), json!([]));
    editor.tell(
        "textDocument/didOpen",
        json!({"textDocument": {"uri": schema, "languageId": "plasma", "version": 1, "text": "actor File {}"}}),
    );
    assert_ne!(editor.diagnostics(&policy), json!([]));
    editor.tell(
        "textDocument/didClose",
        json!({"textDocument": {"uri": schema}}),
    );
    assert_eq!(editor.diagnostics(&policy), json!([]));
    editor.end();
}

#[test]
fn what_explains_a_mistake_may_lie_in_another_file_and_can_be_gone_to() {
    let folder = Folder::with_project("related");
    folder.write("app.plasma", "// é\nactor Folder { fn open; }\n");
    let module = "rule wrong: Folder(f).colour > 3 => pin(f);\n";
    folder.write("sub/hot.plasma", module);
    let editor = Editor::new(&json!({}));
    let policy = folder.uri("sub/p.plasma");
    let text = "use hot;\nclient.call(Folder(f).opne).count > 3 => pin(f);\n";
    let found = editor.open(&policy, text);
    let related = |place: usize| found[place]["relatedInformation"].clone();
    let at = |file: &str, line: u32, from: u32, to: u32| {
        let start = json!({"line": line, "character": from});
        let end = json!({"line": line, "character": to});
        json!({"uri": folder.uri(file), "range": {"start": start, "end": end}})
    };
    assert_eq!(found.as_array().map(Vec::len), Some(2), "{found:#}");
    let place = &related(0)[0];
    assert_eq!(
        place["location"],
        at("sub/hot.plasma", 0, 22, 28),
        "{found:#}"
    );
    let place = &related(1)[0];
    assert_eq!(place["location"], at("app.plasma", 1, 6, 12), "{found:#}");
    assert_eq!(place["message"], "`Folder` is declared here");
    editor.end();
}
