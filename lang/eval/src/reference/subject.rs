//! Whom a feature is about. Who that is, is settled in the present; what is measured of it may be asked
//! of an earlier snapshot.

use plasma_check::program::{ActorRef, EntityRef, Feature};
use plasma_model::ServerId;

use super::assignment::{ActorAt, Assignment};
use super::condition::Interpreter;
use crate::Truth;

/// Whom a feature is about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Subject<'s> {
    /// An actor, as it is at present.
    Actor {
        /// Which one.
        at: ActorAt<'s>,
        /// Whether it was chosen for a bare type.
        is_chosen: bool,
    },
    /// A server.
    Server {
        /// Which one.
        id: &'s ServerId,
        /// The actor chosen for a bare type, whose host it is.
        chosen: Option<ActorAt<'s>>,
    },
    /// Callers and callees: the assignment tells them.
    Calls,
}

impl<'s> Subject<'s> {
    /// The actor that was chosen for a bare type.
    pub(crate) fn chosen(&self) -> Option<ActorAt<'s>> {
        match self {
            Subject::Actor { at, is_chosen } => is_chosen.then_some(*at),
            Subject::Server { chosen, .. } => *chosen,
            Subject::Calls => None,
        }
    }
}

impl<'s> Interpreter<'_, 's> {
    /// Whether somebody whom the feature may be about passes the test: each actor that a bare type
    /// may stand for, else exactly one.
    pub(crate) fn some_subject(
        &self,
        feature: &Feature,
        assignment: &Assignment<'s>,
        test: &mut dyn FnMut(Subject<'s>) -> Truth,
    ) -> Truth {
        match feature {
            Feature::ServerResource { server, .. }
            | Feature::Gauge {
                of: EntityRef::Server(server),
                ..
            } => self.some_host(server, assignment, &mut |id, chosen| {
                test(Subject::Server { id, chosen })
            }),
            Feature::ActorResource { actor, .. }
            | Feature::Published { actor, .. }
            | Feature::Gauge {
                of: EntityRef::Actor(actor),
                ..
            } => {
                let is_chosen = matches!(actor, ActorRef::Anonymous(_));
                self.some_present_actor(actor, assignment, &mut |at| {
                    test(Subject::Actor { at, is_chosen })
                })
            }
            Feature::Calls { .. } => test(Subject::Calls),
        }
    }
}
