//! Calls that succeed: across servers, in order, beside each other, later.

use std::time::Duration;

use plasma_actor::{Ref, Time};

use crate::actors::{Counter, Log};
use crate::world::{Told, World};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_client_calls_an_actor_on_another_server() {
    let mut world = World::new(1);
    let counter = world.create(
        1,
        1,
        &Counter {
            total: 5,
            next: None,
        },
    );
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(counter.add(&cx, 3).await);
        teller.tell(counter.total(&cx).await);
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [Ok(8), Ok(8)]);
}

#[test]
fn an_actor_that_is_called_without_having_been_created_begins_fresh() {
    let mut world = World::new(2);
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(Ref::<Log>::new(7).origin(&cx).await);
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [Ok("Some(New)".to_owned())]);
    assert_eq!(world.cores[0].directory_records().map(|r| r.len()), Some(1));
}

#[test]
fn actors_call_each_other_along_a_chain_over_three_servers() {
    let mut world = World::new(3);
    let next = |key| Some(Ref::new(key));
    world.create(
        3,
        3,
        &Counter {
            total: 300,
            next: None,
        },
    );
    world.create(
        2,
        2,
        &Counter {
            total: 20,
            next: next(3),
        },
    );
    let first = world.create(
        1,
        1,
        &Counter {
            total: 1,
            next: next(2),
        },
    );
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(first.add_all(&cx, 5).await);
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [Ok(305)]);
}

#[test]
fn calls_of_one_caller_arrive_in_the_order_of_sending() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        for number in 0..50 {
            // One-way calls and calls that are awaited later keep one order.
            if number % 2 == 0 {
                log.append(&cx, number).send().expect("there is room");
            } else {
                drop(log.append(&cx, number).ask());
            }
        }
        teller.tell(log.read(&cx).await);
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [Ok((0..50).collect::<Vec<u64>>())]);
}

#[test]
fn shared_functions_run_beside_each_other_and_others_alone() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        let began = cx.now();
        let looks: Vec<_> = (0..5).map(|_| log.look(&cx, 50).ask()).collect();
        let append = log.append(&cx, 1).ask();
        for look in looks {
            assert_eq!(look.await, Ok(0), "the append must wait for the looks");
        }
        append.await.expect("it ends");
        teller.tell(cx.now().since(began));
    });
    world.pass(SECOND);
    let took = told.take();
    assert!(took[0] < Duration::from_millis(60), "{took:?}");
}

#[test]
fn an_ask_is_made_when_it_is_made_and_not_when_it_is_awaited() {
    let mut world = World::new(2);
    let slow = world.create(1, 1, &Log::default());
    let other = world.create(2, 2, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        let began = cx.now();
        let (first, second) = (slow.slow(&cx, 80).ask(), other.slow(&cx, 80).ask());
        (first.await, second.await).0.expect("it ends");
        teller.tell(cx.now().since(began));
    });
    world.pass(SECOND);
    let took = told.take();
    assert!(took[0] < Duration::from_millis(90), "{took:?}");
}

#[test]
fn a_timer_posts_a_call_later() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        log.later(&cx, 300, 9).await.expect("it is set");
        cx.sleep(Duration::from_millis(250)).await;
        teller.tell(log.read(&cx).await);
        cx.sleep(Duration::from_millis(100)).await;
        teller.tell(log.read(&cx).await);
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [Ok(vec![]), Ok(vec![9])]);
}

#[test]
fn a_call_from_outside_is_answered_in_bytes() {
    let mut world = World::new(1);
    let counter = world.create(
        1,
        1,
        &Counter {
            total: 5,
            next: None,
        },
    );
    let call = crate::actors::CounterCall::Add(2);
    world.call(0, &counter, &call, 77);
    world.pass(SECOND);
    assert_eq!(world.answers[&77], Ok(vec![7]));
}

#[test]
fn after_quiet_time_every_call_is_accounted_for() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::with_peer(2));
    world.create(2, 2, &Log::default());
    world.client(move |cx| async move {
        for number in 0..20 {
            log.pass_on(&cx, number).send().expect("there is room");
            log.relay(&cx, number).await.expect("it ends");
        }
    });
    world.pass(SECOND);
    assert!(world.cores.iter().all(plasma_actor::ServerCore::is_quiet));
    let sum = |count: fn(&plasma_actor::Counters) -> u64| -> u64 {
        world.cores.iter().map(|core| count(&core.counters())).sum()
    };
    assert_eq!(sum(|c| c.sent), 80);
    assert_eq!(sum(|c| c.handled), 80);
    assert!(world.now > Time::ZERO);
}
