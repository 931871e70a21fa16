//! Clients and servers that mean no good, or know no better.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use plasma_engine::Engine as _;
use plasma_remote::RemoteEngine;
use tungstenite::Message;
use tungstenite::protocol::frame::coding::CloseCode;

use super::support::{
    authority, get, next_events, publisher, publisher_at, subscribe, subscribe_at, token,
};

#[test]
fn garbage_costs_nobody_else_anything() {
    let publisher = publisher();
    let mut halves = Vec::new();
    for bytes in [
        &b"\x00\xff\x00garbage\r\n\r\n"[..],
        b"GET / HTTP/9.9\r\n\r\n",
        b"",
        b"GET /events HTTP/1.1\r\nhost: loc",
        b"PUT /policy HTTP/1.1\r\nhost: localhost\r\ncontent-length: 99999999999\r\n\r\nrule",
    ] {
        let mut stream = TcpStream::connect(authority(&publisher)).expect("a connection");
        stream.write_all(bytes).expect("sent");
        // Stays half-open.
        halves.push(stream);
    }
    let mut huge = TcpStream::connect(authority(&publisher)).expect("a connection");
    let head = format!(
        "GET / HTTP/1.1\r\nhost: localhost\r\nx: {}\r\n\r\n",
        "y".repeat(1 << 20)
    );
    // Refused before it is all sent.
    let _ = huge.write_all(head.as_bytes());
    assert!(get(&publisher, "/").starts_with("HTTP/1.1 200"));
    let opening = next_events(&mut subscribe(&publisher));
    assert_eq!(opening.len(), 2);
}

#[test]
fn a_subscriber_that_talks_is_let_go() {
    let publisher = publisher();
    let mut reader = subscribe(&publisher);
    next_events(&mut reader);
    reader
        .send(Message::text("give me everything"))
        .expect("sent");
    let Ok(Message::Close(Some(close))) = reader.read() else {
        panic!("expected the end");
    };
    assert_eq!(close.code, CloseCode::Unsupported);
    // A frame longer than may be said.
    let mut reader = subscribe(&publisher);
    next_events(&mut reader);
    // Its beginning is enough to be let go: the rest may find nobody.
    let sent = reader.send(Message::text("x".repeat(1 << 20)));
    assert!(sent.is_err() || reader.read().is_err());
    next_events(&mut subscribe(&publisher));
}

#[test]
fn a_subscriber_that_takes_its_leave_is_answered() {
    let publisher = publisher();
    let mut reader = subscribe(&publisher);
    next_events(&mut reader);
    reader.close(None).expect("sent");
    assert!(matches!(reader.read(), Ok(Message::Close(_))));
}

#[test]
fn there_may_be_many_subscribers_but_not_any_number() {
    let publisher = publisher();
    let mut all = Vec::new();
    let refused = loop {
        match subscribe_at(&publisher, "") {
            Ok(reader) => all.push(reader),
            Err(reason) => break reason,
        }
        assert!(all.len() <= 64, "nobody is refused");
    };
    assert_eq!(all.len(), 64);
    assert!(refused.contains("503"), "{refused}");
    for reader in &mut all {
        assert_eq!(next_events(reader).len(), 2);
    }
    let error = RemoteEngine::connect(publisher.url(), None).err();
    let message = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(
        message.contains("64 subscribers are here already"),
        "{message}"
    );
}

#[test]
fn an_address_that_others_can_reach_wants_its_token_from_everybody() {
    let publisher = publisher_at("0.0.0.0:0", Some(token()), Arc::default());
    let refused = RemoteEngine::connect(publisher.url(), None).err();
    let message = refused.map(|error| error.to_string()).unwrap_or_default();
    assert!(
        message.contains("refuses (status 401): a token is needed here"),
        "{message}"
    );
    assert!(RemoteEngine::connect(publisher.url(), Some(&token())).is_ok());
    for path in ["/", "/snapshot", "/policy", "/events"] {
        assert!(get(&publisher, path).starts_with("HTTP/1.1 401"), "{path}");
    }
}

