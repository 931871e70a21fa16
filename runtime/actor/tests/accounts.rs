//! What a period's accounts hold.

use std::time::Duration;

use plasma_actor::{Accounts, Ref, Sender, Value};

use crate::actors::{Counter, Log};
use crate::world::{World, catalog};

const SECOND: Duration = Duration::from_secs(1);

fn calls(accounts: &Accounts) -> Vec<String> {
    let names = catalog();
    let line = |call: &plasma_actor::CallsAccount| {
        let from = match call.from {
            Sender::Clients => "client".to_owned(),
            Sender::Actor(actor) => names.actor_name(actor),
        };
        let to = names.actor_name(call.to);
        let answered = call.latency.map_or(0, |latency| latency.count);
        format!(
            "{from} -> {to}.{}: {} calls, {} bytes, {answered} answered",
            call.function, call.count, call.size_bytes
        )
    };
    accounts.calls.iter().map(line).collect()
}

#[test]
fn calls_are_counted_where_they_are_sent() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::with_peer(2));
    world.create(2, 2, &Log::default());
    world.client(move |cx| async move {
        for number in 0..40 {
            log.relay(&cx, number).await.expect("it ends");
        }
        log.read(&cx).await.expect("it ends");
        log.append(&cx, 1).send().expect("there is room");
    });
    world.pass(SECOND);
    let now = world.now;
    let gateway = world.cores[0].take_accounts(now);
    assert_eq!(
        calls(&gateway),
        [
            "client -> Log-1.append: 1 calls, 5 bytes, 0 answered",
            "client -> Log-1.read: 1 calls, 4 bytes, 1 answered",
            "client -> Log-1.relay: 40 calls, 200 bytes, 40 answered",
        ]
    );
    assert_eq!(gateway.client_latency_nanos.map(|all| all.len()), Some(41));
    let server = world.cores[1].take_accounts(now);
    assert_eq!(
        calls(&server),
        ["Log-1 -> Log-2.append: 40 calls, 200 bytes, 40 answered"]
    );
    let mean = server.calls[0].latency.map(|latency| latency.mean);
    // A round trip each, and one more for the first, which waited for the directory.
    assert_eq!(mean, Some(Duration::from_micros(2050)));
    assert!(
        world.cores[1].take_accounts(now).calls.is_empty(),
        "a new period"
    );
}

#[test]
fn actors_are_described_with_references_and_values() {
    let mut world = World::new(1);
    let next = Some(Ref::new(2));
    let counter = world.create(1, 1, &Counter { total: 40, next });
    world.client(move |cx| async move {
        counter.add(&cx, 2).await.expect("it ends");
    });
    world.pass(SECOND);
    let now = world.now;
    let accounts = world.cores[1].take_accounts(now);
    let actor = &accounts.actors[0];
    assert_eq!(
        actor.references,
        [("next", vec![Ref::id(&Ref::<Counter>::new(2))])]
    );
    assert_eq!(actor.values, [("total", Value::Int(42))]);
    assert_eq!(
        actor.cycles, 2,
        "its `activated` and one call, a stamp each"
    );
    assert_eq!(actor.state_bytes, 3);
}

#[test]
fn without_profiling_nothing_is_counted() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    for core in &mut world.cores {
        core.take_accounts(world.now);
        core.set_profiling(false);
    }
    world.client(move |cx| async move {
        log.append(&cx, 1).await.expect("it ends");
    });
    world.pass(SECOND);
    let now = world.now;
    for core in &mut world.cores {
        let accounts = core.take_accounts(now);
        assert!(accounts.calls.is_empty());
        assert!(accounts.actors.iter().all(|actor| actor.cycles == 0));
    }
}

#[test]
fn an_answer_after_an_empty_period_is_counted() {
    let mut world = World::new(1);
    let busy = world.create(1, 2, &Log::default());
    let caller = world.create(1, 1, &Log::with_peer(2));
    world.client(move |cx| async move {
        let slow = busy.slow(&cx, 60).ask();
        let relayed = caller.relay(&cx, 5).ask();
        slow.await.expect("it ends");
        relayed.await.expect("it ends");
    });
    let mut periods = Vec::new();
    for length in [20, 20, 60] {
        world.pass(Duration::from_millis(length));
        periods.push(calls(&world.cores[1].take_accounts(world.now)));
    }
    let from = "Log-1 -> Log-2.append";
    assert_eq!(
        periods,
        [
            vec![format!("{from}: 1 calls, 5 bytes, 0 answered")],
            vec![],
            vec![format!("{from}: 0 calls, 0 bytes, 1 answered")],
        ]
    );
}

#[test]
fn the_schema_is_written_in_the_policy_language() {
    assert_eq!(
        catalog().schema(),
        "actor Counter {\n  next: Counter?;\n  total: int;\n  fn total;\n  fn add;\n  fn add_all;\n}\n\n\
         actor Log {\n  peer: Log?;\n  fn append;\n  fn read;\n  fn slow;\n  fn look;\n  fn relay;\n  \
         fn relay_slowly;\n  fn relay_relay;\n  fn fail;\n  fn wait_for_nothing;\n  fn later;\n  \
         fn pass_on;\n  fn origin;\n}\n"
    );
}
