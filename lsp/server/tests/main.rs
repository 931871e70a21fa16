//! The protocol over a connection in memory.

mod attached;
mod cancelled;
mod conformance;
mod edits;
mod fixes;
mod folder;
mod format;
mod hierarchy;
mod hints;
mod lenses;
mod navigation;
mod project;
mod pull;
mod renaming;
mod session;
mod shape;
mod streams;
mod symbols;
mod websocket;
mod workspace;

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
        Editor::with(json!({"processId": null, "rootUri": null, "capabilities": capabilities})).0
    }

    /// An editor with these capabilities and folders, in a session.
    fn in_folders(capabilities: &Value, folders: &[String]) -> Editor {
        let folders = folders.iter().map(|uri| json!({"uri": uri, "name": "é"}));
        let folders: Vec<_> = folders.collect();
        Editor::with(json!({
            "processId": null, "rootUri": null, "workspaceFolders": folders,
            "capabilities": capabilities,
        }))
        .0
    }

    /// An editor that introduces itself so, and what the server offers it.
    fn with(introduction: Value) -> (Editor, Value) {
        let (server, connection) = Connection::memory();
        let library = [(
            "hot",
            "// é\nparam share = 40%;\nrule hot: Folder(f).cpu.perc > share => pin(f);\n",
        )];
        let modules = ModuleFiles::new(library);
        let server = std::thread::spawn(move || plasma_server::run(&server, &modules));
        let mut editor = Editor {
            connection,
            server,
            asked: 0,
        };
        let offered = editor.ask("initialize", introduction);
        editor.tell("initialized", json!({}));
        (editor, offered)
    }

    fn tell(&self, method: &str, params: Value) {
        let notification = Notification::new(method.to_owned(), params);
        let sent = self.connection.sender.send(notification.into());
        sent.expect("the server listens");
    }

    /// The answer to a request: its result, or the code of the error.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        let answer = self.answer(method, params);
        answer.unwrap_or_else(|(code, _)| json!(code))
    }

    /// The answer to a request: its result, or the code of the error with its reason.
    fn answer(&mut self, method: &str, params: Value) -> Result<Value, (i32, String)> {
        self.asked += 1;
        let request = Request::new(self.asked.into(), method.to_owned(), params);
        let sent = self.connection.sender.send(request.into());
        sent.expect("the server listens");
        loop {
            if let Message::Response(response) = self.heard() {
                assert_eq!(response.id, self.asked.into());
                return response
                    .response_result
                    .map_err(|error| (error.code, error.message));
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
