//! One subscriber: told everything in order, or shown the present state again when it was too slow.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, WebSocket};
use plasma_listen::Guest;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

use crate::FRAME_BYTES_MAX;
use crate::frame::{self, Encoding};
use crate::hub::{Hub, Next, Progress};

/// How long a frame may take to be taken; after that the subscriber is gone for us.
const SEND_MAX: Duration = Duration::from_secs(20);

/// How long a subscriber may take to answer that it closes as well.
const CLOSE_MAX: Duration = Duration::from_secs(1);

/// Codes of RFC 6455, section 7.4.1.
const NORMAL: u16 = 1000;
const UNSUPPORTED: u16 = 1003;
const TOO_BIG: u16 = 1009;
/// Registered later: come again.
const TRY_AGAIN: u16 = 1013;

/// Why a subscriber is let go.
enum Leave {
    /// With a code and a reason.
    With(u16, &'static str),
    /// It is gone, or does not listen.
    Gone,
}

/// Tells one subscriber what there is, until one of both has enough. `guest` is its place among them.
pub(crate) async fn attend(mut socket: WebSocket, guest: Guest, hub: Arc<Hub>, encoding: Encoding) {
    let frame = match tell_all(&mut socket, &hub, encoding).await {
        Leave::With(code, reason) => Some(CloseFrame {
            code,
            reason: reason.into(),
        }),
        Leave::Gone => None,
    };
    let _ = timeout(CLOSE_MAX, close(&mut socket, frame)).await;
    drop(guest);
}

async fn tell_all(socket: &mut WebSocket, hub: &Hub, encoding: Encoding) -> Leave {
    let mut progress = Progress::default();
    let mut changes = hub.changes();
    loop {
        changes.mark_unchanged();
        let message = match hub.next(&mut progress) {
            Next::Frame(frame) => frame.message(encoding),
            Next::State(catch) => {
                let encoded = spawn_blocking(move || frame::message(&catch.events(), encoding));
                match encoded.await {
                    Ok(message) => message,
                    Err(_) => return Leave::Gone,
                }
            }
            Next::Wait => {
                tokio::select! {
                    _ = changes.changed() => {}
                    heard = socket.recv() => if let Some(leave) = answer(heard) {
                        return leave;
                    }
                }
                continue;
            }
            Next::Lost => return Leave::With(TRY_AGAIN, "too slow: too much has gone meanwhile"),
            Next::End => return Leave::With(NORMAL, "the run has ended"),
        };
        if bytes_of(&message) > FRAME_BYTES_MAX {
            return Leave::With(TOO_BIG, "the cluster is too large for a frame");
        }
        match timeout(SEND_MAX, socket.send(message)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) | Err(_) => return Leave::Gone,
        }
    }
}

/// Whether a subscriber leaves by what was heard of it.
fn answer(heard: Option<Result<Message, axum::Error>>) -> Option<Leave> {
    match heard {
        // Pings are answered on the way.
        Some(Ok(Message::Ping(_) | Message::Pong(_))) => None,
        Some(Ok(Message::Text(_) | Message::Binary(_))) => {
            Some(Leave::With(UNSUPPORTED, "this stream is only read"))
        }
        Some(Ok(Message::Close(_)) | Err(_)) | None => Some(Leave::Gone),
    }
}

fn bytes_of(message: &Message) -> usize {
    match message {
        Message::Text(text) => text.len(),
        Message::Binary(bytes) => bytes.len(),
        _ => 0,
    }
}

/// Says that it is over unless the subscriber has said so, and waits until both have heard it: what it has not
/// read yet would otherwise be lost.
async fn close(socket: &mut WebSocket, frame: Option<CloseFrame>) {
    if let Some(frame) = frame
        && socket.send(Message::Close(Some(frame))).await.is_err()
    {
        return;
    }
    while let Some(Ok(_)) = socket.recv().await {}
}
