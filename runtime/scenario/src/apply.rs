//! A cluster after a plan: actions succeed at once, a moved actor takes its load along.

use plasma_model::{ActionBody, Actor, Decision, Resource, Server, Snapshot, Usage};

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
            // Its next call brings it back: a snapshot of calls shows it where it was.
            ActionBody::Passivate { .. } | ActionBody::Checkpoint { .. } => {}
        }
    }
    after
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
