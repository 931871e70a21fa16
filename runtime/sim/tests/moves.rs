//! Moves under load lose, repeat and reorder nothing.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use plasma_actor::{ActorId, OrderResult, SessionTimes};
use plasma_sim::{Faults, NoFaults, Random, RandomFaults, Stream, World, WorldConfig};

use crate::ledger::Ledgers;
use crate::story::{Story, ledger, relay};

/// Orders that are open at the same time.
const OPEN_MAX: usize = 4;

/// How long an order may take to be answered.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// Orders moves of actors that are not moving to random servers, one after the other, then tells
/// the clients to end. Gives how many moves were committed.
pub(crate) fn shuffle(story: &mut Story, orders: usize, pause_max: Duration) -> usize {
    let seed = story.world.seed();
    let mut random = Random::new(seed, Stream::Choices);
    let ledgers = (1..=story.shape.ledgers).map(ledger);
    let mut resting: Vec<ActorId> = ledgers.chain((1..=story.shape.relays).map(relay)).collect();
    let open_max = OPEN_MAX.min(resting.len());
    let servers = story.world.servers();
    let mut open: BTreeMap<u64, ActorId> = BTreeMap::new();
    let (mut ordered, mut committed) = (0, 0);
    while ordered < orders || !open.is_empty() {
        if ordered < orders && open.len() < open_max {
            let place = random.below(resting.len() as u64) as usize;
            let to = random.choose(&servers).expect("there are servers");
            let actor = resting.swap_remove(place);
            if story.world.owner(actor) == Some(*to) {
                resting.push(actor);
                continue;
            }
            open.insert(story.world.migrate(&[actor], *to), actor);
            ordered += 1;
            story.world.run_for(random.up_to(pause_max));
        } else {
            let limit = story.world.now() + ANSWER_MAX;
            let answered = story.world.run_until_done(limit, World::has_ended);
            assert!(answered, "seed {seed}: an order is not answered");
        }
        for order in story.world.take_ended() {
            resting.extend(open.remove(&order.id));
            committed += usize::from(matches!(order.result, OrderResult::Migrated(_)));
        }
    }
    story.shape.closing.store(true, Ordering::Relaxed);
    committed
}

/// Moves until a thousand are committed, on links where a lost frame is missed soon.
fn a_thousand_moves(seed: u64, faults: impl Faults + 'static) {
    let shape = Ledgers {
        ledgers: 8,
        relays: 4,
        clients: 8,
        operations: u64::MAX,
        think: Duration::from_millis(4),
        ..Ledgers::default()
    };
    let config = WorldConfig {
        session: SessionTimes {
            retransmit: Duration::from_millis(20),
            ..SessionTimes::default()
        },
        ..WorldConfig::new(seed)
    };
    let mut story = Story::begin(config, shape, faults);
    let history = story.shape.history.clone();
    let committed = shuffle(&mut story, 1050, Duration::from_millis(4));
    story.end();
    let (begun, acknowledged) = history.counts();
    assert!(committed >= 1000, "{committed} moves");
    assert!(begun > 1000, "{begun} operations are no load");
    assert!(acknowledged > begun / 2, "{acknowledged} of {begun}");
}

#[test]
fn a_thousand_moves_under_load_from_eight_callers() {
    a_thousand_moves(1, NoFaults);
}

#[test]
fn a_thousand_moves_on_a_bad_network() {
    a_thousand_moves(2, RandomFaults::each(0.01));
}

#[test]
fn large_states_move_in_pieces() {
    let shape = Ledgers {
        ballast: 300_000,
        ledgers: 2,
        relays: 1,
        operations: u64::MAX,
        ..Ledgers::default()
    };
    let mut story = Story::begin(WorldConfig::new(3), shape, RandomFaults::each(0.02));
    shuffle(&mut story, 30, Duration::from_millis(10));
    story.end();
}

#[test]
fn timers_move_with_their_actor() {
    use crate::ledger::{Ledger, LedgerCall};
    let shape = Ledgers {
        operations: u64::MAX,
        ..Ledgers::default()
    };
    let mut story = Story::begin(WorldConfig::new(4), shape, NoFaults);
    for key in 1..=story.shape.ledgers {
        let call = LedgerCall::Tick(100);
        let asked = story
            .world
            .ask::<Ledger, ()>(key, &call, Duration::from_secs(1));
        assert_eq!(asked, Ok(()));
    }
    shuffle(&mut story, 40, Duration::from_millis(4));
    // That no tick is missing is among the checks.
    story.world.run_for(Duration::from_secs(1));
    story.end();
}
