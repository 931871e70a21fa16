//! Demands: the intents of a period and the reservations in force, in arbitration order.

use std::cmp::{Ordering, Reverse};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;
use std::sync::Arc;

use plasma_model::{
    ActorId, Behavior, Binding, Cause, Goal, Intent, REQUIREMENT_PRIORITY, Reason, Resource,
    ServerId,
};

use super::by_actor::ByActor;
use super::cluster::{ActorNo, Cluster, ServerNo};
use super::groups::Seats;
use super::merge::{Merged, Parties};
use super::restrained::Restrained;
use crate::reservation::{HeldReservation, Memory};
use crate::restraint::Restraints;

/// Place of a demand in arbitration order.
pub(crate) type DemandNo = usize;

/// What is asked for, in dense numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Ask {
    /// The actor does not move.
    Pin { actor: ActorNo },
    /// The actor has a server of its own.
    Reserve { actor: ActorNo, resource: Resource },
    /// A reservation in force whose rule did not fire: no newcomers, nobody has to leave.
    Guard { actor: ActorNo },
    /// On different servers.
    Separate { a: ActorNo, b: ActorNo },
    /// On one server.
    Colocate { a: ActorNo, b: ActorNo },
    /// The server is emptied and receives nothing.
    Drain { server: ServerNo },
    /// The actor lives on the server.
    Migrate { actor: ActorNo, to: ServerNo },
    /// So many servers are emptied.
    ScaleIn { count: u32 },
    /// Numbers evened out, as the goal says.
    Spread,
    /// Loads evened out, as the goal says.
    Balance,
}

/// How a demand fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// Not yet decided.
    Pending,
    /// Accepted: nothing decided later may worsen it.
    Standing,
    /// Dropped.
    Dropped,
}

/// Which demands a move must respect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Regard {
    /// Those accepted and those not yet decided.
    All,
    /// Those accepted, and of those not yet decided the ones before this one.
    Before(DemandNo),
    /// Those accepted only: at the expense of everything that ranks lower.
    Standing,
}

/// One demand.
#[derive(Clone, Debug)]
pub(crate) struct Demand {
    pub(crate) ask: Ask,
    /// Where it comes from.
    source: Source,
    /// Priority and rank: of demands of one tier, none is served at the expense of another one that
    /// holds already.
    pub(crate) tier: (i64, u8),
    /// Whether a requirement asks for it.
    pub(crate) is_required: bool,
}

/// Where a demand comes from.
#[derive(Clone, Copy, Debug)]
enum Source {
    /// The intent at this place of the decision.
    Intent(usize),
    /// A reservation in force, by its place in [`Asked::guards`].
    Guard(usize),
}

/// All demands, in arbitration order, and who is party to which: the same in all passes.
#[derive(Debug)]
pub(crate) struct Asked<'c> {
    pub(crate) list: Vec<Demand>,
    intents: &'c [Intent],
    /// What guards keep, each with the rule that asked for it.
    guards: Vec<(Goal, Arc<str>)>,
    /// The pin of each actor.
    pins: ByActor<DemandNo>,
    /// The reservations asked for each actor.
    pub(crate) reserves: ByActor<DemandNo>,
    /// The actors for which a reservation is asked, in order.
    pub(crate) claims: Vec<ActorNo>,
    /// From whom each actor is to be separated.
    pub(crate) separations: ByActor<(ActorNo, DemandNo)>,
    /// The colocations that name each actor.
    pub(crate) colocations: ByActor<DemandNo>,
    /// Who has a part in colocations.
    pub(crate) seats: Arc<Seats>,
    /// Where each actor is to live.
    pub(crate) destinations: ByActor<(ServerNo, DemandNo)>,
    /// Who may not move for whom, because of earlier moves.
    pub(crate) restrained: Restrained,
    /// The actors that anything stands about but the loads.
    named: Vec<bool>,
}

