//! The window: folds events into columns, one tick a period.
//!
//! Events arrive in any batches; a `tick` ends the period and completes the columns. `server` and
//! `actor` events are upserts (a field left out keeps its value, `null` makes it unknown), `calls`
//! are those of the running period and forgotten after its tick. An event that contradicts the
//! format or what came before is a [`WindowError`] and changes nothing.
//!
//! Events go straight into numbers, without a row an actor; the meaning in rows stands in `rows`, to which
//! tests hold it. What a tick costs follows what was sent: a figure derived from its host's capacity is
//! computed again only where the figure, the host or the capacity is another one, and times pass by
//! themselves ([`Elapsed::Since`](plasma_columns::Elapsed)).

mod actor;
mod calls;
mod error;
mod kept;
#[cfg(test)]
mod rows;
mod server;
#[cfg(test)]
mod tests;
mod tick;
mod usage;

use std::collections::{BTreeMap, BTreeSet};

use plasma_columns::{ActorNo, CallFigures, Columns, NOBODY, ServerNo, TypeNo};
use plasma_model::{
    ActorId, ActorView, CallsView, Event, EventView, Field, Hello, PERIOD_SECONDS_DEFAULT,
    Resource, Server, ServerId, ServerUpdate,
};

pub use error::WindowError;

/// Periods for which an ended actor is remembered, so that late lines about its calls are not
/// mistaken for lines about an actor that never was.
const GONE_PERIODS_KEPT: u64 = 3;

/// Folds a stream of events into columns.
#[derive(Clone, Debug, Default)]
pub struct Window {
    period_override_seconds: Option<f64>,
    hello: Option<Hello>,
    schema: Option<String>,
    columns: Columns,
    /// Whether an event has come since the last tick.
    is_inside: bool,
    servers: BTreeMap<ServerId, Server>,
    is_other_servers: bool,
    /// By number; `None` of servers that are not there.
    capacities: Vec<Option<[Option<f64>; 3]>>,
    /// Servers of which a capacity is another one than at the last tick.
    resized: BTreeSet<ServerNo>,
    stale: BTreeSet<ServerId>,
    /// Servers that left, perhaps with actors on them.
    left: BTreeSet<ServerNo>,
    kept: kept::KeptActors,
    gone: BTreeMap<ActorNo, Gone>,
    /// The actor last heard of: the next one is often its neighbour.
    last: ActorNo,
    /// The caller last heard of: its calls often stand together.
    last_caller: ActorNo,
    ticks: u64,
}

/// What is still needed of an actor that has ended.
#[derive(Clone, Copy, Debug)]
struct Gone {
    actor_type: TypeNo,
    server: ServerNo,
    /// Ticks seen when it ended.
    ticks: u64,
}

impl Window {
    /// An empty window. `period_seconds` overrules the period that the stream's `hello` announces;
    /// without both it is [`PERIOD_SECONDS_DEFAULT`].
    pub fn new(period_seconds: Option<f64>) -> Self {
        Window {
            period_override_seconds: period_seconds,
            last: NOBODY,
            last_caller: NOBODY,
            ..Window::default()
        }
    }

    /// Lets the names of ended actors go as soon as frames of the last `kept_periods` ticks do not tell of them:
    /// see [`Columns::forget_names_after`].
    pub fn forget_names_after(&mut self, kept_periods: usize, spare: usize) {
        let kept_periods = (kept_periods as u64).max(GONE_PERIODS_KEPT);
        self.columns.forget_names_after(kept_periods, spare);
    }

