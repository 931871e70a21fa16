//! What the tests share: random clusters, a publisher on a free port, subscribers without manners.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};

use plasma_manager::Window;
use plasma_model::{
    ActorId, ActorUpdate, CallsRecord, Event, Field, Hello, ServerId, ServerUpdate, Snapshot,
    UsageUpdate, Value,
};
use plasma_remote::{PolicyKeeper, Publisher, PublisherSettings, Refused, Token};
use proptest::prelude::*;
use tungstenite::client::IntoClientRequest as _;
use tungstenite::{Message, WebSocket};

pub(crate) const SCHEMA: &str = "actor Folder { files: [File]; fn open; }";

/// The token of runs that have one.
pub(crate) fn token() -> Token {
    Token::new("correct-horse").expect("a token")
}

pub(crate) fn hello() -> Hello {
    Hello {
        version: 1,
        engine: "test".to_owned(),
        period: 1.0,
    }
}

/// Keeps the policies that it is given, all but those with `wrong` in them.
#[derive(Default)]
pub(crate) struct Keeper(pub(crate) Mutex<Vec<(String, String)>>);

impl PolicyKeeper for Keeper {
    fn policy(&self) -> String {
        let kept = self.0.lock().expect("no panic");
        kept.last()
            .map(|(text, _)| text.clone())
            .unwrap_or_default()
    }

    fn replace(&self, text: &str, by: &str) -> Result<String, Refused> {
        if text.contains("wrong") {
            let diagnostics = "error: no policy".to_owned();
            return Err(Refused { diagnostics });
        }
        let mut kept = self.0.lock().expect("no panic");
        kept.push((text.to_owned(), by.to_owned()));
        Ok("in force from the next period on".to_owned())
    }
}

/// A run without a token.
pub(crate) fn publisher() -> Publisher {
    publisher_with(None, Arc::default())
}

pub(crate) fn publisher_with(token: Option<Token>, keeper: Arc<Keeper>) -> Publisher {
    publisher_at("127.0.0.1:0", token, keeper)
}

pub(crate) fn publisher_at(address: &str, token: Option<Token>, keeper: Arc<Keeper>) -> Publisher {
    let settings = PublisherSettings {
        address: address.to_owned(),
        token,
    };
    Publisher::start(settings, &hello(), Some(SCHEMA), keeper).expect("a free port")
}

/// The host and port of a run.
pub(crate) fn authority(publisher: &Publisher) -> &str {
    let url = publisher.url();
    let rest = url
        .strip_prefix("ws://")
        .and_then(|rest| rest.strip_suffix("/events"));
    rest.expect("the URL of a stream")
}

/// A subscriber that asks for JSON and reads what it likes.
pub(crate) fn subscribe(publisher: &Publisher) -> WebSocket<TcpStream> {
    subscribe_at(publisher, "").expect("a subscriber")
}

/// A subscriber with a query.
pub(crate) fn subscribe_at(
    publisher: &Publisher,
    query: &str,
) -> Result<WebSocket<TcpStream>, String> {
    let stream = TcpStream::connect(authority(publisher)).expect("a connection");
    let url = format!("{}{query}", publisher.url());
    let request = url.into_client_request().expect("a request");
    match tungstenite::client(request, stream) {
        Ok((socket, _)) => Ok(socket),
        Err(error) => Err(error.to_string()),
    }
}

/// The events of the next text frame.
pub(crate) fn next_events(socket: &mut WebSocket<TcpStream>) -> Vec<Event> {
    match socket.read().expect("a frame") {
        Message::Text(text) => serde_json::from_str(&text).expect("events"),
        other => panic!("expected events, got {other:?}"),
    }
}

/// All that is answered to a request.
pub(crate) fn answer(publisher: &Publisher, request: &str) -> String {
    let mut stream = TcpStream::connect(authority(publisher)).expect("a connection");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// The answer to a `GET`, from the machine itself.
pub(crate) fn get(publisher: &Publisher, path: &str) -> String {
    answer(
        publisher,
        &format!("GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n"),
    )
}

/// What a manager knows after these events.
pub(crate) fn followed(window: &mut Window, events: &[Event]) {
    for event in events {
        window
            .push(event)
            .unwrap_or_else(|error| panic!("{error}: {event:?}"));
    }
}

/// The cluster as a window knows it.
pub(crate) fn seen(window: &Window) -> Snapshot {
    window.columns().snapshot()
}

/// What may happen to a cluster within a period.
#[derive(Clone, Debug)]
enum Change {
    Server(u8, [Field<u16>; 2]),
    ServerGone(u8),
    Actor(u8, u8, Field<u16>, Vec<u8>, [Field<u8>; 4]),
    ActorGone(u8),
    Calls(u8, u8, u16),
}

fn field<T: Clone + std::fmt::Debug + 'static>(
    known: impl Strategy<Value = T> + 'static,
) -> BoxedStrategy<Field<T>> {
    prop_oneof![
        1 => Just(Field::Keep),
        1 => Just(Field::Unknown),
        4 => known.prop_map(Field::Known),
    ]
    .boxed()
}

