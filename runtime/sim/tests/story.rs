//! A run of the ledgers from its beginning to the last check.

use std::sync::atomic::Ordering;
use std::time::Duration;

use plasma_actor::{ActorId, Application, Setup, tag_of};
use plasma_engine::embedded::{Start, place};
use plasma_sim::check::{Property, Violation, accounts_close, overlaps, routes_converge};
use plasma_sim::{Faults, NoFaults, World, WorldConfig};

use crate::ledger::{DEADLINE, Ledger, LedgerCall, Ledgers, Relay, logs};

/// The longest that a run may take to come to rest, once its clients have ended.
const REST_MAX: Duration = Duration::from_secs(60);

/// The longest life of clients.
const LIFE_MAX: Duration = Duration::from_secs(600);

/// A world with ledgers on it.
pub(crate) struct Story {
    pub(crate) world: World,
    pub(crate) shape: Ledgers,
}

impl Story {
    /// A world with these ledgers, placed by its seed, and its clients.
    pub(crate) fn begin(
        config: WorldConfig,
        shape: Ledgers,
        faults: impl Faults + 'static,
    ) -> Story {
        let actors = (shape.ledgers + shape.relays) as usize;
        let places = place(Start::Random, config.seed, actors, config.servers as usize);
        Story::placed(config, shape, &places, faults)
    }

    /// The same with ledgers, then relays, on the servers of these places (from 0).
    pub(crate) fn placed(
        config: WorldConfig,
        shape: Ledgers,
        places: &[usize],
        faults: impl Faults + 'static,
    ) -> Story {
        let seed = config.seed;
        let catalog = shape.catalog().expect("the types can be told apart");
        let mut setup = Setup::new(seed);
        shape.create(&mut setup).expect("states can be encoded");
        let mut world =
            World::new(config, &catalog, Box::new(NoFaults)).expect("an empty log can be read");
        let populated = world.populate(setup.into_actors(), places);
        assert_eq!(populated, Ok(()), "seed {seed}");
        world.set_faults(Box::new(faults));
        for client in shape.load(seed).into_clients() {
            world.start_client(client);
        }
        Story { world, shape }
    }

    /// Lets the clients end, then everything come to rest without faults, and checks all there is
    /// to check. Panics with the seed if anything is wrong.
    pub(crate) fn end(self) -> World {
        let world = self.verdict();
        let seed = world.seed();
        let found: Vec<String> = world.violations().iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "seed {seed}:\n{}", found.join("\n"));
        world
    }

    /// The same, leaving it to the caller to look at the violations.
    pub(crate) fn verdict(mut self) -> World {
        let living = self.shape.living.clone();
        let limit = self.world.now() + LIFE_MAX;
        let ended = self
            .world
            .run_until_done(limit, |_| living.load(Ordering::Relaxed) == 0);
        if !ended {
            let what = "a client does not end".to_owned();
            self.world.report(Violation::new(Property::CallsEnd, what));
        }
        self.world.set_faults(Box::new(NoFaults));
        self.world.run_until_quiet(self.world.now() + REST_MAX);
        self.verify();
        self.world
    }

    fn verify(&mut self) {
        let world = &mut self.world;
        match logs(world, self.shape.ledgers) {
            Ok(logs) => {
                for violation in self.shape.history.verify(&logs) {
                    world.report(violation);
                }
            }
            Err(error) => {
                let what = format!("a ledger does not answer: {error}");
                world.report(Violation::new(Property::NothingLost, what));
            }
        }
        for key in 1..=self.shape.ledgers {
            let faults = world.ask::<Ledger, (u64, u64)>(key, &LedgerCall::Faults, DEADLINE);
            if faults != Ok((0, 0)) {
                let what = format!("ledger {key}: torn states and missing ticks: {faults:?}");
                world.report(Violation::new(Property::Fidelity, what));
            }
        }
        world.run_until_quiet(world.now() + REST_MAX);
        overlaps(world);
        routes_converge(world);
        accounts_close(world);
    }
}

/// The ledger of this key.
pub(crate) fn ledger(key: u64) -> ActorId {
    ActorId::new(tag_of::<Ledger>(), key)
}

/// The relay of this key.
pub(crate) fn relay(key: u64) -> ActorId {
    ActorId::new(tag_of::<Relay>(), key)
}
