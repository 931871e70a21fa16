//! The upper bound: servers above it give, the fullest first, to the emptiest that can take.

use super::Balancer;
use super::by_load::ByLoad;
use super::unit::{Stock, Unit};
use crate::arbitrate::cluster::ServerNo;

impl Balancer<'_, '_> {
    /// Takes every server down to the upper bound, as far as units fit elsewhere.
    pub(super) fn relieve(&mut self) {
        let Some(upper) = self.bounds.upper else {
            return;
        };
        let above = self
            .loads()
            .filter(|(_, load)| self.excess(*load).is_some());
        let givers: Vec<ServerNo> = above.map(|(server, _)| server).collect();
        if givers.is_empty() {
            return;
        }
        let mut units = self.units_on_each(&givers);
        let mut stocks: Vec<Option<Stock>> = units.iter().map(|_| None).collect();
        let mut by_load = ByLoad::new(self);
        while let Some((giver, load)) = by_load.fullest() {
            let Some(excess) = self.excess(load) else {
                break;
            };
            let mut stock = stocks[giver]
                .take()
                .unwrap_or_else(|| Stock::new(std::mem::take(&mut units[giver])));
            let mut target = self.give(giver, excess, &mut stock, &by_load, upper);
            if target.is_none() {
                target = self.exchange_from(giver, &by_load);
                stock = Stock::new(self.units_on(giver));
            }
            stocks[giver] = Some(stock);
            let Some(target) = target else {
                by_load.give_up_giver(giver);
                continue;
            };
            by_load.set(giver, self.load(giver));
            by_load.set(target, self.load(target));
        }
    }

    /// Moves the unit that takes the excess off at the least price, the larger one on a tie; units
    /// that fit nowhere are struck off the stock.
    fn give(
        &mut self,
        giver: ServerNo,
        excess: f64,
        stock: &mut Stock,
        by_load: &ByLoad,
        upper: f64,
    ) -> Option<ServerNo> {
        let wanted = excess / self.points(1.0, giver);
        while let Some(unit) = stock.take_cheapest(wanted) {
            let left = self.load(giver) - self.points(unit.amount, giver);
            if !self.may_fall_to(left) {
                continue;
            }
            if let Some(target) = self.taker_of(&unit, giver, by_load, upper) {
                self.move_unit(&unit, target);
                return Some(target);
            }
        }
        None
    }

    /// The emptiest server that can take a unit.
    fn taker_of(
        &self,
        unit: &Unit,
        giver: ServerNo,
        by_load: &ByLoad,
        upper: f64,
    ) -> Option<ServerNo> {
        let takes = |server: ServerNo, load: f64| {
            let risen = load + self.points(unit.amount, server);
            server != giver && self.may_rise_to(risen) && self.admits(unit, server)
        };
        let (emptiest, load) = by_load.emptiest()?;
        if load < upper && takes(emptiest, load) {
            return Some(emptiest);
        }
        let points_least = self.points_least(unit.amount);
        by_load
            .emptiest_first()
            .take_while(|(_, load)| *load < upper && self.may_rise_to(load + points_least))
            .find(|(server, load)| *server != emptiest && takes(*server, *load))
            .map(|(server, _)| server)
    }
}
