//! One pass of arbitration: serves the demands in order on a draft of the placement.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_model::{PerResource, Reason};

use super::admission::{Block, Blocked, StandingBounds};
use super::cluster::{ActorNo, ServerNo};
use super::demand::{Ask, Demand, DemandNo, Demands, Regard, Status};
use super::draft::Draft;
use super::groups::Groups;
use super::whole::{WholeGroups, whole_groups};
use crate::propose;

/// Servers that refuse a unit before all are asked whether they have room at all: in no order that is soon
/// done, and there may be none.
const REFUSALS_BEFORE_ALL: usize = 16;

/// A unit that moved in the draft, for a demand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UnitMove {
    pub(crate) demand: DemandNo,
    /// Where its members end in [`Solver::moved`]; they begin where those of the move before end.
    end: usize,
}

/// A point to which [`Solver::rollback`] returns.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Checkpoint {
    journal: usize,
    moves: usize,
}

/// The state of one pass.
#[derive(Clone, Debug)]
pub(crate) struct Solver<'c> {
    pub(crate) draft: Draft<'c>,
    pub(crate) demands: Demands<'c>,
    /// What was not honoured, or not in full, with the reason.
    pub(crate) rejected: Vec<(DemandNo, Reason)>,
    /// Moves in the order in which they were made.
    pub(crate) moves: Vec<UnitMove>,
    /// The members of the units that moved, move by move.
    moved: Vec<ActorNo>,
    /// Servers that accepted demands have reserved.
    pub(crate) reserved_servers: BTreeSet<ServerNo>,
    /// Servers that the pass before has emptied for a `scale_in`: to all that is served they are gone, as to
    /// the next plan.
    pub(crate) gone: BTreeMap<ServerNo, DemandNo>,
    /// Servers known not to be freed.
    pub(crate) unfreeable: propose::Unfreeable,
    /// Who would have to leave servers that somebody had for its own.
    pub(crate) crowds: propose::Crowds,
    /// The demand that is being served.
    pub(crate) serving: Option<DemandNo>,
    /// Hosts before the pass.
    hosts_before: Vec<u32>,
    /// Bounds of the balances accepted so far.
    pub(crate) bounds: Vec<StandingBounds>,
    /// The spreads accepted so far, each counted by the draft's tally of the same place.
    pub(crate) spreads: Vec<DemandNo>,
    /// Separations that need not be respected until their turn comes.
    pub(crate) doomed: BTreeSet<DemandNo>,
    /// Groups of all colocations that do not contradict what ranks higher.
    whole_groups: Groups,
    /// Groups of the colocations accepted so far.
    firm_groups: Groups,
    /// Members of whole groups that could not be kept together.
    dissolved: BTreeSet<ActorNo>,
    /// Requirements that do not hold, and that nothing may make worse.
    pub(super) unmet: BTreeSet<DemandNo>,
}

impl<'c> Solver<'c> {
    /// A pass that starts where the draft is.
    pub(crate) fn new(demands: Demands<'c>, mut draft: Draft<'c>) -> Self {
        draft.begin_pass();
        let gone = gone(&demands, &draft);
        let groups = Groups::new(Arc::clone(&demands.seats));
        Solver {
            hosts_before: draft.hosts().to_vec(),
            draft,
            demands,
            rejected: Vec::new(),
            moves: Vec::new(),
            moved: Vec::new(),
            reserved_servers: BTreeSet::new(),
            gone,
            unfreeable: propose::Unfreeable::default(),
            crowds: propose::Crowds::default(),
            serving: None,
            bounds: Vec::new(),
            spreads: Vec::new(),
            doomed: BTreeSet::new(),
            whole_groups: groups.clone(),
            firm_groups: groups,
            dissolved: BTreeSet::new(),
            unmet: BTreeSet::new(),
        }
    }

