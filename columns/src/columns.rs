//! Names and frame together: what the cluster is, and how it comes to be.

use std::sync::Arc;

use plasma_model::{Latency, Resource, Usage, Value};

use crate::calls::{CallsBuilder, Record};
use crate::{
    ActorNo, CallerKind, Changes, Column, Elapsed, Frame, FunctionNo, NOBODY, Names, PropertyNo,
    ServerNo, TypeNo,
};

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
    /// Whether somebody appeared or ended since the last tick.
    pub(crate) is_other_membership: bool,
    /// Whether a tick has been completed.
    pub(crate) has_ticked: bool,
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

    /// Bytes held in memory.
    pub fn bytes(&self) -> usize {
        self.actors.bytes() + self.frame.bytes()
    }

    /// Puts an actor on a server; a new one appears.
    pub(crate) fn place(&mut self, actor: ActorNo, actor_type: TypeNo, host: ServerNo) {
        let before = self.frame.type_of(actor);
        if before == Some(actor_type) && self.frame.host_of(actor) == host {
            return;
        }
        self.is_other_membership |= before != Some(actor_type);
        self.set_place(actor, actor_type, host);
    }

    /// Ends an actor: nothing is known of it any more.
    pub(crate) fn end(&mut self, actor: ActorNo) {
        if !self.frame.is_live(actor) {
            return;
        }
        self.is_other_membership = true;
        self.set_place(actor, NOBODY, NOBODY);
        for resource in Resource::ALL {
            self.set_usage(actor, resource, Usage::default());
        }
        self.set_gauges(actor, [None; 4]);
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

    pub(crate) fn set_usage(&mut self, actor: ActorNo, resource: Resource, usage: Usage) {
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

    /// Mailbox, moves, seconds idle and age.
    pub(crate) fn set_gauges(&mut self, actor: ActorNo, gauges: [Option<f64>; 4]) {
        let [mailbox, moves, idle, age] = gauges;
        let mut is_changed = self.frame.mailbox.set(actor, mailbox);
        is_changed |= self.frame.moves.set(actor, moves);
        is_changed |= seconds(&mut self.frame.idle).set(actor, idle);
        is_changed |= seconds(&mut self.frame.age).set(actor, age);
        note(&mut self.changes.figures, actor, is_changed);
    }

    pub(crate) fn set_refs(
        &mut self,
        actor: ActorNo,
        property: PropertyNo,
        members: Option<&[ActorNo]>,
    ) {
        let is_changed = self
            .frame
            .refs
            .entry(property)
            .or_default()
            .set(actor, members);
        note(&mut self.changes.refs, actor, is_changed);
    }

    pub(crate) fn set_value(&mut self, actor: ActorNo, property: PropertyNo, value: Option<Value>) {
        let is_changed = self
            .frame
            .values
            .entry(property)
            .or_default()
            .set(actor, value);
        note(&mut self.changes.figures, actor, is_changed);
    }

    /// Adds calls of the running period. `from` is the caller with its type; `None` for clients.
    pub(crate) fn add_calls(
        &mut self,
        from: Option<(ActorNo, TypeNo)>,
        (to, to_server): (ActorNo, ServerNo),
        function: FunctionNo,
        (count, size, latency): (f64, Option<f64>, Latency),
    ) {
        let live_kind = |no| self.frame.type_of(no).map(CallerKind::Actors);
        let record = Record {
            from: from.map_or(NOBODY, |(no, _)| no),
            from_kind: from.map_or(CallerKind::Client, |(_, no)| CallerKind::Actors(no)),
            from_live: from.map_or(Some(CallerKind::Client), |(no, _)| live_kind(no)),
            to,
            to_type: self.frame.type_of(to),
            to_server,
            function,
            count,
            size,
            latency,
        };
        self.calls.add(&record);
    }

    /// Ends the running period: the frame is complete, and the changes are those from the tick
    /// before.
    pub(crate) fn tick(&mut self) {
        self.actors.rank();
        self.servers.rank();
        let calls = std::mem::take(&mut self.calls).finish();
        calls.differences(&self.frame.calls, &mut self.changes);
        self.frame.calls = calls;
        if self.is_other_membership {
            self.arrange_live();
        }
        self.is_other_membership = false;
        self.changes.everything |= !self.has_ticked;
        self.has_ticked = true;
        self.changes.arrange();
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

/// The column of times that were given as they are.
fn seconds(elapsed: &mut Elapsed) -> &mut Column {
    if let Elapsed::Since(_) = elapsed {
        *elapsed = Elapsed::default();
    }
    match elapsed {
        Elapsed::Seconds(column) | Elapsed::Since(column) => column,
    }
}
