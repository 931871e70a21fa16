//! The actors that wait for a call: its ancestors.

use std::rc::Rc;

use crate::error::CallError;
use crate::id::ActorId;

use super::DEPTH_MAX;

/// A chain of waiting actors, the nearest caller first.
pub(crate) struct Chain {
    actor: ActorId,
    depth: usize,
    parent: Option<Rc<Chain>>,
}

impl Chain {
    /// The chain in which `actor` waits too.
    pub(crate) fn extend(parent: Option<Rc<Self>>, actor: ActorId) -> Rc<Self> {
        let depth = 1 + parent.as_ref().map_or(0, |chain| chain.depth);
        Rc::new(Self {
            actor,
            depth,
            parent,
        })
    }

    /// The actors of a chain, the nearest first.
    pub(crate) fn actors(chain: Option<&Rc<Self>>) -> impl Iterator<Item = ActorId> {
        let mut next = chain;
        std::iter::from_fn(move || {
            let link = next?;
            next = link.parent.as_ref();
            Some(link.actor)
        })
    }

    /// A chain from its actors, the nearest first.
    pub(crate) fn from_actors(actors: &[ActorId]) -> Option<Rc<Self>> {
        let mut chain = None;
        for actor in actors.iter().rev() {
            chain = Some(Self::extend(chain, *actor));
        }
        chain
    }

    /// Refuses a call of `callee` that this chain would wait for.
    pub(crate) fn admits(chain: &Rc<Self>, callee: ActorId) -> Result<(), CallError> {
        if Self::actors(Some(chain)).any(|actor| actor == callee) {
            let mut path: Vec<ActorId> = Self::actors(Some(chain)).collect();
            let end = path.iter().position(|actor| *actor == callee);
            path.truncate(end.map_or(path.len(), |at| at + 1));
            path.reverse();
            return Err(CallError::Cycle { path });
        }
        if chain.depth > DEPTH_MAX {
            return Err(CallError::TooDeep);
        }
        Ok(())
    }
}
