//! Calls that end with an error, each saying whether it ran.

use std::time::Duration;

use plasma_actor::{Buffer, CallError, Executed, FunctionId, Input, Limits, Ref, Waited};

use crate::actors::{Counter, Log};
use crate::world::{Told, World};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_call_that_closes_a_cycle_is_refused_at_once() {
    let mut world = World::new(2);
    let first = world.create(1, 1, &Log::with_peer(2));
    let second = world.create(2, 2, &Log::with_peer(1));
    let path = vec![Ref::id(&first), Ref::id(&second)];
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(first.relay_relay(&cx, 1).await);
    });
    world.pass(Duration::from_millis(20));
    let reason = |error: &CallError| match error {
        CallError::Failed { reason } => reason.clone(),
        other => panic!("{other:?}"),
    };
    let ended = told.take();
    let error = ended[0].as_ref().expect_err("it closes a cycle");
    assert!(
        reason(error).contains(&format!("{:?}", CallErrorPath(&path))),
        "{error}"
    );
    assert_eq!(CallError::Cycle { path }.executed(), Executed::No);
}

/// Shows a path the way the error's message does.
struct CallErrorPath<'a>(&'a [plasma_actor::ActorId]);

impl std::fmt::Debug for CallErrorPath<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.0)
    }
}

#[test]
fn seventeen_waiting_callers_are_too_many() {
    let mut world = World::new(1);
    for key in 1..=18 {
        let next = (key < 18).then(|| Ref::new(key + 1));
        world.create(1, key, &Counter { total: 0, next });
    }
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(Ref::<Counter>::new(1).add_all(&cx, 1).await);
        teller.tell(Ref::<Counter>::new(2).add_all(&cx, 1).await);
    });
    world.pass(SECOND);
    let ended = told.take();
    let Err(CallError::Failed { reason }) = &ended[0] else {
        panic!("{ended:?}");
    };
    assert!(reason.contains("more than 16 callers"), "{reason}");
    assert_eq!(ended[1], Ok(1), "sixteen are not");
}

#[test]
fn a_timeout_says_what_the_callee_waited_for() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::with_peer(2));
    let peer = world.create(2, 2, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        let limit = Duration::from_millis(60);
        drop(peer.slow(&cx, 100).ask());
        teller.tell(peer.append(&cx, 1).within(limit).await);
        cx.sleep(Duration::from_millis(50)).await;
        teller.tell(log.slow(&cx, 99).within(limit).await.map(|()| 0));
        cx.sleep(Duration::from_millis(50)).await;
        drop(peer.slow(&cx, 100).ask());
        cx.sleep(Duration::from_millis(10)).await;
        teller.tell(log.relay(&cx, 1).within(limit).await);
    });
    world.pass(SECOND);
    let timeout = |waited| CallError::Timeout { waited };
    let inner = timeout(Waited::Queued { ahead: 1 });
    assert_eq!(
        told.take(),
        [
            Err(inner.clone()),
            Err(timeout(Waited::Sleeping)),
            // The inner call's deadline comes first, and its error says what that waited for.
            Err(CallError::Failed {
                reason: inner.to_string()
            }),
        ]
    );
}

#[test]
fn a_deadline_is_inherited_as_the_time_that_remains() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::with_peer(2));
    let peer = world.create(2, 2, &Log::default());
    let reader: Ref<Log> = peer.clone();
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        drop(peer.slow(&cx, 100).ask());
        let limit = Duration::from_millis(50);
        teller.tell(log.relay(&cx, 1).within(limit).await.is_err());
        cx.sleep(SECOND).await;
        // The inner call's deadline was over before its turn came: it has not run.
        teller.tell(reader.read(&cx).await == Ok(vec![]));
    });
    world.pass(SECOND * 2);
    assert_eq!(told.take(), [true, true]);
}

#[test]
fn a_full_mailbox_refuses_at_once() {
    let limits = Limits {
        mailbox: 2,
        ..Limits::default()
    };
    let mut world = World::with_limits(1, limits);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        drop(log.slow(&cx, 100).ask());
        cx.sleep(Duration::from_millis(10)).await;
        let asks: Vec<_> = (0..3).map(|n| log.append(&cx, n).ask()).collect();
        for ask in asks {
            teller.tell(ask.await);
        }
        // One-way calls are dropped elsewhere, and counted there.
        log.slow(&cx, 50).send().expect("the way is free");
        for number in 0..4 {
            log.append(&cx, number).send().expect("the way is free");
        }
    });
    world.pass(SECOND);
    let overloaded = Err(CallError::Overloaded(Buffer::Mailbox));
    assert_eq!(told.take(), [Ok(1), Ok(2), overloaded]);
    assert_eq!(world.cores[1].counters().dropped[&Buffer::Mailbox], 3);
}

#[test]
fn an_actor_that_nobody_created_is_not_found() {
    let mut world = World::new(1);
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(Ref::<Counter>::new(9).total(&cx).await);
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [Err(CallError::NotFound)]);
}

#[test]
fn a_dead_server_ends_the_calls_that_were_sent_to_it() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(log.slow(&cx, 90).await);
    });
    world.pass(Duration::from_millis(20));
    world.input(0, Input::PeerDown(plasma_actor::Address::first(1)));
    world.pass(Duration::from_millis(20));
    let executed = Executed::Maybe;
    assert_eq!(told.take(), [Err(CallError::Unavailable { executed })]);
}

#[test]
fn a_function_of_another_version_is_refused() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    world.input(
        0,
        Input::Call(plasma_actor::GatewayCall {
            id: 1,
            actor: Ref::id(&log),
            function: FunctionId::of("no_such_function"),
            arguments: [].into(),
            deadline: Some(SECOND),
        }),
    );
    world.pass(SECOND);
    let Err(CallError::Malformed { executed, .. }) = world.answers[&1] else {
        panic!("{:?}", world.answers[&1]);
    };
    assert_eq!(executed, Executed::No);
}
