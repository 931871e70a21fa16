//! What the cores tell, as far as people should hear of it.

use plasma_actor::{Catalog, Event};
use plasma_engine::Notice;

use crate::world::Told;

/// The notice of something that a node told, if it is worth one.
pub(crate) fn notice(catalog: &Catalog, told: Told) -> Option<Notice> {
    let node = told.node.server.to_string();
    let name = |actor| catalog.actor_name(actor).into();
    match told.event {
        Event::StateLost { actor } => Some(Notice::StateLost { actor: name(actor) }),
        Event::HandlerFailed {
            actor,
            function,
            reason,
        } => Some(Notice::HandlerFailed {
            actor: name(actor),
            function: function.to_owned(),
            reason,
        }),
        Event::Quarantined { actor } => Some(Notice::Quarantined { actor: name(actor) }),
        Event::SessionBroken { peer } => Some(Notice::SessionBroken {
            node,
            peer: peer.server.to_string(),
        }),
        Event::StoreFailed { reason } => Some(Notice::StoreFailed { node, reason }),
        // Activations are the ordinary course of things.
        _ => None,
    }
}
