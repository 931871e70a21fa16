//! An editor as the server sees one: messages over pipes, one at a time.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use super::wait::{Begin, Wait};

/// A language server, and what it is given.
pub(crate) struct Served {
    /// How it is started.
    pub(crate) command: Vec<PathBuf>,
    /// The name of the document.
    pub(crate) uri: &'static str,
    /// The name of its language.
    pub(crate) language: &'static str,
    /// Its text.
    pub(crate) text: String,
}

/// A running server, and the pipes to it.
pub(crate) struct Editor {
    server: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    uri: &'static str,
    /// The text, for a server that takes whole texts only.
    whole: Option<String>,
    version: i64,
    asked: i64,
}

impl Editor {
    /// Starts the server and agrees on capabilities.
    pub(crate) fn start(served: &Served) -> Result<Editor, String> {
        let (binary, arguments) = served.command.split_first().ok_or("no command")?;
        let mut server = Command::new(binary)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("cannot start {}: {error}", binary.display()))?;
        let (to, from) = server
            .stdin
            .take()
            .zip(server.stdout.take())
            .ok_or("no pipes")?;
        let mut editor = Editor {
            server,
            to,
            from: BufReader::new(from),
            uri: served.uri,
            whole: None,
            version: 0,
            asked: 0,
        };
        let capabilities = json!({"processId": null, "rootUri": null, "capabilities": {}});
        let offered = editor.request("initialize", capabilities)?;
        let sync = &offered["capabilities"]["textDocumentSync"];
        let is_incremental = *sync == 2 || sync["change"] == 2;
        editor.whole = (!is_incremental).then(|| served.text.clone());
        editor.notify("initialized", json!({}))?;
        Ok(editor)
    }

    /// Opens the file, and waits for its diagnostics.
    pub(crate) fn open(&mut self, served: &Served) -> Result<(), String> {
        let (language, text) = (served.language, &served.text);
        let document = json!({"uri": self.uri, "languageId": language, "version": 0, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}))?;
        self.wait_for_diagnostics()
    }

    /// Puts a text in the place of some characters of a line, and waits for the diagnostics.
    pub(crate) fn change(
        &mut self,
        line: usize,
        [start, end]: [usize; 2],
        text: &str,
    ) -> Result<Wait, String> {
        self.version += 1;
        let at = |character: usize| json!({"line": line, "character": character});
        let change = match &mut self.whole {
            None => json!({"range": {"start": at(start), "end": at(end)}, "text": text}),
            Some(whole) => {
                let before: usize = whole.split_inclusive('\n').take(line).map(str::len).sum();
                whole.replace_range(before + start..before + end, text);
                json!({"text": whole})
            }
        };
        let document = json!({"uri": self.uri, "version": self.version});
        let params = json!({"textDocument": document, "contentChanges": [change]});
        let begin = Begin::of(self.server.id())?;
        self.notify("textDocument/didChange", params)?;
        self.wait_for_diagnostics()?;
        begin.wait()
    }

    /// Asks about a place of the file, and waits for the answer.
    pub(crate) fn ask(&mut self, method: &str, position: &Value) -> Result<Wait, String> {
        let params = json!({"textDocument": {"uri": self.uri}, "position": position});
        let begin = Begin::of(self.server.id())?;
        self.request(method, params)?;
        begin.wait()
    }

    /// The most memory that the server has had, in MiB.
    pub(crate) fn memory_mib(&self) -> Result<f64, String> {
        let path = format!("/proc/{}/status", self.server.id());
        let status = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kib = line.and_then(|line| line.split_whitespace().next()?.parse::<f64>().ok());
        kib.map(|kib| kib / 1024.0)
            .ok_or(format!("{path}: no VmHWM"))
    }

    /// Ends the server.
    pub(crate) fn end(mut self) -> Result<(), String> {
        self.request("shutdown", Value::Null)?;
        self.notify("exit", Value::Null)?;
        let status = self.server.wait().map_err(|error| error.to_string())?;
        match status.success() {
            true => Ok(()),
            false => Err(format!("the server ended with {status}")),
        }
    }

    fn request(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.asked += 1;
        let id = self.asked;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}))?;
        loop {
            let heard = self.heard()?;
            if heard["id"] == id {
                return match heard.get("error") {
                    Some(error) => Err(format!("{method}: {error}")),
                    None => Ok(heard["result"].clone()),
                };
            }
        }
    }

    fn notify(&mut self, method: &str, params: Value) -> Result<(), String> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    fn wait_for_diagnostics(&mut self) -> Result<(), String> {
        while self.heard()?["method"] != "textDocument/publishDiagnostics" {}
        Ok(())
    }

    fn send(&mut self, message: &Value) -> Result<(), String> {
        let text = message.to_string();
        let written = write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len());
        let written = written.and_then(|()| self.to.flush());
        written.map_err(|error| format!("the server does not listen: {error}"))
    }

    fn heard(&mut self) -> Result<Value, String> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            let read = self.from.read_line(&mut line);
            if read.map_err(|error| error.to_string())? == 0 {
                return Err("the server has gone away".to_owned());
            }
            match line.trim_end().split_once(": ") {
                Some(("Content-Length", given)) => {
                    length = given.parse().map_err(|_| format!("no length: {line}"))?;
                }
                Some(_) => {}
                None => break,
            }
        }
        let mut body = vec![0; length];
        let read = self.from.read_exact(&mut body);
        read.map_err(|error| error.to_string())?;
        serde_json::from_slice(&body).map_err(|error| error.to_string())
    }
}
