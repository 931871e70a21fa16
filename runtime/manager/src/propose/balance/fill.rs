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
        // The units of each giver, as far as they were listed since it last took.
        let mut listed: Vec<Option<Vec<Unit>>> = self.solver.servers().map(|_| None).collect();
        while let Some((taker, load)) = by_load.emptiest() {
            let Some(need) = self.need(load) else {
                return;
            };
            let giver = match self.take(taker, load, need, lower, &mut by_load, &mut listed) {
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
                by_load.give_up_taker(taker);
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
        by_load: &mut ByLoad,
        listed: &mut [Option<Vec<Unit>>],
    ) -> Option<ServerNo> {
        let wanted = need / self.points(1.0, taker);
        let mut found = None;
        // Those that can give to nobody before their load is another one.
        let mut spent = Vec::new();
        for (giver, left) in by_load.givers_first().take_while(|(_, load)| *load > lower) {
            if giver == taker {
                continue;
            }
            let all = listed[giver].get_or_insert_with(|| self.units_on(giver));
            let mut units = all.clone();
            units.retain(|unit| self.may_fall_to(left - self.points(unit.amount, giver)));
            if units.is_empty() {
                spent.push(giver);
                continue;
            }
            units.retain(|unit| self.may_rise_to(load + self.points(unit.amount, taker)));
            let admitted = std::iter::from_fn(|| {
                let best = cheapest(&units, wanted)?;
                Some(units.swap_remove(best))
            })
            .find(|unit| self.admits(unit, taker));
            if let Some(unit) = admitted {
                all.retain(|other| other.first() != unit.first());
                found = Some((unit, giver));
                break;
            }
        }
        for giver in spent {
            by_load.rest_giver(giver);
        }
        let (unit, giver) = found?;
        self.move_unit(&unit, taker);
        Some(giver)
    }
}
