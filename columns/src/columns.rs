//! Names and frame together: what the cluster is, and how it comes to be.

use std::collections::BTreeMap;
use std::sync::Arc;

use hashbrown::HashMap;
use plasma_model::{ActorId, Resource, Server, ServerId, Usage, Value};

use crate::forgetting::Forgetting;
use crate::period::{CallsBuilder, Ends, Record};
use crate::{
    ActorNo, CallFigures, CallerKind, Changes, Frame, FunctionNo, NOBODY, Names, PropertyNo,
    ServerNo, TypeNo,
};

/// Where calls are expected next.
#[derive(Clone, Copy, Debug)]
pub struct ExpectedCalls {
    part: u32,
    /// The caller, [`NOBODY`] for clients.
    pub caller: ActorNo,
}

/// A cluster in columns. It follows its cluster from tick to tick; a [`Frame`] kept from an earlier tick has the
/// same numbers.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    pub(crate) actors: Names,
    pub(crate) servers: Names,
    pub(crate) types: Names,
    pub(crate) properties: Names,
    pub(crate) functions: Names,
    pub(crate) frame: Frame,
    pub(crate) changes: Changes,
    pub(crate) calls: CallsBuilder,
    /// Last host of the actors that ended since the last tick.
    pub(crate) ended: HashMap<ActorNo, ServerNo>,
    /// Whether somebody appeared or ended since the last tick.
    pub(crate) is_other_membership: bool,
    /// Whether a tick has been completed.
    pub(crate) has_ticked: bool,
    pub(crate) forgetting: Forgetting,
}

impl Columns {
    /// The cluster at the last tick.
    pub fn frame(&self) -> &Frame {
        &self.frame
    }

    /// What was different at the last tick from the one before.
    pub fn changes(&self) -> &Changes {
        &self.changes
    }

    /// Names of the actors, of those too that are only referred to.
    pub fn actor_names(&self) -> &Names {
        &self.actors
    }

    /// Names of the servers.
    pub fn server_names(&self) -> &Names {
        &self.servers
    }

    /// Names of the actor types.
    pub fn type_names(&self) -> &Names {
        &self.types
    }

    /// Names of the properties, references and published values alike.
    pub fn property_names(&self) -> &Names {
        &self.properties
    }

    /// Names of the functions.
    pub fn function_names(&self) -> &Names {
        &self.functions
    }

    /// The live servers.
    pub fn servers(&self) -> &BTreeMap<ServerId, Server> {
        self.frame.servers.rows()
    }

    /// The number of an actor, if it lives.
    pub fn live_actor(&self, id: &ActorId) -> Option<ActorNo> {
        let no = self.actors.get(id.as_str())?;
        self.frame.is_live(no).then_some(no)
    }

    /// The type of an actor, if it lives.
    pub fn type_of(&self, id: &ActorId) -> Option<&str> {
        let actor_type = self.frame.type_of(self.live_actor(id)?)?;
        Some(self.types.name(actor_type))
    }

    /// The host of an actor, if it lives.
    pub fn host_of(&self, id: &ActorId) -> Option<&str> {
        let host = self.frame.host_of(self.live_actor(id)?);
        Some(self.servers.name(host))
    }

    /// How many live actors a server hosts.
    pub fn hosted_on(&self, id: &ServerId) -> u32 {
        let no = self.servers.get(id.as_str());
        no.map_or(0, |no| self.frame.hosted(no))
    }

    /// Bytes held in memory by actors, calls and all names; the few servers are not counted.
    pub fn bytes(&self) -> usize {
        let names = [
            &self.actors,
            &self.servers,
            &self.types,
            &self.properties,
            &self.functions,
        ];
        names.map(Names::bytes).iter().sum::<usize>() + self.frame.bytes() + self.changes.bytes()
    }

    /// The number of an actor's name, a new one at first sight.
    pub fn number_actor(&mut self, name: &str) -> ActorNo {
        let no = self.actors.number(name);
        self.forgetting.note_use(no);
        no
    }