    /// Serves every demand, in order.
    pub(crate) fn solve(&mut self) {
        for (demand, reason) in self.demands.given_up.clone() {
            self.drop_demand(demand, reason);
        }
        let WholeGroups { groups, doomed } = whole_groups(self);
        (self.whole_groups, self.doomed) = (groups, doomed);
        self.join_required();
        for demand in 0..self.demands.list.len() {
            if self.demands.status[demand] != Status::Pending {
                continue;
            }
            let moves_before = self.moves.len();
            self.serving = Some(demand);
            let served = match self.demands.list[demand].ask {
                Ask::Pin { actor } => propose::pin(self, demand, actor),
                Ask::Reserve { actor, resource } => propose::reserve(self, demand, actor, resource),
                Ask::Guard { actor } => {
                    if self.demands.held.get(&actor) != Some(&self.draft.host(actor)) {
                        // It never got there, so there is nothing to keep.
                        self.demands.status[demand] = Status::Dropped;
                        continue;
                    }
                    Ok(())
                }
                Ask::Separate { a, b } => propose::separate(self, demand, a, b),
                Ask::Colocate { a, b } => propose::colocate(self, demand, a, b),
                Ask::Drain { server } => propose::drain(self, demand, server),
                Ask::Migrate { actor, to } => propose::migrate(self, demand, actor, to),
                Ask::ScaleIn { count } => propose::scale_in(self, demand, count),
                Ask::Spread => propose::spread(self, demand),
                Ask::Balance => propose::balance(self, demand),
            };
            match served {
                Ok(()) => self.accept(demand),
                Err(reason) if self.demands.list[demand].is_required => {
                    self.leave_unmet(demand, reason);
                }
                Err(reason) => self.drop_demand(demand, reason),
            }
            self.dissolve_split_groups(moves_before);
            if matches!(self.demands.list[demand].ask, Ask::Pin { .. }) {
                self.crowds.forget();
            }
        }
        self.serving = None;
    }

    /// Accepts a demand: nothing that comes later may worsen it.
    fn accept(&mut self, demand: DemandNo) {
        self.demands.status[demand] = Status::Standing;
        if let Ask::Reserve { actor, .. } | Ask::Guard { actor } = self.demands.list[demand].ask {
            let server = self.draft.host(actor);
            self.reserved_servers.insert(server);
            self.draft.set_aside(server);
        }
    }

    /// Drops a demand for good.
    pub(crate) fn drop_demand(&mut self, demand: DemandNo, reason: Reason) {
        self.demands.status[demand] = Status::Dropped;
        self.rejected.push((demand, reason));
    }

    /// The actors that move together with `actor`, itself included, in order of number.
    pub(crate) fn unit(&self, actor: ActorNo, regard: Regard) -> Vec<ActorNo> {
        if self.demands.seats.of(actor).is_none() {
            return vec![actor];
        }
        if regard == Regard::All && !self.dissolved.contains(&self.whole_groups.root(actor)) {
            self.whole_groups.members(actor)
        } else {
            self.firm_groups.members(actor)
        }
    }

    /// As [`Solver::unit`], for an actor that has a part in colocations, in no particular order.
    pub(crate) fn unit_ring(
        &self,
        actor: ActorNo,
        regard: Regard,
    ) -> impl Iterator<Item = ActorNo> {
        let is_whole =
            regard == Regard::All && !self.dissolved.contains(&self.whole_groups.root(actor));
        match is_whole {
            true => self.whole_groups.ring(actor),
            false => self.firm_groups.ring(actor),
        }
    }

    /// Whether two actors belong to one group.
    pub(crate) fn are_together(&self, a: ActorNo, b: ActorNo, regard: Regard) -> bool {
        let seats = &self.demands.seats;
        if a != b && (seats.of(a).is_none() || seats.of(b).is_none()) {
            return false;
        }
        let root = self.whole_groups.root(a);
        let whole = regard == Regard::All
            && root == self.whole_groups.root(b)
            && !self.dissolved.contains(&root);
        whole || self.firm_groups.root(a) == self.firm_groups.root(b)
    }

    /// The firm groups of two actors, together.
    pub(crate) fn firm_pair(&self, a: ActorNo, b: ActorNo) -> Vec<ActorNo> {
        let mut pair = self.firm_groups.members(a);
        pair.append(&mut self.firm_groups.members(b));
        pair.sort_unstable();
        pair.dedup();
        pair
    }

