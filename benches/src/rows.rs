//! The generated cluster as a snapshot in rows.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_model::{
    Actor, ActorId, Caller, Calls, Latency, PerResource, Resource, Server, ServerId, Snapshot,
    Usage,
};

use crate::generated::{CLIENT, FOLDER, FUNCTIONS, Generated, SESSION, TYPES};

/// Id of an actor.
pub fn actor(no: u32) -> ActorId {
    ActorId::from(format!("a{no:07}"))
}

/// Id of a server.
pub fn server(no: u32) -> ServerId {
    ServerId::from(format!("s{no:05}"))
}

/// The number in the id of an actor; 0 of an id that is none of these.
pub fn number(id: &str) -> u32 {
    let digits = id.get(1..).and_then(|digits| digits.parse().ok());
    digits.unwrap_or(0)
}

/// The snapshot.
pub fn snapshot(cluster: &Generated) -> Snapshot {
    let names: Vec<Arc<str>> = TYPES.iter().map(|(name, _)| Arc::from(*name)).collect();
    let functions: Vec<Arc<str>> = FUNCTIONS.iter().map(|name| Arc::from(*name)).collect();
    let usage = |perc: Option<f64>, size: Option<f64>, capacity| Usage {
        perc,
        size,
        capacity,
        reported: perc.is_some() || size.is_some(),
    };
    let servers = cluster.server_cpu.iter().enumerate().map(|(no, cpu)| {
        let mut row = Server::default();
        row.usage[Resource::Cpu] = usage(Some(*cpu), Some(cpu / 100.0 * 4.0), Some(4.0));
        (server(no as u32), row)
    });
    let mut refs: BTreeMap<u32, Vec<ActorId>> = BTreeMap::new();
    for (owner, member) in cluster.files.iter().chain(&cluster.others) {
        refs.entry(*owner).or_default().push(actor(*member));
    }
    let (files, players): (Arc<str>, Arc<str>) = (Arc::from("files"), Arc::from("players"));
    let actors = (0..cluster.types.len()).map(|no| {
        let property = match cluster.types[no] {
            FOLDER => Some(&files),
            SESSION => Some(&players),
            _ => None,
        };
        let refs = property.map(|p| (Arc::clone(p), refs.remove(&(no as u32)).unwrap_or_default()));
        let row = Actor {
            usage: PerResource::from_fn(|resource| match resource {
                Resource::Cpu => usage(Some(cluster.cpu[no]), None, None),
                Resource::Mem => usage(None, Some(cluster.memory[no]), None),
                Resource::Net => Usage::default(),
            }),
            refs: refs.into_iter().collect(),
            ..Actor::new(
                Arc::clone(&names[cluster.types[no] as usize]),
                server(cluster.hosts[no]),
            )
        };
        (actor(no as u32), row)
    });
    let actors = actors.collect();
    let calls = (0..cluster.callees.len()).map(|place| {
        let (from, to) = (cluster.callers[place], cluster.callees[place]);
        Calls {
            from: match from {
                CLIENT => Caller::Client,
                no => Caller::Actor {
                    id: actor(no),
                    actor_type: Arc::clone(&names[cluster.types[no as usize] as usize]),
                },
            },
            to: actor(to),
            to_server: server(cluster.hosts[to as usize]),
            function: Arc::clone(&functions[cluster.functions[place] as usize]),
            count: cluster.counts[place],
            size: None,
            latency: Latency::default(),
        }
    });
    Snapshot {
        t: 10.0,
        period_seconds: 10.0,
        window: Some(1),
        servers: servers.collect(),
        actors,
        calls: calls.collect(),
    }
}
