//! Orders on their way: refused at once, gathered into waves, begun as room allows, answered once.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use plasma_model::{
    Action, ActionBody, ActionId, ActorId, Event, Outcome, OutcomeResult, ServerId,
};

use crate::{Admission, Change, Ledger, Orders, Provider};

/// Deadline of an order that names none.
const DEADLINE_DEFAULT: Duration = Duration::from_secs(5);

/// Longest deadline an order may name.
const DEADLINE_MAX: Duration = Duration::from_secs(60);

/// Waves that may be in flight from one server at a time.
const IN_FLIGHT_PER_SOURCE_MAX: usize = 4;

/// The orders of a run, in the managers' names; servers also have numbers.
#[derive(Debug)]
pub struct Moves {
    servers: BTreeMap<ServerId, u32>,
    /// The servers that are being removed, each with its order: nobody moves from or to them.
    leaving: BTreeMap<ActionId, ServerId>,
    /// The orders to add servers that have not ended.
    adding: BTreeSet<ActionId>,
    ledger: Ledger,
    next_wave: u64,
    waiting: VecDeque<Wave>,
    in_flight: BTreeMap<u64, Wave>,
}

/// Actors that leave one server for another together.
#[derive(Clone, Debug)]
struct Wave {
    from: u32,
    to: u32,
    lease: u64,
    members: Vec<(ActionId, Mover)>,
    deadline: Duration,
}

/// An order that passed the first look.
struct Accepted {
    id: ActionId,
    group: Option<u64>,
    from: u32,
    to: u32,
    actor: Mover,
    deadline: Duration,
}

/// A wave for the server it leaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Departure {
    /// Number of the wave, to be given back with its end.
    pub wave: u64,
    /// The server it leaves.
    pub from: u32,
    /// The server it goes to.
    pub to: u32,
    /// Who moves.
    pub actors: Vec<Mover>,
    /// How long it may take.
    pub deadline: Duration,
}

/// An actor that is to move.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mover {
    /// Which actor.
    pub actor: ActorId,
    /// The epoch in which the order was decided, if it is to be checked.
    pub epoch: Option<u64>,
}

/// A wave that arrived.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moved {
    /// Longest time for which an actor of it answered nobody.
    pub pause: Duration,
    /// Bytes that went over, for the whole wave.
    pub bytes: u64,
}

impl Moves {
    /// No orders yet, for servers of these names and numbers.
    pub fn new(servers: impl IntoIterator<Item = (ServerId, u32)>) -> Self {
        Moves {
            servers: servers.into_iter().collect(),
            leaving: BTreeMap::new(),
            adding: BTreeSet::new(),
            ledger: Ledger::new(),
            next_wave: 0,
            waiting: VecDeque::new(),
            in_flight: BTreeMap::new(),
        }
    }

    /// Takes orders; gives the answers that are ready at once. `exists` says which actors there are.
    /// What has not departed yet is replaced by a newer order for the same actor, and by any of a
    /// newer lease. Orders about servers go to the provider.
    pub fn submit(
        &mut self,
        orders: Orders,
        exists: impl Fn(&ActorId) -> bool,
        provider: &mut dyn Provider,
    ) -> Vec<Event> {
        let lease = orders.lease;
        let mut answers = Vec::new();
        let mut accepted = Vec::new();
        let mut refused_groups = BTreeMap::new();
        let mut about_servers = Vec::new();
        for action in orders.actions {
            match self.ledger.admit(orders.lease, action.id) {
                Admission::Answered(outcome) => answers.push(Event::Outcome(outcome)),
                Admission::Open => {}
                Admission::New if is_about_servers(&action.body) => about_servers.push(action),
                // Whoever reads the orders is told.
                Admission::New if matches!(action.body, ActionBody::Alert { .. }) => {
                    answers.extend(self.end(action.id, OutcomeResult::done(0.0, 0)));
                }
                Admission::New => match self.look_at(&action, &exists) {
                    Ok(order) => accepted.push(order),
                    Err(reason) => {
                        if let Some(group) = action.group {
                            refused_groups.insert(group, reason.clone());
                        }
                        answers.extend(self.end(action.id, OutcomeResult::failed(reason)));
                    }
                },
            }
        }
        // A group moves whole or not at all.
        let (accepted, orphans): (Vec<_>, Vec<_>) = accepted.into_iter().partition(|order| {
            order
                .group
                .is_none_or(|group| !refused_groups.contains_key(&group))
        });
        for order in orphans {
            let reason = order.group.and_then(|group| refused_groups.get(&group));
            let reason = format!(
                "its group does not move: {}",
                reason.map_or("", String::as_str)
            );
            answers.extend(self.end(order.id, OutcomeResult::failed(reason)));
        }
        answers.extend(self.replace_waiting(lease, &accepted));
        self.gather(lease, accepted);
        for action in about_servers {
            if let Err(reason) = self.change_servers(&action, provider) {
                answers.extend(self.end(action.id, OutcomeResult::failed(reason)));
            }
        }
        answers.extend(self.servers_changed(provider));
        answers
    }