    /// The number of a server's name, a new one at first sight.
    pub fn number_server(&mut self, name: &str) -> ServerNo {
        self.servers.number(name)
    }

    /// The number of a type's name, a new one at first sight.
    pub fn number_type(&mut self, name: &str) -> TypeNo {
        self.types.number(name)
    }

    /// The number of a property's name, a new one at first sight.
    pub fn number_property(&mut self, name: &str) -> PropertyNo {
        self.properties.number(name)
    }

    /// The number of a function's name, a new one at first sight.
    pub fn number_function(&mut self, name: &str) -> FunctionNo {
        self.functions.number(name)
    }

    /// Begins a period: nothing has changed in it yet. Between here and [`Columns::tick`] the frame
    /// is on its way from one tick to the next.
    pub fn begin(&mut self) {
        self.changes = Changes::default();
    }

    /// Takes the servers over as they are at the end of the period.
    pub fn set_servers(&mut self, servers: &BTreeMap<ServerId, Server>) {
        let changed = &mut self.changes.servers;
        self.frame
            .servers
            .replace(servers, &mut self.servers, changed);
    }

    /// Puts an actor on a server; a new one appears.
    pub fn place(&mut self, actor: ActorNo, actor_type: TypeNo, host: ServerNo) {
        let before = self.frame.type_of(actor);
        if before == Some(actor_type) && self.frame.host_of(actor) == host {
            return;
        }
        self.is_other_membership |= before != Some(actor_type);
        self.forgetting.note_use(actor);
        self.set_place(actor, actor_type, host);
    }

    /// Ends an actor: nothing is known of it any more.
    pub fn end(&mut self, actor: ActorNo) {
        if !self.frame.is_live(actor) {
            return;
        }
        self.is_other_membership = true;
        self.ended.insert(actor, self.frame.host_of(actor));
        self.set_place(actor, NOBODY, NOBODY);
        for resource in Resource::ALL {
            self.set_usage(actor, resource, Usage::default());
        }
        self.set_mailbox(actor, None);
        self.set_moves(actor, None);
        for elapsed in [&mut self.frame.idle, &mut self.frame.age] {
            elapsed.column().set(actor, None);
        }
        let properties: Vec<PropertyNo> = self.frame.refs.keys().copied().collect();
        for property in properties {
            self.set_refs(actor, property, None);
        }
        let properties: Vec<PropertyNo> = self.frame.values.keys().copied().collect();
        for property in properties {
            self.set_value(actor, property, None);
        }
    }

    fn set_place(&mut self, actor: ActorNo, actor_type: TypeNo, host: ServerNo) {
        let place = actor as usize;
        let frame = &mut self.frame;
        let hosted = Arc::make_mut(&mut frame.hosted);
        let before = frame.hosts.get(place).copied().unwrap_or(NOBODY);
        if let Some(count) = hosted.get_mut(before as usize) {
            *count -= 1;
        }
        if host != NOBODY {
            let host = host as usize;
            if host >= hosted.len() {
                hosted.resize(host + 1, 0);
            }
            if let Some(count) = hosted.get_mut(host) {
                *count += 1;
            }
        }
        let types = Arc::make_mut(&mut frame.types);
        let hosts = Arc::make_mut(&mut frame.hosts);
        if place >= types.len() {
            types.resize(place + 1, NOBODY);
            hosts.resize(place + 1, NOBODY);
        }
        if let (Some(type_at), Some(host_at)) = (types.get_mut(place), hosts.get_mut(place)) {
            (*type_at, *host_at) = (actor_type, host);
        }
        let servers = [before, host].into_iter().filter(|no| *no != NOBODY);
        self.changes.servers.extend(servers);
        self.changes.members.push(actor);
    }

