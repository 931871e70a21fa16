//! The protocol over a connection in memory.

mod edits;
mod fixes;
mod format;
mod project;
mod session;
mod streams;

use plasma_scenario::ModuleFiles;
use std::thread::JoinHandle;

use lsp_server::{Connection, Message, Notification, Request};
use plasma_server::ServerError;
use serde_json::{Value, json};

/// An editor that talks to a server of its own.
struct Editor {
    connection: Connection,
    server: JoinHandle<Result<(), ServerError>>,
    asked: i32,
}

impl Editor {
    /// An editor with these capabilities, in a session.
    fn new(capabilities: &Value) -> Editor {
        let (server, connection) = Connection::memory();
        let server =
            std::thread::spawn(move || plasma_server::run(&server, &ModuleFiles::default()));
        let mut editor = Editor {
            connection,
            server,
            asked: 0,
        };
        editor.ask(
            "initialize",
            json!({"processId": null, "rootUri": null, "capabilities": capabilities}),
        );
        editor.tell("initialized", json!({}));
        editor
    }

    fn tell(&self, method: &str, params: Value) {
        let notification = Notification::new(method.to_owned(), params);
        let sent = self.connection.sender.send(notification.into());
        sent.expect("the server listens");
    }

    /// The answer to a request: its result, or the code of the error.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.asked += 1;
        let request = Request::new(self.asked.into(), method.to_owned(), params);
        let sent = self.connection.sender.send(request.into());
        sent.expect("the server listens");
        loop {
            if let Message::Response(response) = self.heard() {
                assert_eq!(response.id, self.asked.into());
                return response
                    .response_result
                    .unwrap_or_else(|error| json!(error.code));
            }
        }
    }

    /// The next message.
    fn heard(&self) -> Message {
        self.connection.receiver.recv().expect("the server lives")
    }

    /// The next diagnostics of a document.
    fn diagnostics(&self, uri: &str) -> Value {
        loop {
            if let Message::Notification(mut published) = self.heard()
                && published.params["uri"] == uri
            {
                return published.params["diagnostics"].take();
            }
        }
    }

    /// Opens a document and waits for its diagnostics.
    fn open(&self, uri: &str, text: &str) -> Value {
        let document = json!({"uri": uri, "languageId": "plasma", "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
        self.diagnostics(uri)
    }

    /// Changes a document and waits for its diagnostics.
    fn change(&self, uri: &str, changes: &Value) -> Value {
        let document = json!({"uri": uri, "version": 2});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.tell("textDocument/didChange", params);
        self.diagnostics(uri)
    }

    /// Asks about a place in the first line of a document.
    fn ask_at(&mut self, method: &str, uri: &str, character: u32) -> Value {
        let position = json!({"line": 0, "character": character});
        self.ask(
            method,
            json!({"textDocument": {"uri": uri}, "position": position}),
        )
    }

    /// Ends the session as the protocol wants it.
    fn end(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        self.tell("exit", Value::Null);
        assert!(matches!(self.server.join(), Ok(Ok(()))));
    }
}
