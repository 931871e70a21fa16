//! What the server makes of bytes, good and bad.

use plasma_scenario::ModuleFiles;
use std::io::{self, Cursor, Write};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// Collects what is written.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().expect("no panic").write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn frame(text: &str) -> String {
    format!("Content-Length: {}\r\n\r\n{text}", text.len())
}

fn framed(message: &Value) -> String {
    frame(&message.to_string())
}

fn initialize() -> String {
    let params = json!({"processId": null, "rootUri": null, "capabilities": {}});
    framed(&json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}))
}

fn end() -> String {
    let shutdown = framed(&json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}));
    shutdown + &framed(&json!({"jsonrpc": "2.0", "method": "exit"}))
}

/// All that the server writes, and how it ends.
fn serve(input: &[u8]) -> (String, String) {
    let sink = Sink::default();
    let ended = plasma_server::serve(
        Cursor::new(input.to_vec()),
        sink.clone(),
        &ModuleFiles::default(),
    );
    let ended = ended.map_or_else(|error| error.to_string(), |()| "well".to_owned());
    let written = sink.0.lock().expect("no panic").clone();
    (String::from_utf8(written).expect("UTF-8"), ended)
}

#[test]
fn what_is_no_message_is_answered_and_the_session_goes_on() {
    for (text, code) in [
        ("{bad}", -32700),
        ("null", -32600),
        ("[]", -32600),
        ("", -32700),
    ] {
        let (written, ended) = serve((initialize() + &frame(text) + &end()).as_bytes());
        assert!(
            written.contains(&format!("\"code\":{code}")),
            "{text}: {written}"
        );
        assert!(written.contains("\"id\":null"), "{text}: {written}");
        assert!(written.contains("\"id\":2"), "{text}: {written}");
        assert_eq!(ended, "well", "{text}");
    }
}

#[test]
fn half_a_character_in_a_text_is_no_end() {
    let document =
        json!({"uri": "untitled:a", "languageId": "plasma", "version": 1, "text": "HALF x"});
    let open = json!({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"textDocument": document}});
    let open = frame(&open.to_string().replace("HALF", "\\ud83d"));
    let (written, ended) = serve((initialize() + &open + &end()).as_bytes());
    assert!(!written.contains("-32700"), "{written}");
    assert_eq!(ended, "well");
}

#[test]
fn headers_may_be_written_in_other_ways() {
    for header in [
        "content-length:LEN\r\n\r\n",
        "Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length: LEN\r\n\r\n",
        "Content-Length: LEN\n\n",
    ] {
        let text = r#"{"jsonrpc": "2.0", "id": 7, "method": "x"}"#;
        let other = header.replace("LEN", &text.len().to_string()) + text;
        let (written, ended) = serve((initialize() + &other + &end()).as_bytes());
        assert!(written.contains("\"id\":7"), "{header}: {written}");
        assert_eq!(ended, "well", "{header}");
    }
}

#[test]
fn a_stream_that_cannot_be_read_on_ends_with_a_clear_message() {
    for (input, message) in [
        (
            "Content-Length: 99999999999999\r\n\r\n{}",
            "the editor announced a message of 99999999999999 bytes; at most 134217728 are read",
        ),
        (
            "Content-Length: 100000000\r\n\r\n{}",
            "the editor's stream ended within a message",
        ),
        (
            "Content-Length: -4\r\n\r\n{}",
            "the editor sent `Content-Length: -4`, which is no length",
        ),
        (
            "Foo: 1\r\n\r\n{}",
            "the editor sent a message without `Content-Length`",
        ),
        (
            "hello world\r\n\r\n",
            "the editor sent `hello world` for a header",
        ),
        (
            "",
            "the editor closed the connection without asking for `shutdown`",
        ),
    ] {
        let (_, ended) = serve((initialize() + input).as_bytes());
        assert_eq!(ended, message, "{input}");
    }
    let endless = initialize() + &"x".repeat(1 << 20);
    assert!(serve(endless.as_bytes()).1.ends_with("for a header"));
}
