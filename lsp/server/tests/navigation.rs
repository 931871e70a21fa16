//! Where names lead, over the protocol; before each name stand characters of two units.

use serde_json::{Value, json};

use crate::Editor;
use crate::folder::Folder;

const URI: &str = "untitled:a";

/// Where `name` first stands in the first line, in UTF-16.
fn character(text: &str, name: &str) -> u32 {
    let at = text.find(name).expect("the name");
    text[..at].encode_utf16().count() as u32
}

/// `line:from-to` of each location, with the last word of its address.
fn places(locations: &Value) -> Vec<String> {
    let locations = locations.as_array().cloned().unwrap_or_default();
    let shown = locations.iter().map(|location| {
        let uri = location["uri"].as_str().unwrap_or("");
        let range = &location["range"];
        let (start, end) = (&range["start"], &range["end"]);
        format!(
            "{} {}:{}-{}",
            uri.rsplit('/').next().unwrap_or(""),
            start["line"],
            start["character"],
            end["character"]
        )
    });
    shown.collect()
}

#[test]
fn a_variable_leads_to_where_it_is_introduced() {
    let mut editor = Editor::new(&json!({}));
    let text = "/*😀*/ Folder(f).cpu > 80 => pin(f);";
    editor.open(URI, text);
    let at = character(text, "f);");
    for method in ["definition", "declaration"] {
        let found = editor.ask_at(&format!("textDocument/{method}"), URI, at);
        assert_eq!(places(&found), ["untitled:a 0:14-15"]);
    }
    let found = editor.ask_at("textDocument/typeDefinition", URI, at);
    assert_eq!(places(&found), ["untitled:a 0:7-13"]);
    let nowhere = editor.ask_at("textDocument/definition", URI, 0);
    assert_eq!(nowhere, Value::Null);
    editor.end();
}

#[test]
fn a_type_leads_into_the_schema_file() {
    let folder = Folder::new("definition é");
    folder.write("plasma.toml", "schema = \"app.plasma\"\n");
    folder.write("app.plasma", "/*😀*/ actor Folder { fn open; }\n");
    folder.write(
        "b.plasma",
        "/*😀*/ client.call(Folder(g).open) > 3 => pin(g);\n",
    );
    let mut editor = Editor::in_folders(&json!({}), &[folder.root()]);
    let uri = folder.uri("a.plasma");
    let text = "/*😀*/ client.call(Folder(f).open) > 3 => pin(f);";
    editor.open(&uri, text);
    let at = character(text, "open");
    let found = editor.ask_at("textDocument/definition", &uri, at);
    assert_eq!(places(&found), ["app.plasma 0:25-29"]);
    assert_eq!(
        found[0]["uri"],
        folder
            .uri("app.plasma")
            .replace(' ', "%20")
            .replace('é', "%C3%A9")
    );
    let references = |editor: &mut Editor, with_declaration: bool| {
        let params = json!({
            "textDocument": {"uri": uri},
            "position": {"line": 0, "character": at},
            "context": {"includeDeclaration": with_declaration},
        });
        places(&editor.ask("textDocument/references", params))
    };
    let uses = ["a.plasma 0:29-33", "b.plasma 0:29-33"];
    assert_eq!(references(&mut editor, false), uses);
    let all = ["a.plasma 0:29-33", "app.plasma 0:25-29", "b.plasma 0:29-33"];
    assert_eq!(references(&mut editor, true), all);
    editor.end();
}

#[test]
fn the_library_is_shown_to_editors_that_ask_for_its_texts() {
    let text = "/*😀*/ use std.hot with { share = 3% };";
    let at = character(text, "share");
    let mut editor = Editor::new(&json!({}));
    editor.open(URI, text);
    assert_eq!(editor.ask_at("textDocument/definition", URI, at), json!([]));
    let document = json!({"textDocument": {"uri": URI}});
    assert_eq!(
        editor.ask("textDocument/documentLink", document.clone()),
        json!([])
    );
    editor.end();

    let asks = json!({"workspace": {"textDocumentContent": {}}});
    let introduction = json!({"processId": null, "rootUri": null, "capabilities": asks});
    let (mut editor, offered) = Editor::with(introduction);
    let schemes = &offered["capabilities"]["workspace"]["textDocumentContent"]["schemes"];
    assert_eq!(*schemes, json!(["plasma-std"]));
    editor.open(URI, text);
    let found = editor.ask_at("textDocument/definition", URI, at);
    assert_eq!(found[0]["uri"], "plasma-std:///hot.plasma");
    assert_eq!(places(&found), ["hot.plasma 1:6-11"]);
    let links = editor.ask("textDocument/documentLink", document);
    assert_eq!(links[0]["target"], "plasma-std:///hot.plasma");
    assert_eq!(links[0]["range"]["start"]["character"], 11);
    let shown = editor.ask(
        "workspace/textDocumentContent",
        json!({"uri": "plasma-std:///hot.plasma"}),
    );
    let shown = shown["text"].as_str().unwrap_or("").to_owned();
    assert!(shown.starts_with("// é\nparam share"));
    let lost = json!({"uri": "plasma-std:///lost.plasma"});
    assert_eq!(editor.ask("workspace/textDocumentContent", lost), -32803);
    // The text is a document like others.
    editor.open("plasma-std:///hot.plasma", &shown);
    let position = json!({"line": 2, "character": 31});
    let place = json!({"textDocument": {"uri": "plasma-std:///hot.plasma"}, "position": position});
    let found = editor.ask("textDocument/definition", place);
    assert_eq!(places(&found), ["hot.plasma 1:6-11"]);
    editor.end();
}

#[test]
fn names_of_a_document_are_highlighted() {
    let mut editor = Editor::new(&json!({}));
    let text = "/*😀*/ Folder(f).cpu > 80 => pin(f);";
    editor.open(URI, text);
    let at = character(text, "f);");
    let found = editor.ask_at("textDocument/documentHighlight", URI, at);
    let kinds = [&found[0]["kind"], &found[1]["kind"], &found[2]];
    assert_eq!(kinds, [&json!(3), &json!(2), &Value::Null], "written, read");
    assert_eq!(found[1]["range"]["start"]["character"], at);
    editor.end();
}

#[test]
fn a_path_links_to_its_file() {
    let folder = Folder::new("links");
    folder.write("lib/hot.plasma", "true => pin(Folder);\n");
    let mut editor = Editor::new(&json!({}));
    let uri = folder.uri("a.plasma");
    editor.open(&uri, "/*😀*/ use lib.hot; use lost;");
    let links = editor.ask(
        "textDocument/documentLink",
        json!({"textDocument": {"uri": uri}}),
    );
    assert_eq!(links[0]["target"], folder.uri("lib/hot.plasma"));
    let range = json!({"start": {"line": 0, "character": 11}, "end": {"line": 0, "character": 18}});
    assert_eq!(links[0]["range"], range);
    assert_eq!(links[1], Value::Null);
    editor.end();
}