/// The demands, and how they fare.
#[derive(Clone, Debug)]
pub(crate) struct Demands<'c> {
    asked: Arc<Asked<'c>>,
    pub(crate) status: Vec<Status>,
    /// The drain of each server.
    pub(crate) drains: BTreeMap<ServerNo, DemandNo>,
    /// Where actors already have a server of their own, by a decision before this pass.
    pub(crate) held: BTreeMap<ActorNo, ServerNo>,
    /// Demands that are dropped before the first pass, with the reason.
    pub(crate) given_up: BTreeMap<DemandNo, Reason>,
    /// Colocations for which the pass before found no way: they make no group.
    pub(crate) hopeless: BTreeSet<DemandNo>,
    /// The servers that the pass before has emptied for a `scale_in`.
    pub(crate) leaving: Vec<ServerNo>,
}

impl<'c> Deref for Demands<'c> {
    type Target = Asked<'c>;

    fn deref(&self) -> &Asked<'c> {
        &self.asked
    }
}

/// Intents whose arguments do not live any more, with the reason.
pub(crate) type Orphans = Vec<(usize, Reason)>;

impl<'c> Demands<'c> {
    /// Brings the intents and the reservations in force into arbitration order. `removing` is the one
    /// intent for which servers are emptied, and how many at most. The intents come as they are listed in
    /// the decision: in order of rule and binding.
    pub(crate) fn new(
        cluster: &Cluster<'_>,
        intents: &'c Merged,
        memory: &Memory,
        removing: Option<(usize, u32)>,
        restraints: &Restraints,
    ) -> (Self, Orphans) {
        let mut orphans = Orphans::new();
        let mut list: Vec<Demand> = Vec::with_capacity(intents.list.len());
        let mut fired: BTreeSet<ActorNo> = BTreeSet::new();
        for (place, (intent, parties)) in intents.list.iter().zip(&intents.parties).enumerate() {
            let scale_in = removing.filter(|(of, _)| *of == place);
            match ask(intent, *parties, scale_in.map(|(_, count)| count)) {
                Ok(None) => {}
                Ok(Some(ask)) => {
                    if let Ask::Reserve { actor, .. } = ask {
                        fired.insert(actor);
                    }
                    list.push(Demand::of_intent(intent, place, ask));
                }
                Err(reason) => orphans.push((place, reason)),
            }
        }
        let (mut guards, mut guarding) = (Vec::new(), Vec::new());
        for held in memory.held() {
            let Some(actor) = cluster.actor_no(&held.actor) else {
                continue;
            };
            if fired.insert(actor) {
                list.push(Demand::of_guard(held, actor, guards.len()));
                guarding.push(held);
                let goal = Goal::Reserve {
                    actor: held.actor.clone(),
                    resource: held.resource,
                };
                guards.push((goal, held.rule.clone()));
            }
        }
        let key = |demand: &Demand| match demand.source {
            Source::Intent(place) => OrderKey::of_intent(&intents.list[place], place),
            Source::Guard(place) => OrderKey::of_guard(guarding[place]),
        };
        // In a few runs that are in order: each is read on.
        list.sort_by(|a, b| key(a).cmp(&key(b)));
        let drains = list.iter().enumerate().rev();
        let drains = drains.filter_map(|(no, demand)| match demand.ask {
            Ask::Drain { server } => Some((server, no)),
            _ => None,
        });
        let demands = Demands {
            status: vec![Status::Pending; list.len()],
            drains: drains.collect(),
            held: held_servers(cluster, memory),
            given_up: BTreeMap::new(),
            hopeless: BTreeSet::new(),
            leaving: Vec::new(),
            asked: Arc::new(Asked::new(cluster, list, &intents.list, guards, restraints)),
        };
        (demands, orphans)
    }

    /// Whether a demand is still open, so that [`Regard::Standing`] allows more than
    /// [`Regard::All`].
    pub(crate) fn some_pending_after(&self, demand: DemandNo) -> bool {
        self.status[demand + 1..].contains(&Status::Pending)
    }

    /// Drops a demand from all passes to come.
    pub(crate) fn give_up(&mut self, demand: DemandNo, reason: Reason) {
        self.given_up.entry(demand).or_insert(reason);
    }
}

