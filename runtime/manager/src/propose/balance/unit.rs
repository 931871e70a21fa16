//! What a balance moves: an actor, or the whole group it belongs to.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::Balancer;
use crate::arbitrate::cluster::{ActorNo, ServerNo};

/// An actor or group that a balance may move.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit {
    /// The first of its members by number.
    first: u32,
    /// What it uses of the balanced resource, on its scale; above 0.
    pub(super) amount: f64,
    /// What moving it costs, in bytes.
    price: f64,
}

impl Unit {
    /// The first of its members by number.
    pub(super) fn first(&self) -> ActorNo {
        self.first as ActorNo
    }

    /// Price for each part of a wanted amount that the unit brings: what it brings beyond that
    /// counts for nothing.
    fn price_for(&self, wanted: f64) -> f64 {
        self.price / self.amount.min(wanted)
    }

    /// Which of two brings a wanted amount at the lesser price; the larger one on a tie.
    fn by_price_for(&self, other: &Unit, wanted: f64) -> Ordering {
        self.price_for(wanted)
            .total_cmp(&other.price_for(wanted))
            .then(other.amount.total_cmp(&self.amount))
            .then(self.first.cmp(&other.first))
    }
}

/// Place of the unit that brings a wanted amount at the least price, the larger one on a tie.
pub(super) fn cheapest(units: &[Unit], wanted: f64) -> Option<usize> {
    let mut place = 0;
    let mut best = units.first()?;
    let mut price = best.price_for(wanted);
    for (at, unit) in units.iter().enumerate().skip(1) {
        let of_unit = unit.price_for(wanted);
        // Few are as cheap as the best so far: only they are compared in full.
        if of_unit <= price && unit.by_price_for(best, wanted).is_lt() {
            (place, best, price) = (at, unit, of_unit);
        }
    }
    Some(place)
}

/// Takes after which units are put into order, where many are taken.
const UNORDERED_TAKES_MAX: usize = 8;

/// Units of one server, to be taken the cheapest first.
#[derive(Debug)]
pub(super) enum Stock {
    /// Looked through at each take.
    Unordered {
        units: Vec<Unit>,
        /// How many were taken since it was in no order.
        takes: usize,
    },
    /// By price for each part of the amount.
    Ordered(BinaryHeap<ByDensity>),
}

impl Stock {
    pub(super) fn new(units: Vec<Unit>) -> Self {
        Stock::Unordered { units, takes: 0 }
    }

    /// Takes the unit that [`cheapest`] would find.
    pub(super) fn take_cheapest(&mut self, wanted: f64) -> Option<Unit> {
        match self {
            Stock::Ordered(heap) => {
                let ByDensity(densest) = heap.peek()?;
                if densest.amount <= wanted {
                    // Nothing costs less for each part of it, nor for each wanted part.
                    return heap.pop().map(|ByDensity(unit)| unit);
                }
                let units = std::mem::take(heap).into_vec().into_iter();
                *self = Stock::new(units.map(|ByDensity(unit)| unit).collect());
                self.take_cheapest(wanted)
            }
            Stock::Unordered { units, takes } if *takes < UNORDERED_TAKES_MAX => {
                *takes += 1;
                let place = cheapest(units, wanted)?;
                Some(units.swap_remove(place))
            }
            Stock::Unordered { units, .. } => {
                let units = std::mem::take(units).into_iter();
                // Where little is wanted it loses its order at once, and is looked through again.
                *self = Stock::Ordered(units.map(ByDensity).collect());
                self.take_cheapest(wanted)
            }
        }
    }
}

/// A unit, the greater the less it costs for each part.
#[derive(Debug)]
pub(super) struct ByDensity(Unit);

impl Ord for ByDensity {
    fn cmp(&self, other: &Self) -> Ordering {
        other.0.by_price_for(&self.0, f64::INFINITY)
    }
}

impl PartialOrd for ByDensity {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for ByDensity {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for ByDensity {}

impl Balancer<'_, '_> {
    /// The units on a server that this balance may move: of its types, free to leave, all on this
    /// server, their use known.
    pub(super) fn units_on(&self, server: ServerNo) -> Vec<Unit> {
        let residents = self.solver.draft.residents(server);
        residents.filter_map(|actor| self.unit_of(actor)).collect()
    }