    /// The actor that stands for those colocated by what is decided so far.
    pub(crate) fn firm_root(&self, actor: ActorNo) -> ActorNo {
        self.firm_groups.root(actor)
    }

    /// The demand that put two actors together for good, if one did.
    pub(crate) fn firmly_joined_by(&self, a: ActorNo, b: ActorNo) -> Option<DemandNo> {
        let together = self.firm_groups.root(a) == self.firm_groups.root(b);
        let joined_by = || self.firm_groups.joined_by(a, b);
        together.then(joined_by).flatten()
    }

    /// Notes that two actors are together for good.
    pub(crate) fn join_firmly(&mut self, a: ActorNo, b: ActorNo, demand: DemandNo) {
        self.firm_groups.join(a, b, demand);
    }

    /// Gives up keeping an actor's whole group together; its colocations are then served one by
    /// one.
    pub(crate) fn dissolve(&mut self, actor: ActorNo) {
        let root = self.whole_groups.root(actor);
        self.dissolved.insert(root);
    }

    /// Where an actor was before the pass.
    pub(crate) fn host_before(&self, actor: ActorNo) -> ServerNo {
        self.hosts_before[actor] as ServerNo
    }

    /// Moves a unit. Whether it may was asked before.
    pub(crate) fn move_unit(&mut self, unit: &[ActorNo], to: ServerNo, demand: DemandNo) {
        let before = self.moved.len();
        for actor in unit {
            if self.draft.host(*actor) != to {
                self.draft.put(*actor, to);
                self.moved.push(*actor);
            }
        }
        let end = self.moved.len();
        if end > before {
            self.moves.push(UnitMove { demand, end });
        }
    }

    /// The moves from the one at place `first` on, each with its members.
    pub(crate) fn moves_from(
        &self,
        first: usize,
    ) -> impl DoubleEndedIterator<Item = (DemandNo, &[ActorNo])> {
        let moves = self.moves.iter().enumerate().skip(first);
        moves.map(|(place, made)| {
            let begin = match place {
                0 => 0,
                _ => self.moves[place - 1].end,
            };
            (made.demand, &self.moved[begin..made.end])
        })
    }

    /// Dissolves the groups that the moves since `first` have torn apart.
    fn dissolve_split_groups(&mut self, first: usize) {
        if self.demands.seats.count() == 0 || first == self.moves.len() {
            return;
        }
        let torn = self.moves_from(first).filter_map(|(_, members)| {
            let actor = *members.first()?;
            self.demands.seats.of(actor)?;
            let whole = self.whole_groups.members(actor);
            let host = self.draft.host(actor);
            let is_torn = whole.iter().any(|member| self.draft.host(*member) != host);
            is_torn.then(|| self.whole_groups.root(actor))
        });
        let torn: Vec<ActorNo> = torn.collect();
        self.dissolved.extend(torn);
    }