impl<'c> Asked<'c> {
    fn new(
        cluster: &Cluster<'_>,
        list: Vec<Demand>,
        intents: &'c [Intent],
        guards: Vec<(Goal, Arc<str>)>,
        restraints: &Restraints,
    ) -> Self {
        let (mut pins, mut reserves, mut destinations) = (Vec::new(), Vec::new(), Vec::new());
        let (mut separations, mut colocations) = (Vec::new(), Vec::new());
        for (no, demand) in list.iter().enumerate() {
            match demand.ask {
                Ask::Pin { actor } => pins.push((actor, no)),
                Ask::Reserve { actor, .. } | Ask::Guard { actor } => reserves.push((actor, no)),
                Ask::Separate { a, b } => separations.extend([(a, (b, no)), (b, (a, no))]),
                Ask::Colocate { a, b } => colocations.extend([(a, no), (b, no)]),
                Ask::Migrate { actor, to } => destinations.push((actor, (to, no))),
                Ask::Drain { .. } | Ask::ScaleIn { .. } | Ask::Spread | Ask::Balance => {}
            }
        }
        let mut claims: Vec<ActorNo> = reserves.iter().map(|(actor, _)| *actor).collect();
        claims.sort_unstable();
        claims.dedup();
        let actors = cluster.actor_count();
        let restrained = Restrained::new(cluster, &list, intents, restraints);
        let mut named = vec![false; actors];
        let moving = cluster.moving().map(|(actor, _)| actor);
        let parties = moving.chain(restrained.actors());
        let parties = parties.chain(pins.iter().chain(&reserves).map(|(actor, _)| *actor));
        let parties = parties.chain(separations.iter().map(|(actor, _)| *actor));
        let parties = parties.chain(colocations.iter().map(|(actor, _)| *actor));
        for actor in parties.chain(destinations.iter().map(|(actor, _)| *actor)) {
            named[actor] = true;
        }
        let colocations = ByActor::new(actors, colocations);
        Asked {
            list,
            intents,
            guards,
            pins: ByActor::new(actors, pins),
            reserves: ByActor::new(actors, reserves),
            claims,
            separations: ByActor::new(actors, separations),
            seats: Arc::new(Seats::new(actors, &colocations)),
            colocations,
            destinations: ByActor::new(actors, destinations),
            restrained,
            named,
        }
    }

    /// Whether anything stands about an actor but the loads: an intent that names it, a move that has not
    /// ended, a cooldown or a limit.
    pub(crate) fn names(&self, actor: ActorNo) -> bool {
        self.named[actor]
    }

    /// The pin of an actor.
    pub(crate) fn pin(&self, actor: ActorNo) -> Option<DemandNo> {
        self.pins.of(actor).first().copied()
    }

    /// The place of a demand's intent in the decision; a guard has none.
    pub(crate) fn intent(&self, demand: DemandNo) -> Option<usize> {
        self.list[demand].intent()
    }

    /// The goal of a demand.
    pub(crate) fn goal(&self, demand: DemandNo) -> &Goal {
        match self.list[demand].source {
            Source::Guard(place) => &self.guards[place].0,
            Source::Intent(place) => &self.intents[place].goal,
        }
    }

    /// What a later demand loses against.
    pub(crate) fn lost_against(&self, demand: DemandNo) -> Reason {
        let rule = match self.list[demand].source {
            Source::Guard(place) => Some(&self.guards[place].1),
            Source::Intent(place) => {
                let causes = &self.intents[place].causes;
                // What is required is required by the last of its causes.
                let cause = match self.list[demand].is_required {
                    true => causes.last(),
                    false => causes.first(),
                };
                cause.map(|cause| &cause.rule)
            }
        };
        Reason::LostAgainst {
            goal: self.goal(demand).clone(),
            rule: rule.map_or_else(String::new, ToString::to_string),
        }
    }
}

impl Demand {
    fn of_intent(intent: &Intent, place: usize, ask: Ask) -> Self {
        Demand {
            is_required: intent.is_required(),
            ask,
            source: Source::Intent(place),
            tier: tier(intent.priority, intent.goal.behavior()),
        }
    }

    fn of_guard(held: &HeldReservation, actor: ActorNo, place: usize) -> Self {
        Demand {
            ask: Ask::Guard { actor },
            source: Source::Guard(place),
            tier: tier(held.priority, Behavior::Reserve),
            is_required: held.priority == REQUIREMENT_PRIORITY,
        }
    }

    /// The place of its intent in the decision; a guard has none.
    pub(crate) fn intent(&self) -> Option<usize> {
        match self.source {
            Source::Intent(place) => Some(place),
            Source::Guard(_) => None,
        }
    }
}

