//! Moves: of an actor with all that belongs to it, refused, given up, and decided by the directory.

use std::time::Duration;

use plasma_actor::{
    Address, FrameKind, Functions, Input, Limits, MigrationRefusal, OrderResult, Ref, ServerCore,
};

use crate::actors::{Counter, Log};
use crate::world::{Fate, Told, World};

const SECOND: Duration = Duration::from_secs(1);

fn refusal(world: &World, order: u64) -> &MigrationRefusal {
    match &world.outcomes[&order] {
        OrderResult::NotMigrated(refusal) => refusal,
        other => panic!("{other:?}"),
    }
}

fn migrated(world: &World, order: u64) -> plasma_actor::MigrationDone {
    match &world.outcomes[&order] {
        OrderResult::Migrated(done) => *done,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_move_takes_state_held_calls_and_timers_along() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::default());
    let id = Ref::id(&log);
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        log.append(&cx, 1).await.expect("it ends");
        log.later(&cx, 500, 9).await.expect("it is set");
        drop(log.slow(&cx, 20).ask());
        let asks: Vec<_> = (2..5).map(|n| log.append(&cx, n).ask()).collect();
        for ask in asks {
            ask.await.expect("it ends");
        }
        cx.sleep(SECOND).await;
        teller.tell((log.read(&cx).await, log.origin(&cx).await));
    });
    world.pass(Duration::from_millis(10));
    let order = world.migrate(&[id], 1, 2);
    world.pass(SECOND * 3);
    let done = migrated(&world, order);
    assert_eq!(done.held_calls, 3);
    assert!(done.pause < Duration::from_millis(30), "{done:?}");
    assert_eq!(
        told.take(),
        [(Ok(vec![1, 2, 3, 4, 9]), Ok("Some(Moved)".to_owned()))]
    );
    assert_eq!(world.active_on(id), [2]);
    assert!(world.cores.iter().all(ServerCore::is_quiet));
}

#[test]
fn a_move_is_eight_kinds_of_frames() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::default());
    world.trace.clear();
    world.migrate(&[Ref::id(&log)], 1, 2);
    world.pass(SECOND);
    use FrameKind::{
        Activated, Admit, Admitted, Chunk, Commit, Committed, DirectoryAnswer, Prepared,
    };
    assert_eq!(
        world.trace,
        [
            (Admit, 1, 2),
            (Admitted, 2, 1),
            (Chunk, 1, 2),
            (Prepared, 2, 1),
            (Commit, 1, 0),
            (Committed, 0, 2),
            (DirectoryAnswer, 0, 1),
            (Activated, 2, 1),
        ]
    );
}

#[test]
fn a_large_state_goes_over_in_chunks() {
    let mut world = World::new(2);
    let entries = (0..200_000).collect();
    let log = world.create(
        1,
        1,
        &Log {
            entries,
            ..Log::default()
        },
    );
    world.trace.clear();
    let order = world.migrate(&[Ref::id(&log)], 1, 2);
    world.pass(SECOND);
    let chunks = world
        .trace
        .iter()
        .filter(|(kind, ..)| *kind == FrameKind::Chunk);
    let bytes = migrated(&world, order).bytes;
    assert_eq!(
        chunks.count() as u64,
        bytes.div_ceil(plasma_actor::CHUNK_BYTES as u64)
    );
    assert_eq!(world.active_on(Ref::id(&log)), [2]);
}

#[test]
fn calls_under_way_follow_the_actor_in_order() {
    let mut world = World::new(3);
    let log = world.create(1, 1, &Log::default());
    let (id, reader) = (Ref::id(&log), log.clone());
    // Two callers: a client, and an actor on the server the log moves to.
    let passer = world.create(2, 2, &Log::with_peer(1));
    world.client(move |cx| async move {
        for number in 0..300 {
            log.append(&cx, number).send().expect("there is room");
            passer
                .pass_on(&cx, 1000 + number)
                .send()
                .expect("there is room");
            cx.sleep(Duration::from_micros(700)).await;
        }
    });
    for (from, to) in [(1, 2), (2, 3), (3, 1), (1, 2)] {
        world.pass(Duration::from_millis(40));
        let order = world.migrate(&[id], from, to);
        world.pass(Duration::from_millis(15));
        migrated(&world, order);
    }
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        cx.sleep(SECOND).await;
        teller.tell(reader.read(&cx).await.expect("it ends"));
    });
    world.pass(SECOND * 2);
    let read = told.take().remove(0);
    let of = |low: u64| {
        read.iter()
            .copied()
            .filter(move |n| (low..low + 1000).contains(n))
    };
    assert!(of(0).eq(0..300), "{:?}", of(0).collect::<Vec<_>>());
    assert!(
        of(1000).eq(1000..1300),
        "{:?}",
        of(1000).collect::<Vec<_>>()
    );
    let places: Vec<_> = world
        .cores
        .iter()
        .filter_map(|core| core.route(id))
        .collect();
    assert!(places.iter().all(|place| place.server.0 == 2), "{places:?}");
}

