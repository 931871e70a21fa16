//! `spread({T,..}, by "zone")`: equally many actors at each place, which is a server or all servers of
//! one value of the label.
//!
//! Units leave the places that hold most for those that hold least. Each move makes the numbers more
//! even, so the descent ends, and ends where it would begin the next time: where no two places differ by
//! more than one, or where no move helps.

use std::collections::BTreeMap;
use std::sync::Arc;

use plasma_model::{Goal, Reason};

use crate::arbitrate::admission::{Block, Blocked};
use crate::arbitrate::cluster::{ActorNo, ServerNo};
use crate::arbitrate::demand::{DemandNo, Regard};
use crate::arbitrate::solver::Solver;
use crate::arbitrate::tally::{PlaceNo, Tally};

/// Moves actors until the places hold equally many, or nothing helps.
pub(crate) fn spread(solver: &mut Solver<'_>, demand: DemandNo) -> Result<(), Reason> {
    let Goal::Spread { types, by } = solver.demands.goal(demand).clone() else {
        return Ok(());
    };
    let by = by.as_ref();
    let places = Places::of(solver, by);
    if let (Some(label), true) = (by, places.names.is_empty()) {
        let label = label.to_string();
        return Err(Reason::NoSuchLabel { label });
    }
    let cluster = solver.draft.cluster();
    let kinds = cluster.kinds(&types);
    let counts = (0..cluster.actor_count()).map(|actor| kinds.contains(actor));
    let mut spreader = Spreader {
        tally: Tally::new(
            places.of_server.into(),
            counts.collect(),
            places.names.len(),
            &solver.draft,
        ),
        solver,
        demand,
    };
    for regard in [Regard::All, Regard::Standing] {
        if regard == Regard::Standing && !spreader.solver.demands.some_pending_after(demand) {
            break;
        }
        while spreader.tally.unevenness() > 0 && spreader.give(regard) {}
    }
    let reason = spreader.explain(&places.names);
    let Spreader { tally, .. } = spreader;
    if let Some(reason) = reason {
        solver.rejected.push((demand, reason));
    }
    solver.keep_even(demand, tally);
    Ok(())
}

/// The places that take part, each with its name for people.
struct Places {
    names: Vec<String>,
    of_server: Vec<Option<PlaceNo>>,
}

impl Places {
    /// The servers that can receive, or the values of the label that such a server has. What else lives
    /// in a zone that takes part counts there, too.
    fn of(solver: &Solver<'_>, by: Option<&Arc<str>>) -> Places {
        let cluster = solver.draft.cluster();
        let receives = |server: &ServerNo| {
            let closed = solver.is_draining(*server) || solver.is_reserved(*server);
            !closed && !cluster.servers[*server].stale
        };
        let open = solver.servers().filter(receives);
        let Some(label) = by else {
            let mut of_server = vec![None; cluster.servers.len()];
            let mut names = Vec::new();
            for server in open {
                of_server[server] = Some(names.len());
                names.push(format!("server {}", cluster.servers[server].id));
            }
            return Places { names, of_server };
        };
        let value = |server: ServerNo| cluster.label(server, label);
        let mut numbers: BTreeMap<&str, PlaceNo> = open
            .filter_map(value)
            .map(|value| (value, PlaceNo::default()))
            .collect();
        let mut names = Vec::new();
        for (value, number) in &mut numbers {
            *number = names.len();
            names.push(format!("{label} {value}"));
        }
        let of_server = solver
            .servers()
            .map(|server| numbers.get(value(server)?).copied())
            .collect();
        Places { names, of_server }
    }
}

/// One spread at work.
struct Spreader<'s, 'c> {
    solver: &'s mut Solver<'c>,
    demand: DemandNo,
    tally: Tally,
}

/// Actors that move together, and how many of them count.
struct Unit {
    members: Vec<ActorNo>,
    weight: u64,
    /// What moving one of those that count costs, in bytes.
    price: f64,
}

impl Spreader<'_, '_> {
    /// Moves one unit from a place that holds more to one that holds less; whether that helps anywhere.
    fn give(&mut self, regard: Regard) -> bool {
        let mut fullest: Vec<PlaceNo> = (0..self.tally.numbers().len()).collect();
        fullest.sort_by_key(|place| (std::cmp::Reverse(self.number(*place)), *place));
        let least = self.tally.numbers().iter().copied().min().unwrap_or(0);
        for giver in fullest {
            if self.number(giver) < least + 2 {
                return false;
            }
            for unit in self.units_at(giver, regard) {
                if let Ok(to) = self.target(&unit, giver, regard) {
                    self.put(&unit, to);
                    return true;
                }
            }
        }
        false
    }

    fn number(&self, place: PlaceNo) -> u64 {
        self.tally.numbers()[place]
    }

