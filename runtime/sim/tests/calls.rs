//! Calls without moves: nothing is lost, repeated or reordered, whatever the network does.

use plasma_sim::{NoFaults, RandomFaults, WorldConfig};

use crate::ledger::Ledgers;
use crate::story::Story;

#[test]
fn calls_on_a_perfect_network_are_all_acknowledged() {
    let story = Story::begin(WorldConfig::new(1), Ledgers::default(), NoFaults);
    let history = story.shape.history.clone();
    let world = story.end();
    let (begun, acknowledged) = history.counts();
    assert!(acknowledged > begun * 8 / 10, "{acknowledged} of {begun}");
    assert!(world.traffic().struck.is_empty());
}

#[test]
fn calls_survive_a_bad_network() {
    for seed in 1..=20 {
        let faults = RandomFaults::each(0.05);
        Story::begin(WorldConfig::new(seed), Ledgers::default(), faults).end();
    }
}

#[test]
fn frames_come_out_of_their_bytes_as_they_went_in() {
    let config = WorldConfig {
        encodes_frames: true,
        ..WorldConfig::new(5)
    };
    Story::begin(config, Ledgers::default(), RandomFaults::each(0.02)).end();
}