fn change() -> impl Strategy<Value = Change> {
    let figure = || field(0..400u16);
    let files = prop::collection::vec(0..12u8, 0..3);
    let told = || prop_oneof![4 => Just(Field::Keep), 1 => field(0..9u8)].boxed();
    prop_oneof![
        3 => (0..4u8, [figure(), figure()]).prop_map(|(id, figures)| Change::Server(id, figures)),
        1 => (0..4u8).prop_map(Change::ServerGone),
        8 => (0..12u8, 0..4u8, figure(), files, [field(0..9u8), told(), told(), told()])
            .prop_map(|(id, host, cpu, files, told)| Change::Actor(id, host, cpu, files, told)),
        2 => (0..12u8).prop_map(Change::ActorGone),
        6 => (0..13u8, 0..12u8, 1..500u16).prop_map(|(from, to, n)| Change::Calls(from, to, n)),
    ]
}

/// The batches of a cluster to which anything may happen that an engine may tell.
pub(crate) fn histories() -> impl Strategy<Value = Vec<Vec<Event>>> {
    let period = prop::collection::vec(change(), 0..24);
    prop::collection::vec(period, 1..8).prop_map(|periods| {
        let mut cluster = Cluster::default();
        let periods = (1..).zip(periods);
        periods
            .map(|(number, changes)| cluster.period(number, changes))
            .collect()
    })
}

/// Who is there, so that only what can be told is told.
#[derive(Default)]
struct Cluster {
    servers: Vec<u8>,
    /// Actors with their servers.
    actors: Vec<(u8, u8)>,
}

fn usage(size: Field<u16>, capacity: Field<f64>) -> Field<UsageUpdate> {
    match size {
        Field::Keep => Field::Keep,
        Field::Unknown => Field::Unknown,
        Field::Known(size) => Field::Known(UsageUpdate {
            size: Field::Known(f64::from(size) / 128.0),
            perc: Field::Keep,
            capacity,
        }),
    }
}

impl Cluster {
    fn period(&mut self, number: u32, changes: Vec<Change>) -> Vec<Event> {
        let mut events = Vec::new();
        if number == 1 {
            events.push(Event::Hello(hello()));
            let source = SCHEMA.to_owned();
            events.push(Event::Schema { source });
        }
        // Whom calls may name: those who were there at some time of the period.
        let mut named: Vec<u8> = self.actors.iter().map(|(id, _)| *id).collect();
        for change in changes {
            events.extend(self.change(change, &mut named));
        }
        let (t, window) = (f64::from(number), Some(u64::from(number)));
        events.push(Event::Tick { t, window });
        events
    }

    fn change(&mut self, change: Change, named: &mut Vec<u8>) -> Option<Event> {
        let server = |id: u8| ServerId::from(format!("s{id}"));
        let actor = |id: u8| ActorId::from(format!("a{id}"));
        match change {
            Change::Server(id, [cpu, mem]) => {
                if !self.servers.contains(&id) {
                    self.servers.push(id);
                }
                let mut update = ServerUpdate::new(server(id));
                update.cpu = usage(cpu, Field::Known(4.0));
                update.mem = usage(mem, Field::Known(64.0));
                Some(Event::Server(update))
            }
            Change::ServerGone(id) => {
                let is_inhabited = self.actors.iter().any(|(_, host)| *host == id);
                let place = self.servers.iter().position(|server| *server == id)?;
                if is_inhabited {
                    return None;
                }
                self.servers.remove(place);
                Some(Event::ServerGone { id: server(id) })
            }
            Change::Actor(id, host, cpu, files, [depth, age, idle, moves]) => {
                let host = *self.servers.get(usize::from(host))?;
                let mut update = ActorUpdate::new(actor(id));
                match self.actors.iter_mut().find(|(other, _)| *other == id) {
                    Some((_, at)) => *at = host,
                    None => {
                        self.actors.push((id, host));
                        named.push(id);
                        update.actor_type = Field::Known("Folder".to_owned());
                    }
                }
                update.server = Field::Known(server(host));
                update.cpu = usage(cpu, Field::Keep);
                let files = files.into_iter().map(actor).collect();
                update.refs = Field::Known([("files".to_owned(), files)].into());
                update.values = depth.map(|depth| {
                    let depth = Value::Number(f64::from(depth));
                    [("depth".to_owned(), depth)].into()
                });
                update.age = age.map(f64::from);
                update.idle = idle.map(f64::from);
                update.moves = moves.map(u64::from);
                Some(Event::Actor(update))
            }
            Change::ActorGone(id) => {
                let place = self.actors.iter().position(|(actor, _)| *actor == id)?;
                self.actors.remove(place);
                Some(Event::ActorGone { id: actor(id) })
            }
            Change::Calls(from, to, count) => {
                let is_known = |id| named.contains(&id);
                let from = match from {
                    12 => "client".to_owned(),
                    id if is_known(id) => actor(id).to_string(),
                    _ => return None,
                };
                is_known(to).then(|| {
                    Event::Calls(CallsRecord {
                        from,
                        to: actor(to),
                        function: "open".to_owned(),
                        count: f64::from(count),
                        size: Some(f64::from(count) * 8.0),
                        latency: None,
                    })
                })
            }
        }
    }
}