    /// Sets an actor's share and amount of a resource, and whether it was ever reported.
    pub fn set_usage(&mut self, actor: ActorNo, resource: Resource, usage: Usage) {
        let columns = &mut self.frame.usage[resource];
        let mut is_changed = columns.perc.set(actor, usage.perc);
        is_changed |= columns.size.set(actor, usage.size);
        let bit = 1u8 << resource as u8;
        let place = actor as usize;
        let before = self.frame.reported.get(place).copied().unwrap_or(0);
        let bits = match usage.reported {
            true => before | bit,
            false => before & !bit,
        };
        if bits != before {
            is_changed = true;
            let reported = Arc::make_mut(&mut self.frame.reported);
            if place >= reported.len() {
                reported.resize(place + 1, 0);
            }
            if let Some(at) = reported.get_mut(place) {
                *at = bits;
            }
        }
        note(&mut self.changes.figures, actor, is_changed);
    }

    /// Sets how many messages wait.
    pub fn set_mailbox(&mut self, actor: ActorNo, messages: Option<f64>) {
        let is_changed = self.frame.mailbox.set(actor, messages);
        note(&mut self.changes.figures, actor, is_changed);
    }

    /// Sets how often an actor has moved.
    pub fn set_moves(&mut self, actor: ActorNo, moves: Option<f64>) {
        let is_changed = self.frame.moves.set(actor, moves);
        note(&mut self.changes.figures, actor, is_changed);
    }

    /// Sets when an actor was called last, as [`Elapsed::Since`]. Times pass by themselves: they
    /// are in no list of changes.
    pub fn set_idle_since(&mut self, actor: ActorNo, since_seconds: Option<f64>) {
        self.frame.idle.since().set(actor, since_seconds);
    }

    /// Sets when an actor was activated first, as [`Elapsed::Since`]; in no list of changes.
    pub fn set_age_since(&mut self, actor: ActorNo, since_seconds: Option<f64>) {
        self.frame.age.since().set(actor, since_seconds);
    }

    /// Seconds idle and age, as they were given.
    pub(crate) fn set_elapsed(&mut self, actor: ActorNo, [idle, age]: [Option<f64>; 2]) {
        let mut is_changed = self.frame.idle.seconds().set(actor, idle);
        is_changed |= self.frame.age.seconds().set(actor, age);
        note(&mut self.changes.figures, actor, is_changed);
    }

    /// Sets whom an actor refers to in a property; `None` if it does not tell.
    pub fn set_refs(&mut self, actor: ActorNo, property: PropertyNo, members: Option<&[ActorNo]>) {
        let is_changed = self
            .frame
            .refs
            .entry(property)
            .or_default()
            .set(actor, members);
        note(&mut self.changes.refs, actor, is_changed);
    }

    /// Sets what an actor publishes; `None` if that is unknown.
    pub fn set_value(&mut self, actor: ActorNo, property: PropertyNo, value: Option<Value>) {
        let is_changed = self
            .frame
            .values
            .entry(property)
            .or_default()
            .set(actor, value);
        note(&mut self.changes.figures, actor, is_changed);
    }

    /// Adds calls of the running period. `from` is the caller with its type, `None` for clients;
    /// `to` the callee with its last host. Calls with an end that is not alive at the tick count
    /// for the server, and bind nothing.
    pub fn add_calls(
        &mut self,
        from: Option<(ActorNo, TypeNo)>,
        (to, to_server): (ActorNo, ServerNo),
        function: FunctionNo,
        figures: CallFigures,
    ) {
        let record = Record {
            from: from.map_or(NOBODY, |(no, _)| no),
            from_kind: from.map_or(CallerKind::Client, |(_, no)| CallerKind::Actors(no)),
            to,
            to_server,
            function,
            figures,
        };
        let ends = Ends {
            types: &self.frame.types,
            hosts: &self.frame.hosts,
            ended: &self.ended,
        };
        self.calls.add(&record, &ends);
    }

