//! Links that lose, repeat, delay and reorder frames: calls do not notice.

use std::time::Duration;

use plasma_actor::{Address, CallError, Event, Executed, FrameKind, Input};

use crate::actors::Log;
use crate::world::{Fate, Told, World, counter};

const SECOND: Duration = Duration::from_secs(1);

/// A fate for each frame, the same in every run.
fn weather(number: u64) -> Fate {
    match (number * 2_654_435_761) >> 7 & 15 {
        0 | 1 => Fate::Lose,
        2 | 3 => Fate::Repeat,
        4..6 => Fate::Delay(Duration::from_millis(7)),
        _ => Fate::Pass,
    }
}

#[test]
fn calls_over_a_bad_link_arrive_once_and_in_order() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    let (faults, count) = counter();
    world.fates(move |_, number| {
        let fate = weather(number);
        count.set(count.get() + u32::from(fate != Fate::Pass));
        fate
    });
    world.client(move |cx| async move {
        for number in 0..200 {
            match number % 4 {
                0 => assert_eq!(log.append(&cx, number).await, Ok(number + 1)),
                _ => log.append(&cx, number).send().expect("there is room"),
            }
        }
        teller.tell(log.read(&cx).await);
    });
    world.pass(SECOND * 60);
    assert_eq!(told.take(), [Ok((0..200).collect::<Vec<u64>>())]);
    assert!(faults.get() > 50, "{} faults", faults.get());
    assert!(world.cores.iter().all(plasma_actor::ServerCore::is_quiet));
}

#[test]
fn a_link_that_stays_broken_ends_its_calls_and_then_works_again() {
    let mut world = World::with_config(1, |config| config.session.give_up = SECOND * 3);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    let heals_at = world.now + SECOND * 6;
    let until = heals_at.as_nanos();
    let clock = std::rc::Rc::new(std::cell::Cell::new(0));
    let seen = clock.clone();
    world.fates(move |_, _| {
        if seen.get() < until {
            Fate::Lose
        } else {
            Fate::Pass
        }
    });
    world.client(move |cx| async move {
        teller.tell(log.append(&cx, 1).await);
        cx.sleep(SECOND * 8).await;
        teller.tell(log.append(&cx, 2).await);
    });
    for _ in 0..200 {
        world.pass(SECOND / 10);
        clock.set(world.now.as_nanos());
    }
    let executed = Executed::Maybe;
    assert_eq!(
        told.take(),
        [Err(CallError::Unavailable { executed }), Ok(1)]
    );
    let broken = |(_, event): &(usize, Event)| matches!(event, Event::SessionBroken { .. });
    assert!(world.events.iter().any(broken));
    let failed: u64 = world.cores.iter().map(|core| core.counters().failed).sum();
    assert_eq!(failed, 1, "the call that never arrived");
}

#[test]
fn a_dead_server_takes_the_calls_on_their_way_along() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    world.client(move |cx| async move {
        log.append(&cx, 1).await.expect("it runs");
        log.append(&cx, 2).send().expect("there is room");
    });
    world.fates(|frame, _| match frame.kind() {
        FrameKind::OneWay => Fate::Lose,
        _ => Fate::Pass,
    });
    world.pass(SECOND / 50);
    world.input(0, Input::PeerDown(Address::first(1)));
    assert_eq!(world.cores[0].counters().failed, 1);
    assert!(world.cores[0].is_quiet());
}
