//! What a node has to say to people: few of its core's events, and only so many in a period.

use plasma_actor::{Catalog, Event};
use plasma_engine::Notice;

/// Notices told one by one in a period; of others, how many there were.
pub(crate) const NOTICES_MAX: usize = 100;

/// The notices of one node.
pub(crate) struct Notices {
    catalog: Catalog,
    node: String,
    told: usize,
    left_out: u64,
}

impl Notices {
    pub(crate) fn new(catalog: Catalog, node: String) -> Self {
        Notices {
            catalog,
            node,
            told: 0,
            left_out: 0,
        }
    }

    /// What is to be told of an event, if anything is and there is room for it.
    pub(crate) fn of(&mut self, event: Event) -> Option<Notice> {
        let notice = self.notice(event)?;
        if self.told == NOTICES_MAX {
            self.left_out += 1;
            return None;
        }
        self.told += 1;
        Some(notice)
    }

    /// The period ends; gives how many notices it had no room for.
    pub(crate) fn end_period(&mut self) -> u64 {
        self.told = 0;
        std::mem::take(&mut self.left_out)
    }

    fn notice(&self, event: Event) -> Option<Notice> {
        let name = |actor| self.catalog.actor_name(actor).into();
        let node = || self.node.clone();
        match event {
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
            Event::ClientFailed { reason } => Some(Notice::ClientFailed { reason }),
            Event::Quarantined { actor } => Some(Notice::Quarantined { actor: name(actor) }),
            Event::SessionBroken { peer } => Some(Notice::SessionBroken {
                node: node(),
                peer: peer.server.to_string(),
            }),
            Event::StoreFailed { reason } => Some(Notice::StoreFailed {
                node: node(),
                reason,
            }),
            // Activations are the ordinary course of things.
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use plasma_actor::{ActorId, Epoch, TypeTag};

    use super::*;

    #[test]
    fn a_period_has_room_for_so_many_and_counts_the_others() {
        let mut notices = Notices::new(Catalog::default(), "s1".to_owned());
        let failed = || Event::StoreFailed {
            reason: "the disk is full".to_owned(),
        };
        let mut told = |times: usize| (0..times).filter_map(|_| notices.of(failed())).count();
        assert_eq!(told(NOTICES_MAX + 5), NOTICES_MAX);
        assert_eq!(notices.end_period(), 5);
        assert!(notices.of(failed()).is_some(), "a new period");
        assert_eq!(notices.end_period(), 0);
    }

    #[test]
    fn the_ordinary_course_of_things_is_not_told() {
        let mut notices = Notices::new(Catalog::default(), "s1".to_owned());
        let left = Event::Deactivated {
            actor: ActorId::new(TypeTag::of("File"), 1),
            epoch: Epoch(1),
        };
        assert_eq!(notices.of(left), None);
    }
}
