//! Servers with quotas: a long turn costs its server time, and no session.

use std::time::Duration;

use plasma_actor::{Event, SessionTimes};
use plasma_sim::{NoFaults, WorldConfig};

use crate::ledger::{Ledger, LedgerCall, Ledgers};
use crate::story::Story;

/// A server of a quarter of a core pays a turn of a second back in four.
const TURN: Duration = Duration::from_secs(1);

fn config() -> WorldConfig {
    WorldConfig {
        servers: 2,
        quota_cores: Some(0.25),
        session: SessionTimes {
            // Longer than the turn, shorter than its debt.
            give_up: TURN * 2,
            ..SessionTimes::default()
        },
        ..WorldConfig::new(3)
    }
}

#[test]
fn a_long_turn_breaks_no_session() {
    let shape = Ledgers {
        operations: 200,
        ..Ledgers::default()
    };
    let mut story = Story::begin(config(), shape, NoFaults);
    story.world.run_for(Duration::from_millis(20));
    let micros = u64::try_from(TURN.as_micros()).unwrap_or(u64::MAX);
    let asked = story
        .world
        .call::<Ledger>(1, &LedgerCall::Work(micros), None);
    assert!(asked.is_ok(), "{asked:?}");
    let mut world = story.end();
    let broken: Vec<Event> = world
        .take_told()
        .into_iter()
        .map(|told| told.event)
        .filter(|event| matches!(event, Event::SessionBroken { .. }))
        .collect();
    assert_eq!(broken, []);
    let slow: u64 = world
        .cores()
        .map(|(_, core)| core.counters().timed_out)
        .sum();
    assert!(slow > 0, "the debt was not felt by anybody");
}
