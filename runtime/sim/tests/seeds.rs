//! Many seeds, short runs: small clusters, bad networks, narrow bounds, random moves.

use std::time::Duration;

use plasma_actor::Limits;
use plasma_sim::{Random, RandomFaults, Stream, WorldConfig};

use crate::ledger::Ledgers;
use crate::moves::shuffle;
use crate::story::Story;

/// How many seeds each test runs, unless `PLASMA_SIM_SEEDS` says otherwise.
const SEEDS: u64 = 100;

fn seeds() -> u64 {
    let wanted = std::env::var("PLASMA_SIM_SEEDS").ok();
    wanted.and_then(|seeds| seeds.parse().ok()).unwrap_or(SEEDS)
}

/// A cluster whose size, strength and bounds come from the seed.
fn config(seed: u64) -> WorldConfig {
    let mut random = Random::new(seed, Stream::Choices);
    let narrow = random.chance(0.3);
    let limits = Limits {
        mailbox: if narrow { 4 } else { 1024 },
        held: if narrow { 4 } else { 1024 },
        ..Limits::default()
    };
    WorldConfig {
        servers: 2 + u32::try_from(random.below(4)).expect("a small number"),
        gateways: 1 + u32::try_from(random.below(2)).expect("a small number"),
        quota_cores: random.chance(0.3).then_some(0.1),
        limits,
        encodes_frames: random.chance(0.2),
        ..WorldConfig::new(seed)
    }
}

fn shape(seed: u64) -> Ledgers {
    let mut random = Random::new(seed, Stream::Choices);
    Ledgers {
        ledgers: 1 + random.below(4),
        relays: random.below(3),
        clients: 2 + random.below(5),
        operations: u64::MAX,
        think: Duration::from_millis(1 + random.below(4)),
        ..Ledgers::default()
    }
}

fn run(seed: u64, faults: RandomFaults) {
    let mut story = Story::begin(config(seed), shape(seed), faults);
    shuffle(&mut story, 12, Duration::from_millis(5));
    story.end();
}

#[test]
fn on_a_good_network() {
    for seed in 1..=seeds() {
        run(seed, RandomFaults::each(0.0));
    }
}

#[test]
fn on_a_bad_network() {
    for seed in 100_001..=100_000 + seeds() {
        run(seed, RandomFaults::each(0.02));
    }
}

#[test]
fn on_a_very_bad_network() {
    for seed in 200_001..=200_000 + seeds() {
        run(seed, RandomFaults::each(0.1));
    }
}
