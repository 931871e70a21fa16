//! The cluster at the last tick, as a newcomer is told of it: what all events so far come to.

use std::collections::{BTreeMap, BTreeSet};

use plasma_model::{
    ActorId, ActorUpdate, CallsRecord, Event, Field, Hello, ServerId, ServerUpdate, UsageUpdate,
};

/// The cluster at the last tick.
#[derive(Clone, Debug)]
pub(crate) struct Present {
    hello: Hello,
    schema: Option<String>,
    servers: BTreeMap<ServerId, Known<ServerUpdate>>,
    actors: BTreeMap<ActorId, Known<ActorUpdate>>,
    /// Calls of the period that the last tick ended.
    calls: Vec<CallsRecord>,
    /// Actors that ended in that period, as they were: its calls name them.
    departed: BTreeMap<ActorId, ActorUpdate>,
    tick: Option<(f64, Option<u64>)>,
    /// Whether events came after the last tick that the next one ends.
    is_inside: bool,
}

/// What is known of an actor or a server.
#[derive(Clone, Debug)]
struct Known<T> {
    update: T,
    /// Number of the frame that introduced it.
    since: u64,
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
                let id = update.id.clone();
                let known = self.servers.entry(id.clone()).or_insert_with(|| Known {
                    update: ServerUpdate::new(id),
                    since: number,
                });
                merge_server(&mut known.update, update);
            }
            Event::Actor(update) => {
                let id = update.id.clone();
                let known = self.actors.entry(id.clone()).or_insert_with(|| Known {
                    update: ActorUpdate::new(id),
                    since: number,
                });
                merge_actor(&mut known.update, update);
            }
            Event::Calls(calls) => self.calls.push(calls.clone()),
            Event::ActorGone { id } => {
                if let Some(Known { update, since }) = self.actors.remove(id) {
                    self.departed.insert(id.clone(), update);
                    let gone = Gone::Actor(id.clone());
                    return (true, Some(Departure { gone, since }));
                }
            }
            Event::ServerGone { id } => {
                if let Some(Known { since, .. }) = self.servers.remove(id) {
                    let gone = Gone::Server(id.clone());
                    return (true, Some(Departure { gone, since }));
                }
            }
            Event::Tick { t, window } => {
                self.tick = Some((*t, *window));
                self.is_inside = false;
                self.keep_called();
            }
            Event::Decision { .. } | Event::Actions { .. } | Event::Outcome(_) => {}
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
        let servers = servers.flat_map(|known| server_events(&known.update));
        let actors = self.actors.values();
        let actors = actors.flat_map(|known| actor_events(&known.update));
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

/// Takes over a field that was told.
fn take<T: Clone>(known: &mut Field<T>, told: &Field<T>) {
    if !told.is_keep() {
        known.clone_from(told);
    }
}

fn merge_server(known: &mut ServerUpdate, told: &ServerUpdate) {
    merge_usage(&mut known.cpu, &told.cpu);
    merge_usage(&mut known.mem, &told.mem);
    merge_usage(&mut known.net, &told.net);
    take(&mut known.labels, &told.labels);
    take(&mut known.contended, &told.contended);
}

fn merge_actor(known: &mut ActorUpdate, told: &ActorUpdate) {
    take(&mut known.actor_type, &told.actor_type);
    take(&mut known.server, &told.server);
    merge_usage(&mut known.cpu, &told.cpu);
    merge_usage(&mut known.mem, &told.mem);
    merge_usage(&mut known.net, &told.net);
    take(&mut known.refs, &told.refs);
    take(&mut known.values, &told.values);
    take(&mut known.mailbox, &told.mailbox);
    take(&mut known.idle, &told.idle);
    take(&mut known.age, &told.age);
    take(&mut known.moves, &told.moves);
    take(&mut known.epoch, &told.epoch);
}

/// Takes figures of a resource over. A new figure replaces both older ones, of which it gives the other; a
/// capacity stays until another one is told. Figures are unknown only after they were known: before that
/// they were never told.
fn merge_usage(known: &mut Field<UsageUpdate>, told: &Field<UsageUpdate>) {
    let mut usage = match known {
        Field::Known(usage) => *usage,
        Field::Keep | Field::Unknown => UsageUpdate::default(),
    };
    let told = match told {
        Field::Keep => return,
        Field::Known(told) => *told,
        Field::Unknown => LOST,
    };
    take(&mut usage.capacity, &told.capacity);
    let is_figure = |figure: Field<f64>| matches!(figure, Field::Known(_));
    let was_reported = !usage.perc.is_keep() || !usage.size.is_keep();
    if is_figure(told.perc) || is_figure(told.size) {
        (usage.perc, usage.size) = (told.perc, told.size);
    } else if was_reported && !(told.perc.is_keep() && told.size.is_keep()) {
        (usage.perc, usage.size) = (LOST.perc, LOST.size);
    }
    *known = Field::Known(usage);
}

/// Figures that are unknown now.
const LOST: UsageUpdate = UsageUpdate {
    perc: Field::Unknown,
    size: Field::Unknown,
    capacity: Field::Keep,
};

/// Whether figures are unknown that were known before.
fn is_lost(usage: &Field<UsageUpdate>) -> bool {
    matches!(usage, Field::Known(usage) if usage.perc == LOST.perc && usage.size == LOST.size)
}

/// Splits figures that are lost in two: some that were, and that they are unknown now. It makes a
/// difference whether a resource was ever reported.
fn split_loss(first: &mut Field<UsageUpdate>, then: &mut Field<UsageUpdate>) {
    if let Field::Known(usage) = first
        && is_lost(&Field::Known(*usage))
    {
        (usage.perc, usage.size) = (Field::Keep, Field::Known(0.0));
        *then = Field::Known(LOST);
    }
}

fn server_events(update: &ServerUpdate) -> impl Iterator<Item = Event> + use<> {
    let mut first = update.clone();
    let mut then = ServerUpdate::new(update.id.clone());
    split_loss(&mut first.cpu, &mut then.cpu);
    split_loss(&mut first.mem, &mut then.mem);
    split_loss(&mut first.net, &mut then.net);
    let has_lost = [&then.cpu, &then.mem, &then.net].into_iter().any(is_lost);
    let then = has_lost.then_some(Event::Server(then));
    std::iter::once(Event::Server(first)).chain(then)
}

fn actor_events(update: &ActorUpdate) -> impl Iterator<Item = Event> + use<> {
    let mut first = update.clone();
    let mut then = ActorUpdate::new(update.id.clone());
    split_loss(&mut first.cpu, &mut then.cpu);
    split_loss(&mut first.mem, &mut then.mem);
    split_loss(&mut first.net, &mut then.net);
    let has_lost = [&then.cpu, &then.mem, &then.net].into_iter().any(is_lost);
    let then = has_lost.then_some(Event::Actor(then));
    std::iter::once(Event::Actor(first)).chain(then)
}
