//! What of a cluster shows a contradiction, beyond what the conditions ask for: who lives where, and what
//! makes the behavior that loses impossible as long as the other one is honoured, and possible without.

use std::collections::BTreeSet;

use plasma_model::{Bounds, PerResource, Resource, Statistic};

use super::clash::{Clash, Firing};
use super::judge::{Domain, Judge};
use super::places::Places;
use super::scene::Scene;
use super::world::{Actor, Cell, Server, Usage, World, is_of};
use crate::lint::truth::Interval;
use crate::program::{ActorRef, ServerRef, TypeSet, VariableId};
use crate::schema::{Schema, TypeId};

/// The load of a server that gives, where the rule does not say, in percent.
const LOADED: f64 = 80.0;

/// The most that the actor uses that a balance would move, in percent.
const MOVED_MOST: f64 = 20.0;

/// What of a cluster is arranged beyond what the conditions ask for.
pub(super) struct Furnishing<'w> {
    pub(super) schema: &'w Schema,
    pub(super) scene: &'w Scene,
    pub(super) world: &'w mut World,
    /// What figures must be.
    pub(super) known: &'w mut Vec<(Cell, Interval)>,
    /// Places of actors and servers.
    pub(super) assigned: &'w [Option<usize>],
}

impl Clash {
    /// Who must live where.
    pub(super) fn relate(&self, places: &mut Places) {
        let host = |actor: &VariableId| ServerRef::HostOf(ActorRef::Variable(*actor));
        match self {
            Clash::Pair {
                a, b, are_together, ..
            } => {
                places.different_actors(*a, *b);
                places.servers(&host(a), &host(b), *are_together);
            }
            Clash::Elsewhere { actor, to, .. } => places.servers(&host(actor), to, false),
            Clash::Drained { actor, server, .. } => places.servers(&host(actor), server, true),
            Clash::Crowded { .. } | Clash::Loaded { .. } | Clash::None => {}
        }
    }

    /// Whether nothing moves, so that the cluster stays as it is.
    pub(super) fn is_quiet(&self, first_wins: bool) -> bool {
        match self {
            Clash::Pair { moves, .. } => !moves,
            Clash::Crowded { .. } => first_wins,
            // Others on the server leave it.
            Clash::Drained { .. } => false,
            Clash::Elsewhere { .. } | Clash::Loaded { .. } | Clash::None => true,
        }
    }

    /// How many ways there are to furnish a cluster of so many servers.
    pub(super) fn attempts(&self, servers: usize) -> usize {
        match self {
            Clash::Loaded { .. } => servers + 1,
            Clash::Pair { .. } => 2,
            _ => 1,
        }
    }

    /// Adds what shows the contradiction; `None` where that cannot be had.
    pub(super) fn furnish(&self, attempt: usize, furnishing: &mut Furnishing<'_>) -> Option<()> {
        match self {
            Clash::Pair { .. } => {
                if attempt > 0 {
                    furnishing.spare_server();
                }
                Some(())
            }
            Clash::Elsewhere { .. } => Some(()),
            Clash::None => {
                furnishing.spare_server();
                Some(())
            }
            Clash::Drained { .. } => {
                furnishing.spare_server();
                Some(())
            }
            Clash::Crowded { actor } => furnishing.crowd(*actor),
            Clash::Loaded {
                types,
                resource,
                bounds,
            } => furnishing.load(types, *resource, *bounds, attempt),
        }
    }

    /// What is told after the figures that the conditions ask for; `None` where these are in the way.
    pub(super) fn finish(
        &self,
        scene: &Scene,
        world: &mut World,
        assigned: &[Option<usize>],
    ) -> Option<()> {
        match self {
            // Without the other one it could be honoured.
            Clash::Pair {
                a, b, are_together, ..
            } => {
                // The one that wins may fire earlier, and for others as well.
                let moves_others = scene.looks_back() && !are_all_so(world, *are_together);
                (!moves_others).then_some(())?;
                let [a, b] = [a, b].map(|id| assigned.get(id.0 as usize).copied().flatten());
                has_room(world, a?, b?).then_some(())
            }
            Clash::Elsewhere { actor, to, by } => {
                let judge = Judge::new(world, &scene.domains, assigned.to_vec());
                moves_to_one(judge, scene, (*actor, to), by).then_some(())
            }
            Clash::Drained { server, by, .. } => {
                let judge = Judge::new(world, &scene.domains, assigned.to_vec());
                let spare = world.servers.len().checked_sub(1)?;
                let is_spared = by.all(judge, scene, &mut |judge| judge.servers(server) != [spare]);
                is_spared.then_some(())
            }
            Clash::Crowded { actor } => {
                let actor = assigned.get(actor.0 as usize).copied().flatten()?;
                finish_crowd(world, actor)
            }
            Clash::Loaded {
                resource, bounds, ..
            } => is_unbalanced(world, *resource, *bounds).then_some(()),
            Clash::None => Some(()),
        }
    }
}

