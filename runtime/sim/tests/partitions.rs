//! Partitions that outlast the sessions over them: what was lost is known and counted, moves are
//! decided, and everything works again afterwards.

use std::time::Duration;

use plasma_actor::{Address, Event, FrameKind, Limits, ServerId, SessionTimes};
use plasma_sim::{Fault, Faults, NoFaults, Passing, Random, World, WorldConfig};

use crate::ledger::Ledgers;
use crate::story::{Story, ledger};

/// How long a session waits without an acknowledgement.
const GIVE_UP: Duration = Duration::from_millis(300);

/// How long two nodes cannot reach each other.
const PARTITION: Duration = Duration::from_secs(1);

/// When the partition begins, or the order is given: calls are under way.
const AFTER: Duration = Duration::from_millis(5);

/// The longest that a move may take.
const OUTCOME_MAX: Duration = Duration::from_secs(20);

fn config(seed: u64) -> WorldConfig {
    WorldConfig {
        servers: 3,
        limits: Limits {
            move_step: Duration::from_millis(400),
            quiesce: Duration::from_millis(200),
            ..Limits::default()
        },
        session: SessionTimes {
            retransmit: Duration::from_millis(20),
            give_up: GIVE_UP,
            ..SessionTimes::default()
        },
        ..WorldConfig::new(seed)
    }
}

/// Loses all frames between two nodes for a while, from the frame of this number on.
fn partition_from(number: u64, one: Address, other: Address) -> impl Faults {
    let mut began = None;
    move |passing: &Passing, _: &mut Random| {
        if passing.number < number {
            return None;
        }
        let began = *began.get_or_insert(passing.at);
        let between = [(one, other), (other, one)].contains(&(passing.from, passing.to));
        (between && passing.at.since(began) < PARTITION).then_some(Fault::Lose)
    }
}

fn sessions_broken(world: &mut World) -> usize {
    let told = world.take_told();
    let broken = told
        .iter()
        .filter(|told| matches!(told.event, Event::SessionBroken { .. }));
    broken.count()
}

fn failed(world: &World) -> u64 {
    world.cores().map(|(_, core)| core.counters().failed).sum()
}

#[test]
fn calls_lost_with_a_session_are_counted() {
    let (mut lost, mut broken) = (0, 0);
    for seed in 1..=3 {
        for (one, other) in [(4, 1), (1, 2), (2, 1), (0, 1), (4, 0)] {
            let shape = Ledgers {
                operations: 200,
                ..Ledgers::default()
            };
            let mut story = Story::begin(config(seed), shape, NoFaults);
            story.world.run_for(AFTER);
            let next = story.world.next_frame();
            let faults = partition_from(next, Address::first(one), Address::first(other));
            story.world.set_faults(Box::new(faults));
            let mut world = story.end();
            lost += failed(&world);
            broken += sessions_broken(&mut world);
        }
    }
    // Two ends each; a server without ledgers may have nothing to say to the other.
    assert!(broken > 15, "{broken}");
    assert!(lost > 20, "only {lost} calls were lost");
}

/// Moves the first ledger from the first server to the second. Gives the frames between the order
/// and its outcome, and the world when all has come to rest.
fn move_under(faults: impl FnOnce(u64) -> Box<dyn Faults>) -> (Vec<Passing>, World) {
    let shape = Ledgers {
        ledgers: 2,
        relays: 1,
        clients: 3,
        operations: 60,
        ..Ledgers::default()
    };
    let mut story = Story::placed(config(8), shape, &[0, 0, 2], NoFaults);
    story.world.scan_placements();
    story.world.run_for(AFTER);
    story.world.log_frames();
    let faults = faults(story.world.next_frame());
    story.world.set_faults(faults);
    let id = story.world.migrate(&[ledger(1)], ServerId(2));
    let limit = story.world.now() + OUTCOME_MAX;
    let answered = story
        .world
        .run_until_done(limit, |world| world.outcome(id).is_some());
    assert!(answered, "the order is not answered");
    let frames = story.world.frame_log().to_vec();
    (frames, story.end())
}

#[test]
fn a_partition_at_any_step_of_a_move_loses_no_account() {
    let (frames, _) = move_under(|_| Box::new(NoFaults));
    let protocol: Vec<Passing> = frames
        .into_iter()
        .filter(|passing| !passing.kind.is_call() && passing.kind != FrameKind::Acknowledge)
        .collect();
    assert!(protocol.len() >= 8, "{protocol:?}");
    let mut broken = 0;
    for frame in protocol {
        // Told if the run fails.
        println!("{frame:?}");
        let faults = || partition_from(frame.number, frame.from, frame.to);
        let (_, mut world) = move_under(|_| Box::new(faults()));
        broken += sessions_broken(&mut world);
    }
    assert!(broken > 0);
}
