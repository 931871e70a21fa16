//! The cluster at the last tick, as a newcomer is told of it: what all events so far come to.

use std::collections::{BTreeMap, BTreeSet};

use plasma_model::{
    ActorId, ActorUpdate, CallsRecord, Event, Field, Hello, ServerId, ServerUpdate,
};

use crate::known::{KnownActor, KnownServer};

/// The cluster at the last tick.
#[derive(Clone, Debug)]
pub(crate) struct Present {
    hello: Hello,
    schema: Option<String>,
    servers: BTreeMap<ServerId, KnownServer>,
    actors: BTreeMap<ActorId, KnownActor>,
    /// Calls of the period that the last tick ended.
    calls: Vec<CallsRecord>,
    /// Actors that ended in that period, as they were: its calls name them.
    departed: BTreeMap<ActorId, ActorUpdate>,
    tick: Option<(f64, Option<u64>)>,
    /// How many ticks there were.
    ticks: u64,
    /// Whether events came after the last tick that the next one ends.
    is_inside: bool,
}

/// An actor or a server that has left the cluster.
#[derive(Clone, Debug)]
pub(crate) struct Departure {
    pub(crate) gone: Gone,
    /// Number of the frame that introduced it: whoever knows only older ones has never heard of it.
    pub(crate) since: u64,
}

/// Something that has left the cluster.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Gone {
    Actor(ActorId),
    Server(ServerId),
}

impl From<Gone> for Event {
    fn from(gone: Gone) -> Event {
        match gone {
            Gone::Actor(id) => Event::ActorGone { id },
            Gone::Server(id) => Event::ServerGone { id },
        }
    }
}

impl Present {
    /// A cluster of which nothing was told yet but what it is.
    pub(crate) fn new(hello: Hello, schema: Option<String>) -> Self {
        Present {
            hello,
            schema,
            servers: BTreeMap::new(),
            actors: BTreeMap::new(),
            calls: Vec::new(),
            departed: BTreeMap::new(),
            tick: None,
            ticks: 0,
            is_inside: false,
        }
    }

    /// Whether a period has ended.
    pub(crate) fn has_tick(&self) -> bool {
        self.tick.is_some()
    }

    /// Takes an event of frame `number` in; whether it is to be told, and who has left by it.
    pub(crate) fn follow(&mut self, event: &Event, number: u64) -> (bool, Option<Departure>) {
        if belongs_to_period(event) && !self.is_inside {
            self.is_inside = true;
            self.calls.clear();
            self.departed.clear();
        }
        match event {
            // Everybody was told at the beginning; it is no news unless it is another one.
            Event::Hello(hello) => {
                return (replace(&mut self.hello, hello.clone()), None);
            }
            Event::Schema { source } => {
                return (replace(&mut self.schema, Some(source.clone())), None);
            }
            Event::Server(update) => {
                let known = self.servers.entry(update.id.clone());
                known
                    .or_insert_with(|| KnownServer::new(update, number))
                    .follow(update);
            }
            Event::Actor(update) => {
                let known = self.actors.entry(update.id.clone());
                known
                    .or_insert_with(|| KnownActor::new(update, number))
                    .follow(update);
            }
            Event::Calls(calls) => self.calls.push(calls.clone()),
            Event::ActorGone { id } => {
                if let Some(known) = self.actors.remove(id) {
                    let (gone, since) = (Gone::Actor(id.clone()), known.introduced_by);
                    self.departed.insert(id.clone(), known.update);
                    return (true, Some(Departure { gone, since }));
                }
            }
            Event::ServerGone { id } => {
                if let Some(known) = self.servers.remove(id) {
                    let (gone, since) = (Gone::Server(id.clone()), known.introduced_by);
                    return (true, Some(Departure { gone, since }));
                }
            }
            Event::Tick { t, window } => {
                self.tick = Some((*t, *window));
                self.ticks += 1;
                self.is_inside = false;
                for calls in self.calls.iter().filter(|calls| calls.count > 0.0) {
                    if let Some(called) = self.actors.get_mut(&calls.to) {
                        called.be_called(*t);
                    }
                }
                for actor in self.actors.values_mut() {
                    actor.pass_time(*t);
                }
                self.keep_called();
            }
            Event::Decision { .. }
            | Event::Policy { .. }
            | Event::Actions { .. }
            | Event::Outcome(_) => {}
        }
        (true, None)
    }

    /// Of those who ended in the period only those matter whom its calls name.
    fn keep_called(&mut self) {
        let calls = self.calls.iter();
        let named: BTreeSet<&str> = calls
            .flat_map(|calls| [calls.from.as_str(), calls.to.as_str()])
            .collect();
        let actors = &self.actors;
        self.departed
            .retain(|id, _| named.contains(id.as_str()) && !actors.contains_key(id));
    }

    /// What cluster it is.
    pub(crate) fn opening(&self) -> Vec<Event> {
        let schema = self.schema.clone().map(|source| Event::Schema { source });
        let hello = Event::Hello(self.hello.clone());
        std::iter::once(hello).chain(schema).collect()
    }

    /// The whole state up to the last tick, for somebody who knows what cluster it is; nothing before
    /// the first tick.
    pub(crate) fn state(&self) -> Vec<Event> {
        let Some((t, window)) = self.tick else {
            return Vec::new();
        };
        let servers = self.servers.values();
        let servers = servers.flat_map(KnownServer::events);
        let actors = self.actors.values();
        let actors = actors.flat_map(|known| known.events(t, self.ticks == 1));
        let calls = self.calls.iter().cloned().map(Event::Calls);
        let departed = self.departed.values().cloned().map(Event::Actor);
        let ended = self.departed.keys().cloned();
        let ended = ended.map(|id| Event::ActorGone { id });
        // Their servers may be gone as well.
        let hosts = self
            .departed
            .values()
            .filter_map(|actor| match &actor.server {
                Field::Known(host) if !self.servers.contains_key(host) => Some(host.clone()),
                _ => None,
            });
        let hosts: BTreeSet<ServerId> = hosts.collect();
        let left = hosts.iter().cloned().map(ServerUpdate::new);
        servers
            .chain(left.map(Event::Server))
            .chain(actors)
            .chain(departed)
            .chain(calls)
            .chain(ended)
            .chain(hosts.iter().cloned().map(|id| Event::ServerGone { id }))
            .chain([Event::Tick { t, window }])
            .collect()
    }
}

/// Whether an event tells of the period that the next tick ends.
fn belongs_to_period(event: &Event) -> bool {
    matches!(
        event,
        Event::Server(_)
            | Event::Actor(_)
            | Event::Calls(_)
            | Event::ActorGone { .. }
            | Event::ServerGone { .. }
            | Event::Tick { .. }
    )
}

fn replace<T: PartialEq>(known: &mut T, told: T) -> bool {
    let is_new = *known != told;
    *known = told;
    is_new
}
