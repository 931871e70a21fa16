//! Random clusters of a random application, and what becomes of them tick after tick.

use std::sync::Arc;

use plasma_model::{
    Actor, ActorId, Caller, Calls, Latency, Resource, Server, ServerId, Snapshot, Value,
};
use proptest::prelude::*;

use super::schema::Schema;
use crate::random::cluster::{actor_id, server_id, usage_of};

/// So many names there are of actors, alive or not.
const ACTORS: usize = 9;

/// What happens. Numbers are places, taken modulo what there is.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// An actor of a type appears on a server.
    Appear(usize, usize, usize),
    End(usize),
    Move(usize, usize),
    Load(usize, Resource, Option<f64>),
    ServerLoad(usize, Resource, Option<f64>),
    /// Another server, or one less.
    Servers(bool),
    Silent(usize, bool),
    /// Whom it refers to by the property at a place.
    Refs(usize, usize, Vec<usize>),
    Values(usize, Option<f64>, Option<bool>, Option<bool>),
    Mailbox(usize, Option<u64>),
    /// From somebody (beyond [`ACTORS`] clients) to somebody in the function at a place.
    Call(usize, usize, usize, f64),
}

fn load() -> impl Strategy<Value = Option<f64>> {
    prop::option::weighted(0.85, (0..=10u32).prop_map(|tenth| f64::from(tenth) * 10.0))
}

fn changes() -> impl Strategy<Value = Change> {
    let actor = 0..ACTORS;
    let resource = prop::sample::select(vec![Resource::Cpu, Resource::Mem]);
    let members = prop::collection::vec(0..ACTORS, 0..4);
    let values = (load(), any::<Option<bool>>(), any::<Option<bool>>());
    prop_oneof![
        5 => (actor.clone(), 0..4usize, 0..3usize).prop_map(|(a, t, s)| Change::Appear(a, t, s)),
        1 => actor.clone().prop_map(Change::End),
        2 => (actor.clone(), 0..3usize).prop_map(|(a, s)| Change::Move(a, s)),
        5 => (actor.clone(), resource.clone(), load()).prop_map(|(a, r, l)| Change::Load(a, r, l)),
        3 => (0..3usize, resource, load()).prop_map(|(s, r, l)| Change::ServerLoad(s, r, l)),
        1 => any::<bool>().prop_map(Change::Servers),
        1 => (0..3usize, prop::bool::weighted(0.2)).prop_map(|(s, is)| Change::Silent(s, is)),
        4 => (actor.clone(), 0..2usize, members).prop_map(|(a, p, to)| Change::Refs(a, p, to)),
        2 => (actor.clone(), values).prop_map(|(a, (d, h, z))| Change::Values(a, d, h, z)),
        1 => (actor.clone(), prop::option::of(0..60u64)).prop_map(|(a, n)| Change::Mailbox(a, n)),
        6 => (0..ACTORS + 5, actor, 0..2usize, 0..8u32)
            .prop_map(|(from, to, f, n)| Change::Call(from, to, f, f64::from(n) * 10.0)),
    ]
}

/// What a cluster is made of, and then some ticks with little changes.
pub(crate) fn histories() -> impl Strategy<Value = Vec<Vec<Change>>> {
    let appear = (0..ACTORS, 0..4usize, 0..3usize).prop_map(|(a, t, s)| Change::Appear(a, t, s));
    let appear = prop::collection::vec(appear, 4..12);
    let first = prop::collection::vec(changes(), 20..50);
    let later = prop::collection::vec(prop::collection::vec(changes(), 0..5), 1..6);
    (appear, first, later).prop_map(|(appear, first, mut later)| {
        later.insert(0, [appear, first].concat());
        later
    })
}

/// The cluster at each tick.
pub(crate) fn snapshots(schema: &Schema, history: &[Vec<Change>]) -> Vec<Snapshot> {
    let mut snapshot = Snapshot {
        period_seconds: 10.0,
        ..Snapshot::default()
    };
    snapshot.servers.insert(server_id(0), server(0));
    snapshot.servers.insert(server_id(1), server(1));
    let tick = |changes: &Vec<Change>| {
        snapshot.t += 10.0;
        for change in changes {
            apply(change, schema, &mut snapshot);
        }
        settle(&mut snapshot);
        snapshot.clone()
    };
    history.iter().map(tick).collect()
}

fn apply(change: &Change, schema: &Schema, snapshot: &mut Snapshot) {
    let hosts: Vec<ServerId> = snapshot.servers.keys().cloned().collect();
    let host = |place: &usize| hosts[place % hosts.len()].clone();
    let actors = &mut snapshot.actors;
    match change {
        Change::Appear(actor, actor_type, at) => {
            let name = Arc::from(schema.name(*actor_type));
            let appeared = Actor::new(name, host(at));
            actors.entry(actor_id(*actor)).or_insert(appeared);
        }
        Change::End(actor) => drop(actors.remove(&actor_id(*actor))),
        Change::Servers(is_more) => servers(snapshot, *is_more),
        Change::ServerLoad(server, resource, load) => {
            if let Some(server) = snapshot.servers.get_mut(&host(server)) {
                server.usage[*resource] = usage_of(*load);
            }
        }
        Change::Silent(server, is_silent) => {
            if let Some(server) = snapshot.servers.get_mut(&host(server)) {
                server.stale = *is_silent;
            }
        }
        Change::Call(from, to, function, count) => {
            call((*from, *to), *function, *count, schema, snapshot);
        }
        Change::Refs(actor, property, members) => {
            refer(&actor_id(*actor), *property, members, schema, snapshot);
        }
        Change::Move(actor, _)
        | Change::Load(actor, ..)
        | Change::Values(actor, ..)
        | Change::Mailbox(actor, _) => {
            if let Some(actor) = actors.get_mut(&actor_id(*actor)) {
                change_actor(change, &hosts, actor);
            }
        }
    }
}

