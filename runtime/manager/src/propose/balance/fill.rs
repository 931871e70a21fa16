//! The lower bound: servers below it take, the emptiest first, from the fullest that can give.

use std::collections::BTreeSet;

use super::Balancer;
use super::relieve::cheapest;
use crate::arbitrate::cluster::ServerNo;

impl Balancer<'_, '_, '_> {
    /// Brings every server up to the lower bound, as far as others can give without falling below
    /// it themselves.
    pub(super) fn fill(&mut self) {
        let mut given_up: BTreeSet<ServerNo> = BTreeSet::new();
        loop {
            let emptiest = self
                .loads()
                .filter(|(server, load)| self.need(*load).is_some() && !given_up.contains(server))
                .min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
            let Some((taker, load)) = emptiest else {
                return;
            };
            let need = self.need(load).unwrap_or_default();
            if !self.take(taker, load, need) && !self.exchange_into(taker) {
                given_up.insert(taker);
            }
        }
    }

    /// Takes one unit from the fullest server that has one to give.
    fn take(&mut self, taker: ServerNo, load: f64, need: f64) -> bool {
        let wanted = need / self.points(1.0, taker);
        for giver in self.fullest_first(taker) {
            let left = self.load(giver);
            let mut units = self.units_on(giver);
            units.retain(|unit| {
                self.may_fall_to(left - self.points(unit.amount, giver))
                    && self.may_rise_to(load + self.points(unit.amount, taker))
            });
            while let Some(best) = cheapest(&units, wanted) {
                let unit = units.swap_remove(best);
                if self.admits(&unit, taker) {
                    self.move_unit(&unit, taker);
                    return true;
                }
            }
        }
        false
    }

    /// The servers that could give to `taker`, the fullest first.
    pub(super) fn fullest_first(&self, taker: ServerNo) -> Vec<ServerNo> {
        let lower = self.bounds.lower.unwrap_or_default();
        let mut givers: Vec<(ServerNo, f64)> = self
            .loads()
            .filter(|(server, load)| *server != taker && *load > lower)
            .collect();
        givers.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        givers.into_iter().map(|(server, _)| server).collect()
    }
}
