//! Making way: where only separations keep a unit from a server, those it is to be apart from leave
//! first. What the unit leaves behind counts as free for them, so that two may change places.

use super::admission::{Block, Blocked};
use super::cluster::{ActorNo, ServerNo};
use super::demand::{DemandNo, Regard};
use super::solver::Solver;

/// Servers that are tried for a unit where others would have to leave for it.
const PLACES_TRIED_MAX: usize = 64;

impl Solver<'_> {
    /// Moves a unit to a server, for a demand; whoever there must be apart from it leaves first, each
    /// with its group to the best server that admits it. Nothing has moved if it fails.
    pub(crate) fn enter_making_way(
        &mut self,
        unit: &[ActorNo],
        to: ServerNo,
        regard: Regard,
        demand: DemandNo,
    ) -> Result<(), Blocked> {
        let checkpoint = self.checkpoint();
        let unevenness = self.unevenness();
        let cleared = self.while_away(unit, to, |solver| {
            solver.clear_separated(unit, to, regard, demand)
        });
        let admitted = cleared.and_then(|()| Ok(self.admit_unevenly(unit, to, regard)?));
        let entered = admitted.and_then(|()| {
            self.move_unit(unit, to, demand);
            Ok(self.stayed_even(&unevenness)?)
        });
        if entered.is_err() {
            self.rollback(checkpoint);
        }
        entered
    }

    /// Moves a unit away from its server to the first one that others can leave for it; whether there
    /// is one.
    pub(crate) fn leave_making_way(
        &mut self,
        unit: &[ActorNo],
        from: ServerNo,
        regard: Regard,
        demand: DemandNo,
    ) -> bool {
        let elsewhere = self.servers().filter(|server| *server != from);
        let mut elsewhere = elsewhere.take(PLACES_TRIED_MAX);
        elsewhere.any(|server| {
            let entered = self.enter_making_way(unit, server, regard, demand);
            entered.is_ok()
        })
    }

    /// Does something as if the unit were on a server already, and puts it back.
    pub(crate) fn while_away<T>(
        &mut self,
        unit: &[ActorNo],
        to: ServerNo,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let hosts: Vec<ServerNo> = unit.iter().map(|actor| self.draft.host(*actor)).collect();
        for actor in unit {
            self.draft.put(*actor, to);
        }
        let done = work(self);
        for (actor, host) in unit.iter().zip(hosts) {
            self.draft.put(*actor, host);
        }
        done
    }

    fn clear_separated(
        &mut self,
        unit: &[ActorNo],
        from: ServerNo,
        regard: Regard,
        demand: DemandNo,
    ) -> Result<(), Blocked> {
        for actor in unit {
            for other in self.separated_on(*actor, from, regard) {
                if self.draft.host(other) != from {
                    continue;
                }
                let leaving = self.unit(other, regard);
                if leaving
                    .iter()
                    .any(|member| unit.binary_search(member).is_ok())
                {
                    return Err(Block::NoOther.into());
                }
                let target = self.best_target(&leaving, regard, |server| server != from)?;
                self.move_unit(&leaving, target.server, demand);
            }
        }
        Ok(())
    }

    /// Whether a separation names an actor.
    pub(crate) fn is_to_be_apart(&self, actor: ActorNo) -> bool {
        !self.demands.separations.of(actor).is_empty()
    }

    /// The actors on a server that must be apart from this one.
    fn separated_on(&self, actor: ActorNo, server: ServerNo, regard: Regard) -> Vec<ActorNo> {
        let separations = self.demands.separations.of(actor).iter();
        let there = separations.filter(|(other, separate)| {
            self.draft.host(*other) == server && self.binds_if_it_holds(*separate, regard)
        });
        there.map(|(other, _)| *other).collect()
    }
}
