//! Which colocations go together by themselves, whatever the room: found before anything moves, so
//! that a group is known whole when its first member moves.

use std::collections::{BTreeMap, BTreeSet};

use super::cluster::{ActorNo, ServerNo};
use super::demand::{Ask, DemandNo};
use super::groups::Groups;
use super::solver::Solver;

/// What is known of a group while groups are formed; kept at its root.
#[derive(Clone, Debug, Default)]
struct Ties {
    /// The server of a pinned member.
    pinned: Option<ServerNo>,
    /// Actors from which some member is to be separated.
    apart_from: Vec<ActorNo>,
}

/// The groups that colocations would make if there were room for all of them.
#[derive(Debug)]
pub(crate) struct WholeGroups {
    pub(crate) groups: Groups,
    /// Separations within a group made by what ranks higher: they need not be respected while the
    /// group lasts.
    pub(crate) doomed: BTreeSet<DemandNo>,
}

/// Forms the groups of all colocations but those that contradict what ranks higher: that would join
/// two pinned servers or two separated actors. Nothing is decided here; a colocation that makes no
/// group is still tried when its turn comes, since what it contradicts may have been dropped.
pub(crate) fn whole_groups(solver: &Solver<'_>) -> WholeGroups {
    let mut groups = Groups::new(solver.draft.cluster().actors.len());
    let mut ties: BTreeMap<ActorNo, Ties> = BTreeMap::new();
    let mut doomed = BTreeSet::new();
    for (demand, asked) in solver.demands.list.iter().enumerate() {
        match asked.ask {
            Ask::Pin { actor } => {
                let host = solver.draft.host(actor);
                let ties = ties.entry(groups.root(actor)).or_default();
                ties.pinned.get_or_insert(host);
            }
            Ask::Separate { a, b } if groups.root(a) == groups.root(b) => {
                doomed.insert(demand);
            }
            Ask::Separate { a, b } => {
                ties.entry(groups.root(a)).or_default().apart_from.push(b);
                ties.entry(groups.root(b)).or_default().apart_from.push(a);
            }
            Ask::Colocate { a, b } => {
                let hopeless = solver.demands.hopeless.contains(&demand);
                let given_up = solver.demands.given_up.contains_key(&demand);
                if !hopeless && !given_up && !contradicts(&groups, &ties, a, b) {
                    join(&mut groups, &mut ties, a, b, demand);
                }
            }
            Ask::Reserve { .. }
            | Ask::Guard { .. }
            | Ask::Drain { .. }
            | Ask::Migrate { .. }
            | Ask::ScaleIn { .. }
            | Ask::Spread { .. }
            | Ask::Balance { .. } => {}
        }
    }
    WholeGroups { groups, doomed }
}

fn contradicts(groups: &Groups, ties: &BTreeMap<ActorNo, Ties>, a: ActorNo, b: ActorNo) -> bool {
    let (root_a, root_b) = (groups.root(a), groups.root(b));
    let (Some(ties_a), Some(ties_b)) = (ties.get(&root_a), ties.get(&root_b)) else {
        return false;
    };
    if root_a == root_b {
        return false;
    }
    if let (Some(server_a), Some(server_b)) = (ties_a.pinned, ties_b.pinned)
        && server_a != server_b
    {
        return true;
    }
    let (fewer, other) = if ties_a.apart_from.len() <= ties_b.apart_from.len() {
        (ties_a, root_b)
    } else {
        (ties_b, root_a)
    };
    let mut apart_from = fewer.apart_from.iter();
    apart_from.any(|actor| groups.root(*actor) == other)
}

fn join(
    groups: &mut Groups,
    ties: &mut BTreeMap<ActorNo, Ties>,
    a: ActorNo,
    b: ActorNo,
    demand: DemandNo,
) {
    let (root_a, root_b) = (groups.root(a), groups.root(b));
    if root_a == root_b {
        return;
    }
    let ties_a = ties.remove(&root_a).unwrap_or_default();
    let ties_b = ties.remove(&root_b).unwrap_or_default();
    groups.join(a, b, demand);
    let (mut more, mut fewer) = (ties_a, ties_b);
    if more.apart_from.len() < fewer.apart_from.len() {
        std::mem::swap(&mut more, &mut fewer);
    }
    more.pinned = more.pinned.or(fewer.pinned);
    more.apart_from.append(&mut fewer.apart_from);
    ties.insert(groups.root(a), more);
}
