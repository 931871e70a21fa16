//! The connection over WebSockets, for editors in a browser: a session for each, a message a text frame.

use std::ops::ControlFlow;
use std::thread;
use std::time::Duration;

use axum::Router;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message as Heard, Utf8Bytes, WebSocket, WebSocketUpgrade};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use crossbeam_channel::bounded;
use lsp_server::{Connection, Message};
use plasma_listen::{Guest, ListenError, Listening, Lobby, Settings, Token};
use plasma_scenario::ModuleFiles;
use serde_json::Value;
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::main_loop::run;
use crate::message::parse;

/// Where sessions are served, below the address.
const SESSION_PATH: &str = "/lsp";

/// Sessions at a time.
const SESSIONS_MAX: usize = 16;

/// Bytes that a message from a browser may have.
const MESSAGE_BYTES_MAX: usize = 8 << 20;

/// Messages that may wait in each direction.
const WAITING_MAX: usize = 64;

/// How long a browser may take to take a message, and to answer that it closes as well.
const SEND_MAX: Duration = Duration::from_secs(20);
const CLOSE_MAX: Duration = Duration::from_secs(1);

/// Codes of RFC 6455, section 7.4.1.
const NORMAL: u16 = 1000;
const GOING_AWAY: u16 = 1001;
const UNSUPPORTED: u16 = 1003;

const ABOUT: &str = "This is a Plasma language server; a session is a WebSocket at /lsp.\n";

/// Where to serve browsers, and which.
#[derive(Clone, Debug)]
pub struct WebSocketSettings {
    /// HOST:PORT; port 0 is any that is free.
    pub address: String,
    /// The secret of those who come from other machines.
    pub token: Option<Token>,
    /// Origins whose pages may begin sessions; `*` is all. Sessions read the files that the server can read.
    pub origins: Vec<String>,
}

/// Serves browsers until the result is dropped; `modules` are what policies can use.
///
/// # Errors
///
/// If the address is none, is taken, or is open to other machines without a token.
pub fn listen(
    settings: WebSocketSettings,
    modules: &ModuleFiles,
) -> Result<Listening, ListenError> {
    let settings = Settings {
        address: settings.address,
        token: settings.token,
        origins: settings.origins,
        guests_max: SESSIONS_MAX,
    };
    let modules = modules.clone();
    plasma_listen::start(settings, |lobby| {
        let session = move |upgrade| {
            let answer = begin(upgrade, &lobby, &modules);
            async { answer }
        };
        Router::new()
            .route("/", get(async || ABOUT))
            .route(SESSION_PATH, get(session))
    })
}

/// The URL of sessions at an address.
pub fn session_url(listening: &Listening) -> String {
    format!("ws://{}{SESSION_PATH}", listening.authority())
}

fn begin(
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
    lobby: &Lobby,
    modules: &ModuleFiles,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return (StatusCode::UPGRADE_REQUIRED, ABOUT).into_response();
    };
    let Some(guest) = lobby.admit() else {
        let reason = format!("there are {} sessions already\n", lobby.guests_max());
        return (StatusCode::SERVICE_UNAVAILABLE, reason).into_response();
    };
    let modules = modules.clone();
    upgrade
        .max_message_size(MESSAGE_BYTES_MAX)
        .max_frame_size(MESSAGE_BYTES_MAX)
        .on_upgrade(move |socket| attend(socket, guest, modules))
}

/// One session, to its end. `guest` is its place among them.
async fn attend(mut socket: WebSocket, mut guest: Guest, modules: ModuleFiles) {
    let (texts, heard) = mpsc::channel(WAITING_MAX);
    let (told, mut answers) = mpsc::channel(WAITING_MAX);
    if !start(heard, told, modules) {
        return;
    }
    let end = converse(&mut socket, &mut guest, texts, &mut answers).await;
    let frame = end.map(|(code, reason)| CloseFrame {
        code,
        reason: reason.into(),
    });
    let _ = timeout(CLOSE_MAX, close(&mut socket, frame)).await;
    drop(socket);
    // The place is free when the session has ended, whatever it was computing.
    while answers.recv().await.is_some() {}
}