    /// The units at a place that can leave it, the cheapest first.
    fn units_at(&self, place: PlaceNo, regard: Regard) -> Vec<Unit> {
        let solver = &*self.solver;
        let cluster = solver.draft.cluster();
        let here = solver
            .servers()
            .filter(|s| self.tally.place(*s) == Some(place));
        let residents = here.flat_map(|server| solver.draft.residents(server));
        let mut units = Vec::new();
        for resident in residents.filter(|actor| self.tally.counts(*actor)) {
            let members = solver.unit(resident, regard);
            let host = solver.draft.host(resident);
            let is_first = members.iter().find(|a| self.tally.counts(**a)) == Some(&resident);
            let is_movable = members.iter().all(|actor| {
                solver.draft.host(*actor) == host && solver.may_leave(*actor, regard).is_ok()
            });
            if is_first && is_movable {
                let weight = self.tally.weight(&members);
                let price: f64 = members.iter().map(|actor| cluster.price(*actor)).sum();
                units.push(Unit {
                    price: price / weight as f64,
                    members,
                    weight,
                });
            }
        }
        units.sort_by(|a, b| {
            let first = |unit: &Unit| unit.members.first().copied();
            a.price.total_cmp(&b.price).then(first(a).cmp(&first(b)))
        });
        units
    }

    /// The best server for a unit at the place that holds least, or at the next one: as long as the
    /// numbers become more even.
    fn target(&self, unit: &Unit, giver: PlaceNo, regard: Regard) -> Result<ServerNo, Blocked> {
        let mut by_number: BTreeMap<u64, Vec<ServerNo>> = BTreeMap::new();
        for server in self.solver.servers() {
            if let Some(place) = self.tally.place(server)
                && self.number(place) + unit.weight < self.number(giver)
            {
                by_number
                    .entry(self.number(place))
                    .or_default()
                    .push(server);
            }
        }
        let mut blocked = Blocked::NOWHERE;
        for servers in by_number.into_values() {
            let best = self
                .solver
                .best_of(&unit.members, regard, servers.into_iter());
            match best {
                Ok(target) => return Ok(target.server),
                Err(more) => blocked = blocked.and(more),
            }
        }
        Err(blocked)
    }

    fn put(&mut self, unit: &Unit, to: ServerNo) {
        for actor in &unit.members {
            let from = self.solver.draft.host(*actor);
            self.tally.follow(*actor, from, to);
        }
        self.solver.move_unit(&unit.members, to, self.demand);
    }

    /// What keeps the places from holding equally many; `None` if they do.
    fn explain(&self, names: &[String]) -> Option<Reason> {
        if self.tally.unevenness() == 0 {
            return None;
        }
        let numbered = || self.tally.numbers().iter().zip(names);
        let (most, most_at) = numbered().rev().max_by_key(|(number, _)| **number)?;
        let (least, least_at) = numbered().min_by_key(|(number, _)| **number)?;
        let fullest = names.iter().position(|name| name == most_at)?;
        Some(Reason::StaysUneven {
            most_at: most_at.clone(),
            most: *most as usize,
            least_at: least_at.clone(),
            least: *least as usize,
            because: Box::new(self.kept_at(fullest)),
        })
    }

    /// Why the actors of a place stay: the reason that tells most.
    fn kept_at(&self, place: PlaceNo) -> Reason {
        let solver = &*self.solver;
        let mut kept: Option<(Block, ActorNo)> = None;
        let mut keep = |block: Block, actor: ActorNo| {
            if kept.is_none_or(|(most, _)| block > most) {
                kept = Some((block, actor));
            }
        };
        let here = solver
            .servers()
            .filter(|s| self.tally.place(*s) == Some(place));
        let residents = here.flat_map(|server| solver.draft.residents(server));
        let mut counted: Vec<ActorNo> = residents
            .filter(|actor| self.tally.counts(*actor))
            .collect();
        counted.sort_unstable();
        for actor in &counted {
            let members = solver.unit(*actor, Regard::Standing);
            for member in &members {
                if let Err(block) = solver.may_leave(*member, Regard::Standing) {
                    keep(block, *actor);
                }
            }
            // A group that is larger than the difference stays for its colocation.
            if let Some(mate) = members.iter().find(|mate| *mate != actor)
                && let Some(colocate) = solver.firmly_joined_by(*actor, *mate)
            {
                keep(Block::Lost(colocate), *actor);
            }
        }
        for unit in self.units_at(place, Regard::Standing) {
            if let (Err(blocked), Some(first)) = (
                self.target(&unit, place, Regard::Standing),
                unit.members.first(),
            ) && blocked.most != Block::NoOther
            {
                keep(blocked.most, *first);
            }
        }
        let first = counted.first().copied().unwrap_or_default();
        let (block, actor) = kept.unwrap_or((Block::NoOther, first));
        solver.reason(block, actor)
    }
}