    /// Hands an order about servers to the provider.
    fn change_servers(
        &mut self,
        action: &Action,
        provider: &mut dyn Provider,
    ) -> Result<(), String> {
        match &action.body {
            ActionBody::AddServer { count } => {
                provider.add(action.id, *count)?;
                self.adding.insert(action.id);
            }
            ActionBody::RemoveServer { server } => {
                let number = self.servers.get(server).copied();
                let number = number.ok_or_else(|| format!("there is no server {server}"))?;
                if self.leaving.values().any(|leaving| leaving == server) {
                    return Err(format!("server {server} is being removed already"));
                }
                let mut waves = self.waiting.iter().chain(self.in_flight.values());
                if waves.any(|wave| wave.from == number || wave.to == number) {
                    return Err(format!("actors are moving from or to server {server}"));
                }
                provider.remove(action.id, server)?;
                self.leaving.insert(action.id, server.clone());
            }
            _ => {}
        }
        Ok(())
    }

    /// Takes note of the servers that have come or gone since, and gives the outcomes of those orders.
    pub fn servers_changed(&mut self, provider: &mut dyn Provider) -> Vec<Event> {
        let mut events = Vec::new();
        for ended in provider.ended() {
            self.adding.remove(&ended.order);
            self.leaving.remove(&ended.order);
            let result = match ended.result {
                Ok(Change::Added(servers)) => {
                    self.servers.extend(servers);
                    OutcomeResult::done(0.0, 0)
                }
                Ok(Change::Removed(server)) => {
                    self.servers.remove(&server);
                    events.push(Event::ServerGone { id: server });
                    OutcomeResult::done(0.0, 0)
                }
                Err(reason) => OutcomeResult::failed(reason),
            };
            events.extend(self.end(ended.order, result));
        }
        events
    }

    /// Ends the waiting waves that newer orders replace.
    fn replace_waiting(&mut self, lease: u64, newer: &[Accepted]) -> Vec<Event> {
        let actors: BTreeSet<&ActorId> = newer.iter().map(|order| &order.actor.actor).collect();
        let waves = std::mem::take(&mut self.waiting);
        let (replaced, kept) = waves.into_iter().partition(|wave| {
            let mut members = wave.members.iter();
            wave.lease < lease || members.any(|(_, mover)| actors.contains(&mover.actor))
        });
        self.waiting = kept;
        self.refuse(replaced, "a newer order has replaced it")
    }

    /// Answers the orders of waves that will not begin.
    fn refuse(&mut self, waves: VecDeque<Wave>, reason: &str) -> Vec<Event> {
        let members = waves.into_iter().flat_map(|wave| wave.members);
        members
            .filter_map(|(id, _)| self.end(id, OutcomeResult::failed(reason)))
            .collect()
    }

