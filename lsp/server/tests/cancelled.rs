//! Requests that the editor takes back.

use lsp_server::{Connection, Message, Notification, Request};
use plasma_scenario::ModuleFiles;
use serde_json::{Value, json};

/// The ids of all answers in order, each with the code of its error, 0 for none.
///
/// All is sent before the server listens: what waits is the same in every run.
fn answered(messages: Vec<Message>) -> Vec<(String, i32)> {
    let (server, editor) = Connection::memory();
    for message in messages {
        editor.sender.send(message).expect("the channel is open");
    }
    let ended = plasma_server::run(&server, &ModuleFiles::default());
    assert!(ended.is_ok(), "{ended:?}");
    drop(server);
    let responses = editor.receiver.iter().filter_map(|message| match message {
        Message::Response(response) => Some(response),
        _ => None,
    });
    responses
        .map(|response| {
            let code = response
                .response_result
                .map_or_else(|error| error.code, |_| 0);
            (response.id.to_string(), code)
        })
        .collect()
}

fn ask(id: i32, method: &str, params: Value) -> Message {
    Request::new(id.into(), method.to_owned(), params).into()
}

fn tell(method: &str, params: Value) -> Message {
    Notification::new(method.to_owned(), params).into()
}

#[test]
fn a_request_that_was_taken_back_is_refused_in_its_turn_and_others_are_answered() {
    let document = json!({"uri": "untitled:a", "languageId": "plasma", "version": 1, "text": ""});
    let hover =
        json!({"textDocument": {"uri": "untitled:a"}, "position": {"line": 0, "character": 0}});
    let capable = json!({"processId": null, "rootUri": null, "capabilities": {}});
    let found = answered(vec![
        ask(1, "initialize", capable),
        tell("textDocument/didOpen", json!({"textDocument": document})),
        ask(2, "textDocument/hover", hover.clone()),
        ask(3, "textDocument/hover", hover.clone()),
        ask(4, "textDocument/hover", hover),
        tell("$/cancelRequest", json!({"id": 3})),
        tell("$/cancelRequest", json!({"id": "never asked"})),
        tell("$/cancelRequest", json!({"id": null})),
        ask(5, "shutdown", Value::Null),
        tell("$/cancelRequest", json!({"id": 5})),
        tell("exit", Value::Null),
    ]);
    let expected = [(1, 0), (2, 0), (3, -32800), (4, 0), (5, 0)];
    assert_eq!(found, expected.map(|(id, code)| (id.to_string(), code)));
}
