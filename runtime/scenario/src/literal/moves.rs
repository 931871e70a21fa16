//! A decision that was carried out, as an engine would tell it.

use std::collections::BTreeSet;

use plasma_model::{
    ActionBody, ActorUpdate, Decision, Event, Field as Update, Resource, ServerId, ServerUpdate,
    Snapshot, Usage, UsageUpdate,
};

use crate::apply;

/// The events that turn `before` into the cluster after `decision`.
pub(super) fn as_events(decision: &Decision, before: &Snapshot) -> Vec<Event> {
    let after = apply(decision, before);
    let added = after
        .servers
        .keys()
        .filter(|id| !before.servers.contains_key(*id));
    let mut touched: BTreeSet<&ServerId> = added.collect();
    let mut events = Vec::new();
    for action in &decision.actions {
        let ActionBody::Migrate { actor, from, to } = &action.body else {
            continue;
        };
        touched.extend([from, to]);
        if let Some(moved) = after.actors.get(actor) {
            let use_of = |resource| figures(&moved.usage[resource]);
            events.push(Event::Actor(ActorUpdate {
                server: Update::Known(moved.server.clone()),
                cpu: use_of(Resource::Cpu),
                mem: use_of(Resource::Mem),
                net: use_of(Resource::Net),
                moves: moved.moves.map_or(Update::Keep, Update::Known),
                ..ActorUpdate::new(actor.clone())
            }));
        }
    }
    for id in touched {
        if let Some(server) = after.servers.get(id) {
            let use_of = |resource| figures(&server.usage[resource]);
            events.push(Event::Server(ServerUpdate {
                cpu: use_of(Resource::Cpu),
                mem: use_of(Resource::Mem),
                net: use_of(Resource::Net),
                ..ServerUpdate::new(id.clone())
            }));
        }
    }
    let removed = before
        .servers
        .keys()
        .filter(|id| !after.servers.contains_key(*id));
    events.extend(removed.map(|id| Event::ServerGone { id: id.clone() }));
    events
}

/// The figures that are known; the others stay as they are.
fn figures(usage: &Usage) -> Update<UsageUpdate> {
    let known = |value: Option<f64>| value.map_or(Update::Keep, Update::Known);
    if usage.perc.is_none() && usage.size.is_none() {
        return Update::Keep;
    }
    Update::Known(UsageUpdate {
        perc: known(usage.perc),
        size: known(usage.size),
        capacity: known(usage.capacity),
    })
}