    /// Takes one event over; whether it was a tick, so that [`Window::columns`] are complete.
    ///
    /// # Errors
    ///
    /// What is wrong with the event; the window is then as it was before.
    pub fn push(&mut self, event: &Event) -> Result<bool, WindowError> {
        match event {
            Event::Hello(hello) => {
                check_hello(self.hello.as_ref(), hello)?;
                self.hello = Some(hello.clone());
            }
            Event::Schema { source } => self.schema = Some(source.clone()),
            Event::Server(update) => self.server(update)?,
            Event::Actor(update) => self.actor(&ActorView::of(update))?,
            Event::Calls(record) => self.calls(&CallsView::of(record))?,
            Event::ActorGone { id } => self.actor_gone(id)?,
            Event::ServerGone { id } => self.server_gone(id)?,
            Event::Tick { t, window } => {
                self.tick(*t, *window)?;
                return Ok(true);
            }
            // What a recording holds beside measurements.
            Event::Decision { .. }
            | Event::Policy { .. }
            | Event::Actions { .. }
            | Event::Outcome(_) => {}
        }
        Ok(false)
    }

    /// Takes one event over as a reader gives it.
    ///
    /// # Errors
    ///
    /// As [`Window::push`].
    pub fn push_view(&mut self, event: &EventView<'_>) -> Result<bool, WindowError> {
        match event {
            EventView::Actor(update) => self.actor(update).map(|()| false),
            EventView::Calls(record) => self.calls(record).map(|()| false),
            EventView::Owned(event) => self.push(event),
        }
    }

    /// The cluster at the last tick, as long as no event has followed it.
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Shows in the columns what the events since the last tick made of the servers, which otherwise the
    /// next tick does.
    pub fn show_servers(&mut self) {
        self.begin();
        self.columns.set_servers(&self.servers);
        self.is_other_servers = false;
    }

    /// The cluster at the last tick, where nothing follows it.
    pub fn into_columns(self) -> Columns {
        self.columns
    }

    /// The schema that the stream announced last, in the language's actor declarations.
    pub fn schema(&self) -> Option<&str> {
        self.schema.as_deref()
    }

    /// The length of a period in seconds.
    pub fn period_seconds(&self) -> f64 {
        length_seconds(self.period_override_seconds, self.hello.as_ref())
    }

    /// Bytes held in memory: the columns, and what is kept of each actor beside them.
    pub fn bytes(&self) -> usize {
        self.columns.bytes() + self.kept.bytes()
    }

    /// Notes that a server has sent nothing in the running period: at the tick its figures and
    /// those of its actors are unknown, and nothing may move from or to it. Its next `server`
    /// event ends that.
    pub fn mark_stale(&mut self, server: &ServerId) {
        if self.servers.contains_key(server) {
            self.stale.insert(server.clone());
        }
    }

    /// Something is about to change.
    fn begin(&mut self) {
        if !self.is_inside {
            self.columns.begin();
            self.is_inside = true;
        }
    }

    /// The capacities of a server; unknown of one that is not there.
    fn capacities(&self, server: ServerNo) -> [Option<f64>; 3] {
        let known = self.capacities.get(server as usize).copied().flatten();
        known.unwrap_or_default()
    }

    fn is_present(&self, server: ServerNo) -> bool {
        matches!(self.capacities.get(server as usize), Some(Some(_)))
    }

    fn server(&mut self, update: &ServerUpdate) -> Result<(), WindowError> {
        server::check(update)?;
        self.begin();
        let row = self.servers.entry(update.id.clone()).or_default();
        server::update(row, update);
        let capacities = Resource::ALL.map(|resource| row.usage[resource].capacity);
        self.is_other_servers = true;
        self.stale.remove(&update.id);
        let no = self.columns.number_server(update.id.as_str());
        self.left.remove(&no);
        self.set_capacities(no, Some(capacities));
        Ok(())
    }

    fn set_capacities(&mut self, server: ServerNo, capacities: Option<[Option<f64>; 3]>) {
        let place = server as usize;
        if place >= self.capacities.len() {
            self.capacities.resize(place + 1, None);
        }
        let Some(at) = self.capacities.get_mut(place) else {
            return;
        };
        if *at != capacities && self.columns.frame().hosted(server) > 0 {
            self.resized.insert(server);
        }
        *at = capacities;
    }

