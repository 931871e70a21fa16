//! The protocol over a connection in memory.

mod streams;

use lsp_server::{Connection, Message, Notification, Request};
use serde_json::{Value, json};

#[test]
fn a_session_from_initialize_to_exit() {
    let (server, client) = Connection::memory();
    let ask = |id: i32, method: &str, params: Value| {
        let _ = client
            .sender
            .send(Request::new(id.into(), method.to_owned(), params).into());
    };
    let tell = |method: &str, params: Value| {
        let _ = client
            .sender
            .send(Notification::new(method.to_owned(), params).into());
    };
    let uri = "untitled:a";
    let thread = std::thread::spawn(move || plasma_server::run(&server));
    let heard = || match client.receiver.recv() {
        Ok(Message::Response(r)) => match r.response_result {
            Ok(result) => json!({"result": result}),
            Err(error) => json!({"error": error.code}),
        },
        Ok(Message::Notification(n)) => n.params,
        other => json!(format!("{other:?}")),
    };
    ask(
        1,
        "initialize",
        json!({"processId": null, "rootUri": null, "capabilities": {}}),
    );
    assert_eq!(
        heard()["result"]["capabilities"]["positionEncoding"],
        "utf-16"
    );
    tell("initialized", json!({}));
    let text = "/*😀*/ server.cpu >> 80 => pin(Folder);";
    tell(
        "textDocument/didOpen",
        json!({"textDocument": {"uri": uri, "languageId": "plasma", "version": 1, "text": text}}),
    );
    assert_ne!(heard()["diagnostics"], json!([]));
    let text = "/*😀*/ Folder(f).cpu > 80 => pin(f);";
    tell(
        "textDocument/didChange",
        json!({"textDocument": {"uri": uri, "version": 2}, "contentChanges": [{"text": text}]}),
    );
    assert_eq!(heard()["diagnostics"], json!([]));
    let at = |character: u32| json!({"textDocument": {"uri": uri}, "position": {"line": 0, "character": character}});
    ask(2, "textDocument/hover", at(8));
    assert_eq!(
        heard()["result"]["range"]["start"]["character"],
        7,
        "😀 is two units"
    );
    ask(3, "textDocument/completion", at(17));
    assert_eq!(heard()["result"][0]["label"], "cpu");
    ask(4, "textDocument/hover", json!({"position": "nowhere"}));
    assert_eq!(heard()["error"], -32602);
    ask(5, "textDocument/unheard", json!({}));
    assert_eq!(heard()["error"], -32601);
    ask(6, "shutdown", Value::Null);
    assert_eq!(heard()["error"], Value::Null);
    tell("exit", Value::Null);
    assert!(matches!(thread.join(), Ok(Ok(()))));
}
