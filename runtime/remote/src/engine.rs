//! The stream of a running cluster as an engine that is only read.

use std::collections::VecDeque;
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use plasma_engine::{Batch, Engine, EngineError, Orders, Stopper};
use plasma_listen::Token;
use plasma_model::{Event, Hello};
use tungstenite::client::IntoClientRequest as _;
use tungstenite::error::ProtocolError;
use tungstenite::handshake::client::Request;
use tungstenite::http::header::{AUTHORIZATION, HeaderValue, SEC_WEBSOCKET_PROTOCOL};
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::protocol::{WebSocket, WebSocketConfig};
use tungstenite::{Error, HandshakeError, Message};

use crate::frame::{self, Encoding};
use crate::url::Place;
use crate::{FORMAT_VERSION, FRAME_BYTES_MAX, RemoteError};

/// How long a connection, and what opens its stream, are waited for.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// How long the stream is waited for before it is asked whether somebody has stopped it.
const LISTEN: Duration = Duration::from_millis(50);

/// Events that may come before a tick.
const EVENTS_BEFORE_TICK_MAX: usize = 20_000_000;

/// A running cluster, heard over the network. It can only be read.
#[derive(Debug)]
pub struct RemoteEngine {
    place: Place,
    socket: WebSocket<TcpStream>,
    hello: Hello,
    schema: Option<String>,
    /// Events that have come, in front of the next tick.
    events: VecDeque<Event>,
    /// How many of them were looked through for a tick.
    looked_through: usize,
    last_tick_seconds: Option<f64>,
    stopper: Stopper,
    has_ended: bool,
    finished: bool,
}

/// What was heard of the stream.
enum Heard {
    Events(Vec<Event>),
    Nothing,
    End,
}

impl RemoteEngine {
    /// Connects to the stream at `url`: `ws://HOST:PORT/events`, `ws://HOST:PORT` or `http://HOST:PORT`. Waits until it
    /// has said what cluster it is.
    ///
    /// # Errors
    /// If nobody answers there, or not with the stream of a cluster in this version.
    pub fn connect(url: &str, token: Option<&Token>) -> Result<RemoteEngine, RemoteError> {
        let place = Place::parse(url)?;
        let deadline = Instant::now() + CONNECT_MAX;
        let socket = open(&place, token, deadline)?;
        let mut engine = RemoteEngine {
            hello: Hello {
                version: FORMAT_VERSION,
                engine: String::new(),
                period: 0.0,
            },
            place,
            socket,
            schema: None,
            events: VecDeque::new(),
            looked_through: 0,
            last_tick_seconds: None,
            stopper: Stopper::new(),
            has_ended: false,
            finished: false,
        };
        engine.hear_opening(deadline)?;
        Ok(engine)
    }

    /// Waits for the frame that opens the stream.
    fn hear_opening(&mut self, deadline: Instant) -> Result<(), RemoteError> {
        let events = loop {
            match self.hear()? {
                Heard::Events(events) => break events,
                Heard::Nothing if Instant::now() < deadline => {}
                Heard::Nothing => return Err(self.not_plasma("it says nothing")),
                Heard::End => return Err(self.not_plasma("it closed at once")),
            }
        };
        let Some(Event::Hello(hello)) = events.first() else {
            return Err(self.not_plasma("its first event is no `hello`"));
        };
        if hello.version != FORMAT_VERSION {
            return Err(RemoteError::Version {
                url: self.place.stream(),
                version: hello.version,
                reads: FORMAT_VERSION,
            });
        }
        if !(hello.period.is_finite() && hello.period > 0.0) {
            return Err(self.not_plasma("its periods have no length"));
        }
        self.hello = hello.clone();
        if let Some(Event::Schema { source }) = events.get(1) {
            self.schema = Some(source.clone());
        }
        self.events.extend(events);
        Ok(())
    }

    fn not_plasma(&self, found: &str) -> RemoteError {
        RemoteError::NotPlasma {
            url: self.place.stream(),
            found: found.to_owned(),
        }
    }

    /// What comes next, waited for a moment only.
    fn hear(&mut self) -> Result<Heard, RemoteError> {
        let message = match self.socket.read() {
            Ok(message) => message,
            Err(Error::Io(error)) if is_timeout(&error) => return Ok(Heard::Nothing),
            Err(Error::ConnectionClosed) => return Ok(Heard::End),
            Err(error) => return Err(self.failed(error)),
        };
        let events = match &message {
            Message::Text(text) => frame::of_text(text),
            Message::Binary(bytes) => frame::of_bytes(bytes),
            Message::Close(None) => return Ok(Heard::End),
            Message::Close(Some(close)) if close.code == CloseCode::Normal => {
                return Ok(Heard::End);
            }
            Message::Close(Some(close)) => {
                return Err(self.lost(format!("it was closed: {}", close.reason)));
            }
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => return Ok(Heard::Nothing),
        };
        let events = events.map_err(|problem| self.bad_frame(problem))?;
        let ticks = events.iter().rev();
        let tick = ticks.into_iter().find_map(|event| match event {
            Event::Tick { t, .. } => Some(*t),
            _ => None,
        });
        self.last_tick_seconds = tick.or(self.last_tick_seconds);
        Ok(Heard::Events(events))
    }

    fn failed(&self, error: Error) -> RemoteError {
        match error {
            Error::Io(error) => self.lost(plasma_engine::system_text(&error)),
            Error::Protocol(ProtocolError::ResetWithoutClosingHandshake) => {
                self.lost("the other side went away".to_owned())
            }
            Error::AlreadyClosed => self.lost("it is closed".to_owned()),
            error => self.bad_frame(error.to_string()),
        }
    }

