//! Admission: whether a unit may go to a server, and what stands against it.

use plasma_model::{PerResource, Reason, Resource};

use super::cluster::{ActorNo, Gauge, ServerNo};
use super::demand::{DemandNo, Regard, Status};
use super::draft::KEEP_TOLERANCE;
use super::solver::Solver;

/// What stands against a move. Ordered by how much it tells a user: where several servers refuse,
/// the greatest is the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Block {
    /// There is no other server.
    NoOther,
    /// The server missed the window.
    Stale(ServerNo),
    /// The server is being emptied.
    Draining(ServerNo),
    /// What the server uses is unknown.
    Unknown(ServerNo, Resource),
    /// A demand stands against it.
    Lost(DemandNo),
    /// An earlier move has not ended.
    Moving(ActorNo),
    /// The demand's rule moved the actor less than its cooldown ago.
    Cooling(DemandNo, ActorNo),
    /// A limit does not let the actor move again now.
    Exhausted(ActorNo),
    /// Too little is left.
    Full(Resource),
    /// More actors would have to move at once than can.
    TooMany(usize),
}

/// What stands against a unit on all of some servers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Blocked {
    /// The block that tells a user most.
    pub(crate) most: Block,
    /// The lowest demand among those in the way.
    pub(crate) lost: Option<DemandNo>,
}

impl Blocked {
    /// There is nowhere to go.
    pub(crate) const NOWHERE: Blocked = Blocked {
        most: Block::NoOther,
        lost: None,
    };

    /// Both together.
    #[must_use]
    pub(crate) fn and(self, other: Blocked) -> Blocked {
        Blocked {
            most: self.most.max(other.most),
            lost: self.lost.max(other.lost),
        }
    }
}

impl From<Block> for Blocked {
    fn from(block: Block) -> Self {
        let lost = match block {
            Block::Lost(demand) => Some(demand),
            _ => None,
        };
        Blocked { most: block, lost }
    }
}

/// The bounds of a balance that was accepted: later moves keep them.
#[derive(Clone, Debug)]
pub(crate) struct StandingBounds {
    pub(crate) demand: DemandNo,
    pub(crate) resource: Resource,
    pub(crate) upper: Option<f64>,
    pub(crate) lower: Option<f64>,
    /// The servers that took part when it was served. They stay bound, also one that a lower demand
    /// reserves. By number.
    pub(crate) servers: Vec<bool>,
}

