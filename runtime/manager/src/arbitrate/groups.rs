//! Groups of colocated actors: a union-find that remembers which demand joined what.

use super::cluster::ActorNo;
use super::demand::DemandNo;

/// Groups of actors that live together. Links are never shortened, so that the path between two
/// actors still tells by which demand they came together; by size, its length is logarithmic.
#[derive(Clone, Debug)]
pub(crate) struct Groups {
    parents: Vec<ActorNo>,
    /// The demand that hung an actor under its parent.
    joined_by: Vec<Option<DemandNo>>,
    /// Members of each group at its root, in order of number; empty elsewhere and for one alone.
    members: Vec<Vec<ActorNo>>,
}

impl Groups {
    /// Every actor alone.
    pub(crate) fn new(actors: usize) -> Self {
        Groups {
            parents: (0..actors).collect(),
            joined_by: vec![None; actors],
            members: vec![Vec::new(); actors],
        }
    }

    /// The actor that stands for the group.
    pub(crate) fn root(&self, mut actor: ActorNo) -> ActorNo {
        while self.parents[actor] != actor {
            actor = self.parents[actor];
        }
        actor
    }

    /// The actor's group, in order of number.
    pub(crate) fn members(&self, actor: ActorNo) -> Vec<ActorNo> {
        let members = &self.members[self.root(actor)];
        if members.is_empty() {
            vec![actor]
        } else {
            members.clone()
        }
    }

    /// Joins the groups of two actors.
    pub(crate) fn join(&mut self, a: ActorNo, b: ActorNo, demand: DemandNo) {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return;
        }
        let (mut under, mut over) = (self.members(a), self.members(b));
        let (child, parent) = if under.len() <= over.len() {
            (a, b)
        } else {
            (b, a)
        };
        self.parents[child] = parent;
        self.joined_by[child] = Some(demand);
        self.members[child] = Vec::new();
        under.append(&mut over);
        under.sort_unstable();
        self.members[parent] = under;
    }

    /// The demand that joined the groups of two actors of one group.
    pub(crate) fn joined_by(&self, a: ActorNo, b: ActorNo) -> Option<DemandNo> {
        // Demands are joined in order, so the last one on the path between them closed the gap.
        let (up_a, up_b) = (self.ancestors(a), self.ancestors(b));
        let shared = up_a
            .iter()
            .rev()
            .zip(up_b.iter().rev())
            .take_while(|(x, y)| x == y)
            .count();
        let path = up_a
            .iter()
            .rev()
            .skip(shared)
            .chain(up_b.iter().rev().skip(shared));
        path.filter_map(|actor| self.joined_by[*actor]).max()
    }

    fn ancestors(&self, actor: ActorNo) -> Vec<ActorNo> {
        let up = |actor: &ActorNo| {
            let parent = self.parents[*actor];
            (parent != *actor).then_some(parent)
        };
        std::iter::successors(Some(actor), up).collect()
    }
}