#[test]
fn the_movers_own_calls_arrive_in_order() {
    let mut world = World::new(3);
    let mover = world.create(1, 1, &Log::with_peer(2));
    let sink = world.create(3, 2, &Log::default());
    let id = Ref::id(&mover);
    // The mover's first server is slow to reach the sink.
    world.fates(|frame, _| match (frame.from.server.0, frame.to.server.0) {
        (1, 3) => Fate::Delay(Duration::from_millis(30)),
        _ => Fate::Pass,
    });
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        for number in 0..60 {
            mover.pass_on(&cx, number).send().expect("there is room");
            cx.sleep(Duration::from_millis(1)).await;
        }
        cx.sleep(SECOND).await;
        teller.tell(sink.read(&cx).await.expect("it ends"));
    });
    world.pass(Duration::from_millis(20));
    let order = world.migrate(&[id], 1, 2);
    world.pass(SECOND * 2);
    migrated(&world, order);
    assert_eq!(told.take(), [(0..60).collect::<Vec<u64>>()]);
}

#[test]
fn a_group_moves_whole_and_lets_its_own_calls_end() {
    let mut world = World::new(2);
    let first = world.create(1, 1, &Log::with_peer(2));
    let second = world.create(1, 2, &Log::default());
    let ids = [Ref::id(&first), Ref::id(&second)];
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        // When the group begins to drain, the first's call has not yet called the second.
        teller.tell(first.relay_slowly(&cx, 7).await);
    });
    world.pass(Duration::from_millis(10));
    let order = world.migrate(&ids, 1, 2);
    world.pass(SECOND);
    migrated(&world, order);
    assert_eq!(told.take(), [Ok(1)]);
    assert_eq!(
        (world.active_on(ids[0]), world.active_on(ids[1])),
        (vec![2], vec![2])
    );
}

#[test]
fn a_target_that_hosts_no_actors_refuses() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let order = world.migrate(&[Ref::id(&log)], 1, 0);
    world.pass(SECOND);
    let reason = "this node hosts no actors".to_owned();
    assert_eq!(refusal(&world, order), &MigrationRefusal::Refused(reason));
    assert_eq!(world.active_on(Ref::id(&log)), [1]);
}

#[test]
fn an_order_out_of_date_is_refused() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::default());
    let order = world.migrate(&[Ref::id(&log)], 2, 1);
    let reason = "Log-1 is not here".to_owned();
    assert_eq!(refusal(&world, order), &MigrationRefusal::Stale(reason));
}

#[test]
fn an_actor_whose_call_does_not_end_is_busy_and_goes_on() {
    let limits = Limits {
        quiesce: Duration::from_millis(30),
        ..Limits::default()
    };
    let mut world = World::with_limits(2, limits);
    let log = world.create(1, 1, &Log::default());
    let id = Ref::id(&log);
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        drop(log.slow(&cx, 90).ask());
        teller.tell(log.append(&cx, 1).await);
    });
    world.pass(Duration::from_millis(10));
    let order = world.migrate(&[id], 1, 2);
    world.pass(SECOND);
    assert_eq!(refusal(&world, order), &MigrationRefusal::Busy);
    assert_eq!(told.take(), [Ok(1)]);
    assert_eq!(world.active_on(id), [1]);
}

#[test]
fn a_source_that_has_sent_its_state_resumes_only_by_winning_the_rival() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::default());
    let id = Ref::id(&log);
    // The target never hears the last chunk's number: it does not prepare.
    world.fates(|frame, _| match frame.kind() {
        FrameKind::Chunk => Fate::Lose,
        _ => Fate::Pass,
    });
    let order = world.migrate(&[id], 1, 2);
    world.pass(Duration::from_millis(100));
    assert!(
        world.active_on(id).is_empty(),
        "it must not run while the move is open"
    );
    world.pass(SECOND * 5);
    assert_eq!(refusal(&world, order), &MigrationRefusal::Unreachable);
    assert!(
        world
            .trace
            .iter()
            .any(|(kind, ..)| *kind == FrameKind::Retain)
    );
    assert_eq!(world.active_on(id), [1]);
    let records = world.cores[0].directory_records().expect("it is there");
    assert_eq!((records[0].owner.server.0, records[0].epoch.0), (1, 2));
}

#[test]
fn a_commit_whose_answer_is_lost_is_asked_for_again() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::default());
    let id = Ref::id(&log);
    // Everything from the directory to the source is lost for a while.
    let mut lost = 0;
    world.fates(move |frame, _| {
        let word = frame.kind() == FrameKind::DirectoryAnswer && frame.to.server.0 == 1;
        if word && lost < 5 {
            lost += 1;
            return Fate::Lose;
        }
        Fate::Pass
    });
    let order = world.migrate(&[id], 1, 2);
    world.pass(SECOND * 5);
    migrated(&world, order);
    assert_eq!(world.active_on(id), [2]);
    assert!(world.cores.iter().all(ServerCore::is_quiet));
}

