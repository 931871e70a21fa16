//! Which demands a move must respect.

use super::admission::Blocked;
use super::cluster::{ActorNo, ServerNo};
use super::demand::{DemandNo, Regard, Status};
use super::solver::Solver;

impl Solver<'_> {
    /// Whether a move must respect a demand: one that was accepted, or under [`Regard::All`] one
    /// that is not decided yet.
    pub(crate) fn binds(&self, demand: DemandNo, regard: Regard) -> bool {
        match self.demands.status[demand] {
            Status::Standing => true,
            Status::Pending => {
                let regarded = match regard {
                    Regard::All => true,
                    Regard::Before(first) => demand < first,
                    Regard::Standing => false,
                };
                regarded && !self.doomed.contains(&demand)
            }
            Status::Dropped => false,
        }
    }

    /// Whether a demand that holds already must keep holding: also those of the tier that is being
    /// served, whichever comes first.
    pub(crate) fn binds_if_it_holds(&self, demand: DemandNo, regard: Regard) -> bool {
        let tier = |demand: DemandNo| self.demands.list[demand].tier;
        let equal = || {
            self.demands.status[demand] == Status::Pending
                && self
                    .serving
                    .is_some_and(|serving| serving != demand && tier(serving) == tier(demand))
        };
        self.binds(demand, regard) || equal()
    }

    /// What to respect next, where everything was blocked so: the lowest of the undecided demands
    /// in the way is given up first, and with it those below. `None` if nothing is left to give up.
    pub(crate) fn concede(&self, regard: Regard, blocked: Blocked) -> Option<Regard> {
        if regard == Regard::Standing {
            return None;
        }
        // One of the tier that is being served is kept whatever is conceded.
        let can_give_way = |demand: &DemandNo| {
            let is_regarded = !matches!(regard, Regard::Before(first) if *demand >= first);
            is_regarded && self.demands.status[*demand] == Status::Pending
        };
        let lowest = blocked.lost.filter(can_give_way);
        Some(lowest.map_or(Regard::Standing, Regard::Before))
    }

    /// The pin that holds an actor, if a move must respect one.
    pub(crate) fn pin_of(&self, actor: ActorNo, regard: Regard) -> Option<DemandNo> {
        let pin = self.demands.pin(actor);
        pin.filter(|pin| self.binds(*pin, regard))
    }

    /// The migration that asks for an actor to be where it is, if a move must respect one. Of two of
    /// one tier the first stands, wherever the actor is: they are not in each other's way by turns.
    pub(crate) fn destination_of(
        &self,
        actor: ActorNo,
        host: ServerNo,
        regard: Regard,
    ) -> Option<DemandNo> {
        let destinations = self.demands.destinations.of(actor).iter();
        let mut here = destinations.filter(|(to, _)| *to == host);
        let found = here.find(|(_, migrate)| self.binds(*migrate, regard))?;
        Some(found.1)
    }

    /// What empties a server, if a move must respect it. One of the tier that is being served is kept
    /// if the server is empty already.
    pub(crate) fn drain_of(&self, server: ServerNo, regard: Regard) -> Option<DemandNo> {
        let drain = self.demands.drains.get(&server).copied()?;
        let is_empty = self.draft.is_empty(server);
        let binds =
            self.binds(drain, regard) || (is_empty && self.binds_if_it_holds(drain, regard));
        binds.then_some(drain)
    }

    /// Whether a server is being emptied: by a decision of this pass, or on its engine's word. One that
    /// is decided later ranks lower, and takes no server out of what ranks higher.
    pub(crate) fn is_draining(&self, server: ServerNo) -> bool {
        let stands = |drain: &DemandNo| self.stands(*drain);
        self.draft.cluster().servers[server].draining
            || self.gone.contains_key(&server)
            || self.demands.drains.get(&server).is_some_and(stands)
    }

    /// The reservation of an actor, if a move must respect one.
    pub(crate) fn reservation_of(&self, actor: ActorNo, regard: Regard) -> Option<DemandNo> {
        let reserves = self.demands.reserves.of(actor);
        reserves
            .iter()
            .copied()
            .find(|reserve| self.binds(*reserve, regard))
    }

    /// The reservation of an actor that has its server for its own already, if a move must respect
    /// it.
    pub(crate) fn fulfilled_reservation_of(
        &self,
        actor: ActorNo,
        regard: Regard,
    ) -> Option<DemandNo> {
        let reserves = self.demands.reserves.of(actor);
        let reserve = reserves
            .iter()
            .copied()
            .find(|reserve| self.binds_if_it_holds(*reserve, regard))?;
        let standing = self.demands.status[reserve] == Status::Standing;
        (standing || self.is_alone(actor)).then_some(reserve)
    }

    /// Whether some claimant on a server could be alone there. Two that are neither pinned nor
    /// colocated with each other are strangers to one another, and one of them to any third.
    pub(crate) fn may_have_fulfilled(&self, server: ServerNo) -> bool {
        let mut claimants = self
            .draft
            .claimants(server)
            .filter(|claimant| self.pin_of(*claimant, Regard::All).is_none());
        match (claimants.next(), claimants.next()) {
            (Some(a), Some(b)) => self.are_together(a, b, Regard::All),
            _ => true,
        }
    }

    /// Whether an actor shares its server with nobody but those colocated with it and those pinned
    /// there.
    pub(crate) fn is_alone(&self, actor: ActorNo) -> bool {
        let company = self.unit(actor, Regard::All);
        let host = self.draft.host(actor);
        self.strangers(&company, host, Regard::All).next().is_none()
    }

    /// Whether a server is reserved by a decision of this pass. One that is decided later ranks
    /// lower, so that it cannot take a server out of what ranks higher.
    pub(crate) fn is_reserved(&self, server: ServerNo) -> bool {
        self.reserved_servers.contains(&server)
    }
}
