//! What is served at the address of a run.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, HttpBody as _, to_bytes};
use axum::extract::{ConnectInfo, RawQuery, State, WebSocketUpgrade};
use axum::http::header::{CONTENT_TYPE, FROM};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use plasma_listen::Lobby;
use plasma_model::Event;
use tokio::task::spawn_blocking;

use crate::frame::Encoding;
use crate::hub::Hub;
use crate::policy::PolicyKeeper;
use crate::subscriber::attend;
use crate::{FRAME_BYTES_MAX, STREAM_PATH};

/// Bytes that a policy sent to a run may have.
const POLICY_BYTES_MAX: usize = 1 << 20;

const TOO_LARGE: &str = "a policy has at most 1 MiB";

/// Bytes that a subscriber may say at a time: it has nothing to say.
const SUBSCRIBER_BYTES_MAX: usize = 4 << 10;

/// Characters of a name that are kept.
const WHO_CHARACTERS_MAX: usize = 80;

const ABOUT: &str = "\
This is a running Plasma cluster.

GET /snapshot   the cluster at the last tick, as JSON Lines: a snapshot for `plasma plan`
GET /policy     the policy in force
PUT /policy     another policy, in force from the next period on (needs the token)
    /events     WebSocket: everything as it happens, a frame a batch of events; in JSON, or in
                MessagePack with `?format=msgpack` or the subprotocol plasma.v1.msgpack
";

/// What the routes share.
#[derive(Clone)]
struct Shared {
    hub: Arc<Hub>,
    keeper: Arc<dyn PolicyKeeper>,
    lobby: Lobby,
}

/// The routes of a run.
pub(crate) fn routes(hub: Arc<Hub>, keeper: Arc<dyn PolicyKeeper>, lobby: Lobby) -> Router {
    Router::new()
        .route("/", get(async || ABOUT))
        .route("/snapshot", get(snapshot))
        .route("/policy", get(policy).put(replace_policy))
        .route(STREAM_PATH, get(events))
        .with_state(Shared { hub, keeper, lobby })
}

/// A line of text with its status.
fn told(status: StatusCode, text: impl Into<String>) -> Response {
    let mut text = text.into();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    (status, text).into_response()
}

async fn snapshot(State(shared): State<Shared>) -> Response {
    let Some(catch) = shared.hub.snapshot() else {
        return told(
            StatusCode::SERVICE_UNAVAILABLE,
            "no period has ended yet; ask again after the first one",
        );
    };
    let written = spawn_blocking(move || lines(&catch.events())).await;
    match written {
        Ok(lines) => ([(CONTENT_TYPE, "application/jsonl")], Body::from(lines)).into_response(),
        Err(_) => told(StatusCode::INTERNAL_SERVER_ERROR, "it cannot be written"),
    }
}

/// Events as JSON Lines.
fn lines(events: &[Event]) -> Vec<u8> {
    let mut lines = Vec::new();
    for event in events {
        // Maps with text for keys: JSON cannot refuse them, nor can memory.
        let _ = serde_json::to_writer(&mut lines, event);
        lines.push(b'\n');
    }
    lines
}

async fn policy(State(shared): State<Shared>) -> String {
    shared.keeper.policy()
}

async fn replace_policy(
    State(shared): State<Shared>,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
    body: Body,
) -> Response {
    if !shared.lobby.has_token() {
        return told(
            StatusCode::FORBIDDEN,
            "nobody can replace the policy of this run: it was started without a token; start it \
             with PLASMA_TOKEN set, and send the same token as `Authorization: Bearer TOKEN`",
        );
    }
    if !shared.lobby.is_authorised(&headers) {
        return told(
            StatusCode::UNAUTHORIZED,
            "the policy can be replaced with the token only that PLASMA_TOKEN was when the run \
             began: send it as `Authorization: Bearer TOKEN`",
        );
    }
    // What announces too much is refused before it is sent.
    let announced_bytes = body.size_hint().lower();
    if announced_bytes > POLICY_BYTES_MAX as u64 {
        return told(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE);
    }
    let Ok(bytes) = to_bytes(body, POLICY_BYTES_MAX).await else {
        return told(StatusCode::PAYLOAD_TOO_LARGE, TOO_LARGE);
    };
    let Ok(text) = String::from_utf8(bytes.into()) else {
        return told(StatusCode::BAD_REQUEST, "the policy is not UTF-8 text");
    };
    let by = who(&headers, peer);
    let replaced = spawn_blocking(move || shared.keeper.replace(&text, &by)).await;
    match replaced {
        Ok(Ok(answer)) => told(StatusCode::OK, answer),
        Ok(Err(refused)) => told(StatusCode::UNPROCESSABLE_ENTITY, refused.diagnostics),
        Err(_) => told(
            StatusCode::INTERNAL_SERVER_ERROR,
            "checking the policy failed within the run; the one in force stays",
        ),
    }
}

/// Who sends a request: the name given, if one is, and where from.
fn who(headers: &HeaderMap, peer: SocketAddr) -> String {
    let name = headers.get(FROM).and_then(|value| value.to_str().ok());
    let name: String = name
        .unwrap_or_default()
        .chars()
        .take(WHO_CHARACTERS_MAX)
        .collect();
    match name.trim() {
        "" => peer.ip().to_string(),
        name => format!("{name} ({})", peer.ip()),
    }
}

async fn events(
    State(shared): State<Shared>,
    RawQuery(query): RawQuery,
    upgrade: Result<WebSocketUpgrade, axum::extract::ws::rejection::WebSocketUpgradeRejection>,
) -> Response {
    let Ok(upgrade) = upgrade else {
        return told(
            StatusCode::UPGRADE_REQUIRED,
            "this is a WebSocket; the cluster as one document is at /snapshot",
        );
    };
    let Some(guest) = shared.lobby.admit() else {
        return told(
            StatusCode::SERVICE_UNAVAILABLE,
            format!(
                "{} subscribers are here already, as many as there may be",
                shared.lobby.guests_max()
            ),
        );
    };
    let protocols = [Encoding::Json, Encoding::MessagePack].map(Encoding::protocol);
    let upgrade = upgrade
        .protocols(protocols)
        .max_message_size(SUBSCRIBER_BYTES_MAX)
        .max_frame_size(SUBSCRIBER_BYTES_MAX);
    let asked = upgrade.selected_protocol().and_then(|p| p.to_str().ok());
    let is_packed = match asked {
        Some(protocol) => protocol == Encoding::MessagePack.protocol(),
        None => match format_of(query.as_deref()) {
            Some(encoding) => encoding == Encoding::MessagePack,
            None => {
                return told(
                    StatusCode::BAD_REQUEST,
                    "the query may be format=json or format=msgpack",
                );
            }
        },
    };
    let encoding = match is_packed {
        true => Encoding::MessagePack,
        false => Encoding::Json,
    };
    upgrade
        .write_buffer_size(0)
        .max_write_buffer_size(2 * FRAME_BYTES_MAX)
        .on_upgrade(move |socket| attend(socket, guest, shared.hub, encoding))
}

/// The encoding that a query asks for; `None` if it asks for something else.
fn format_of(query: Option<&str>) -> Option<Encoding> {
    match query.unwrap_or_default() {
        "" => Some(Encoding::Json),
        query => {
            let name = query.strip_prefix("format=")?;
            [Encoding::Json, Encoding::MessagePack]
                .into_iter()
                .find(|encoding| encoding.name() == name)
        }
    }
}
