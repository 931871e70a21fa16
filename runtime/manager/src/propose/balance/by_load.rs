//! The servers that take part in a balance, from both ends.

use super::Balancer;
use crate::arbitrate::cluster::ServerNo;
use crate::arbitrate::ranking::Ranking;

/// The servers that take part, by load.
pub(super) struct ByLoad {
    emptiest: Ranking,
    /// By the load with its sign turned.
    fullest: Ranking,
    /// The same without those that can give to nobody as they are.
    givers: Ranking,
}

impl ByLoad {
    /// As the loads are now.
    pub(super) fn new(balancer: &Balancer<'_, '_>) -> Self {
        let mut figures = vec![f64::INFINITY; balancer.solver.servers().len()];
        for (server, load) in balancer.loads() {
            figures[server] = load;
        }
        let turned = figures.iter().map(|load| match load.is_finite() {
            true => -load,
            false => f64::INFINITY,
        });
        let fullest = Ranking::new(turned.collect());
        ByLoad {
            givers: fullest.clone(),
            fullest,
            emptiest: Ranking::new(figures),
        }
    }

    /// Notes a new load; one that was given up stays so.
    pub(super) fn set(&mut self, server: ServerNo, load: f64) {
        if self.emptiest.figure(server).is_finite() {
            self.emptiest.set(server, load);
        }
        if self.fullest.figure(server).is_finite() {
            self.fullest.set(server, -load);
            self.givers.set(server, -load);
        }
    }

    /// Notes a server that can give to nobody before its load is another one.
    pub(super) fn rest_giver(&mut self, server: ServerNo) {
        self.givers.set(server, f64::INFINITY);
    }

    /// The servers from the fullest on that may be able to give, with their loads.
    pub(super) fn givers_first(&self) -> impl Iterator<Item = (ServerNo, f64)> {
        let servers = self.givers.ascending();
        servers.map(|server| (server, -self.givers.figure(server)))
    }

    /// Counts a server no more among those that could take.
    pub(super) fn give_up_taker(&mut self, server: ServerNo) {
        self.emptiest.set(server, f64::INFINITY);
    }

    /// Counts a server no more among those that could give.
    pub(super) fn give_up_giver(&mut self, server: ServerNo) {
        self.fullest.set(server, f64::INFINITY);
    }

    /// The fullest server, with its load.
    pub(super) fn fullest(&self) -> Option<(ServerNo, f64)> {
        let server = self.fullest.first()?;
        Some((server, -self.fullest.figure(server)))
    }

    /// The servers from the fullest on, with their loads.
    pub(super) fn fullest_first(&self) -> impl Iterator<Item = (ServerNo, f64)> {
        let servers = self.fullest.ascending();
        servers.map(|server| (server, -self.fullest.figure(server)))
    }

    /// The emptiest server, with its load.
    pub(super) fn emptiest(&self) -> Option<(ServerNo, f64)> {
        let server = self.emptiest.first()?;
        Some((server, self.emptiest.figure(server)))
    }

    /// The servers from the emptiest on, with their loads.
    pub(super) fn emptiest_first(&self) -> impl Iterator<Item = (ServerNo, f64)> {
        let servers = self.emptiest.ascending();
        servers.map(|server| (server, self.emptiest.figure(server)))
    }
}