    fn lost(&self, cause: String) -> RemoteError {
        RemoteError::Lost {
            url: self.place.stream(),
            cause,
            last_tick_seconds: self.last_tick_seconds,
        }
    }

    fn bad_frame(&self, problem: String) -> RemoteError {
        RemoteError::BadFrame {
            url: self.place.stream(),
            problem,
            last_tick_seconds: self.last_tick_seconds,
        }
    }

    /// The events up to the next tick, if they are all there.
    fn whole_period(&mut self) -> Option<Vec<Event>> {
        let mut rest = self.events.iter().skip(self.looked_through);
        match rest.position(|event| matches!(event, Event::Tick { .. })) {
            Some(at) => {
                let period = self.events.drain(..=self.looked_through + at).collect();
                self.looked_through = 0;
                Some(period)
            }
            None => {
                self.looked_through = self.events.len();
                None
            }
        }
    }
}

impl Engine for RemoteEngine {
    fn hello(&self) -> &Hello {
        &self.hello
    }

    fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    fn next_batch(&mut self) -> Result<Option<Batch>, EngineError> {
        loop {
            if self.finished || self.stopper.is_stopped() {
                return Ok(None);
            }
            if let Some(events) = self.whole_period() {
                return Ok(Some(Batch {
                    events,
                    ..Batch::default()
                }));
            }
            if self.has_ended {
                return Ok(None);
            }
            match self.hear()? {
                Heard::Events(events) => self.events.extend(events),
                Heard::Nothing => {}
                Heard::End => self.has_ended = true,
            }
            if self.events.len() > EVENTS_BEFORE_TICK_MAX {
                let problem = format!("more than {EVENTS_BEFORE_TICK_MAX} events without a tick");
                return Err(self.bad_frame(problem).into());
            }
        }
    }

    fn submit(&mut self, _orders: Orders) -> Result<(), EngineError> {
        Err(EngineError::ReadOnly {
            what: format!("{} is a stream of another program", self.place.stream()),
        })
    }

    fn stopper(&self) -> Stopper {
        self.stopper.clone()
    }

    fn finish(&mut self) -> Result<Vec<Event>, EngineError> {
        if self.finished {
            return Ok(Vec::new());
        }
        self.finished = true;
        // A courtesy: the other side notices the end of the connection as well.
        let _ = self.socket.close(None);
        let _ = self.socket.flush();
        Ok(self.events.drain(..).collect())
    }
}

/// Connects, and agrees on a stream.
fn open(
    place: &Place,
    token: Option<&Token>,
    deadline: Instant,
) -> Result<WebSocket<TcpStream>, RemoteError> {
    let failed = |source| RemoteError::Connect {
        url: place.stream(),
        source,
    };
    let stream = connect(place).map_err(failed)?;
    stream.set_nodelay(true).map_err(failed)?;
    stream.set_read_timeout(Some(LISTEN)).map_err(failed)?;
    stream
        .set_write_timeout(Some(CONNECT_MAX))
        .map_err(failed)?;
    let config = WebSocketConfig::default()
        .max_message_size(Some(FRAME_BYTES_MAX))
        .max_frame_size(Some(FRAME_BYTES_MAX));
    let request = request(place, token).map_err(|error| not_agreed(place, error))?;
    let mut attempt = tungstenite::client::client_with_config(request, stream, Some(config));
    loop {
        match attempt {
            Ok((socket, _)) => return Ok(socket),
            Err(HandshakeError::Failure(error)) => return Err(not_agreed(place, error)),
            Err(HandshakeError::Interrupted(_)) if Instant::now() >= deadline => {
                return Err(RemoteError::NotPlasma {
                    url: place.stream(),
                    found: "it does not answer".to_owned(),
                });
            }
            Err(HandshakeError::Interrupted(begun)) => attempt = begun.handshake(),
        }
    }
}

/// A connection to the first address that takes one.
fn connect(place: &Place) -> io::Result<TcpStream> {
    let mut failure = ErrorKind::NotFound.into();
    let addresses = place.addresses().map_err(io::Error::other)?;
    for address in addresses {
        match TcpStream::connect_timeout(&address, CONNECT_MAX) {
            Ok(stream) => return Ok(stream),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

fn request(place: &Place, token: Option<&Token>) -> Result<Request, Error> {
    let mut request = place.stream().into_client_request()?;
    let headers = request.headers_mut();
    let protocol = HeaderValue::from_static(Encoding::MessagePack.protocol());
    headers.insert(SEC_WEBSOCKET_PROTOCOL, protocol);
    if let Some(token) = token {
        headers.insert(AUTHORIZATION, HeaderValue::try_from(token.header())?);
    }
    Ok(request)
}

/// Why no stream was agreed on.
fn not_agreed(place: &Place, error: Error) -> RemoteError {
    let url = place.stream();
    match error {
        Error::Http(response) => {
            let body = response.body().as_deref().unwrap_or_default();
            let reason = String::from_utf8_lossy(body).trim().to_owned();
            let status = response.status().as_u16();
            match status {
                401 | 403 | 503 => RemoteError::Refused {
                    url,
                    status,
                    reason,
                },
                _ => RemoteError::NotPlasma {
                    url,
                    found: format!("it answers with status {status}"),
                },
            }
        }
        Error::Io(error) => RemoteError::Connect { url, source: error },
        error => RemoteError::NotPlasma {
            url,
            found: error.to_string(),
        },
    }
}

/// Whether nothing was heard for now. A system call that waits for at most so long is not begun again after a
/// signal.
fn is_timeout(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::WouldBlock | ErrorKind::TimedOut | ErrorKind::Interrupted
    )
}