impl Furnishing<'_> {
    /// An empty server with room for everybody.
    fn spare_server(&mut self) -> usize {
        let spare = self.add_server();
        let cell = Cell::Server(spare, Resource::Cpu, Statistic::Perc);
        self.known.push((cell, Interval::closed(0.0, 0.0)));
        spare
    }

    fn add_server(&mut self) -> usize {
        self.world.servers.push(Server::default());
        self.world.servers.len() - 1
    }

    /// Puts somebody beside an actor, and a server where the actor could go.
    fn crowd(&mut self, actor: VariableId) -> Option<()> {
        let actor = self.assigned.get(actor.0 as usize).copied().flatten()?;
        let host = self.world.actors[actor].host;
        let (type_id, type_name) = self.stranger_type()?;
        self.world.actors.push(Actor {
            name: "".into(),
            type_id,
            type_name,
            host,
            usage: Default::default(),
            refs: Default::default(),
            values: Default::default(),
            gauges: Vec::new(),
        });
        self.spare_server();
        Some(())
    }

    /// A type that no variable of the rules stands for.
    fn stranger_type(&self) -> Option<(Option<TypeId>, std::sync::Arc<str>)> {
        let is_stranger = |id: Option<TypeId>| {
            self.scene.domains.iter().all(|domain| match domain {
                Domain::Actors(types, _) => !is_of(id, types),
                Domain::Servers => true,
            })
        };
        let ids = (0..self.schema.types.len() as u32).map(TypeId);
        let known = ids.filter(|id| is_stranger(Some(*id)));
        let mut known = known.filter_map(|id| Some((Some(id), self.schema.get(id)?.name.clone())));
        let other = ["Other", "Stranger"]
            .into_iter()
            .find(|name| self.schema.find(name).is_none());
        let new = other.filter(|_| !self.schema.declared && is_stranger(None));
        known.next().or(new.map(|name| (None, name.into())))
    }

    /// Puts an actor of the types onto a server that is loaded, beside one that is not.
    fn load(
        &mut self,
        types: &TypeSet,
        resource: Resource,
        bounds: Bounds,
        attempt: usize,
    ) -> Option<()> {
        let type_id = match types {
            TypeSet::Of(types) => *types.first()?,
            TypeSet::Any => TypeId(0),
        };
        let type_name = self.schema.get(type_id)?.name.clone();
        let chosen = attempt.checked_sub(1);
        let (loaded, idle) = match bounds.upper {
            None if bounds.lower.is_some() => {
                let idle = chosen.unwrap_or_else(|| self.add_server());
                (self.add_server(), idle)
            }
            _ => {
                let loaded = chosen.unwrap_or_else(|| self.add_server());
                (loaded, self.add_server())
            }
        };
        // Neither may the giver fall below the lower bound, nor the taker rise above the upper one.
        let gap = bounds.upper.unwrap_or(100.0) - bounds.lower.unwrap_or(0.0);
        let most = MOVED_MOST.min(bounds.upper.unwrap_or(100.0)).min(gap);
        (most >= 1.0).then_some(())?;
        let (high, low) = match (bounds.upper, bounds.lower) {
            (None, Some(lower)) => {
                let mut low = Interval::closed(0.0, lower);
                low.is_most_reached = false;
                (Interval::closed(LOADED.max(lower + most), 100.0), low)
            }
            (upper, _) => {
                let mut high = Interval::closed(upper.unwrap_or(LOADED), 100.0);
                high.is_least_reached = upper.is_none();
                (high, Interval::closed(0.0, 0.0))
            }
        };
        let cell = |server| Cell::Server(server, resource, Statistic::Perc);
        self.known.push((cell(loaded), high));
        self.known.push((cell(idle), low));
        self.world.actors.push(Actor {
            name: "".into(),
            type_id: Some(type_id),
            type_name,
            host: loaded,
            usage: Default::default(),
            refs: Default::default(),
            values: Default::default(),
            gauges: Vec::new(),
        });
        let moved = Cell::Actor(self.world.actors.len() - 1, resource, Statistic::Perc);
        self.known.push((moved, Interval::closed(1.0, most)));
        Some(())
    }
}