    /// A point to return to.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            journal: self.draft.checkpoint(),
            moves: self.moves.len(),
        }
    }

    /// Undoes every move since the checkpoint.
    pub(crate) fn rollback(&mut self, checkpoint: Checkpoint) {
        self.draft.rollback(checkpoint.journal);
        self.moves.truncate(checkpoint.moves);
        let end = self.moves.last().map_or(0, |made| made.end);
        self.moved.truncate(end);
    }

    /// The best of the servers that `is_candidate` names for a unit: the one that needs the least
    /// moved, then the least full one, then the first by id. If none admits it, what stands against it.
    pub(crate) fn best_target(
        &mut self,
        unit: &[ActorNo],
        regard: Regard,
        is_candidate: impl Fn(ServerNo) -> bool,
    ) -> Result<Target, Blocked> {
        let mut hosts: Vec<ServerNo> = unit.iter().map(|actor| self.draft.host(*actor)).collect();
        hosts.sort_unstable();
        hosts.dedup();
        // Where some of it lives already, less has to move.
        let near = hosts.iter().copied().filter(|host| is_candidate(*host));
        let blocked = match self.best_of(unit, regard, near) {
            Ok(target) => return Ok(target),
            Err(blocked) => blocked,
        };
        // Everywhere else all of it has to move: the least full server that admits it is the best.
        let uses = self.uses(unit);
        let cluster = self.draft.cluster();
        let rise_least = cluster.rise_least(&uses);
        self.draft.rank_by_fullness();
        // Servers put aside are reserved: only who is pinned or colocated there may come.
        let is_known = unit.iter().any(|actor| self.demands.names(*actor));
        let aside = self.reserved_servers.iter().copied();
        let aside = aside.filter(|server| is_known && is_candidate(*server));
        let mut best = self.best_of(unit, regard, aside).ok();
        let mut blocked = blocked;
        let mut is_first_found = false;
        let mut refusals = 0;
        let is_elsewhere =
            |server: &ServerNo| is_candidate(*server) && hosts.binary_search(server).is_err();
        if best.is_none()
            && self.servers().any(|server| is_elsewhere(&server))
            && let Some(block) = self.fits_nowhere(unit, regard)
        {
            return Err(blocked.and(block.into()));
        }
        for server in self.draft.by_fullness().ascending() {
            if let Some(best) = &best {
                let figure = self.draft.by_fullness().figure(server);
                let may_be_better = (figure + rise_least, server) < (best.fullness, best.server);
                if (is_first_found && cluster.is_uniform()) || !may_be_better {
                    break;
                }
            }
            if !is_elsewhere(&server) {
                continue;
            }
            match self.admit_strangers(unit, &uses, server, regard) {
                Err(block) => {
                    blocked = blocked.and(block.into());
                    refusals += 1;
                    if refusals == REFUSALS_BEFORE_ALL && best.is_none() {
                        let all = self.servers().filter(&is_elsewhere);
                        let all = self.taken_in_nowhere(&uses, regard, all);
                        if let Some(all) = all {
                            return Err(blocked.and(all));
                        }
                    }
                }
                Ok(()) => {
                    is_first_found = true;
                    let target = self.target(unit, server);
                    if best.is_none_or(|best| target.is_better_than(&best)) {
                        best = Some(target);
                    }
                }
            }
        }
        best.ok_or(blocked)
    }

    /// What keeps a unit from going anywhere that none of it is, if that can be told without asking
    /// everywhere. Servers are up to date by fullness.
    fn fits_nowhere(&self, unit: &[ActorNo], regard: Regard) -> Option<Block> {
        if let Err(block) = self.may_all_leave(unit, regard) {
            return Some(block);
        }
        let is_order_kept = self.draft.cluster().is_uniform() && self.demands.drains.is_empty();
        let least_full = self.draft.least_full().filter(|_| is_order_kept)?;
        // What has no room on the least full server has none on any other.
        self.has_room(unit, least_full).err()
    }

    /// What stands against anybody who uses so much on all of some servers; `None` if one takes him in.
    fn taken_in_nowhere(
        &self,
        uses: &PerResource<f64>,
        regard: Regard,
        mut servers: impl Iterator<Item = ServerNo>,
    ) -> Option<Blocked> {
        servers.try_fold(Blocked::NOWHERE, |blocked, server| {
            let block = self.takes_in(uses, server, regard).err()?;
            Some(blocked.and(block.into()))
        })
    }

    /// As [`Solver::best_target`], for servers that are listed.
    pub(crate) fn best_of(
        &self,
        unit: &[ActorNo],
        regard: Regard,
        candidates: impl Iterator<Item = ServerNo>,
    ) -> Result<Target, Blocked> {
        let mut best: Option<Target> = None;
        let mut blocked = Blocked::NOWHERE;
        for server in candidates {
            match self.admit(unit, server, regard) {
                Err(block) => blocked = blocked.and(block.into()),
                Ok(()) => {
                    let target = self.target(unit, server);
                    if best.is_none_or(|best| target.is_better_than(&best)) {
                        best = Some(target);
                    }
                }
            }
        }
        best.ok_or(blocked)
    }

    fn target(&self, unit: &[ActorNo], server: ServerNo) -> Target {
        let added = self.draft.entering(unit, server);
        Target {
            server,
            price: self.draft.price(unit, server),
            fullness: self.draft.fullness_with(server, &added),
        }
    }

    /// The actors that have a server of their own by this pass, with the server.
    pub(crate) fn reserved(&self) -> BTreeMap<ActorNo, ServerNo> {
        let is_reserve = |demand: &DemandNo| {
            matches!(self.demands.list[*demand].ask, Ask::Reserve { .. })
                && self.stands(*demand)
                && !self.unmet.contains(demand)
        };
        let claims = self.demands.claims.iter().copied();
        let reserved =
            claims.filter(|actor| self.demands.reserves.of(*actor).iter().any(is_reserve));
        reserved
            .map(|actor| (actor, self.draft.host(actor)))
            .collect()
    }

    /// The servers that this pass has emptied for a `scale_in`, in order of id.
    pub(crate) fn leaving(&self) -> Vec<ServerNo> {
        let drains = self.demands.drains.iter();
        let is_scale_in = |demand: &DemandNo| {
            let asks = matches!(self.demands.list[*demand].ask, Ask::ScaleIn { .. });
            asks && self.stands(*demand)
        };
        let leaving = drains.filter(|(_, demand)| is_scale_in(demand));
        leaving.map(|(server, _)| *server).collect()
    }

    /// The colocations for which this pass found no way.
    pub(crate) fn hopeless(&self) -> BTreeSet<DemandNo> {
        let rejected = self.rejected.iter().map(|(demand, _)| *demand);
        let dropped = rejected.filter(|demand| {
            let colocate = matches!(self.demands.list[*demand].ask, Ask::Colocate { .. });
            colocate && self.demands.status[*demand] == Status::Dropped
        });
        dropped.collect()
    }

    /// The pins lost in this pass, with the reason.
    pub(crate) fn lost_pins(&self) -> impl Iterator<Item = (DemandNo, Reason)> {
        let lost = self
            .rejected
            .iter()
            .filter(|(demand, _)| matches!(self.demands.list[*demand].ask, Ask::Pin { .. }));
        lost.cloned()
    }

    /// All servers, in order of id.
    pub(crate) fn servers(&self) -> std::ops::Range<ServerNo> {
        0..self.draft.cluster().servers.len()
    }

    /// What a unit uses in all.
    pub(crate) fn uses(&self, unit: &[ActorNo]) -> PerResource<f64> {
        let cluster = self.draft.cluster();
        PerResource::from_fn(|resource| {
            let uses = unit.iter().map(|actor| cluster.use_of(*actor, resource));
            uses.sum()
        })
    }
}

/// The servers that the pass before has emptied, with the demand for which it did.
fn gone(demands: &Demands<'_>, draft: &Draft<'_>) -> BTreeMap<ServerNo, DemandNo> {
    if demands.leaving.is_empty() {
        return BTreeMap::new();
    }
    let is_scale_in = |demand: &Demand| matches!(demand.ask, Ask::ScaleIn { .. });
    let Some(scale_in) = demands.list.iter().position(is_scale_in) else {
        return BTreeMap::new();
    };
    let leaving = demands.leaving.iter().copied();
    let empty = leaving.filter(|server| draft.is_empty(*server));
    empty.map(|server| (server, scale_in)).collect()
}

/// A server that would admit a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target {
    pub(crate) server: ServerNo,
    /// What the move costs, in bytes.
    pub(crate) price: f64,
    /// Its fullest resource afterwards, as a share of the capacity.
    pub(crate) fullness: f64,
}

impl Target {
    /// Cheaper, then emptier, then first by id.
    pub(crate) fn is_better_than(&self, other: &Target) -> bool {
        self.price
            .total_cmp(&other.price)
            .then(self.fullness.total_cmp(&other.fullness))
            .then(self.server.cmp(&other.server))
            .is_lt()
    }
}
