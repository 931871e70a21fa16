//! Whatever the server offers, it answers: each capability has a request here, and a text on which the answer
//! says something.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::Editor;

const URI: &str = "untitled:a";

const TEXT: &str = "actor Folder { files: [File]; fn open; }
actor File { fn read; }
use std.hot;
param high = 80%;
def busy(f: Folder) = f.cpu.perc > high;
rule a: busy(Folder(f)) and server.cpu > 3 => pin(f);
rule b: server.cpu.perc > 0.8  =>  balance({Folder}, cpu);
test \"t\" {
  server s1 { cpu: 90% }
  expect not drain(s1);
}
";

/// What is asked of each capability, and what shows that the answer is one.
const ASKED: &[(&str, &str)] = &[
    ("callHierarchyProvider", "textDocument/prepareCallHierarchy"),
    ("codeActionProvider", "textDocument/codeAction"),
    ("codeLensProvider", "textDocument/codeLens"),
    ("completionProvider", "textDocument/completion"),
    ("declarationProvider", "textDocument/declaration"),
    ("definitionProvider", "textDocument/definition"),
    ("diagnosticProvider", "textDocument/diagnostic"),
    ("documentFormattingProvider", "textDocument/formatting"),
    (
        "documentHighlightProvider",
        "textDocument/documentHighlight",
    ),
    ("documentLinkProvider", "textDocument/documentLink"),
    (
        "documentOnTypeFormattingProvider",
        "textDocument/onTypeFormatting",
    ),
    (
        "documentRangeFormattingProvider",
        "textDocument/rangeFormatting",
    ),
    ("documentSymbolProvider", "textDocument/documentSymbol"),
    ("executeCommandProvider", "workspace/executeCommand"),
    ("foldingRangeProvider", "textDocument/foldingRange"),
    ("hoverProvider", "textDocument/hover"),
    ("inlayHintProvider", "textDocument/inlayHint"),
    ("referencesProvider", "textDocument/references"),
    ("renameProvider", "textDocument/rename"),
    ("selectionRangeProvider", "textDocument/selectionRange"),
    ("semanticTokensProvider", "textDocument/semanticTokens/full"),
    ("signatureHelpProvider", "textDocument/signatureHelp"),
    ("typeDefinitionProvider", "textDocument/typeDefinition"),
    ("workspaceSymbolProvider", "workspace/symbol"),
];

/// Requests that come with a part of a capability.
const PARTS: &[(&str, &str)] = &[
    (
        "/semanticTokensProvider/full/delta",
        "textDocument/semanticTokens/full/delta",
    ),
    (
        "/semanticTokensProvider/range",
        "textDocument/semanticTokens/range",
    ),
    (
        "/renameProvider/prepareProvider",
        "textDocument/prepareRename",
    ),
    (
        "/workspace/textDocumentContent",
        "workspace/textDocumentContent",
    ),
];

/// What are no requests: how positions are counted, texts kept equal, folders told of.
const NO_REQUESTS: [&str; 3] = ["positionEncoding", "textDocumentSync", "workspace"];

/// An editor that can do everything that capabilities depend on.
fn capable() -> Value {
    json!({
        "textDocument": {
            "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}}},
            "diagnostic": {},
            "rename": {"prepareSupport": true},
        },
        "workspace": {"textDocumentContent": {}, "workspaceFolders": true},
    })
}

fn params(method: &str) -> Value {
    // At `busy` in the rule `a`.
    let position = json!({"line": 5, "character": 9});
    let whole = json!({"start": {"line": 0, "character": 0}, "end": {"line": 8, "character": 0}});
    let options = json!({"tabSize": 2, "insertSpaces": true});
    let mut params = json!({
        "textDocument": {"uri": URI},
        "position": position,
        "range": whole,
    });
    let more = match method {
        "textDocument/codeAction" => json!({"context": {"diagnostics": []}}),
        "textDocument/formatting" | "textDocument/rangeFormatting" => json!({"options": options}),
        "textDocument/onTypeFormatting" => {
            json!({"position": {"line": 6, "character": 58}, "ch": ";", "options": options})
        }
        "textDocument/references" => json!({"context": {"includeDeclaration": true}}),
        "textDocument/rename" => json!({"newName": "warm"}),
        "textDocument/selectionRange" => json!({"positions": [position]}),
        "textDocument/semanticTokens/full/delta" => json!({"previousResultId": "1"}),
        "textDocument/signatureHelp" => json!({"position": {"line": 5, "character": 13}}),
        "textDocument/typeDefinition" => json!({"position": {"line": 5, "character": 20}}),
        "workspace/executeCommand" => {
            json!({"command": "plasma.test", "arguments": [{"uri": URI}]})
        }
        "workspace/symbol" => json!({"query": "busy"}),
        "workspace/textDocumentContent" => json!({"uri": "plasma-std:/hot.plasma"}),
        _ => json!({}),
    };
    let more: Map<String, Value> = more.as_object().cloned().unwrap_or_default();
    params.as_object_mut().expect("an object").extend(more);
    params
}

/// Whether an answer says something.
fn says_something(answer: &Value) -> bool {
    match answer {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => fields.values().any(|value| !value.is_null()),
        _ => true,
    }
}

#[test]
fn every_capability_has_a_request_that_is_answered() {
    let (mut editor, offered) = Editor::with(json!({
        "processId": null, "rootUri": null, "capabilities": capable(),
    }));
    let offered = offered["capabilities"]
        .as_object()
        .expect("capabilities")
        .clone();
    let names: BTreeSet<&str> = offered.keys().map(String::as_str).collect();
    let asked = ASKED.iter().map(|(capability, _)| *capability);
    let known: BTreeSet<&str> = asked.chain(NO_REQUESTS).collect();
    assert_eq!(
        names, known,
        "each capability is asked for here, and no other"
    );
    open(&editor);
    let offered = Value::Object(offered);
    for (part, _) in PARTS {
        assert!(
            offered
                .pointer(part)
                .is_some_and(|part| *part != json!(false)),
            "{part}"
        );
    }
    let mut silent = Vec::new();
    for (_, method) in ASKED.iter().chain(PARTS) {
        let answer = editor.answer(method, params(method));
        match answer {
            Ok(answer) if says_something(&answer) => {}
            other => silent.push(format!("{method}: {other:?}")),
        }
    }
    assert_eq!(silent, Vec::<String>::new());
    editor.end();
}

/// Opens the document; an editor that asks for diagnostics is not sent them.
fn open(editor: &Editor) {
    let document = json!({"uri": URI, "languageId": "plasma", "version": 1, "text": TEXT});
    editor.tell("textDocument/didOpen", json!({"textDocument": document}));
}
