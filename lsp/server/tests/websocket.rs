//! Sessions over WebSockets, for editors in a browser.

use std::net::TcpStream;

use plasma_scenario::ModuleFiles;
use plasma_server::{WebSocketSettings, session_url};
use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::{Message, WebSocket};

/// Sessions at a time.
const SESSIONS_MAX: usize = 16;

type Server = plasma_server::Listening;
type Browser = WebSocket<TcpStream>;

fn server(origins: &[&str]) -> Server {
    let settings = WebSocketSettings {
        address: "127.0.0.1:0".to_owned(),
        token: None,
        origins: origins.iter().map(|origin| (*origin).to_owned()).collect(),
    };
    plasma_server::listen(settings, &ModuleFiles::default()).expect("a free port")
}

/// A page of this origin, or a program.
fn open(server: &Server, origin: Option<&str>) -> Result<Browser, String> {
    let stream = TcpStream::connect(server.address()).expect("a connection");
    let mut request = session_url(server)
        .into_client_request()
        .expect("a request");
    if let Some(origin) = origin {
        let origin = origin.parse().expect("a value");
        request.headers_mut().insert("origin", origin);
    }
    match tungstenite::client(request, stream) {
        Ok((browser, _)) => Ok(browser),
        Err(error) => Err(error.to_string()),
    }
}

fn send(browser: &mut Browser, message: &Value) {
    let text = message.to_string();
    browser
        .send(Message::text(text))
        .expect("the server listens");
}

fn request(id: i32, method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params})
}

fn notification(method: &str, params: Value) -> Value {
    json!({"jsonrpc": "2.0", "method": method, "params": params})
}

/// The next message.
fn heard(browser: &mut Browser) -> Value {
    match browser.read().expect("the server lives") {
        Message::Text(text) => serde_json::from_str(&text).expect("JSON"),
        other => panic!("expected a message, got {other:?}"),
    }
}

/// The answer to a request.
fn answer(browser: &mut Browser, id: i32) -> Value {
    loop {
        let message = heard(browser);
        assert_eq!(message["jsonrpc"], "2.0", "{message}");
        if message["id"] == id {
            return message;
        }
    }
}

fn initialize(browser: &mut Browser) {
    let params = json!({"processId": null, "rootUri": null, "capabilities": {}});
    send(browser, &request(1, "initialize", params));
    assert!(answer(browser, 1)["result"]["capabilities"].is_object());
    send(browser, &notification("initialized", json!({})));
}

/// A session that was begun.
fn session(server: &Server) -> Browser {
    let mut browser = open(server, None).expect("a session");
    initialize(&mut browser);
    browser
}

/// Opens a document and gives its diagnostics.
fn diagnostics(browser: &mut Browser, text: &str) -> Value {
    let document = json!({"uri": "untitled:a", "languageId": "plasma", "version": 1, "text": text});
    let params = json!({"textDocument": document});
    send(browser, &notification("textDocument/didOpen", params));
    let mut published = heard(browser);
    assert_eq!(published["method"], "textDocument/publishDiagnostics");
    published["params"]["diagnostics"].take()
}

/// Waits for the end of a session; its code.
fn closed(browser: &mut Browser) -> Option<CloseCode> {
    loop {
        match browser.read() {
            Ok(Message::Close(frame)) => return frame.map(|frame| frame.code),
            Ok(_) => {}
            Err(_) => return None,
        }
    }
}

