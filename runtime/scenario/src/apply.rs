//! A cluster after a plan: actions succeed at once, a moved actor takes its load along. Added servers are
//! `new1`, `new2`, ..., and idle.

use plasma_model::{
    ActionBody, Actor, Decision, PerResource, Resource, Server, ServerId, Snapshot, Usage,
};

/// The snapshot that an unchanged workload would give once the decision is carried out whole: each
/// moved actor takes its use of every resource from one server to the other, and its calls are
/// received there.
///
/// A load that is unknown stays where it is; a capacity never given counts as equal on all servers.
pub fn apply(decision: &Decision, snapshot: &Snapshot) -> Snapshot {
    let mut after = snapshot.clone();
    for action in &decision.actions {
        match &action.body {
            ActionBody::Migrate { actor, from, to } => {
                let Some(moved) = after.actors.get_mut(actor) else {
                    continue;
                };
                let Some(source) = after.servers.get(from).cloned() else {
                    continue;
                };
                let Some(target) = after.servers.get(to).cloned() else {
                    continue;
                };
                let (source, target) = carry(moved, source, target);
                moved.server = to.clone();
                moved.moves = moved.moves.map(|moves| moves + 1);
                after.servers.insert(from.clone(), source);
                after.servers.insert(to.clone(), target);
                for calls in after.calls.iter_mut().filter(|calls| &calls.to == actor) {
                    calls.to_server = to.clone();
                }
            }
            ActionBody::AddServer { count } => {
                for _ in 0..*count {
                    let added = idle_server(&after);
                    after.servers.insert(free_name(&after), added);
                }
            }
            ActionBody::RemoveServer { server } => {
                if after.actors.values().all(|actor| actor.server != *server) {
                    after.servers.remove(server);
                }
            }
            // Its next call brings it back: a snapshot of calls shows it where it was.
            ActionBody::Passivate { .. }
            | ActionBody::Checkpoint { .. }
            | ActionBody::Alert { .. } => {}
        }
    }
    after
}

/// The first of `new1`, `new2`, ... that is no server yet.
fn free_name(snapshot: &Snapshot) -> ServerId {
    let names = (1..).map(|number: u32| ServerId::from(format!("new{number}")));
    let mut free = names.filter(|name| !snapshot.servers.contains_key(name));
    free.next().unwrap_or_else(|| ServerId::from("new"))
}

/// A server that uses nothing of what the others report, as large as the smallest of them.
fn idle_server(snapshot: &Snapshot) -> Server {
    let others = || snapshot.servers.values();
    let usage = PerResource::from_fn(|resource| {
        let capacities = others().filter_map(|server| server.usage[resource].capacity);
        let capacity = capacities.reduce(f64::min);
        let is_reported = others().any(|server| server.usage[resource].reported);
        let is_known = is_reported || resource == Resource::Cpu;
        Usage {
            perc: is_known.then_some(0.0),
            size: capacity.filter(|_| is_known).map(|_| 0.0),
            capacity,
            reported: is_known,
        }
    });
    Server {
        usage,
        ..Server::default()
    }
}

/// Moves an actor's load from one server's figures to the other's.
fn carry(actor: &mut Actor, mut source: Server, mut target: Server) -> (Server, Server) {
    for resource in Resource::ALL {
        let own = &mut actor.usage[resource];
        let (from, to) = (&mut source.usage[resource], &mut target.usage[resource]);
        let scale = from.capacity.zip(to.capacity).map_or(1.0, |(f, t)| f / t);
        add(from, own.perc.map(|perc| -perc), own.size.map(|size| -size));
        own.perc = own.perc.map(|perc| perc * scale);
        add(to, own.perc, own.size);
    }
    (source, target)
}

fn add(server: &mut Usage, perc: Option<f64>, size: Option<f64>) {
    let sum =
        |old: Option<f64>, added: Option<f64>| old.map(|old| (old + added.unwrap_or(0.0)).max(0.0));
    server.perc = sum(server.perc, perc);
    server.size = sum(server.size, size);
}