/// Requirements are all of one tier: none is met at the expense of another one that holds.
fn tier(priority: i64, behavior: Behavior) -> (i64, u8) {
    match priority {
        REQUIREMENT_PRIORITY => (priority, 0),
        _ => (priority, behavior.row().rank),
    }
}

/// Arbitration order: priority (higher first), rank of the behavior, rule, binding; the place of
/// the intent decides between several behaviors of one firing.
struct OrderKey<'i> {
    priority: Reverse<i64>,
    rank: u8,
    rule_index: usize,
    binding: Option<&'i Binding>,
    /// `None` for a guard, which comes after the intents of its firing.
    place: Option<usize>,
}

impl<'i> OrderKey<'i> {
    fn of_intent(intent: &'i Intent, place: usize) -> Self {
        let first: Option<&Cause> = intent.causes.first();
        OrderKey {
            priority: Reverse(intent.priority),
            rank: intent.goal.behavior().row().rank,
            rule_index: first.map_or(usize::MAX, |cause| cause.rule_index),
            binding: first.map(|cause| &cause.binding),
            place: Some(place),
        }
    }

    fn of_guard(held: &'i HeldReservation) -> Self {
        OrderKey {
            priority: Reverse(held.priority),
            rank: Behavior::Reserve.row().rank,
            rule_index: held.rule_index,
            binding: Some(&held.binding),
            place: None,
        }
    }

    fn cmp(&self, other: &Self) -> Ordering {
        let firing = |key: &Self| (key.priority, key.rank, key.rule_index);
        firing(self)
            .cmp(&firing(other))
            .then_with(|| match (self.place, other.place) {
                // Within a rule, intents are listed in order of binding.
                (Some(own), Some(others)) => own.cmp(&others),
                (own, others) => {
                    let by_binding = self.binding.cmp(&other.binding);
                    by_binding.then(own.is_none().cmp(&others.is_none()))
                }
            })
    }
}

/// The servers that actors were given for their own, by number.
fn held_servers(cluster: &Cluster<'_>, memory: &Memory) -> BTreeMap<ActorNo, ServerNo> {
    let held = memory.held().filter_map(|held| {
        let server = memory.server_of(&held.actor)?;
        Some((cluster.actor_no(&held.actor)?, cluster.server_no(server)?))
    });
    held.collect()
}

/// What an intent asks for; `None` if it places nobody. `scale_in` is how many servers are emptied for it.
fn ask(intent: &Intent, parties: Parties, scale_in: Option<u32>) -> Result<Option<Ask>, Reason> {
    let actor = |number: Option<u32>, id: &ActorId| {
        let found = number.map(|no| no as ActorNo);
        found.ok_or_else(|| Reason::NoSuchActor { actor: id.clone() })
    };
    let server = |number: Option<u32>, id: &ServerId| {
        let found = number.map(|no| no as ServerNo);
        found.ok_or_else(|| Reason::NoSuchServer { server: id.clone() })
    };
    let Parties(first, second) = parties;
    Ok(Some(match &intent.goal {
        Goal::Passivate { actor: id } | Goal::Checkpoint { actor: id } => {
            actor(first, id)?;
            return Ok(None);
        }
        Goal::ScaleOut { .. } | Goal::Alert { .. } => return Ok(None),
        Goal::ScaleIn { .. } => match scale_in {
            None => return Ok(None),
            Some(count) => Ask::ScaleIn { count },
        },
        Goal::Pin { actor: id } => Ask::Pin {
            actor: actor(first, id)?,
        },
        Goal::Reserve {
            actor: id,
            resource,
        } => Ask::Reserve {
            actor: actor(first, id)?,
            resource: *resource,
        },
        Goal::Separate { a, b } => Ask::Separate {
            a: actor(first, a)?,
            b: actor(second, b)?,
        },
        Goal::Colocate { a, b } => Ask::Colocate {
            a: actor(first, a)?,
            b: actor(second, b)?,
        },
        Goal::Drain { server: id } => Ask::Drain {
            server: server(first, id)?,
        },
        Goal::Migrate { actor: id, to } => Ask::Migrate {
            actor: actor(first, id)?,
            to: server(second, to)?,
        },
        Goal::Spread { .. } => Ask::Spread,
        Goal::Balance { .. } => Ask::Balance,
    }))
}
