//! What is measured of one actor or one server, for many of them at once.

use std::borrow::Cow;

use plasma_check::program::{ActorRef, ServerRef, VariableId};
use plasma_columns::{Column, Frame, PropertyNo, UNKNOWN, UsageColumns};
use plasma_model::{Gauge, Resource, Statistic};

use super::batch::Batch;
use super::scope::Scope;

/// Whose server is meant.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Host {
    /// That of a variable.
    Server(VariableId),
    /// The present host of the actor of a variable.
    Of(VariableId),
}

/// Of whom something is measured.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject {
    Server(Host),
    Actor(VariableId),
}

/// What is measured of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measured {
    ServerUsage(Resource, Statistic),
    /// How many actors a server hosts.
    Hosted,
    ActorUsage(Resource, Statistic),
    /// Of an actor.
    Gauge(Gauge),
    /// Of an actor.
    Published(PropertyNo),
}

impl Subject {
    /// The numbers of those who are meant, row by row.
    pub(crate) fn numbers<'b>(self, scope: &Scope<'_>, batch: &'b Batch) -> Cow<'b, [u32]> {
        match self {
            Subject::Actor(id) | Subject::Server(Host::Server(id)) => Cow::Borrowed(batch.of(id)),
            Subject::Server(host) => Cow::Owned(host.map(scope, batch, |no| no)),
        }
    }
}

impl Measured {
    /// Its value at a moment for each of some numbers; no number if it is unknown.
    pub(crate) fn values(self, frame: &Frame, numbers: &[u32]) -> Vec<f64> {
        let unknown = || vec![UNKNOWN; numbers.len()];
        match self {
            Measured::ServerUsage(resource, statistic) => {
                match column(frame.servers.usage(resource), statistic) {
                    Some(column) => of_servers(frame, numbers, |no| column.at(no)),
                    None => unknown(),
                }
            }
            // Exact: so many actors do not occur.
            Measured::Hosted => of_servers(frame, numbers, |no| f64::from(frame.hosted(no))),
            Measured::ActorUsage(resource, statistic) => {
                match column(frame.usage(resource), statistic) {
                    Some(column) => of_actors(frame, numbers, |no| column.at(no)),
                    None => unknown(),
                }
            }
            Measured::Gauge(gauge) => of_actors(frame, numbers, |no| match gauge {
                Gauge::Mailbox => frame.mailbox().at(no),
                Gauge::Moves => frame.moves().at(no),
                Gauge::Idle => frame.idle().at(no, frame.t),
                Gauge::Age => frame.age().at(no, frame.t),
                // The checker refuses `f.actors`.
                Gauge::Actors => UNKNOWN,
            }),
            Measured::Published(property) => match frame.published(property) {
                Some(published) => of_actors(frame, numbers, |no| published.numbers().at(no)),
                None => unknown(),
            },
        }
    }
}

impl Host {
    /// Something of the server of each row.
    pub(crate) fn map<T>(
        self,
        scope: &Scope<'_>,
        batch: &Batch,
        of_server: impl Fn(u32) -> T,
    ) -> Vec<T> {
        match self {
            Host::Server(id) => batch.of(id).iter().map(|no| of_server(*no)).collect(),
            Host::Of(id) => {
                // Hosts are those of the present.
                let present = scope.present();
                let hosts = batch.of(id).iter().map(|no| present.host_of(*no));
                hosts.map(of_server).collect()
            }
        }
    }
}

/// The variable that an actor is; `None` for a bare type.
pub(crate) fn variable(actor: &ActorRef) -> Option<VariableId> {
    match actor {
        ActorRef::Variable(id) => Some(*id),
        ActorRef::Anonymous(_) => None,
    }
}

/// The server that is meant; `None` for that of a bare type.
pub(crate) fn host(server: &ServerRef) -> Option<Host> {
    match server {
        ServerRef::Variable(id) => Some(Host::Server(*id)),
        ServerRef::HostOf(actor) => variable(actor).map(Host::Of),
    }
}

fn column(usage: &UsageColumns, statistic: Statistic) -> Option<&Column> {
    match statistic {
        Statistic::Perc => Some(&usage.perc),
        Statistic::Size => Some(&usage.size),
        // The checker refuses all others.
        _ => None,
    }
}

/// Something of each server; unknown where it was silent.
fn of_servers(frame: &Frame, servers: &[u32], of_server: impl Fn(u32) -> f64) -> Vec<f64> {
    let of_reported = |no: &u32| match frame.servers.has_reported(*no) {
        true => of_server(*no),
        false => UNKNOWN,
    };
    servers.iter().map(of_reported).collect()
}

/// Something of each actor; unknown where its host was silent.
fn of_actors(frame: &Frame, actors: &[u32], of_actor: impl Fn(u32) -> f64) -> Vec<f64> {
    if !frame.servers.any_stale() {
        return actors.iter().map(|no| of_actor(*no)).collect();
    }
    let of_reported = |no: &u32| match frame.servers.has_reported(frame.host_of(*no)) {
        true => of_actor(*no),
        false => UNKNOWN,
    };
    actors.iter().map(of_reported).collect()
}
