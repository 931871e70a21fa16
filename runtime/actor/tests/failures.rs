//! Handlers that fail: the call ends, the actor begins again.

use std::time::Duration;

use plasma_actor::{CallError, Event, Executed, Origin};

use crate::actors::Log;
use crate::world::{Told, World};

const SECOND: Duration = Duration::from_secs(1);

fn failed(reason: &str) -> CallError {
    CallError::Failed {
        reason: reason.to_owned(),
    }
}

#[test]
fn a_panic_ends_the_call_and_the_actor_restarts_from_its_checkpoint() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        log.append(&cx, 1).await.expect("it runs");
        cx.sleep(SECOND * 2).await;
        log.append(&cx, 2)
            .await
            .expect("it runs, after the checkpoint");
        assert_eq!(log.fail(&cx).await, Err(failed("told to fail")));
        teller.tell(log.read(&cx).await);
    });
    world.pass(SECOND * 4);
    assert_eq!(told.take(), [Ok(vec![1])]);
    let origins: Vec<&Origin> = world
        .events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::Activated { origin, .. } => Some(origin),
            _ => None,
        })
        .collect();
    assert!(
        matches!(origins[..], [Origin::New, Origin::Checkpoint { .. }]),
        "{origins:?}"
    );
    assert_eq!(failed("").executed(), Executed::Maybe);
}

#[test]
fn calls_that_wait_while_an_actor_restarts_are_not_lost() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        let fail = log.fail(&cx).ask();
        let append = log.append(&cx, 5).ask();
        teller.tell(fail.await.is_err());
        teller.tell(append.await == Ok(1));
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [true, true]);
}

#[test]
fn the_third_failure_quarantines() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        for _ in 0..3 {
            teller.tell(log.fail(&cx).await);
        }
        teller.tell(log.fail(&cx).await);
    });
    world.pass(SECOND);
    let ended = told.take();
    assert_eq!(ended[2], Err(failed("told to fail")));
    assert_eq!(ended[3], Err(CallError::Quarantined { deaths: 3 }));
    let quarantined = |(_, event): &(usize, Event)| matches!(event, Event::Quarantined { .. });
    assert_eq!(world.events.iter().filter(|e| quarantined(e)).count(), 1);
}

#[test]
fn waiting_for_something_foreign_is_a_failure_at_once() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(log.wait_for_nothing(&cx).await);
    });
    world.pass(Duration::from_millis(10));
    let ended = told.take();
    let Err(CallError::Failed { reason }) = &ended[0] else {
        panic!("{ended:?}");
    };
    assert!(
        reason.contains("not an operation of its context"),
        "{reason}"
    );
}

#[test]
fn a_handler_that_sleeps_too_long_fails() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(log.slow(&cx, 101).await);
    });
    world.pass(Duration::from_millis(10));
    let ended = told.take();
    let Err(CallError::Failed { reason }) = &ended[0] else {
        panic!("{ended:?}");
    };
    assert!(reason.contains("at most 100 ms"), "{reason}");
}

#[test]
fn a_client_that_panics_ends_alone() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(|_| async { panic!("a mistake of the client") });
    world.client(move |cx| async move {
        teller.tell(log.append(&cx, 1).await);
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [Ok(1)]);
    assert!(world.events.iter().any(|(_, event)| matches!(event,
        Event::ClientFailed { reason } if reason == "a mistake of the client")));
}
