//! What is remembered from period to period: the reservations in force.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use plasma_model::{ActorId, Binding, Reservations, Resource, ServerId};

/// One reservation in force: an accepted `reserve` of one firing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldReservation {
    /// Place of the rule in the program.
    pub rule_index: usize,
    /// The firing that holds it.
    pub binding: Binding,
    /// The actor that has a server of its own.
    pub actor: ActorId,
    /// The resource that it needs enough of.
    pub resource: Resource,
    /// The server it was given.
    pub server: ServerId,
    /// Name of the rule.
    pub rule: Arc<str>,
    /// Priority of the intent that was accepted.
    pub priority: i64,
    /// Periods on end for which the rest of the rule has been false.
    pub false_periods: u32,
}

/// The reservations in force, keyed by rule, binding and actor.
///
/// A reservation begins when arbitration accepts it and ends when the rest of its rule (without the
/// atoms about the load of the actor's own host, which the reservation itself makes false) has been
/// false for as many periods on end as the rule's `release` says, or when its actor ends. Periods in which
/// the rest is unknown neither count nor begin the count anew.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Memory {
    held: BTreeMap<(usize, Binding, ActorId), HeldReservation>,
    servers: BTreeMap<ActorId, ServerId>,
}

impl Memory {
    /// Nothing is reserved.
    pub fn new() -> Self {
        Self::default()
    }

    /// The reservations in force, in order of rule, binding and actor.
    pub fn held(&self) -> impl Iterator<Item = &HeldReservation> {
        self.held.values()
    }

    /// The firings that hold a reservation, for evaluation.
    pub fn reservations(&self) -> Reservations {
        self.held
            .keys()
            .map(|(rule, binding, _)| (*rule, binding.clone()))
            .collect()
    }

    /// The server that an actor was given for its own.
    pub fn server_of(&self, actor: &ActorId) -> Option<&ServerId> {
        self.servers.get(actor)
    }

    /// Adds reservations that arbitration accepted, or notes that they were confirmed.
    pub fn accept(&mut self, accepted: impl IntoIterator<Item = HeldReservation>) {
        for reservation in accepted {
            let key = (
                reservation.rule_index,
                reservation.binding.clone(),
                reservation.actor.clone(),
            );
            self.servers
                .insert(reservation.actor.clone(), reservation.server.clone());
            self.held.insert(key, reservation);
        }
    }

    /// Notes for each firing how the rest of its rule stands in this period (`None` is unknown),
    /// and releases the reservations of those for which it has been false for as many periods as
    /// their rule, by its place in the program, says.
    pub fn note_rests<'b>(
        &mut self,
        rests: impl IntoIterator<Item = (usize, &'b Binding, Option<bool>)>,
        release_periods: impl Fn(usize) -> u32,
    ) {
        let rests: BTreeMap<(usize, &Binding), Option<bool>> = rests
            .into_iter()
            .map(|(rule, binding, holds)| ((rule, binding), holds))
            .collect();
        self.held.retain(|(rule, binding, _), held| {
            match rests.get(&(*rule, binding)) {
                Some(Some(true)) => held.false_periods = 0,
                Some(Some(false)) => held.false_periods += 1,
                Some(None) | None => {}
            }
            held.false_periods < release_periods(*rule)
        });
        self.forget_servers();
    }

    /// Releases the reservations of actors that `lives` does not know.
    pub fn retain_actors(&mut self, lives: impl Fn(&ActorId) -> bool) {
        self.held.retain(|(_, _, actor), _| lives(actor));
        self.forget_servers();
    }

    /// Releases everything: the policy that held it is no longer in force.
    pub fn clear(&mut self) {
        *self = Memory::default();
    }

    fn forget_servers(&mut self) {
        let reserved: BTreeSet<&ActorId> = self.held.keys().map(|(_, _, actor)| actor).collect();
        self.servers.retain(|actor, _| reserved.contains(actor));
    }
}
