//! From rows to columns and back.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_model::{Actor, ActorId, Caller, Calls, PerResource, Resource, ServerId, Snapshot};

use crate::{ActorNo, CallFigures, CallerKind, Columns, Frame, NOBODY};

impl Columns {
    /// A snapshot in columns.
    pub fn of(snapshot: &Snapshot) -> Columns {
        let mut columns = Columns::default();
        columns.follow(snapshot);
        columns
    }

    /// Takes the next snapshot over; [`Columns::changes`] tells what is different in it.
    pub fn follow(&mut self, snapshot: &Snapshot) {
        self.begin();
        self.set_servers(&snapshot.servers);
        let ended: Vec<ActorNo> = self
            .frame
            .live()
            .iter()
            .copied()
            .filter(|no| !snapshot.actors.contains_key(self.actors.name(*no)))
            .collect();
        for no in ended {
            self.end(no);
        }
        for (id, actor) in &snapshot.actors {
            self.follow_actor(id, actor);
        }
        for calls in &snapshot.calls {
            self.follow_calls(calls);
        }
        self.complete(snapshot.t, snapshot.period_seconds, snapshot.window, false);
    }

    fn follow_actor(&mut self, id: &ActorId, actor: &Actor) {
        let no = self.actors.number(id.as_str());
        let actor_type = self.types.number(&actor.actor_type);
        let host = self.servers.number(actor.server.as_str());
        self.place(no, actor_type, host);
        for resource in Resource::ALL {
            self.set_usage(no, resource, actor.usage[resource]);
        }
        // Exact: so many messages or moves do not occur.
        let mailbox = actor.mailbox.map(|messages| messages as f64);
        let moves = actor.moves.map(|moves| moves as f64);
        self.set_mailbox(no, mailbox);
        self.set_moves(no, moves);
        self.set_elapsed(no, [actor.idle_seconds, actor.age_seconds]);
        let mut members = Vec::new();
        for (property, ids) in &actor.refs {
            let property = self.properties.number(property);
            members.clear();
            members.extend(ids.iter().map(|id| self.actors.number(id.as_str())));
            self.set_refs(no, property, Some(&members));
        }
        if actor.refs.len() < self.frame.refs.len() {
            let properties: Vec<_> = self.frame.refs.keys().copied().collect();
            for property in properties {
                if !actor.refs.contains_key(self.properties.name(property)) {
                    self.set_refs(no, property, None);
                }
            }
        }
        for (property, value) in &actor.values {
            let property = self.properties.number(property);
            self.set_value(no, property, Some(value.clone()));
        }
        if actor.values.len() < self.frame.values.len() {
            let properties: Vec<_> = self.frame.values.keys().copied().collect();
            for property in properties {
                if !actor.values.contains_key(self.properties.name(property)) {
                    self.set_value(no, property, None);
                }
            }
        }
    }

    fn follow_calls(&mut self, calls: &Calls) {
        let from = match &calls.from {
            Caller::Client => None,
            Caller::Actor { id, actor_type } => Some((
                self.actors.number(id.as_str()),
                self.types.number(actor_type),
            )),
        };
        let to = self.actors.number(calls.to.as_str());
        let to_server = self.servers.number(calls.to_server.as_str());
        let function = self.functions.number(&calls.function);
        let figures = CallFigures {
            count: calls.count,
            size: calls.size,
            latency: calls.latency,
        };
        self.add_calls(from, (to, to_server), function, figures);
    }

    /// An actor of a frame as a row; `None` if it is not alive in it.
    pub fn row(&self, frame: &Frame, actor: ActorNo) -> Option<Actor> {
        let actor_type = self.types.name(frame.type_of(actor)?);
        let usage = PerResource::from_fn(|resource| frame.usage_of(actor, resource));
        let known = |value: f64| Some(value).filter(|value| !value.is_nan());
        let name = |property: u32| Arc::from(self.properties.name(property));
        let refs = frame.refs.iter().filter_map(|(property, refs)| {
            let members = refs.of(actor)?.iter();
            let members = members.map(|no| ActorId::from(self.actors.name(*no)));
            Some((name(*property), members.collect()))
        });
        let values = frame.values.iter();
        let values = values.filter_map(|(no, of)| Some((name(*no), of.get(actor)?)));
        Some(Actor {
            actor_type: Arc::from(actor_type),
            server: ServerId::from(self.servers.name(frame.host_of(actor))),
            usage,
            refs: refs.collect(),
            values: values.collect(),
            mailbox: frame.mailbox.get(actor).map(|messages| messages as u64),
            idle_seconds: known(frame.idle.at(actor, frame.t)),
            age_seconds: known(frame.age.at(actor, frame.t)),
            moves: frame.moves.get(actor).map(|moves| moves as u64),
        })
    }

    fn caller(&self, kind: CallerKind, no: ActorNo) -> Caller {
        match kind {
            CallerKind::Client => Caller::Client,
            CallerKind::Actors(actor_type) => Caller::Actor {
                id: ActorId::from(self.actors.name(no)),
                actor_type: Arc::from(self.types.name(actor_type)),
            },
        }
    }

    /// The last tick as rows.
    pub fn snapshot(&self) -> Snapshot {
        let frame = &self.frame;
        let actors = frame.live().iter().filter_map(|no| {
            let id = ActorId::from(self.actors.name(*no));
            Some((id, self.row(frame, *no)?))
        });
        let actors: BTreeMap<ActorId, Actor> = actors.collect();
        let mut calls = Vec::with_capacity(frame.calls.len());
        for (key, partition) in frame.calls.iter() {
            let function: Arc<str> = Arc::from(self.functions.name(key.function));
            for place in 0..partition.len() {
                let callee = partition.callees().get(place).copied().unwrap_or(NOBODY);
                let caller = partition.callers().get(place).copied();
                calls.push(Calls {
                    from: self.caller(key.callers, caller.unwrap_or(NOBODY)),
                    to: ActorId::from(self.actors.name(callee)),
                    to_server: ServerId::from(self.servers.name(frame.host_of(callee))),
                    function: Arc::clone(&function),
                    count: partition.counts().get(place).copied().unwrap_or(0.0),
                    size: Some(partition.size(place)).filter(|size| !size.is_nan()),
                    latency: partition.latency(place),
                });
            }
        }
        calls.extend(frame.calls.unbound.iter().map(|record| Calls {
            from: self.caller(record.from_kind, record.from),
            to: ActorId::from(self.actors.name(record.to)),
            to_server: ServerId::from(self.servers.name(record.to_server)),
            function: Arc::from(self.functions.name(record.function)),
            count: record.figures.count,
            size: record.figures.size,
            latency: record.figures.latency,
        }));
        calls.sort_by(|a, b| (&a.from, &a.to, &a.function).cmp(&(&b.from, &b.to, &b.function)));
        Snapshot {
            t: frame.t,
            period_seconds: frame.period_seconds,
            window: frame.window,
            servers: frame.servers.rows().clone(),
            actors,
            calls,
        }
    }
}
