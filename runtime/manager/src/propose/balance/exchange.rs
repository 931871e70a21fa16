//! Where no single unit fits: a larger and a smaller one change places.

use std::rc::Rc;

use super::Balancer;
use super::by_load::ByLoad;
use super::unit::Unit;
use crate::arbitrate::cluster::ServerNo;

/// Points that an exchange must take off, so that the descent does not creep.
const EXCHANGE_POINTS_MIN: f64 = 0.5;

/// Partners that are tried for one server, the most promising first.
const PARTNERS_MAX: usize = 8;

/// Units of the server in need that are tried.
const UNITS_MAX: usize = 32;

impl Balancer<'_, '_> {
    /// Swaps a unit of an overloaded server for a smaller one of an emptier server; which server.
    pub(super) fn exchange_from(&mut self, giver: ServerNo, by_load: &ByLoad) -> Option<ServerNo> {
        let partners = by_load.emptiest_first();
        let partners =
            partners.filter(|(server, load)| *server != giver && self.may_rise_to(*load));
        let partners: Vec<(ServerNo, f64)> = partners.take(PARTNERS_MAX).collect();
        let larger = self.largest_first(giver);
        for (partner, _) in partners {
            let smaller = self.largest_first(partner);
            for large in larger.iter().take(UNITS_MAX) {
                let small = smaller.iter().rev().find(|small| {
                    let rises = self.points(large.amount - small.amount, partner);
                    self.may_rise_to(self.load(partner) + rises)
                });
                if let Some(small) = small
                    && self.exchange(large, giver, small, partner)
                {
                    return Some(partner);
                }
            }
        }
        None
    }

    /// Swaps a unit of a server below the bound for a larger one of a fuller server; which server.
    pub(super) fn exchange_into(
        &mut self,
        taker: ServerNo,
        lower: f64,
        by_load: &ByLoad,
    ) -> Option<ServerNo> {
        let smaller = self.largest_first(taker);
        let partners = by_load.fullest_first();
        let partners = partners.take_while(|(_, load)| *load > lower);
        let partners = partners.filter(|(server, _)| *server != taker);
        let partners: Vec<(ServerNo, f64)> = partners.take(PARTNERS_MAX).collect();
        for (partner, _) in partners {
            let larger = self.largest_first(partner);
            for small in smaller.iter().rev().take(UNITS_MAX) {
                let large = larger.iter().find(|large| {
                    let moved = large.amount - small.amount;
                    self.may_fall_to(self.load(partner) - self.points(moved, partner))
                        && self.may_rise_to(self.load(taker) + self.points(moved, taker))
                });
                if let Some(large) = large
                    && self.exchange(large, partner, small, taker)
                {
                    return Some(partner);
                }
            }
        }
        None
    }

    /// Moves `small` from `low` to `high`, then `large` from `high` to `low`, if that helps and both
    /// are admitted in this order.
    fn exchange(&mut self, large: &Unit, high: ServerNo, small: &Unit, low: ServerNo) -> bool {
        let moved = large.amount - small.amount;
        if self.points(moved, high) < EXCHANGE_POINTS_MIN
            || !self.may_fall_to(self.load(high) - self.points(moved, high))
        {
            return false;
        }
        let checkpoint = self.solver.checkpoint();
        let unevenness = self.solver.unevenness();
        if self.admits_unevenly(small, high) {
            self.move_unit(small, high);
            if self.admits_unevenly(large, low) {
                self.move_unit(large, low);
                if self.solver.stayed_even(&unevenness).is_ok() {
                    return true;
                }
            }
        }
        self.solver.rollback(checkpoint);
        false
    }

    /// The units on a server. The same partners are looked at for one server after the other, so the
    /// list is kept as long as the server's residents are the same.
    fn largest_first(&mut self, server: ServerNo) -> Rc<[Unit]> {
        let asked = (self.regard, self.solver.draft.version(server));
        if let Some((known, units)) = self.largest.get(&server)
            && *known == asked
        {
            return Rc::clone(units);
        }
        let mut units = self.units_on(server);
        units.sort_by(|a, b| {
            b.amount
                .total_cmp(&a.amount)
                .then(a.first().cmp(&b.first()))
        });
        let units: Rc<[Unit]> = Rc::from(units);
        self.largest.insert(server, (asked, Rc::clone(&units)));
        units
    }
}