    /// What can be seen to be wrong without asking the servers.
    fn look_at(
        &self,
        action: &Action,
        exists: impl Fn(&ActorId) -> bool,
    ) -> Result<Accepted, String> {
        let ActionBody::Migrate { actor, from, to } = &action.body else {
            return Err("unsupported".to_owned());
        };
        let number = |server| {
            let number = self.servers.get(server).copied();
            number.ok_or_else(|| format!("there is no server {server}"))
        };
        let (from_number, to_number) = (number(from)?, number(to)?);
        if !exists(actor) {
            return Err(format!("there is no actor {actor}"));
        }
        for server in [from, to] {
            if self.leaving.values().any(|leaving| leaving == server) {
                return Err(format!("server {server} is being removed"));
            }
        }
        if from_number == to_number {
            return Err(format!("{actor} is to move from {from} to {from}"));
        }
        let deadline = action.deadline.map_or(DEADLINE_DEFAULT, |seconds| {
            Duration::try_from_secs_f64(seconds)
                .unwrap_or(Duration::ZERO)
                .min(DEADLINE_MAX)
        });
        Ok(Accepted {
            id: action.id,
            group: action.group,
            from: from_number,
            to: to_number,
            actor: Mover {
                actor: actor.clone(),
                epoch: action.epoch,
            },
            deadline,
        })
    }

    /// Orders of one group that leave one server for another become one wave.
    fn gather(&mut self, lease: u64, accepted: Vec<Accepted>) {
        let mut groups: BTreeMap<(u64, u32, u32), usize> = BTreeMap::new();
        let mut waves: Vec<Wave> = Vec::new();
        for order in accepted {
            let key = order.group.map(|group| (group, order.from, order.to));
            let place = key.and_then(|key| groups.get(&key).copied());
            let member = (order.id, order.actor);
            if let Some(wave) = place.and_then(|place| waves.get_mut(place)) {
                wave.deadline = wave.deadline.min(order.deadline);
                wave.members.push(member);
                continue;
            }
            if let Some(key) = key {
                groups.insert(key, waves.len());
            }
            waves.push(Wave {
                from: order.from,
                to: order.to,
                lease,
                members: vec![member],
                deadline: order.deadline,
            });
        }
        self.waiting.extend(waves);
    }

    /// The waves that may begin now: only so many leave one server at a time.
    pub fn departures(&mut self) -> Vec<Departure> {
        let mut departures = Vec::new();
        let mut held = VecDeque::new();
        while let Some(wave) = self.waiting.pop_front() {
            let in_flight = self.in_flight.values();
            let from_here = in_flight.filter(|other| other.from == wave.from).count();
            if from_here >= IN_FLIGHT_PER_SOURCE_MAX {
                held.push_back(wave);
                continue;
            }
            self.next_wave += 1;
            departures.push(Departure {
                wave: self.next_wave,
                from: wave.from,
                to: wave.to,
                actors: wave
                    .members
                    .iter()
                    .map(|(_, mover)| mover.clone())
                    .collect(),
                deadline: wave.deadline,
            });
            self.in_flight.insert(self.next_wave, wave);
        }
        self.waiting = held;
        departures
    }

    /// Whether orders wait for their outcome.
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty()
            && self.in_flight.is_empty()
            && self.adding.is_empty()
            && self.leaving.is_empty()
    }

    /// A wave has ended, with a reason if it did not move; gives the outcomes of its orders.
    pub fn arrived(&mut self, wave: u64, result: Result<Moved, String>) -> Vec<Event> {
        let Some(wave) = self.in_flight.remove(&wave) else {
            return Vec::new();
        };
        let result = match result {
            Ok(moved) => {
                // Bytes are counted for the wave; its members share them.
                let bytes = moved.bytes / wave.members.len().max(1) as u64;
                OutcomeResult::done(moved.pause.as_secs_f64(), bytes)
            }
            Err(reason) => OutcomeResult::failed(reason),
        };
        let members = wave.members.into_iter();
        members
            .filter_map(|(id, _)| self.end(id, result.clone()))
            .collect()
    }

    /// Refuses what has not begun: the cluster stops.
    pub fn cancel_waiting(&mut self) -> Vec<Event> {
        let waves = std::mem::take(&mut self.waiting);
        self.refuse(waves, "the cluster stops")
    }

    fn end(&mut self, id: ActionId, result: OutcomeResult) -> Option<Event> {
        let outcome: Option<Outcome> = self.ledger.end(id, result);
        outcome.map(Event::Outcome)
    }
}

/// Whether an order is about the servers themselves.
fn is_about_servers(body: &ActionBody) -> bool {
    matches!(
        body,
        ActionBody::AddServer { .. } | ActionBody::RemoveServer { .. }
    )
}

#[cfg(test)]
mod tests;
