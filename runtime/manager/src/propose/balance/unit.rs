//! What a balance moves: an actor, or the whole group it belongs to.

use std::collections::BTreeSet;

use super::Balancer;
use crate::arbitrate::cluster::{ActorNo, ServerNo};

/// An actor or group that a balance may move.
#[derive(Clone, Debug)]
pub(super) struct Unit {
    /// In order of number; never empty.
    pub(super) members: Vec<ActorNo>,
    /// What it uses of the balanced resource, on its scale; above 0.
    pub(super) amount: f64,
    /// What moving it costs, in bytes.
    pub(super) price: f64,
}

impl Unit {
    /// Stands for the unit among the others.
    pub(super) fn first(&self) -> ActorNo {
        self.members.first().copied().unwrap_or_default()
    }

    /// Price for each part of a wanted amount that the unit brings: what it brings beyond that
    /// counts for nothing.
    pub(super) fn price_for(&self, wanted: f64) -> f64 {
        self.price / self.amount.min(wanted)
    }
}

impl Balancer<'_, '_, '_> {
    /// The units on a server that this balance may move: of its types, free to leave, all on this
    /// server, their use known.
    pub(super) fn units_on(&self, server: ServerNo) -> Vec<Unit> {
        let solver = &*self.solver;
        let actors = &solver.draft.cluster().actors;
        let mut seen: BTreeSet<ActorNo> = BTreeSet::new();
        let mut units = Vec::new();
        for resident in solver.draft.residents(server) {
            if !self.types.contains(&actors[*resident].actor_type) {
                continue;
            }
            let members = solver.unit(*resident, self.regard);
            let Some(first) = members.first() else {
                continue;
            };
            if (members.len() > 1 && !seen.insert(*first)) || !self.is_movable(&members, server) {
                continue;
            }
            let amounts = members
                .iter()
                .filter_map(|actor| actors[*actor].uses[self.resource]);
            let amount: f64 = amounts.sum();
            if amount > 0.0 {
                // Prices as if moved anywhere else.
                let price = members
                    .iter()
                    .map(|actor| solver.draft.cluster().price(*actor))
                    .sum();
                units.push(Unit {
                    members,
                    amount,
                    price,
                });
            }
        }
        units.sort_by_key(Unit::first);
        units
    }

    fn is_movable(&self, members: &[ActorNo], server: ServerNo) -> bool {
        members.iter().all(|actor| {
            self.solver.draft.host(*actor) == server
                && self.solver.draft.cluster().actors[*actor].uses[self.resource].is_some()
                && self.solver.may_leave(*actor, self.regard).is_ok()
        })
    }

    /// Moves a unit for this balance.
    pub(super) fn move_unit(&mut self, unit: &Unit, to: ServerNo) {
        self.solver.move_unit(&unit.members, to, self.demand);
    }

    /// As [`Balancer::admits`], for one of two moves that together keep the spreads even.
    pub(super) fn admits_unevenly(&self, unit: &Unit, to: ServerNo) -> bool {
        let admitted = self.solver.admit_unevenly(&unit.members, to, self.regard);
        admitted.is_ok()
    }

    /// Whether the rest of the plan lets a unit go to a server.
    pub(super) fn admits(&self, unit: &Unit, to: ServerNo) -> bool {
        self.solver.admit(&unit.members, to, self.regard).is_ok()
    }
}
