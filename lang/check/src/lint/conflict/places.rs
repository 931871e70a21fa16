//! Who is the same actor, and who lives on the same server: what is not told to be one is several.

use crate::lint::truth::Literal;
use crate::program::{ActorRef, AtomKind, EntityRef, ServerRef, VariableId};

/// Actors, servers and hosts, joined where they are the same one.
#[derive(Clone, Debug)]
pub(super) struct Places {
    /// How many variables there are; the host of an actor has its number and so much more.
    variables: usize,
    /// Of each element one that it is the same as; of the first of them, itself.
    parents: Vec<usize>,
    different: Vec<(usize, usize)>,
}

impl Places {
    /// So many variables, each another one.
    pub(super) fn new(variables: usize) -> Places {
        Places {
            variables,
            parents: (0..2 * variables).collect(),
            different: Vec::new(),
        }
    }

    /// The element that stands for all that are the same as a variable.
    pub(super) fn of(&self, variable: VariableId) -> usize {
        self.first(variable.0 as usize)
    }

    /// The element that stands for a server.
    pub(super) fn server(&self, server: &ServerRef) -> Option<usize> {
        self.server_element(server)
            .map(|element| self.first(element))
    }

    /// The element that stands for the host of an actor.
    pub(super) fn host(&self, actor: VariableId) -> usize {
        self.first(self.variables + actor.0 as usize)
    }

    fn server_element(&self, server: &ServerRef) -> Option<usize> {
        match server {
            ServerRef::HostOf(ActorRef::Variable(id)) => Some(self.variables + id.0 as usize),
            ServerRef::Variable(id) => Some(id.0 as usize),
            ServerRef::HostOf(ActorRef::Anonymous(_)) => None,
        }
    }

    fn first(&self, mut element: usize) -> usize {
        while let Some(parent) = self.parents.get(element).filter(|p| **p != element) {
            element = *parent;
        }
        element
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.first(a), self.first(b));
        // The one that stands first in the text keeps its place.
        self.parents[a.max(b)] = a.min(b);
    }

    /// Two variables are one actor, on one server.
    pub(super) fn same_actor(&mut self, a: VariableId, b: VariableId) {
        let (a, b) = (a.0 as usize, b.0 as usize);
        self.join(a, b);
        self.join(self.variables + a, self.variables + b);
    }

    /// Two actors are different ones.
    pub(super) fn different_actors(&mut self, a: VariableId, b: VariableId) {
        self.different.push((a.0 as usize, b.0 as usize));
    }

    /// Two servers are one, or are not.
    pub(super) fn servers(&mut self, a: &ServerRef, b: &ServerRef, are_same: bool) {
        let both = self.server_element(a).zip(self.server_element(b));
        match both {
            Some((a, b)) if are_same => self.join(a, b),
            Some(both) => self.different.push(both),
            None => {}
        }
    }

    /// Takes in what a literal says.
    pub(super) fn take(&mut self, literal: &Literal<'_>) {
        match &literal.atom.kind {
            AtomKind::Same { left, right, equal } => {
                let are_same = *equal == literal.holds;
                match (left, right) {
                    (
                        EntityRef::Actor(ActorRef::Variable(a)),
                        EntityRef::Actor(ActorRef::Variable(b)),
                    ) if are_same => self.same_actor(*a, *b),
                    (
                        EntityRef::Actor(ActorRef::Variable(a)),
                        EntityRef::Actor(ActorRef::Variable(b)),
                    ) => self.different_actors(*a, *b),
                    (EntityRef::Server(a), EntityRef::Server(b)) => self.servers(a, b, are_same),
                    _ => {}
                }
            }
            AtomKind::On { actor, server } => {
                let host = ServerRef::HostOf(actor.clone());
                self.servers(&host, server, literal.holds);
            }
            _ => {}
        }
    }

    /// Whether nothing is the same and different at once.
    pub(super) fn are_possible(&self) -> bool {
        let mut different = self.different.iter();
        different.all(|(a, b)| self.first(*a) != self.first(*b))
    }
}
