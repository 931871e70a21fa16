//! The upper bound: servers above it give, the fullest first, to the emptiest that can take.

use std::collections::{BTreeMap, BTreeSet};

use super::Balancer;
use super::unit::Unit;
use crate::arbitrate::cluster::ServerNo;

/// Servers in order of load, then of number.
#[derive(Default)]
struct ByLoad {
    /// Loads are never negative, so that their bits are in order.
    order: BTreeSet<(u64, ServerNo)>,
    bits: BTreeMap<ServerNo, u64>,
}

impl ByLoad {
    fn set(&mut self, server: ServerNo, load: f64) {
        let bits = load.max(0.0).to_bits();
        if let Some(before) = self.bits.insert(server, bits) {
            self.order.remove(&(before, server));
        }
        self.order.insert((bits, server));
    }

    /// The fullest that is not in `but`.
    fn fullest(&self, but: &BTreeSet<ServerNo>) -> Option<(f64, ServerNo)> {
        let found = self
            .order
            .iter()
            .rev()
            .find(|(_, server)| !but.contains(server));
        found.map(|(load, server)| (f64::from_bits(*load), *server))
    }

    /// Those with a load below `bound`, the emptiest first.
    fn below(&self, bound: f64) -> impl Iterator<Item = ServerNo> {
        let low = self
            .order
            .iter()
            .take_while(move |(load, _)| f64::from_bits(*load) < bound);
        low.map(|(_, server)| *server)
    }
}

impl Balancer<'_, '_, '_> {
    /// Takes every server down to the upper bound, as far as units fit elsewhere.
    pub(super) fn relieve(&mut self) {
        let Some(upper) = self.bounds.upper else {
            return;
        };
        let mut by_load = ByLoad::default();
        for (server, load) in self.loads() {
            by_load.set(server, load);
        }
        let mut units: BTreeMap<ServerNo, Vec<Unit>> = BTreeMap::new();
        let mut given_up: BTreeSet<ServerNo> = BTreeSet::new();
        while let Some((load, giver)) = by_load.fullest(&given_up) {
            let Some(excess) = self.excess(load) else {
                break;
            };
            let mut of_giver = units.remove(&giver).unwrap_or_else(|| self.units_on(giver));
            let mut target = self.give(giver, excess, &mut of_giver, &by_load, upper);
            if target.is_none() {
                target = self.exchange_from(giver);
                of_giver = self.units_on(giver);
            }
            units.insert(giver, of_giver);
            let Some(target) = target else {
                given_up.insert(giver);
                continue;
            };
            units.remove(&target);
            by_load.set(giver, self.load(giver));
            by_load.set(target, self.load(target));
        }
    }

    /// Moves the unit that takes the excess off at the least price, the larger one on a tie; units
    /// that fit nowhere are struck off the list.
    fn give(
        &mut self,
        giver: ServerNo,
        excess: f64,
        units: &mut Vec<Unit>,
        by_load: &ByLoad,
        upper: f64,
    ) -> Option<ServerNo> {
        let wanted = excess / self.points(1.0, giver);
        while let Some(best) = cheapest(units, wanted) {
            let unit = units.swap_remove(best);
            let left = self.load(giver) - self.points(unit.amount, giver);
            if !self.may_fall_to(left) {
                continue;
            }
            let target = by_load.below(upper).find(|server| {
                let risen = self.load(*server) + self.points(unit.amount, *server);
                *server != giver && self.may_rise_to(risen) && self.admits(&unit, *server)
            });
            if let Some(target) = target {
                self.move_unit(&unit, target);
                return Some(target);
            }
        }
        None
    }
}

/// Place of the unit that brings a wanted amount at the least price, the larger one on a tie.
pub(super) fn cheapest(units: &[Unit], wanted: f64) -> Option<usize> {
    let better = |a: &Unit, b: &Unit| {
        a.price_for(wanted)
            .total_cmp(&b.price_for(wanted))
            .then(b.amount.total_cmp(&a.amount))
            .then(a.first().cmp(&b.first()))
    };
    units
        .iter()
        .enumerate()
        .min_by(|a, b| better(a.1, b.1))
        .map(|(place, _)| place)
}
