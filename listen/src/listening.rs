//! The address itself: a thread that takes in connections and ends with its owner.

use std::net::{IpAddr, SocketAddr, TcpListener, ToSocketAddrs};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use axum::extract::ConnectInfo;
use axum::middleware::from_fn_with_state;
use axum::{Extension, Router};
use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use crate::door::{Door, pass};
use crate::{ListenError, Lobby, Token};

/// Requests that are answered at a time; more wait in the system's queue.
const REQUESTS_MAX: usize = 64;

/// How long a request may take, its answer included. A guest that stays is no request any more.
const REQUEST_MAX: Duration = Duration::from_secs(30);

/// Bytes that the head of a request may have.
const HEAD_BYTES_MAX: usize = 32 << 10;

/// How long nobody is taken in after that has failed (too many open files).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// How long guests have to leave at the end.
const LEAVE_MAX: Duration = Duration::from_secs(2);

/// Where to listen, and who may come in.
#[derive(Clone, Debug)]
pub struct Settings {
    /// HOST:PORT; port 0 is any that is free.
    pub address: String,
    /// The secret of those who may come from other machines, or change something.
    pub token: Option<Token>,
    /// Origins of pages that may come in besides those served here, such as `http://localhost:5173`;
    /// `*` is all.
    pub origins: Vec<String>,
    /// How many connections may stay at a time.
    pub guests_max: usize,
}

/// An address that is being served. It ends when dropped.
#[derive(Debug)]
pub struct Listening {
    address: SocketAddr,
    closing: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

/// Serves routes at an address until the result is dropped.
///
/// # Errors
/// If the address is none, is taken, or is open to other machines without a token.
pub fn start(
    settings: Settings,
    routes: impl FnOnce(Lobby) -> Router,
) -> Result<Listening, ListenError> {
    let wanted = resolved(&settings.address)?;
    let is_local = wanted.ip().is_loopback();
    if !is_local && settings.token.is_none() {
        return Err(ListenError::NeedsToken { address: wanted });
    }
    let failed = |source| ListenError::Bind {
        address: wanted,
        source,
    };
    let listener = TcpListener::bind(wanted).map_err(failed)?;
    listener.set_nonblocking(true).map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    let runtime = Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(failed)?;
    let (closing, closed) = watch::channel(false);
    let lobby = Lobby {
        guests: Arc::new(Semaphore::new(settings.guests_max)),
        guests_max: settings.guests_max,
        token: settings.token.clone(),
        closing: closed,
    };
    let door = Door {
        is_local,
        token: settings.token,
        origins: settings.origins,
    };
    let router = routes(lobby.clone()).layer(from_fn_with_state(Arc::new(door), pass));
    let thread = thread::Builder::new()
        .name("listen".to_owned())
        .spawn(move || serve(runtime, listener, &router, lobby))
        .map_err(failed)?;
    Ok(Listening {
        address,
        closing,
        thread: Some(thread),
    })
}

/// The address that a text names; of several the first.
fn resolved(text: &str) -> Result<SocketAddr, ListenError> {
    let wrong = |problem: String| ListenError::Address {
        text: text.to_owned(),
        problem,
    };
    let Some((host, port)) = text.rsplit_once(':') else {
        return Err(wrong("it has no port".to_owned()));
    };
    if port.parse::<u16>().is_err() {
        return Err(wrong("the port is not a number from 0 to 65535".to_owned()));
    }
    if host.is_empty() {
        return Err(wrong("it has no host".to_owned()));
    }
    let found = text.to_socket_addrs().map(|mut addresses| addresses.next());
    let unknown = || wrong(format!("no machine is known as `{host}`"));
    found.ok().flatten().ok_or_else(unknown)
}

impl Listening {
    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The host and port by which this machine reaches it.
    pub fn authority(&self) -> String {
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => "127.0.0.1".to_owned(),
            IpAddr::V6(ip) if ip.is_unspecified() => "[::1]".to_owned(),
            IpAddr::V6(ip) => format!("[{ip}]"),
            ip => ip.to_string(),
        };
        format!("{ip}:{}", self.address.port())
    }
}

impl Drop for Listening {
    /// Lets the guests leave, and waits for the thread's end.
    fn drop(&mut self) {
        self.closing.send_replace(true);
        if let Some(thread) = self.thread.take() {
            // What a request did wrong has ended that request alone.
            let _ = thread.join();
        }
    }
}

fn serve(runtime: Runtime, listener: TcpListener, router: &Router, lobby: Lobby) {
    runtime.block_on(async {
        // The reactor refuses no socket that the system has made.
        if let Ok(listener) = tokio::net::TcpListener::from_std(listener) {
            take_in(&listener, router, lobby).await;
        }
    });
    runtime.shutdown_timeout(LEAVE_MAX);
}

/// Takes in connections until the end.
async fn take_in(listener: &tokio::net::TcpListener, router: &Router, mut lobby: Lobby) {
    let requests = Arc::new(Semaphore::new(REQUESTS_MAX));
    let accept = async {
        loop {
            let Ok(permit) = Arc::clone(&requests).acquire_owned().await else {
                return;
            };
            let Ok((stream, peer)) = listener.accept().await else {
                sleep(ACCEPT_PAUSE).await;
                continue;
            };
            let router = router.clone().layer(Extension(ConnectInfo(peer)));
            tokio::spawn(async move {
                let _ = timeout(REQUEST_MAX, request(stream, router)).await;
                drop(permit);
            });
        }
    };
    tokio::select! {
        () = accept => {}
        _ = lobby.closing.wait_for(|closing| *closing) => {}
    }
    let everybody = u32::try_from(lobby.guests_max).unwrap_or(u32::MAX);
    let _ = timeout(LEAVE_MAX, lobby.guests.acquire_many(everybody)).await;
}

/// Answers the one request of a connection; a connection that becomes a WebSocket goes on elsewhere.
async fn request(stream: TcpStream, router: Router) {
    // A client that is gone is nobody's mistake.
    let _ = stream.set_nodelay(true);
    let _ = http1::Builder::new()
        .max_buf_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(stream), TowerToHyperService::new(router))
        .with_upgrades()
        .await;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(address: &str) -> String {
        let settings = Settings {
            address: address.to_owned(),
            token: None,
            origins: Vec::new(),
            guests_max: 1,
        };
        match start(settings, |_| Router::new()) {
            Ok(listening) => format!("listens on {}", listening.address()),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn a_mistake_in_the_address_says_what_was_expected() {
        for (address, expected) in [
            ("9200", "`9200` is no address: it has no port"),
            (":9200", "it has no host"),
            (
                "localhost:99999",
                "the port is not a number from 0 to 65535",
            ),
            ("localhost:http", "the port is not a number"),
            (
                "0.0.0.0:0",
                "0.0.0.0:0 can be reached from other machines, and no token is set",
            ),
        ] {
            let message = refused(address);
            assert!(message.contains(expected), "{address}: {message}");
        }
    }

    #[test]
    fn an_address_that_is_taken_is_told() {
        let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = taken.local_addr().expect("an address");
        let message = refused(&address.to_string());
        assert_eq!(
            message,
            format!("cannot listen on {address}: address already in use")
        );
    }
}