/// Carries messages between a browser and its session; how it is closed, unless the browser is gone.
async fn converse(
    socket: &mut WebSocket,
    guest: &mut Guest,
    texts: mpsc::Sender<Utf8Bytes>,
    answers: &mut mpsc::Receiver<String>,
) -> Option<(u16, &'static str)> {
    loop {
        let has_room = texts.capacity() > 0;
        tokio::select! {
            answer = answers.recv() => {
                let Some(text) = answer else {
                    return Some((NORMAL, "the session has ended"));
                };
                let sent = socket.send(Heard::Text(text.into()));
                match timeout(SEND_MAX, sent).await {
                    Ok(Ok(())) => {}
                    Ok(Err(_)) | Err(_) => return None,
                }
            }
            message = socket.recv(), if has_room => {
                if let ControlFlow::Break(end) = hear(message, &texts) {
                    return end;
                }
            }
            // What is read of the browser waits until the session has room for it.
            _ = texts.reserve(), if !has_room => {}
            () = guest.closing() => return Some((GOING_AWAY, "the server ends")),
        }
    }
}

/// Hands a message on, where there is room for it.
fn hear(
    message: Option<Result<Heard, axum::Error>>,
    texts: &mpsc::Sender<Utf8Bytes>,
) -> ControlFlow<Option<(u16, &'static str)>> {
    match message {
        Some(Ok(Heard::Text(text))) => {
            // A session that has ended says so by its answers.
            let _ = texts.try_send(text);
            ControlFlow::Continue(())
        }
        Some(Ok(Heard::Ping(_) | Heard::Pong(_))) => ControlFlow::Continue(()),
        Some(Ok(Heard::Binary(_))) => {
            ControlFlow::Break(Some((UNSUPPORTED, "a message is a text frame")))
        }
        Some(Ok(Heard::Close(_)) | Err(_)) | None => ControlFlow::Break(None),
    }
}

/// Says that it is over unless the browser has said so, and waits until both have heard it.
async fn close(socket: &mut WebSocket, frame: Option<CloseFrame>) {
    if let Some(frame) = frame
        && socket.send(Heard::Close(Some(frame))).await.is_err()
    {
        return;
    }
    while let Some(Ok(_)) = socket.recv().await {}
}

/// Starts a session on threads of its own: one that reads, one that answers, one that writes. They end
/// one after the other when nothing is heard any more. `false` if the system has no threads left.
fn start(
    mut heard: mpsc::Receiver<Utf8Bytes>,
    told: mpsc::Sender<String>,
    modules: ModuleFiles,
) -> bool {
    let (inbox, receiver) = bounded(WAITING_MAX);
    let (sender, outbox) = bounded(WAITING_MAX);
    // The session's end is seen by its answers ending: whoever reads must not hold them open.
    let refusals = told.downgrade();
    let read = move || {
        while let Some(text) = heard.blocking_recv() {
            let is_handed_on = match parse(text.as_bytes()) {
                Ok(message) => inbox.send(message).is_ok(),
                Err(answer) => refusals
                    .upgrade()
                    .is_some_and(|told| told.blocking_send(answer.to_string()).is_ok()),
            };
            if !is_handed_on {
                break;
            }
        }
    };
    let write = move || {
        for message in outbox {
            if told.blocking_send(text_of(message)).is_err() {
                break;
            }
        }
    };
    let answer = move || {
        let connection = Connection { sender, receiver };
        // How a session ends concerns its browser alone.
        let _ = run(&connection, &modules);
    };
    let spawned = |name: &str, work: Box<dyn FnOnce() + Send>| {
        let thread = thread::Builder::new().name(name.to_owned());
        thread.spawn(work).is_ok()
    };
    spawned("lsp read", Box::new(read))
        && spawned("lsp write", Box::new(write))
        && spawned("lsp session", Box::new(answer))
}

/// A message as it goes over the wire.
fn text_of(message: Message) -> String {
    // Its parts are JSON already.
    let mut value = serde_json::to_value(message).unwrap_or_default();
    value["jsonrpc"] = Value::from("2.0");
    value.to_string()
}