#[test]
fn a_target_that_misses_the_directorys_word_asks() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::default());
    let id = Ref::id(&log);
    let mut lost = 0;
    world.fates(move |frame, _| {
        if frame.kind() == FrameKind::Committed && lost < 3 {
            lost += 1;
            return Fate::Lose;
        }
        Fate::Pass
    });
    let order = world.migrate(&[id], 1, 2);
    world.pass(SECOND * 5);
    migrated(&world, order);
    assert_eq!(world.active_on(id), [2]);
}

#[test]
fn a_source_that_dies_undecided_leaves_its_copy_to_the_target() {
    let mut world = World::new(2);
    let entries = vec![4, 5];
    let log = world.create(
        1,
        1,
        &Log {
            entries,
            ..Log::default()
        },
    );
    let id = Ref::id(&log);
    world.fates(|frame, _| match frame.kind() {
        FrameKind::Commit if frame.from.server.0 == 1 => Fate::Lose,
        _ => Fate::Pass,
    });
    world.migrate(&[id], 1, 2);
    world.pass(Duration::from_millis(50));
    assert!(world.active_on(id).is_empty());
    let dead = plasma_actor::Address::first(1);
    world.input(0, Input::PeerDown(dead));
    world.input(2, Input::PeerDown(dead));
    world.pass(SECOND * 3);
    assert_eq!(world.active_on(id), [2]);
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(log.read(&cx).await);
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [Ok(vec![4, 5])]);
}

#[test]
fn a_target_that_dies_prepared_leaves_the_actor_at_its_source() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::default());
    let id = Ref::id(&log);
    world.fates(|frame, _| match frame.kind() {
        FrameKind::Prepared => Fate::Lose,
        _ => Fate::Pass,
    });
    let order = world.migrate(&[id], 1, 2);
    world.pass(Duration::from_millis(50));
    let dead = plasma_actor::Address::first(2);
    world.input(0, Input::PeerDown(dead));
    world.input(1, Input::PeerDown(dead));
    world.pass(SECOND * 2);
    assert_eq!(refusal(&world, order), &MigrationRefusal::Unreachable);
    assert_eq!(world.active_on(id), [1]);
}

#[test]
fn moves_over_bad_links_lose_repeat_and_reorder_nothing() {
    let mut world = World::new(3);
    let log = world.create(
        1,
        1,
        &Counter {
            total: 0,
            next: None,
        },
    );
    let (id, reader) = (Ref::id(&log), log.clone());
    world.fates(|_, number| match (number * 2_654_435_761) >> 9 & 31 {
        0 => Fate::Lose,
        1 | 2 => Fate::Repeat,
        3..6 => Fate::Delay(Duration::from_millis(5)),
        _ => Fate::Pass,
    });
    let told = Told::new();
    for _ in 0..8 {
        let (log, teller): (Ref<Counter>, _) = (log.clone(), told.clone());
        world.client(move |cx| async move {
            for _ in 0..200 {
                let mut last = 0;
                match log.add(&cx, 1).await {
                    Ok(total) => {
                        assert!(total > last, "totals only grow");
                        last = total;
                    }
                    Err(error) => teller.tell(error),
                }
                let _ = last;
            }
        });
    }
    for _ in 0..40 {
        let from = world.active_on(id)[0];
        let order = world.migrate(&[id], from, from % 3 + 1);
        world.pass(SECOND * 2);
        assert!(
            world.outcomes.contains_key(&order),
            "the move must have ended"
        );
    }
    world.pass(SECOND * 30);
    assert_eq!(told.take(), []);
    let total = Told::new();
    let teller = total.clone();
    world.client(move |cx| async move {
        teller.tell(reader.total(&cx).await);
    });
    world.pass(SECOND * 5);
    assert_eq!(total.take(), [Ok(1600)]);
    assert_eq!(Counter::FUNCTIONS.len(), 3);
}

#[test]
fn a_server_that_leaves_takes_nobody_in_and_is_not_missed() {
    let mut world = World::new(2);
    let log = world.create(1, 1, &Log::default());
    let id = Ref::id(&log);
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        for number in 1..=40 {
            let appended = log.append(&cx, number).await;
            assert!(appended.is_ok(), "{number}: {appended:?}");
            cx.sleep(Duration::from_millis(100)).await;
        }
        teller.tell(log.read(&cx).await);
    });
    world.pass(SECOND);
    world.migrate(&[id], 1, 2);
    world.pass(SECOND);
    let leaving = Address::first(1);
    for node in 0..3 {
        world.input(node, Input::PeerLeaves(leaving));
    }
    world.pass(SECOND / 2);
    assert!(world.cores[1].hosted().is_empty() && world.cores[1].is_quiet());
    let back = world.migrate(&[id], 2, 1);
    world.pass(SECOND / 2);
    assert!(matches!(
        refusal(&world, back),
        MigrationRefusal::Refused(_)
    ));
    for node in [0, 2] {
        world.input(node, Input::PeerDown(leaving));
    }
    world.pass(SECOND * 3);
    assert_eq!(told.take(), [Ok((1..=40).collect::<Vec<_>>())]);
    assert_eq!(world.active_on(id), [2]);
}