/// Figures of a resource that nobody asks about: the actor fits on the spare server, the one beside it
/// does not.
fn finish_crowd(world: &mut World, actor: usize) -> Option<()> {
    let stranger = world.actors.len() - 1;
    let is_free = |resource: &Resource| {
        let is_told = |usage: &PerResource<Usage>| {
            usage[*resource].perc.is_some() || usage[*resource].size.is_some()
        };
        !world.actors.iter().any(|actor| is_told(&actor.usage))
            && !world.servers.iter().any(|server| is_told(&server.usage))
    };
    let resource = [Resource::Mem, Resource::Net].into_iter().find(is_free)?;
    let host = world.actors[actor].host;
    for server in &mut world.servers {
        server.usage[resource].perc = Some(50.0);
    }
    world.servers[host].usage[resource].perc = Some(70.0);
    world.actors[actor].usage[resource].perc = Some(10.0);
    world.actors[stranger].usage[resource].perc = Some(60.0);
    Some(())
}

/// Whether all actors are on one server, or each is on a server of its own.
fn are_all_so(world: &World, are_together: bool) -> bool {
    let hosts = || world.actors.iter().map(|actor| actor.host);
    let different: BTreeSet<usize> = hosts().collect();
    match are_together {
        true => different.len() <= 1,
        false => different.len() == world.actors.len(),
    }
}

/// Whether two actors can live apart and together: each on its own server and one on that of the other
/// one, or both on the spare one.
fn has_room(world: &World, a: usize, b: usize) -> bool {
    let (host, other) = (world.actors[a].host, world.actors[b].host);
    match host == other {
        true => world.servers.len() > 1 && fits(world, &[b], world.servers.len() - 1),
        false => {
            fits(world, &[a], other)
                || fits(world, &[b], host)
                || fits(world, &[a, b], world.servers.len() - 1)
        }
    }
}

/// Whether there is room for some actors on a server.
fn fits(world: &World, actors: &[usize], server: usize) -> bool {
    Resource::ALL.into_iter().all(|resource| {
        let free = world.servers[server].usage[resource]
            .perc
            .map(|perc| 100.0 - perc);
        let uses = actors
            .iter()
            .filter_map(|a| world.actors[*a].usage[resource].perc);
        free.is_none_or(|free| uses.sum::<f64>() <= free)
    })
}

/// Whether a rule moves an actor to this one server, which has room for it.
fn moves_to_one(
    judge: Judge<'_>,
    scene: &Scene,
    (actor, to): (VariableId, &ServerRef),
    by: &Firing,
) -> bool {
    let place = actor.0 as usize;
    let moved = judge.assigned.get(place).copied().flatten();
    let target = judge.servers(to);
    let has_room = moved.is_some_and(|moved| {
        let mut targets = target.iter();
        targets.all(|server| fits(judge.world, &[moved], *server))
    });
    let is_other = |judge: &Judge<'_>| judge.assigned.get(place).copied().flatten() != moved;
    has_room
        && by.all(judge, scene, &mut |judge| {
            is_other(judge) || judge.servers(to) == target
        })
}

/// Whether a balance would move the last actor: it fits on a server with less, and where no bound is
/// given, its own is more than 10 points above the mean.
fn is_unbalanced(world: &World, resource: Resource, bounds: Bounds) -> bool {
    let load = |server: &Server| server.usage[resource].perc;
    let loads: Vec<f64> = world.servers.iter().filter_map(load).collect();
    let mean = loads.iter().sum::<f64>() / loads.len() as f64;
    let Some(moved) = world.actors.len().checked_sub(1) else {
        return false;
    };
    let host = world.actors[moved].host;
    let own = load(&world.servers[host]);
    let mut others = (0..world.servers.len()).filter(|server| *server != host);
    let may_take = |server: usize| {
        let other = load(&world.servers[server]);
        other.zip(own).is_some_and(|(other, own)| other < own) && fits(world, &[moved], server)
    };
    let is_bound = bounds.upper.is_some() || bounds.lower.is_some();
    (is_bound || own.is_some_and(|own| own > mean + 11.0)) && others.any(may_take)
}
