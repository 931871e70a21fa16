//! I1: one activation for each actor and epoch ever, and never two at once.

use std::collections::BTreeMap;

use plasma_actor::{ActorId, ActorPhase, Address, Epoch, Event, HostedActor};

use super::{Property, Violation};
use crate::World;

/// Follows what the nodes tell of beginnings and ends of activations.
#[derive(Debug, Default)]
pub struct Activations {
    newest: BTreeMap<ActorId, (Epoch, Address)>,
}

impl Activations {
    /// Takes an event of a node.
    ///
    /// # Errors
    /// If an activation has begun under an epoch that is not newer than all before it.
    pub fn note(&mut self, node: Address, event: &Event) -> Result<(), Violation> {
        let (Event::Activated { actor, epoch, .. } | Event::Retained { actor, epoch }) = *event
        else {
            return Ok(());
        };
        match self.newest.insert(actor, (epoch, node)) {
            Some((before, there)) if before >= epoch => Err(Violation::new(
                Property::OneActivation,
                format!(
                    "{actor:?} was activated on {node} in {epoch:?}, after {before:?} on {there}"
                ),
            )),
            _ => Ok(()),
        }
    }
}

/// Looks at all nodes at this instant: reports each actor that may run in two places, or where the
/// directory does not have it.
pub fn overlaps(world: &mut World) {
    let mut running: BTreeMap<ActorId, (Address, HostedActor)> = BTreeMap::new();
    let mut found = Vec::new();
    for (node, core) in world.cores() {
        for hosted in core.hosted() {
            if !matches!(hosted.phase, ActorPhase::Active | ActorPhase::Draining) {
                continue;
            }
            if let Some((other, twin)) = running.insert(hosted.actor, (node, hosted)) {
                found.push(format!("{twin:?} on {other} and {hosted:?} on {node}"));
            }
        }
    }
    for record in world.directory_records() {
        if let Some((node, hosted)) = running.get(&record.actor)
            && (*node, hosted.epoch) != (record.owner, record.epoch)
        {
            found.push(format!(
                "{hosted:?} runs on {node}, but the directory has {record:?}"
            ));
        }
    }
    for what in found {
        world.report(Violation::new(Property::OneActivation, what));
    }
}

#[cfg(test)]
mod tests {
    use plasma_actor::{Origin, TypeTag};

    use super::*;

    #[test]
    fn an_epoch_used_again_is_found() {
        let activated = |epoch| Event::Activated {
            actor: ActorId::new(TypeTag::of("Ledger"), 1),
            epoch: Epoch(epoch),
            origin: Origin::Moved,
        };
        let mut activations = Activations::default();
        let (one, two) = (Address::first(1), Address::first(2));
        assert_eq!(activations.note(one, &activated(1)), Ok(()));
        assert_eq!(activations.note(two, &activated(2)), Ok(()));
        assert!(activations.note(one, &activated(2)).is_err());
    }
}