    fn server_gone(&mut self, id: &ServerId) -> Result<(), WindowError> {
        if !self.servers.contains_key(id) {
            self.stale.remove(id);
            return Err(WindowError::UnknownServer { server: id.clone() });
        }
        self.begin();
        self.stale.remove(id);
        self.servers.remove(id);
        self.is_other_servers = true;
        let no = self.columns.number_server(id.as_str());
        self.left.insert(no);
        self.set_capacities(no, None);
        Ok(())
    }

    /// The number of an actor's name, if it has one.
    fn known_actor(&mut self, id: &str) -> Option<ActorNo> {
        let names = self.columns.actor_names();
        let next = self.last.wrapping_add(1);
        let no = match !id.is_empty() && names.name(next) == id {
            true => next,
            false => names.get(id)?,
        };
        self.last = no;
        Some(no)
    }

    fn calls(&mut self, record: &CallsView<'_>) -> Result<(), WindowError> {
        calls::check(record)?;
        let figures = CallFigures {
            count: record.count,
            size: record.size,
            latency: calls::latency(record.latency),
        };
        let from = Some(record.from).filter(|from| *from != CLIENT);
        if let Some(expected) = self
            .columns
            .expected_calls(from, record.to, record.function)
        {
            self.begin();
            self.columns.add_expected_calls(expected, figures);
            if from.is_some() {
                self.last_caller = expected.caller;
            }
            return Ok(());
        }
        let (to, _, to_server) = self.introduced("calls", record.to)?;
        let from = match record.from {
            CLIENT => None,
            id => {
                let (no, actor_type, _) = self.introduced("calls", id)?;
                self.last_caller = no;
                Some((no, actor_type))
            }
        };
        self.begin();
        let function = self.columns.number_function(record.function);
        self.columns
            .add_calls(from, (to, to_server), function, figures);
        Ok(())
    }

    /// Number, type and (last) host of an actor that lives or ended not long ago.
    fn introduced(
        &self,
        event: &'static str,
        id: &str,
    ) -> Result<(ActorNo, TypeNo, ServerNo), WindowError> {
        let frame = self.columns.frame();
        let names = self.columns.actor_names();
        let known = match !id.is_empty() && names.name(self.last_caller) == id {
            true => Some(self.last_caller),
            false => names.get(id),
        };
        let known = known.and_then(|no| match frame.type_of(no) {
            Some(actor_type) => Some((no, actor_type, frame.host_of(no))),
            None => {
                let gone = self.gone.get(&no)?;
                Some((no, gone.actor_type, gone.server))
            }
        });
        known.ok_or_else(|| WindowError::UnknownActor {
            event,
            actor: ActorId::from(id),
        })
    }

    fn actor_gone(&mut self, id: &ActorId) -> Result<(), WindowError> {
        let frame = self.columns.frame();
        let no = self.columns.actor_names().get(id.as_str());
        let live = no.and_then(|no| Some((no, frame.type_of(no)?, frame.host_of(no))));
        let Some((no, actor_type, server)) = live else {
            return Err(WindowError::UnknownActor {
                event: "actor_gone",
                actor: id.clone(),
            });
        };
        self.begin();
        self.columns.end(no);
        self.kept.forget(no);
        let ticks = self.ticks;
        self.gone.insert(
            no,
            Gone {
                actor_type,
                server,
                ticks,
            },
        );
        Ok(())
    }

