//! Who may come in: looked at before anything is served.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::header::{CONNECTION, HOST, ORIGIN};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::Token;

/// The rules of an address.
#[derive(Clone, Debug)]
pub(crate) struct Door {
    /// Whether only this machine can reach it.
    pub(crate) is_local: bool,
    pub(crate) token: Option<Token>,
    /// Origins of pages that may come in besides those that were served here; `*` is all.
    pub(crate) origins: Vec<String>,
}

/// Why somebody may not come in.
type Refusal = (StatusCode, &'static str);

/// Serves a request if it may come in. It is the only one of its connection: what may take only so long
/// would otherwise have to be counted anew for each.
pub(crate) async fn pass(State(door): State<Arc<Door>>, request: Request, next: Next) -> Response {
    let mut response = match door.check(request.headers()) {
        Ok(()) => next.run(request).await,
        Err((status, reason)) => (status, format!("{reason}\n")).into_response(),
    };
    if response.status() != StatusCode::SWITCHING_PROTOCOLS {
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

impl Door {
    fn check(&self, headers: &HeaderMap) -> Result<(), Refusal> {
        let host = headers.get(HOST).and_then(|value| value.to_str().ok());
        let host = host.ok_or((StatusCode::BAD_REQUEST, "the request names no host"))?;
        if self.is_local && !is_this_machine(host) {
            return Err((
                StatusCode::FORBIDDEN,
                "this address serves its own machine only: ask for localhost or 127.0.0.1",
            ));
        }
        self.check_origin(headers, host)?;
        match &self.token {
            Some(token) if !self.is_local && !token.is_shown(headers) => Err((
                StatusCode::UNAUTHORIZED,
                "a token is needed here: send `Authorization: Bearer TOKEN`",
            )),
            _ => Ok(()),
        }
    }

    /// A browser says from which page a request comes; other programs say nothing.
    fn check_origin(&self, headers: &HeaderMap, host: &str) -> Result<(), Refusal> {
        let Some(origin) = headers.get(ORIGIN) else {
            return Ok(());
        };
        let origin = origin.to_str().unwrap_or_default();
        let is_own = ["http://", "https://"]
            .iter()
            .any(|scheme| origin.strip_prefix(scheme) == Some(host));
        let is_allowed = |allowed: &String| allowed == "*" || allowed == origin;
        match is_own || self.origins.iter().any(is_allowed) {
            true => Ok(()),
            false => Err((
                StatusCode::FORBIDDEN,
                "pages of other origins may not use this address",
            )),
        }
    }
}

/// Whether a `Host` names the machine itself, so that no foreign name was made to point here.
fn is_this_machine(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let is_loopback = |address: IpAddr| address.is_loopback();
    name.eq_ignore_ascii_case("localhost") || name.parse().is_ok_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(door: &Door, headers: &[(&'static str, &'static str)]) -> u16 {
        let headers = headers
            .iter()
            .map(|(name, value)| (name.parse().expect("name"), value.parse().expect("value")));
        let checked = door.check(&headers.collect());
        checked.map_or_else(|(status, _)| status.as_u16(), |()| 200)
    }

    #[test]
    fn a_local_address_serves_its_machine_and_its_own_pages() {
        let door = Door {
            is_local: true,
            token: None,
            origins: vec!["https://play.example".to_owned()],
        };
        for (headers, expected) in [
            (&[("host", "127.0.0.1:9200")][..], 200),
            (&[("host", "localhost:9200")], 200),
            (&[("host", "[::1]:9200")], 200),
            (&[], 400),
            (&[("host", "evil.example:9200")], 403),
            (&[("host", "127.0.0.1.evil.example")], 403),
            (
                &[("host", "localhost:1"), ("origin", "http://localhost:1")],
                200,
            ),
            (
                &[("host", "localhost:1"), ("origin", "http://localhost:2")],
                403,
            ),
            (
                &[("host", "localhost:1"), ("origin", "https://evil.example")],
                403,
            ),
            (&[("host", "localhost:1"), ("origin", "null")], 403),
            (
                &[("host", "localhost:1"), ("origin", "https://play.example")],
                200,
            ),
        ] {
            assert_eq!(status(&door, headers), expected, "{headers:?}");
        }
    }

    #[test]
    fn an_open_address_wants_its_token() {
        let door = Door {
            is_local: false,
            token: Token::new("correct-horse").ok(),
            origins: Vec::new(),
        };
        let host = ("host", "cluster.example");
        assert_eq!(status(&door, &[host]), 401);
        let wrong = ("authorization", "Bearer battery-staple");
        assert_eq!(status(&door, &[host, wrong]), 401);
        let right = ("authorization", "Bearer correct-horse");
        assert_eq!(status(&door, &[host, right]), 200);
        let origin = ("origin", "https://evil.example");
        assert_eq!(status(&door, &[host, right, origin]), 403);
    }
}
