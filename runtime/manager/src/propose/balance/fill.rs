//! The lower bound: servers below it take, the emptiest first, from the fullest that can give.

use super::Balancer;
use super::by_load::ByLoad;
use super::unit::{Unit, cheapest};
use crate::arbitrate::cluster::ServerNo;

impl Balancer<'_, '_> {
    /// Brings every server up to the lower bound, as far as others can give without falling below
    /// it themselves.
    pub(super) fn fill(&mut self) {
        let Some(lower) = self.bounds.lower else {
            return;
        };
        if self.loads().all(|(_, load)| self.need(load).is_none()) {
            return;
        }
        let mut by_load = ByLoad::new(self);
        let mut is_given_up = vec![false; self.solver.servers().len()];
        // The units of each giver, as far as they were listed since it last took.
        let mut listed: Vec<Option<Vec<Unit>>> = is_given_up.iter().map(|_| None).collect();
        loop {
            let emptiest = by_load
                .emptiest_first()
                .take_while(|(_, load)| self.need(*load).is_some())
                .find(|(server, _)| !is_given_up[*server]);
            let Some((taker, load)) = emptiest else {
                return;
            };
            let need = self.need(load).unwrap_or_default();
            let giver = match self.take(taker, load, need, lower, &by_load, &mut listed) {
                Some(giver) => Some(giver),
                None => {
                    let partner = self.exchange_into(taker, lower, &by_load);
                    if let Some(partner) = partner {
                        listed[partner] = None;
                    }
                    partner
                }
            };
            listed[taker] = None;
            let Some(giver) = giver else {
                is_given_up[taker] = true;
                continue;
            };
            by_load.set(giver, self.load(giver));
            by_load.set(taker, self.load(taker));
        }
    }

    /// Takes one unit from the fullest server that has one to give; which server.
    fn take(
        &mut self,
        taker: ServerNo,
        load: f64,
        need: f64,
        lower: f64,
        by_load: &ByLoad,
        listed: &mut [Option<Vec<Unit>>],
    ) -> Option<ServerNo> {
        let wanted = need / self.points(1.0, taker);
        for (giver, left) in by_load
            .fullest_first()
            .take_while(|(_, load)| *load > lower)
        {
            if giver == taker {
                continue;
            }
            let all = listed[giver].get_or_insert_with(|| self.units_on(giver));
            let mut units = all.clone();
            units.retain(|unit| {
                self.may_fall_to(left - self.points(unit.amount, giver))
                    && self.may_rise_to(load + self.points(unit.amount, taker))
            });
            while let Some(best) = cheapest(&units, wanted) {
                let unit = units.swap_remove(best);
                if self.admits(&unit, taker) {
                    all.retain(|other| other.first() != unit.first());
                    self.move_unit(&unit, taker);
                    return Some(giver);
                }
            }
        }
        None
    }
}