    /// The units on each of some servers, by server. Where most actors live on them, all actors are looked
    /// at in their order in memory.
    pub(super) fn units_on_each(&self, servers: &[ServerNo]) -> Vec<Vec<Unit>> {
        let draft = &self.solver.draft;
        let mut units: Vec<Vec<Unit>> = vec![Vec::new(); draft.cluster().servers.len()];
        let mut residents = 0;
        for server in servers {
            let here = draft.residents(*server).len();
            units[*server].reserve_exact(here);
            residents += here;
        }
        if residents < draft.hosts().len() / 8 {
            for server in servers {
                units[*server] = self.units_on(*server);
            }
            return units;
        }
        let mut is_listed = vec![false; units.len()];
        for server in servers {
            is_listed[*server] = true;
        }
        for (actor, host) in draft.hosts().iter().enumerate() {
            let host = *host as ServerNo;
            if is_listed[host] {
                units[host].extend(self.unit_of(actor));
            }
        }
        units
    }

    /// The unit that an actor stands for: itself, or its group if it is the first in it of these types.
    fn unit_of(&self, actor: ActorNo) -> Option<Unit> {
        if !self.kinds.contains(actor) {
            return None;
        }
        let cluster = self.solver.draft.cluster();
        let unit = |first: ActorNo, amount: f64, price: f64| {
            let first = first as u32;
            (amount > 0.0).then_some(Unit {
                first,
                amount,
                price,
            })
        };
        // Prices as if moved anywhere else.
        if self.solver.demands.seats.of(actor).is_none() {
            let amount = cluster.known_use(actor, self.resource)?;
            let may_leave = !self.solver.demands.names(actor)
                || self.solver.may_leave(actor, self.regard).is_ok();
            return unit(actor, amount, self.prices[actor]).filter(|_| may_leave);
        }
        let mut others = self.solver.unit_ring(actor, self.regard);
        if others.any(|other| other < actor && self.kinds.contains(other)) {
            return None;
        }
        let members = self.solver.unit(actor, self.regard);
        let host = self.solver.draft.host(actor);
        let is_movable = members.iter().all(|member| {
            self.solver.draft.host(*member) == host
                && cluster.known_use(*member, self.resource).is_some()
                && self.solver.may_leave(*member, self.regard).is_ok()
        });
        if !is_movable {
            return None;
        }
        let amounts = members.iter().map(|m| cluster.use_of(*m, self.resource));
        let prices = members.iter().map(|member| self.prices[*member]);
        unit(*members.first()?, amounts.sum(), prices.sum())
    }

    /// Moves a unit for this balance.
    pub(super) fn move_unit(&mut self, unit: &Unit, to: ServerNo) {
        match self.solver.demands.seats.of(unit.first()) {
            None => self.solver.move_unit(&[unit.first()], to, self.demand),
            Some(_) => {
                let members = self.solver.unit(unit.first(), self.regard);
                self.solver.move_unit(&members, to, self.demand);
            }
        }
    }

    /// As [`Balancer::admits`], for one of two moves that together keep the spreads even.
    pub(super) fn admits_unevenly(&self, unit: &Unit, to: ServerNo) -> bool {
        let members = self.solver.unit(unit.first(), self.regard);
        let admitted = self.solver.admit_unevenly(&members, to, self.regard);
        admitted.is_ok()
    }

    /// Whether the rest of the plan lets a unit go to a server.
    pub(super) fn admits(&self, unit: &Unit, to: ServerNo) -> bool {
        let admitted = match self.solver.demands.seats.of(unit.first()) {
            None => self.solver.admit(&[unit.first()], to, self.regard),
            Some(_) => {
                let members = self.solver.unit(unit.first(), self.regard);
                self.solver.admit(&members, to, self.regard)
            }
        };
        admitted.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Stock, Unit, cheapest};

    #[test]
    fn a_stock_gives_what_is_cheapest_for_what_is_wanted() {
        let unit = |first: usize| {
            let (amount, price) = ((first * 7 % 5 + 1) as f64, (first * 5 % 7 + 1) as f64);
            Unit {
                first: first as u32,
                amount,
                price,
            }
        };
        let mut units: Vec<Unit> = (0..40).map(unit).collect();
        let mut stock = Stock::new(units.clone());
        for wanted in [9.0, 4.0, 2.5, 1.0, 0.1, 3.0].into_iter().cycle().take(40) {
            let place = cheapest(&units, wanted).expect("some are left");
            let taken = stock.take_cheapest(wanted).expect("some are left");
            assert_eq!(taken.first, units.swap_remove(place).first, "{wanted}");
        }
        assert!(stock.take_cheapest(1.0).is_none());
    }
}
