//! I10: after quiet time every route is the directory's, and the directory's owner has the actor.

use std::collections::BTreeMap;

use plasma_actor::{ActorPhase, Record};

use super::{Property, Violation};
use crate::World;

/// Reports actors that are not where the directory has them, and nodes that would send calls
/// elsewhere although they have called since the actor's last move (`callers` says who has).
pub fn routes_converge(world: &mut World) {
    let mut found = Vec::new();
    let records: BTreeMap<_, Record> = world
        .directory_records()
        .into_iter()
        .map(|record| (record.actor, record))
        .collect();
    for (node, core) in world.cores() {
        for record in records.values() {
            if let Some(route) = core.route(record.actor)
                && route != record.owner
            {
                found.push(format!(
                    "{node} would send to {route}, not as in {record:?}"
                ));
            }
        }
        for hosted in core.hosted() {
            let record = records.get(&hosted.actor);
            let is_owner = record.is_some_and(|r| (r.owner, r.epoch) == (node, hosted.epoch));
            let is_at_rest = matches!(hosted.phase, ActorPhase::Active | ActorPhase::Quarantined);
            if !(is_owner && is_at_rest) {
                found.push(format!("{node} has {hosted:?}, the directory {record:?}"));
            }
        }
    }
    for record in records.values() {
        let owner = world.cores().find(|(node, _)| *node == record.owner);
        let hosted = owner.map(|(_, core)| core.hosted()).unwrap_or_default();
        if !hosted.iter().any(|hosted| hosted.actor == record.actor) {
            found.push(format!("{record:?}, but it is not there"));
        }
    }
    for what in found {
        world.report(Violation::new(Property::Routing, what));
    }
}