fn change_actor(change: &Change, hosts: &[ServerId], actor: &mut Actor) {
    match change {
        Change::Move(_, to) => actor.server = hosts[to % hosts.len()].clone(),
        Change::Load(_, resource, load) => actor.usage[*resource] = usage_of(*load),
        Change::Mailbox(_, messages) => actor.mailbox = *messages,
        Change::Values(_, depth, is_hot, zone) => {
            let zone = zone.map(|is_a| Value::Text(if is_a { "a" } else { "b" }.into()));
            for (name, value) in [
                ("depth", depth.map(Value::Number)),
                ("hot", is_hot.map(Value::Bool)),
                ("zone", zone),
            ] {
                match value {
                    Some(value) => drop(actor.values.insert(Arc::from(name), value)),
                    None => drop(actor.values.remove(name)),
                }
            }
        }
        _ => {}
    }
}

/// Refers to actors of the type that the property names, or to nobody that there is.
fn refer(
    owner: &ActorId,
    property: usize,
    members: &[usize],
    schema: &Schema,
    snapshot: &mut Snapshot,
) {
    let plan = snapshot
        .actors
        .get(owner)
        .and_then(|actor| plan_of(schema, actor));
    let Some((name, to, is_list)) = plan.and_then(|plan| plan.refs.get(property)) else {
        return;
    };
    let meant = |actor: &Actor| &*actor.actor_type == schema.name(*to);
    let there = snapshot.actors.iter().filter(|(_, actor)| meant(actor));
    let mut there: Vec<ActorId> = there.map(|(id, _)| id.clone()).collect();
    there.push(actor_id(ACTORS));
    let kept = if *is_list { members.len() } else { 1 };
    let members = members.iter().take(kept);
    let members = members.map(|member| there[member % there.len()].clone());
    let members = members.collect();
    if let Some(owner) = snapshot.actors.get_mut(owner) {
        owner.refs.insert(Arc::from(*name), members);
    }
}

/// What the schema says of an actor's type.
fn plan_of<'s>(schema: &'s Schema, actor: &Actor) -> Option<&'s super::schema::TypePlan> {
    let names = (0..schema.types.len()).map(|place| schema.name(place));
    let place = names
        .into_iter()
        .position(|name| name == &*actor.actor_type)?;
    schema.types.get(place)
}

/// A third server comes, or goes with all that it hosts.
fn servers(snapshot: &mut Snapshot, is_more: bool) {
    let third = server_id(2);
    if is_more {
        snapshot.servers.entry(third).or_insert_with(|| server(2));
        return;
    }
    snapshot.servers.remove(&third);
    snapshot.actors.retain(|_, actor| actor.server != third);
}

fn call(
    (from, to): (usize, usize),
    function: usize,
    count: f64,
    schema: &Schema,
    snapshot: &mut Snapshot,
) {
    let Some(callee) = snapshot.actors.get(&actor_id(to)) else {
        return;
    };
    let Some(plan) = plan_of(schema, callee) else {
        return;
    };
    let function: Arc<str> = Arc::from(plan.functions[function % plan.functions.len()]);
    let from = match snapshot.actors.get(&actor_id(from)) {
        Some(caller) => Caller::Actor {
            id: actor_id(from),
            actor_type: Arc::clone(&caller.actor_type),
        },
        None => Caller::Client,
    };
    let to = actor_id(to);
    let to_server = callee.server.clone();
    let calls = &mut snapshot.calls;
    calls.retain(|calls| (&calls.from, &calls.to, &calls.function) != (&from, &to, &function));
    calls.push(Calls {
        from,
        to,
        to_server,
        function,
        count,
        size: Some(count * 100.0),
        latency: Latency::default(),
    });
}

/// Calls are received where the callee is, come from what the caller is, and stand in order; those between
/// actors that are both gone are forgotten.
fn settle(snapshot: &mut Snapshot) {
    let actors = &snapshot.actors;
    snapshot.calls.retain_mut(|calls| {
        let callee = actors.get(&calls.to);
        if let Some(callee) = callee {
            calls.to_server = callee.server.clone();
        }
        if let Caller::Actor { id, actor_type } = &mut calls.from
            && let Some(caller) = actors.get(id)
        {
            *actor_type = Arc::clone(&caller.actor_type);
        }
        callee.is_some()
    });
    let key = |calls: &Calls| {
        let function = Arc::clone(&calls.function);
        (calls.from.clone(), calls.to.clone(), function)
    };
    snapshot.calls.sort_by_key(key);
    snapshot.calls.dedup_by_key(|calls| key(calls));
}

fn server(place: usize) -> Server {
    let mut server = Server::default();
    server.usage[Resource::Cpu] = usage_of(Some(50.0));
    if place < 2 {
        let zone = if place == 0 { "a" } else { "b" };
        server.labels.insert("zone".to_owned(), zone.to_owned());
    }
    server
}