/// A server that answers one connection so, whatever is asked; its URL.
fn impostor(answer: impl FnOnce(&mut TcpStream) + Send + 'static) -> (String, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("ws://{}", listener.local_addr().expect("an address"));
    let thread = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        answer(&mut stream);
    });
    (url, thread)
}

/// The same, as a WebSocket that sends these messages.
#[expect(clippy::result_large_err, reason = "the callback's type is given")]
fn streaming(messages: Vec<Message>) -> (String, JoinHandle<()>) {
    impostor(move |stream| {
        let protocol =
            |request: &tungstenite::handshake::server::Request,
             mut response: tungstenite::handshake::server::Response| {
                let name = "sec-websocket-protocol";
                let asked = request.headers().get(name).expect("asked for").clone();
                response.headers_mut().insert(name, asked);
                Ok(response)
            };
        let mut socket = tungstenite::accept_hdr(&mut *stream, protocol).expect("a client");
        for message in messages {
            // The client may have had enough.
            let _ = socket.send(message);
        }
        let _ = socket.flush();
    })
}

/// Why no stream can be heard there, or how it ends.
fn failure(url: &str) -> String {
    let mut engine = match RemoteEngine::connect(url, None) {
        Ok(engine) => engine,
        Err(error) => return error.to_string(),
    };
    loop {
        match engine.next_batch() {
            Ok(Some(_)) => {}
            Ok(None) => return "ended".to_owned(),
            Err(error) => return error.to_string(),
        }
    }
}

const HELLO: &str = r#"[{"event":"hello","version":1,"engine":"e","period":1.0}]"#;

#[test]
fn what_is_no_stream_is_told_with_the_way_out() {
    for (answer, expected) in [
        (
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
            "answers with status 200",
        ),
        (
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n",
            "answers with status 404",
        ),
        ("220 mail.example ready\r\n", "is no stream of a cluster"),
        ("", "is no stream of a cluster"),
    ] {
        let (url, thread) = impostor(move |stream| {
            let mut request = [0; 4096];
            let _ = stream.read(&mut request);
            stream.write_all(answer.as_bytes()).expect("sent");
        });
        let message = failure(&url);
        assert!(message.contains(expected), "{answer}: {message}");
        assert!(thread.join().is_ok());
    }
    let closed = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", closed.local_addr().expect("an address"));
    drop(closed);
    let message = failure(&url);
    assert!(
        message.contains("connection refused; `plasma run POLICY --listen"),
        "{message}"
    );
}

#[test]
fn frames_that_cannot_be_read_are_told() {
    let version_2 = HELLO.replace("\"version\":1", "\"version\":2");
    let tick = r#"[{"event":"tick","t":3.0,"window":3}]"#;
    for (frames, expected) in [
        (
            vec![Message::text("hi")],
            "expected a list of events in JSON; no tick had come",
        ),
        (vec![Message::text("[]")], "its first event is no `hello`"),
        (
            vec![Message::text(version_2)],
            "streams version 2 of the events; this program reads version 1",
        ),
        (
            vec![Message::text(HELLO.replace("1.0", "0.0"))],
            "its periods have no length",
        ),
        (
            vec![
                Message::text(HELLO),
                Message::text(tick),
                Message::text(r#"[{"event":"tick","t":4.0},{"event":"tock","t":5.0}]"#),
            ],
            "event 2 of the frame: unknown event `tock`; expected one of",
        ),
        (
            vec![
                Message::text(HELLO),
                Message::text(tick),
                Message::binary(vec![0xc1]),
            ],
            "expected a list of events in MessagePack; the last tick was at 3 s",
        ),
        (
            vec![Message::text(HELLO), Message::text(tick)],
            "was lost: the other side went away; the last tick was at 3 s, connect again to go on",
        ),
    ] {
        let (url, thread) = streaming(frames);
        let message = failure(&url);
        assert!(message.contains(expected), "{message}");
        assert!(thread.join().is_ok());
    }
}