impl Solver<'_> {
    /// Whether a unit (members in order of number) may move to `to`: its members may leave where
    /// they are and may enter there, and what was evened out stays even.
    pub(crate) fn admit(
        &self,
        unit: &[ActorNo],
        to: ServerNo,
        regard: Regard,
    ) -> Result<(), Block> {
        self.admit_unevenly(unit, to, regard)?;
        self.stays_even(unit, to)
    }

    /// As [`Solver::admit`], for one of several moves that together keep the spreads even.
    pub(crate) fn admit_unevenly(
        &self,
        unit: &[ActorNo],
        to: ServerNo,
        regard: Regard,
    ) -> Result<(), Block> {
        let moving = || {
            unit.iter()
                .copied()
                .filter(|actor| self.draft.host(*actor) != to)
        };
        for actor in moving() {
            self.may_leave(actor, regard)?;
        }
        let count = moving().count();
        if count > crate::GROUP_MEMBERS_MAX {
            return Err(Block::TooMany(count));
        }
        self.may_enter(unit, to, regard)?;
        self.within_bounds(unit, to)
    }

    /// Whether all members of a unit may leave where they are, at once.
    pub(super) fn may_all_leave(&self, unit: &[ActorNo], regard: Regard) -> Result<(), Block> {
        for actor in unit {
            self.may_leave(*actor, regard)?;
        }
        match unit.len() > crate::GROUP_MEMBERS_MAX {
            true => Err(Block::TooMany(unit.len())),
            false => Ok(()),
        }
    }

    /// As [`Solver::admit`], for a unit that may leave where it is, and of which none is on `to`; `uses`
    /// is what it uses in all.
    pub(super) fn admit_strangers(
        &self,
        unit: &[ActorNo],
        uses: &PerResource<f64>,
        to: ServerNo,
        regard: Regard,
    ) -> Result<(), Block> {
        self.takes_in(uses, to, regard)?;
        self.leaves_reserved_alone(unit, to, regard)?;
        self.stays_apart(unit, to, regard)?;
        self.within_bounds(unit, to)?;
        self.stays_even(unit, to)
    }

    /// Whether a server takes in anybody who uses so much.
    pub(super) fn takes_in(
        &self,
        uses: &PerResource<f64>,
        to: ServerNo,
        regard: Regard,
    ) -> Result<(), Block> {
        let server = &self.draft.cluster().servers[to];
        if server.stale {
            return Err(Block::Stale(to));
        }
        if server.draining {
            return Err(Block::Draining(to));
        }
        if let Some(scale_in) = self.gone.get(&to) {
            return Err(Block::Lost(*scale_in));
        }
        if let Some(drain) = self.drain_of(to, regard) {
            return Err(Block::Lost(drain));
        }
        self.has_room_for(uses, to)
    }

    /// Whether an actor may leave its host at all.
    pub(crate) fn may_leave(&self, actor: ActorNo, regard: Regard) -> Result<(), Block> {
        let host = self.draft.host(actor);
        let cluster = self.draft.cluster();
        if cluster.servers[host].stale {
            return Err(Block::Stale(host));
        }
        if !self.demands.names(actor) {
            return Ok(());
        }
        if cluster.moving_to(actor).is_some() {
            return Err(Block::Moving(actor));
        }
        if let Some(block) = self.restrained(actor) {
            return Err(block);
        }
        if let Some(pin) = self.pin_of(actor, regard) {
            return Err(Block::Lost(pin));
        }
        if let Some(migrate) = self.destination_of(actor, host, regard) {
            return Err(Block::Lost(migrate));
        }
        // Once its server is its own, the actor does not move again.
        match self.fulfilled_reservation_of(actor, regard) {
            Some(reserve) => Err(Block::Lost(reserve)),
            None => Ok(()),
        }
    }

    /// Whether the members of a unit that are elsewhere may enter a server.
    pub(crate) fn may_enter(
        &self,
        unit: &[ActorNo],
        to: ServerNo,
        regard: Regard,
    ) -> Result<(), Block> {
        if unit.iter().all(|actor| self.draft.host(*actor) == to) {
            return Ok(());
        }
        self.takes_in(&self.draft.entering(unit, to), to, regard)?;
        self.leaves_reserved_alone(unit, to, regard)?;
        self.stays_apart(unit, to, regard)
    }

    pub(crate) fn has_room(&self, unit: &[ActorNo], to: ServerNo) -> Result<(), Block> {
        self.has_room_for(&self.draft.entering(unit, to), to)
    }

    fn has_room_for(&self, added: &PerResource<f64>, to: ServerNo) -> Result<(), Block> {
        for (resource, gauge) in self.draft.cluster().servers[to].gauges.iter() {
            match gauge {
                Gauge::Unchecked => {}
                Gauge::Unknown => return Err(Block::Unknown(to, resource)),
                Gauge::Known { capacity, .. } => {
                    let after = self.draft.used(to, resource) + added[resource];
                    if after > capacity * (1.0 + KEEP_TOLERANCE) {
                        return Err(Block::Full(resource));
                    }
                }
            }
        }
        Ok(())
    }

    /// No stranger comes to a reserved actor, and a reserved actor comes to no stranger.
    pub(crate) fn leaves_reserved_alone(
        &self,
        unit: &[ActorNo],
        to: ServerNo,
        regard: Regard,
    ) -> Result<(), Block> {
        // Who is pinned and enters nevertheless was moved by what ranks higher, and is pinned there.
        let entering = || unit.iter().filter(|actor| self.draft.host(**actor) != to);
        let pinned = || entering().all(|actor| self.pin_of(*actor, Regard::Standing).is_some());
        let some_fulfilled =
            self.draft.claimants(to).next().is_some() && self.may_have_fulfilled(to);
        for owner in self.draft.claimants(to) {
            let reserve = self.reservation_of(owner, regard).or_else(|| {
                let fulfilled =
                    some_fulfilled.then(|| self.fulfilled_reservation_of(owner, regard));
                fulfilled.flatten()
            });
            if let Some(reserve) = reserve
                && !self.is_company(unit, owner, regard)
                && !pinned()
            {
                return Err(Block::Lost(reserve));
            }
        }
        for actor in unit {
            if self.demands.names(*actor)
                && self.draft.host(*actor) != to
                && let Some(reserve) = self.reservation_of(*actor, regard)
                && self.strangers(unit, to, regard).next().is_some()
            {
                return Err(Block::Lost(reserve));
            }
        }
        Ok(())
    }

    /// The residents of a server that would have to leave if the unit had it for its own: all but
    /// those colocated with it and those pinned where they were before the plan.
    pub(crate) fn strangers(
        &self,
        unit: &[ActorNo],
        server: ServerNo,
        regard: Regard,
    ) -> impl Iterator<Item = ActorNo> {
        self.draft.residents(server).filter(move |resident| {
            !self.is_company(unit, *resident, regard) && self.pin_of(*resident, regard).is_none()
        })
    }

    /// Whether an actor belongs to a unit, or is colocated with it.
    fn is_company(&self, unit: &[ActorNo], actor: ActorNo, regard: Regard) -> bool {
        unit.binary_search(&actor).is_ok()
            || unit
                .first()
                .is_some_and(|member| self.are_together(*member, actor, regard))
    }

    pub(crate) fn stays_apart(
        &self,
        unit: &[ActorNo],
        to: ServerNo,
        regard: Regard,
    ) -> Result<(), Block> {
        for actor in unit {
            let separations = self.demands.separations.of(*actor);
            if separations.is_empty() || self.draft.host(*actor) == to {
                continue;
            }
            for (other, separate) in separations {
                let there = self.draft.host(*other) == to || unit.binary_search(other).is_ok();
                if there && self.binds_if_it_holds(*separate, regard) {
                    return Err(Block::Lost(*separate));
                }
            }
        }
        Ok(())
    }

    /// Keeps the bounds of the balances accepted so far.
    fn within_bounds(&self, unit: &[ActorNo], to: ServerNo) -> Result<(), Block> {
        for bounds in &self.bounds {
            self.within(bounds, unit, to)?;
        }
        Ok(())
    }

    fn within(&self, bounds: &StandingBounds, unit: &[ActorNo], to: ServerNo) -> Result<(), Block> {
        let resource = bounds.resource;
        let load = |server: ServerNo| {
            let load = self.draft.load_perc(server, resource);
            load.filter(|_| bounds.servers[server])
        };
        let added = self.draft.entering(unit, to)[resource];
        if let (Some(upper), Some(load), Gauge::Known { capacity, .. }) = (
            bounds.upper,
            load(to),
            self.draft.cluster().servers[to].gauges[resource],
        ) && added > 0.0
            && load + added / capacity * 100.0 > upper * (1.0 + KEEP_TOLERANCE)
        {
            return Err(Block::Lost(bounds.demand));
        }
        let Some(lower) = bounds.lower else {
            return Ok(());
        };
        for actor in unit {
            let from = self.draft.host(*actor);
            let Some(before) = load(from).filter(|_| from != to) else {
                continue;
            };
            let leaving = self.leaving_perc(unit, from, resource);
            let after = before - leaving;
            if leaving > 0.0 && after < lower * (1.0 - KEEP_TOLERANCE) {
                return Err(Block::Lost(bounds.demand));
            }
        }
        Ok(())
    }

    /// What the members of a unit use on a server, in percent of its capacity.
    pub(crate) fn leaving_perc(&self, unit: &[ActorNo], from: ServerNo, resource: Resource) -> f64 {
        let cluster = self.draft.cluster();
        let Gauge::Known { capacity, .. } = cluster.servers[from].gauges[resource] else {
            return 0.0;
        };
        let here = unit.iter().filter(|actor| self.draft.host(**actor) == from);
        let amount: f64 = here.map(|actor| cluster.use_of(*actor, resource)).sum();
        amount / capacity * 100.0
    }

    /// Load in percent of a server that takes part in balancing: not draining, not reserved, its
    /// use known.
    pub(crate) fn eligible_load(&self, server: ServerNo, resource: Resource) -> Option<f64> {
        let view = &self.draft.cluster().servers[server];
        if view.stale || self.is_draining(server) || self.is_reserved(server) {
            return None;
        }
        self.draft.load_perc(server, resource)
    }

    /// The reason to give for a refusal, where `actor` was to move.
    pub(crate) fn reason(&self, block: Block, actor: ActorNo) -> Reason {
        let cluster = self.draft.cluster();
        let id = |actor: ActorNo| cluster.actor_id(actor);
        let server = |server: ServerNo| cluster.servers[server].id.clone();
        match block {
            Block::NoOther => Reason::NoOtherServer { actor: id(actor) },
            Block::Stale(no) => Reason::StaleServer { server: server(no) },
            Block::Draining(no) => Reason::DrainingServer { server: server(no) },
            Block::Unknown(no, resource) => Reason::UnknownUsage {
                server: server(no),
                resource,
            },
            Block::Lost(demand) => self.demands.lost_against(demand),
            Block::Moving(moving) => Reason::StillMoving { actor: id(moving) },
            Block::Cooling(demand, cooling) => self.cooling_reason(demand, cooling),
            Block::Exhausted(exhausted) => self.exhausted_reason(exhausted),
            Block::Full(resource) => Reason::NoRoom {
                actor: id(actor),
                resource,
            },
            Block::TooMany(members) => Reason::GroupTooLarge {
                members,
                members_max: crate::GROUP_MEMBERS_MAX,
            },
        }
    }

    /// Whether a demand has been accepted.
    pub(crate) fn stands(&self, demand: DemandNo) -> bool {
        self.demands.status[demand] == Status::Standing
    }
}