    /// Where calls are expected next, if those of the last period come again in the same order: `from`
    /// is the caller's name, `None` for clients.
    pub fn expected_calls(
        &self,
        from: Option<&str>,
        to: &str,
        function: &str,
    ) -> Option<ExpectedCalls> {
        let function = self.functions.get(function)?;
        let is_meant = |caller: ActorNo, callee: ActorNo| {
            let is_caller = match from {
                None => caller == NOBODY,
                Some(name) => caller != NOBODY && self.actors.name(caller) == name,
            };
            is_caller && self.actors.name(callee) == to
        };
        let (part, caller) = self.calls.expected(function, is_meant)?;
        Some(ExpectedCalls { part, caller })
    }

    /// Adds calls that are those expected next.
    pub fn add_expected_calls(&mut self, expected: ExpectedCalls, figures: CallFigures) {
        self.calls.add_expected(expected.part, figures);
    }

    /// Ends the running period at `t`: the frame is complete, and the changes are those from the
    /// tick before. Calls between the same two in the same function are added up.
    pub fn tick(&mut self, t: f64, period_seconds: f64, window: Option<u64>) {
        self.complete(t, period_seconds, window, true);
    }

    pub(crate) fn complete(
        &mut self,
        t: f64,
        period_seconds: f64,
        window: Option<u64>,
        adds_up: bool,
    ) {
        self.frame.t = t;
        self.frame.period_seconds = period_seconds;
        self.frame.window = window;
        self.actors.rank();
        self.servers.rank();
        let ends = Ends {
            types: &self.frame.types,
            hosts: &self.frame.hosts,
            ended: &self.ended,
        };
        let builder = std::mem::take(&mut self.calls);
        let calls = builder.finish(&ends, adds_up);
        calls.differences(&self.frame.calls, &mut self.changes);
        self.calls = CallsBuilder::expecting(&calls);
        self.frame.calls = calls;
        self.ended.clear();
        if self.is_other_membership {
            self.arrange_live();
        }
        self.is_other_membership = false;
        if !self.has_ticked {
            self.shrink();
            self.changes = Changes::default();
        }
        self.changes.everything |= !self.has_ticked;
        self.has_ticked = true;
        self.changes.arrange();
        self.forget_names();
    }

    /// Notes for every actor that was called in the period of the last tick that this was then: see
    /// [`Columns::set_idle_since`].
    pub fn mark_called(&mut self) {
        let frame = &mut self.frame;
        let is_live = |no: u32| frame.types.get(no as usize).is_some_and(|of| *of != NOBODY);
        let idle = frame.idle.since().values_mut(frame.types.len());
        for (callee, count) in frame.calls.received_by() {
            let idle = idle.get_mut(callee as usize).filter(|_| count > 0.0);
            if let Some(idle) = idle
                && *idle != frame.t
                && is_live(callee)
            {
                *idle = frame.t;
            }
        }
    }

    /// Gives memory back that was taken for growth: once everybody has appeared.
    pub fn shrink(&mut self) {
        self.frame.shrink();
        self.actors.shrink();
    }

    fn arrange_live(&mut self) {
        let frame = &mut self.frame;
        let is_live = |no: &u32| frame.types.get(*no as usize).is_some_and(|t| *t != NOBODY);
        let mut by_rank = vec![NOBODY; self.actors.len()];
        for (no, rank) in (0..).zip(self.actors.ranks()) {
            if let Some(place) = by_rank.get_mut(*rank as usize) {
                *place = no;
            }
        }
        by_rank.retain(is_live);
        let mut by_type = vec![Vec::new(); self.types.len()];
        for no in &by_rank {
            let actor_type = frame.types.get(*no as usize);
            if let Some(of_type) = actor_type.and_then(|t| by_type.get_mut(*t as usize)) {
                of_type.push(*no);
            }
        }
        frame.live = Arc::new(by_rank);
        frame.by_type = Arc::new(by_type);
    }
}

fn note(list: &mut Vec<ActorNo>, actor: ActorNo, is_changed: bool) {
    if is_changed && list.last() != Some(&actor) {
        list.push(actor);
    }
}
