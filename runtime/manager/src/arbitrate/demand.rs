//! Demands: the intents of a period and the reservations in force, in arbitration order.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_model::{
    Behavior, Binding, Bounds, Cause, Goal, Intent, REQUIREMENT_PRIORITY, Reason, Resource,
    ServerId, TypeSet,
};

use super::cluster::{ActorNo, Cluster, ServerNo};
use super::restrained::Restrained;
use crate::reservation::{HeldReservation, Memory};

/// Place of a demand in arbitration order.
pub(crate) type DemandNo = usize;

/// What is asked for, in dense numbers.
#[derive(Clone, Debug, PartialEq)]
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
    /// Numbers evened out.
    Spread {
        types: TypeSet,
        by: Option<Arc<str>>,
    },
    /// Loads evened out.
    Balance {
        types: TypeSet,
        resource: Resource,
        bounds: Bounds,
    },
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
    /// Place of its intent in the decision; a guard has none.
    pub(crate) intent: Option<usize>,
    /// For reasons that name it.
    pub(crate) goal: Goal,
    pub(crate) rule: Arc<str>,
    /// Priority and rank: of demands of one tier, none is served at the expense of another one that
    /// holds already.
    pub(crate) tier: (i64, u8),
    /// Whether a requirement asks for it.
    pub(crate) is_required: bool,
}

/// All demands, in arbitration order, and who is party to which.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demands {
    pub(crate) list: Vec<Demand>,
    pub(crate) status: Vec<Status>,
    /// The pin of each actor.
    pub(crate) pins: BTreeMap<ActorNo, DemandNo>,
    /// The reservations asked for each actor.
    pub(crate) reserves: BTreeMap<ActorNo, Vec<DemandNo>>,
    /// From whom each actor is to be separated.
    pub(crate) separations: BTreeMap<ActorNo, Vec<(ActorNo, DemandNo)>>,
    /// The drain of each server.
    pub(crate) drains: BTreeMap<ServerNo, DemandNo>,
    /// Where each actor is to live.
    pub(crate) destinations: BTreeMap<ActorNo, Vec<(ServerNo, DemandNo)>>,
    /// Where actors already have a server of their own, by a decision before this pass.
    pub(crate) held: BTreeMap<ActorNo, ServerNo>,
    /// Demands that are dropped before the first pass, with the reason.
    pub(crate) given_up: BTreeMap<DemandNo, Reason>,
    /// Colocations for which the pass before found no way: they make no group.
    pub(crate) hopeless: BTreeSet<DemandNo>,
    /// The servers that the pass before has emptied for a `scale_in`.
    pub(crate) leaving: Vec<ServerNo>,
    /// Who may not move for whom, because of earlier moves.
    pub(crate) restrained: Arc<Restrained>,
    /// The colocations that name each actor.
    pub(crate) colocations: BTreeMap<ActorNo, Vec<DemandNo>>,
}

/// Intents whose arguments do not live any more, with the reason.
pub(crate) type Orphans = Vec<(usize, Reason)>;

