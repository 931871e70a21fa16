//! Random clusters of folders and files for random policies.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_model::{
    Actor, ActorId, Caller, Calls, Latency, PerResource, Resource, Server, ServerId, Snapshot,
    Usage, Value,
};
use proptest::prelude::*;

/// Loads at which conditions of [`super::policy`] change, unknown ones, and others.
fn load() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        1 => Just(None),
        4 => (0..=10u32).prop_map(|tenth| Some(f64::from(tenth) * 10.0)),
        2 => (0.0..=100.0).prop_map(Some),
    ]
}

/// The use of a resource of which there is one.
pub(crate) fn usage_of(perc: Option<f64>) -> Usage {
    Usage {
        perc,
        size: perc.map(|perc| perc / 100.0),
        capacity: Some(1.0),
        reported: perc.is_some(),
    }
}

fn usage() -> impl Strategy<Value = PerResource<Usage>> {
    (load(), load()).prop_map(|(cpu, mem)| {
        let mut usage = PerResource::default();
        for (resource, perc) in [(Resource::Cpu, cpu), (Resource::Mem, mem)] {
            usage[resource] = usage_of(perc);
        }
        usage
    })
}

#[derive(Clone, Debug)]
struct ActorPlan {
    is_folder: bool,
    host: usize,
    usage: PerResource<Usage>,
    refs: Vec<usize>,
    depth: Option<f64>,
    is_hot: Option<bool>,
    mailbox: Option<u64>,
}

fn actor() -> impl Strategy<Value = ActorPlan> {
    let refs = prop::collection::vec(0..6usize, 0..3);
    let depth = prop::option::of((-5..6i32).prop_map(|step| f64::from(step) * 20.0));
    let mailbox = prop::option::of(0..100u64);
    let is_hot = prop::option::of(any::<bool>());
    (
        any::<bool>(),
        0..3usize,
        usage(),
        refs,
        (depth, is_hot, mailbox),
    )
        .prop_map(
            |(is_folder, host, usage, refs, (depth, is_hot, mailbox))| ActorPlan {
                is_folder,
                host,
                usage,
                refs,
                depth,
                is_hot,
                mailbox,
            },
        )
}

/// Clusters of up to three servers and six actors.
pub(crate) fn clusters() -> impl Strategy<Value = Snapshot> {
    let zone = prop::sample::select(vec![None, Some("a"), Some("b")]);
    let servers = prop::collection::vec((usage(), zone), 1..4);
    let actors = prop::collection::vec(actor(), 0..7);
    let calls = prop::collection::vec((0..7usize, 0..6usize, 0..12u32), 0..8);
    (servers, actors, calls)
        .prop_map(|(servers, actors, calls)| snapshot(&servers, &actors, &calls))
}

fn snapshot(
    servers: &[(PerResource<Usage>, Option<&str>)],
    actors: &[ActorPlan],
    calls: &[(usize, usize, u32)],
) -> Snapshot {
    let mut snapshot = Snapshot {
        t: 10.0,
        period_seconds: 10.0,
        ..Snapshot::default()
    };
    for (place, (usage, zone)) in servers.iter().enumerate() {
        let labels = zone.map(|zone| ("zone".to_owned(), zone.to_owned()));
        let server = Server {
            usage: *usage,
            labels: labels.into_iter().collect(),
            ..Server::default()
        };
        snapshot.servers.insert(server_id(place), server);
    }
    for (place, plan) in actors.iter().enumerate() {
        snapshot
            .actors
            .insert(actor_id(place), plan.actor(servers.len()));
    }
    for (from, to, count) in calls {
        let Some(callee) = snapshot.actors.get(&actor_id(*to)) else {
            continue;
        };
        let from = match snapshot.actors.get(&actor_id(*from)) {
            Some(caller) => Caller::Actor {
                id: actor_id(*from),
                actor_type: Arc::clone(&caller.actor_type),
            },
            None => Caller::Client,
        };
        let call = Calls {
            from,
            to: actor_id(*to),
            to_server: callee.server.clone(),
            function: Arc::from("open"),
            count: f64::from(*count) * 10.0,
            size: Some(f64::from(*count) * 100.0),
            latency: Latency::default(),
        };
        // One entry for each caller, callee and function.
        let is_new = snapshot
            .calls
            .iter()
            .all(|known| (&known.from, &known.to) != (&call.from, &call.to));
        if is_new {
            snapshot.calls.push(call);
        }
    }
    snapshot
        .calls
        .sort_by(|a, b| (&a.from, &a.to).cmp(&(&b.from, &b.to)));
    snapshot
}

impl ActorPlan {
    fn actor(&self, servers: usize) -> Actor {
        let mut values = BTreeMap::new();
        values.extend(
            self.depth
                .map(|depth| (Arc::from("depth"), Value::Number(depth))),
        );
        values.extend(self.is_hot.map(|hot| (Arc::from("hot"), Value::Bool(hot))));
        let refs = self.refs.iter().map(|place| actor_id(*place)).collect();
        Actor {
            usage: self.usage,
            refs: [(Arc::from("files"), refs)].into_iter().collect(),
            values,
            mailbox: self.mailbox,
            ..Actor::new(
                Arc::from(if self.is_folder { "Folder" } else { "File" }),
                server_id(self.host % servers),
            )
        }
    }
}

pub(crate) fn server_id(place: usize) -> ServerId {
    ServerId::from(format!("s{place}").as_str())
}

pub(crate) fn actor_id(place: usize) -> ActorId {
    ActorId::from(format!("a{place}").as_str())
}