#[test]
fn a_session_goes_from_initialize_to_exit() {
    let server = server(&[]);
    let mut browser = session(&server);
    let found = diagnostics(
        &mut browser,
        "// é\nrule a: server.cpu.perc > => balance({T}, cpu);",
    );
    assert_eq!(found[0]["code"], "E0002", "{found}");
    // A request that is taken back before its turn came, behind one that is not.
    let position =
        json!({"textDocument": {"uri": "untitled:a"}, "position": {"line": 1, "character": 8}});
    let hover = request(2, "textDocument/hover", position.clone());
    let taken_back = request(3, "textDocument/hover", position);
    for message in [
        &hover,
        &taken_back,
        &notification("$/cancelRequest", json!({"id": 3})),
    ] {
        send(&mut browser, message);
    }
    assert!(answer(&mut browser, 2).get("error").is_none());
    let late = answer(&mut browser, 3);
    // It was refused, or answered before it was taken back.
    assert!(
        late["error"]["code"] == -32800 || late.get("result").is_some(),
        "{late}"
    );
    send(&mut browser, &request(4, "shutdown", Value::Null));
    assert_eq!(answer(&mut browser, 4)["result"], Value::Null);
    send(&mut browser, &notification("exit", Value::Null));
    assert_eq!(closed(&mut browser), Some(CloseCode::Normal));
}

#[test]
fn sessions_know_nothing_of_each_other() {
    let server = server(&[]);
    let (mut one, mut other) = (session(&server), session(&server));
    assert_eq!(
        diagnostics(&mut one, "rule"),
        diagnostics(&mut other, "rule")
    );
    let params = json!({"textDocument": {"uri": "untitled:a"}});
    send(&mut one, &notification("textDocument/didClose", params));
    let symbols = json!({"textDocument": {"uri": "untitled:a"}});
    send(
        &mut other,
        &request(5, "textDocument/documentSymbol", symbols),
    );
    assert!(answer(&mut other, 5).get("error").is_none());
}

#[test]
fn what_is_no_message_is_answered_and_the_session_goes_on() {
    let server = server(&[]);
    let mut browser = session(&server);
    browser.send(Message::text("{bad}")).expect("sent");
    let refused = heard(&mut browser);
    assert_eq!(
        (&refused["id"], &refused["error"]["code"]),
        (&Value::Null, &json!(-32700))
    );
    assert_eq!(
        diagnostics(&mut browser, ""),
        diagnostics(&mut session(&server), "")
    );
}

#[test]
fn a_page_that_just_closes_leaves_room_for_others() {
    let server = server(&[]);
    let mut all: Vec<Browser> = (0..SESSIONS_MAX).map(|_| session(&server)).collect();
    let refused = open(&server, None).err().unwrap_or_default();
    assert!(refused.contains("503"), "{refused}");
    // One closes as pages do, one goes without a word.
    let mut polite = all.pop().expect("a session");
    polite.close(None).expect("sent");
    assert!(matches!(polite.read(), Ok(Message::Close(_))));
    drop(all.pop());
    let mut later = Vec::new();
    // Their sessions end in threads of their own.
    while later.len() < 2 {
        later.extend(open(&server, None));
    }
    later.iter_mut().for_each(initialize);
}

#[test]
fn messages_are_text_of_some_length() {
    let server = server(&[]);
    let mut browser = session(&server);
    browser.send(Message::binary(vec![0; 8])).expect("sent");
    assert_eq!(closed(&mut browser), Some(CloseCode::Unsupported));
    let mut browser = session(&server);
    // It is let go before all is sent.
    let _ = browser.send(Message::text("x".repeat(9 << 20)));
    assert_eq!(closed(&mut browser), None);
    session(&server);
}

#[test]
fn only_pages_that_may_begin_sessions() {
    let guarded = server(&["https://play.example"]);
    assert!(open(&guarded, Some("https://play.example")).is_ok());
    let own = format!("http://{}", guarded.address());
    assert!(open(&guarded, Some(&own)).is_ok());
    for foreign in ["https://evil.example", "null", "http://localhost:1"] {
        let refused = open(&guarded, Some(foreign)).err().unwrap_or_default();
        assert!(refused.contains("403"), "{foreign}: {refused}");
    }
    assert!(open(&server(&["*"]), Some("https://evil.example")).is_ok());
}

#[test]
fn the_end_of_the_server_is_told() {
    let server = server(&[]);
    let mut browser = session(&server);
    let end = std::thread::spawn(move || drop(server));
    assert_eq!(closed(&mut browser), Some(CloseCode::Away));
    assert!(end.join().is_ok());
}