impl Demands {
    /// Brings the intents and the reservations in force into arbitration order. `removing` is the one
    /// intent for which servers are emptied, and how many at most.
    pub(crate) fn new(
        cluster: &Cluster<'_>,
        intents: &[Intent],
        memory: &Memory,
        removing: Option<(usize, u32)>,
    ) -> (Self, Orphans) {
        let mut orphans = Orphans::new();
        let mut keyed: Vec<(OrderKey<'_>, Demand)> = Vec::new();
        let mut fired: BTreeSet<ActorNo> = BTreeSet::new();
        for (place, intent) in intents.iter().enumerate() {
            let scale_in = removing.filter(|(of, _)| *of == place);
            match ask(cluster, intent, scale_in.map(|(_, count)| count)) {
                Ok(None) => {}
                Ok(Some(ask)) => {
                    if let Ask::Reserve { actor, .. } = ask {
                        fired.insert(actor);
                    }
                    let key = OrderKey::of_intent(intent, place);
                    keyed.push((key, Demand::of_intent(intent, place, ask)));
                }
                Err(reason) => orphans.push((place, reason)),
            }
        }
        for held in memory.held() {
            let Some(actor) = cluster.actor_no(&held.actor) else {
                continue;
            };
            if fired.insert(actor) {
                keyed.push((OrderKey::of_guard(held), Demand::of_guard(held, actor)));
            }
        }
        keyed.sort_by(|a, b| a.0.cmp(&b.0));
        let mut demands = Demands::indexed(keyed.into_iter().map(|(_, demand)| demand).collect());
        demands.held = held_servers(cluster, memory);
        (demands, orphans)
    }

    fn indexed(list: Vec<Demand>) -> Self {
        let mut demands = Demands {
            status: vec![Status::Pending; list.len()],
            ..Demands::default()
        };
        for (no, demand) in list.iter().enumerate() {
            match &demand.ask {
                Ask::Pin { actor } => {
                    demands.pins.insert(*actor, no);
                }
                Ask::Reserve { actor, .. } | Ask::Guard { actor } => {
                    demands.reserves.entry(*actor).or_default().push(no);
                }
                Ask::Separate { a, b } => {
                    demands.separations.entry(*a).or_default().push((*b, no));
                    demands.separations.entry(*b).or_default().push((*a, no));
                }
                Ask::Colocate { a, b } => {
                    demands.colocations.entry(*a).or_default().push(no);
                    demands.colocations.entry(*b).or_default().push(no);
                }
                Ask::Drain { server } => {
                    demands.drains.entry(*server).or_insert(no);
                }
                Ask::Migrate { actor, to } => {
                    demands
                        .destinations
                        .entry(*actor)
                        .or_default()
                        .push((*to, no));
                }
                Ask::ScaleIn { .. } | Ask::Spread { .. } | Ask::Balance { .. } => {}
            }
        }
        demands.list = list;
        demands
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

    /// What a later demand loses against.
    pub(crate) fn lost_against(&self, demand: DemandNo) -> Reason {
        let demand = &self.list[demand];
        Reason::LostAgainst {
            goal: demand.goal.clone(),
            rule: demand.rule.to_string(),
        }
    }
}

impl Demand {
    fn of_intent(intent: &Intent, place: usize, ask: Ask) -> Self {
        let is_required = intent.is_required();
        // What is required is required by the last of its causes.
        let cause = match is_required {
            true => intent.causes.last(),
            false => intent.causes.first(),
        };
        let rule = cause.map(|cause| cause.rule.clone());
        Demand {
            is_required,
            ask,
            intent: Some(place),
            goal: intent.goal.clone(),
            rule: rule.unwrap_or_default(),
            tier: tier(intent.priority, intent.goal.behavior()),
        }
    }

    fn of_guard(held: &HeldReservation, actor: ActorNo) -> Self {
        Demand {
            ask: Ask::Guard { actor },
            intent: None,
            goal: Goal::Reserve {
                actor: held.actor.clone(),
                resource: held.resource,
            },
            rule: held.rule.clone(),
            tier: tier(held.priority, Behavior::Reserve),
            is_required: held.priority == REQUIREMENT_PRIORITY,
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
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct OrderKey<'i> {
    priority: Reverse<i64>,
    rank: u8,
    rule_index: usize,
    binding: Option<&'i Binding>,
    place: usize,
}

impl<'i> OrderKey<'i> {
    fn of_intent(intent: &'i Intent, place: usize) -> Self {
        let first: Option<&Cause> = intent.causes.first();
        OrderKey {
            priority: Reverse(intent.priority),
            rank: intent.goal.behavior().row().rank,
            rule_index: first.map_or(usize::MAX, |cause| cause.rule_index),
            binding: first.map(|cause| &cause.binding),
            place,
        }
    }

    fn of_guard(held: &'i HeldReservation) -> Self {
        OrderKey {
            priority: Reverse(held.priority),
            rank: Behavior::Reserve.row().rank,
            rule_index: held.rule_index,
            binding: Some(&held.binding),
            place: usize::MAX,
        }
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
fn ask(
    cluster: &Cluster<'_>,
    intent: &Intent,
    scale_in: Option<u32>,
) -> Result<Option<Ask>, Reason> {
    let number = |id: &plasma_model::ActorId| {
        cluster
            .actor_no(id)
            .ok_or_else(|| Reason::NoSuchActor { actor: id.clone() })
    };
    let server_number = |id: &ServerId| {
        let found = cluster.server_no(id);
        found.ok_or_else(|| Reason::NoSuchServer { server: id.clone() })
    };
    Ok(Some(match &intent.goal {
        Goal::Passivate { actor } | Goal::Checkpoint { actor } => {
            number(actor)?;
            return Ok(None);
        }
        Goal::ScaleOut { .. } | Goal::Alert { .. } => return Ok(None),
        Goal::ScaleIn { .. } => match scale_in {
            None => return Ok(None),
            Some(count) => Ask::ScaleIn { count },
        },
        Goal::Pin { actor } => Ask::Pin {
            actor: number(actor)?,
        },
        Goal::Reserve { actor, resource } => Ask::Reserve {
            actor: number(actor)?,
            resource: *resource,
        },
        Goal::Separate { a, b } => Ask::Separate {
            a: number(a)?,
            b: number(b)?,
        },
        Goal::Colocate { a, b } => Ask::Colocate {
            a: number(a)?,
            b: number(b)?,
        },
        Goal::Drain { server } => Ask::Drain {
            server: server_number(server)?,
        },
        Goal::Migrate { actor, to } => Ask::Migrate {
            actor: number(actor)?,
            to: server_number(to)?,
        },
        Goal::Spread { types, by } => Ask::Spread {
            types: types.clone(),
            by: by.clone(),
        },
        Goal::Balance {
            types,
            resource,
            bounds,
        } => Ask::Balance {
            types: types.clone(),
            resource: *resource,
            bounds: *bounds,
        },
    }))
}