    /// Type and host are checked first, then figures.
    fn check_actor(&mut self, update: &ActorView<'_>) -> Result<Known, WindowError> {
        if update.id == CLIENT {
            return Err(WindowError::ClientActor);
        }
        check_name("actor", "id", update.id)?;
        if let Field::Known(actor_type) = &update.actor_type {
            check_name("actor", "type", actor_type)?;
        }
        let actor = || ActorId::from(update.id);
        let no = self.known_actor(update.id);
        let frame = self.columns.frame();
        let live = no.and_then(|no| Some((no, frame.type_of(no)?)));
        match (&update.actor_type, live) {
            (Field::Keep, Some(_)) | (Field::Known(_), None) => {}
            (Field::Known(now), Some((_, known))) => {
                let before = self.columns.type_names().name(known);
                if before != *now {
                    return Err(WindowError::TypeChanged {
                        actor: actor(),
                        before: before.to_owned(),
                        after: (*now).to_owned(),
                    });
                }
            }
            _ => return Err(WindowError::NoType { actor: actor() }),
        }
        let host = match (&update.server, live) {
            (Field::Keep, Some(_)) => None,
            (Field::Known(server), _) => {
                let no = self.columns.server_names().get(server);
                let present = no.filter(|no| self.is_present(*no));
                if present.is_none() {
                    return Err(WindowError::UnknownHost {
                        actor: actor(),
                        server: ServerId::from(*server),
                    });
                }
                present
            }
            _ => return Err(WindowError::NoHost { actor: actor() }),
        };
        let values = match &update.values {
            Field::Known(values) => values.as_slice(),
            Field::Keep | Field::Unknown => &[],
        };
        actor::check(
            update.id,
            actor::usage_updates(&update.cpu, &update.mem, &update.net),
            [update.age, update.idle],
            values.iter().map(|(property, value)| (*property, value)),
        )?;
        Ok(Known {
            live: live.map(|(no, _)| no),
            host,
        })
    }
}

/// What is known of an actor before its update is taken over.
#[derive(Clone, Copy, Debug)]
struct Known {
    /// Its number, if it is alive.
    live: Option<ActorNo>,
    /// The host that the update names.
    host: Option<ServerNo>,
}

/// The caller that stands for everybody outside the application.
const CLIENT: &str = "client";

/// Refuses a `hello` that this program cannot read, or that contradicts the one before.
fn check_hello(before: Option<&Hello>, hello: &Hello) -> Result<(), WindowError> {
    if hello.version != 1 {
        return Err(WindowError::Version {
            version: hello.version,
        });
    }
    if !(hello.period > 0.0 && hello.period <= TIME_MAX_SECONDS) {
        return Err(WindowError::Figure {
            what: "the period of `hello`".to_owned(),
            value: hello.period,
            expected: "a number of seconds above 0, at most 1e15",
        });
    }
    match before {
        Some(before) if before.period != hello.period => Err(WindowError::PeriodChanged {
            before: before.period,
            after: hello.period,
        }),
        _ => Ok(()),
    }
}

/// The length of a period: as given, as announced, or by default.
fn length_seconds(given: Option<f64>, hello: Option<&Hello>) -> f64 {
    let announced = hello.map(|hello| hello.period);
    given.or(announced).unwrap_or(PERIOD_SECONDS_DEFAULT)
}

/// Refuses a name without a character: nobody could ask about it.
fn check_name(event: &'static str, field: &'static str, name: &str) -> Result<(), WindowError> {
    match name.is_empty() {
        true => Err(WindowError::NoName { event, field }),
        false => Ok(()),
    }
}

/// Greatest distance of a time from 0, in seconds: thirty million years, to an eighth of a second.
const TIME_MAX_SECONDS: f64 = 1e15;

/// Refuses a tick that does not come after the one before, or whose time is no time.
fn check_time(before: Option<f64>, t: f64) -> Result<(), WindowError> {
    if !(-TIME_MAX_SECONDS..=TIME_MAX_SECONDS).contains(&t) {
        return Err(WindowError::Figure {
            what: "`t` of the tick".to_owned(),
            value: t,
            expected: "a number of seconds, at most 1e15",
        });
    }
    match before {
        Some(before) if t <= before => Err(WindowError::TickOrder { before, t }),
        _ => Ok(()),
    }
}
