//! What a world can be asked to do from outside: create actors, move them, call them.

use std::time::Duration;

use plasma_actor::serde::de::DeserializeOwned;
use plasma_actor::{
    ActorId, Address, CallError, Calls, Executed, Functions, GatewayCall, Input, MigrationOrder,
    MovingActor, NewActor, Order, OrderResult, ServerId, WireError, tag_of, wire,
};

use super::{DIRECTORY, World};

/// How long the creation of an application's first actors may take.
const CREATION_MAX: Duration = Duration::from_secs(30);

/// The deadline of orders to move.
const MOVE_DEADLINE: Duration = Duration::from_secs(10);

/// Why a world could not be populated.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PopulateError {
    /// There is no such server.
    #[error("there is no server {0}")]
    NoServer(usize),
    /// An actor was not created.
    #[error("{actor:?} was not created: {outcome}")]
    NotCreated {
        /// Which.
        actor: ActorId,
        /// What its server said.
        outcome: String,
    },
}

impl World {
    /// Creates actors, each on the server of the same place in `places` (counted from 0), and waits
    /// until they live.
    ///
    /// # Errors
    /// If one cannot be created.
    pub fn populate(
        &mut self,
        actors: impl IntoIterator<Item = NewActor>,
        places: &[usize],
    ) -> Result<(), PopulateError> {
        let servers = self.servers();
        let mut awaited = Vec::new();
        for (actor, place) in actors.into_iter().zip(places) {
            let name = actor.actor;
            let server = servers.get(*place).ok_or(PopulateError::NoServer(*place))?;
            let id = self.next_order();
            self.give(*server, Input::Order(Order::Create { id, actor }));
            awaited.push((id, name));
        }
        let limit = self.now() + CREATION_MAX;
        let mut answered = 0;
        self.run_until_done(limit, |world| {
            while let Some((id, _)) = awaited.get(answered)
                && world.outcome(*id).is_some()
            {
                answered += 1;
            }
            answered == awaited.len()
        });
        for (id, actor) in awaited {
            let ended = self.ended.remove(&id).map(|ended| ended.result);
            if !matches!(ended, Some(OrderResult::Created { .. })) {
                let outcome = format!("{ended:?}");
                return Err(PopulateError::NotCreated { actor, outcome });
            }
        }
        Ok(())
    }

    /// Orders the move of actors that live on one server to another; gives the order's id. Which
    /// server gets the order is what the directory knows of the first actor.
    pub fn migrate(&mut self, actors: &[ActorId], to: ServerId) -> u64 {
        let from = actors.first().and_then(|actor| self.owner(*actor));
        let moving = actors.iter().map(|actor| MovingActor {
            actor: *actor,
            epoch: None,
        });
        let moving = moving.collect();
        let id = self.next_order();
        self.order_move(id, from.unwrap_or(DIRECTORY), moving, to, MOVE_DEADLINE);
        id
    }

    /// Gives server `from` an order to move actors, under an id of the caller's choice.
    pub fn order_move(
        &mut self,
        id: u64,
        from: ServerId,
        actors: Vec<MovingActor>,
        to: ServerId,
        deadline: Duration,
    ) {
        let order = MigrationOrder {
            id,
            actors,
            to: Address::first(to.0),
            deadline,
        };
        self.give(from, Input::Order(Order::Migrate(order)));
    }

    /// Calls an actor from outside, through the first gateway; gives the call's id. A call without
    /// a deadline is one-way: it is never answered.
    ///
    /// # Errors
    /// If the arguments cannot be encoded.
    pub fn call<A: Functions>(
        &mut self,
        key: u64,
        call: &A::Call,
        deadline: Option<Duration>,
    ) -> Result<u64, WireError> {
        let id = self.next_order();
        let function = A::FUNCTIONS.get(call.function());
        let function = function.ok_or_else(|| WireError::new("call", "no such function"))?;
        let mut arguments = Vec::new();
        call.encode(&mut arguments)?;
        let call = GatewayCall {
            id,
            actor: ActorId::new(tag_of::<A>(), key),
            function: function.id,
            arguments: arguments.into(),
            deadline,
        };
        if let Some(gateway) = self.gateways().first() {
            self.give(*gateway, Input::Call(call));
        }
        Ok(id)
    }

    /// Calls an actor from outside, and waits for the answer.
    ///
    /// # Errors
    /// As the call ends.
    pub fn ask<A: Functions, R: DeserializeOwned>(
        &mut self,
        key: u64,
        call: &A::Call,
        deadline: Duration,
    ) -> Result<R, CallError> {
        let malformed = |error: WireError, executed| CallError::Malformed {
            reason: error.to_string(),
            executed,
        };
        let id = self
            .call::<A>(key, call, Some(deadline))
            .map_err(|error| malformed(error, Executed::No))?;
        let limit = self.now() + deadline + deadline;
        self.run_until_done(limit, |world| world.answer(id).is_some());
        match self.answer(id) {
            Some(Ok(bytes)) => wire::decode(bytes).map_err(|error| malformed(error, Executed::Yes)),
            Some(Err(error)) => Err(error.clone()),
            None => Err(CallError::Unavailable {
                executed: Executed::Maybe,
            }),
        }
    }
}
