//! Orders without servers: what is refused at once, what travels together, what waits.

use super::*;
use crate::ServersChanged;

/// Orders for three servers; `a1` to `a9` exist.
struct Yard {
    moves: Moves,
    provider: Slow,
}

/// A provider whose changes end when the test says so.
#[derive(Default)]
struct Slow {
    ended: Vec<ServersChanged>,
}

impl Provider for Slow {
    fn add(&mut self, _: ActionId, count: u32) -> Result<(), String> {
        match count {
            1 => Ok(()),
            _ => Err("refused: one at a time".to_owned()),
        }
    }

    fn remove(&mut self, _: ActionId, _: &ServerId) -> Result<(), String> {
        Ok(())
    }

    fn ended(&mut self) -> Vec<ServersChanged> {
        std::mem::take(&mut self.ended)
    }
}

fn yard() -> Yard {
    let servers = [("s1".into(), 1), ("s2".into(), 2), ("s3".into(), 3)];
    Yard {
        moves: Moves::new(servers),
        provider: Slow::default(),
    }
}

impl Yard {
    /// Submits orders written as `ID ACTOR FROM TO [GROUP]`, `ID ACTOR passivate`, `ID servers add N` or
    /// `ID SERVER remove`; gives the answers and departures.
    fn submit(&mut self, lease: u64, orders: &[&str]) -> String {
        let orders = Orders {
            window: 1,
            lease,
            actions: orders.iter().filter_map(|order| action(order)).collect(),
        };
        let exists = |actor: &ActorId| actor.as_str().len() == 2;
        let answers = self.moves.submit(orders, exists, &mut self.provider);
        self.tell(&answers)
    }

    /// Ends an order about servers; gives the answers and departures.
    fn change(&mut self, order: ActionId, result: Result<Change, String>) -> String {
        self.provider.ended.push(ServersChanged { order, result });
        let answers = self.moves.servers_changed(&mut self.provider);
        self.tell(&answers)
    }

    /// Ends a wave; gives the answers and departures.
    fn arrive(&mut self, wave: u64, result: Result<Moved, String>) -> String {
        let answers = self.moves.arrived(wave, result);
        self.tell(&answers)
    }

    fn tell(&mut self, answers: &[Event]) -> String {
        let answers = answers.iter().map(|answer| match answer {
            Event::Outcome(Outcome { id, result }) => match result {
                OutcomeResult::Done { bytes, .. } => format!("{id}: done, {bytes} bytes"),
                OutcomeResult::Failed { error, .. } => format!("{id}: {error}"),
            },
            other => format!("{other:?}"),
        });
        let mut lines: Vec<String> = answers.collect();
        for departure in self.moves.departures() {
            let actors = departure.actors.iter();
            let actors: Vec<&str> = actors.map(|mover| mover.actor.as_str()).collect();
            lines.push(format!(
                "wave {}: {} from server {} to server {}",
                departure.wave,
                actors.join(" and "),
                departure.from,
                departure.to
            ));
        }
        lines.join("\n")
    }
}

fn action(text: &str) -> Option<Action> {
    let mut words = text.split(' ');
    let id = words.next()?.parse().ok()?;
    let actor = words.next()?.into();
    Some(Action {
        id,
        body: match words.next()? {
            "passivate" => ActionBody::Passivate { actor },
            "checkpoint" => ActionBody::Checkpoint { actor },
            "add" => ActionBody::AddServer {
                count: words.next()?.parse().ok()?,
            },
            "remove" => ActionBody::RemoveServer {
                server: actor.as_str().into(),
            },
            from => ActionBody::Migrate {
                actor,
                from: from.into(),
                to: words.next()?.into(),
            },
        },
        epoch: Some(1),
        deadline: None,
        group: words.next().and_then(|group| group.parse().ok()),
    })
}

fn moved() -> Result<Moved, String> {
    Ok(Moved {
        pause: Duration::from_millis(2),
        bytes: 100,
    })
}

#[test]
fn an_order_becomes_a_wave_and_is_answered_once() {
    let mut yard = yard();
    insta::assert_snapshot!(yard.submit(1, &["41 a1 s1 s2"]), @"wave 1: a1 from server 1 to server 2");
    insta::assert_snapshot!(yard.submit(1, &["41 a1 s1 s2"]), @"");
    insta::assert_snapshot!(yard.arrive(1, moved()), @"41: done, 100 bytes");
    insta::assert_snapshot!(yard.arrive(1, moved()), @"");
    insta::assert_snapshot!(yard.submit(1, &["41 a1 s1 s2"]), @"41: done, 100 bytes");
    assert!(yard.moves.is_idle());
}

#[test]
fn impossible_orders_are_refused_with_the_reason() {
    let orders = ["1 a77 s1 s2", "2 a1 s1 s9", "3 a1 s0 s2", "4 a1 s1 s1"];
    insta::assert_snapshot!(yard().submit(1, &orders), @r"
    1: there is no actor a77
    2: there is no server s9
    3: there is no server s0
    4: a1 is to move from s1 to s1
    ");
}

#[test]
fn what_the_cluster_cannot_do_is_unsupported() {
    let orders = ["1 a1 passivate", "2 a2 s1 s2", "3 a3 checkpoint"];
    insta::assert_snapshot!(yard().submit(1, &orders), @r"
    1: unsupported
    3: unsupported
    wave 1: a2 from server 1 to server 2
    ");
}

#[test]
fn a_server_that_was_added_takes_part_once_it_is_there() {
    let mut yard = yard();
    insta::assert_snapshot!(yard.submit(1, &["1 servers add 1", "2 servers add 2"]), @"2: refused: one at a time");
    insta::assert_snapshot!(yard.submit(1, &["1 servers add 1"]), @"");
    insta::assert_snapshot!(yard.submit(1, &["3 a1 s1 s4"]), @"3: there is no server s4");
    assert!(!yard.moves.is_idle());
    let added = Change::Added(vec![("s4".into(), 4)]);
    insta::assert_snapshot!(yard.change(1, Ok(added)), @"1: done, 0 bytes");
    assert!(yard.moves.is_idle());
    insta::assert_snapshot!(yard.submit(1, &["1 servers add 1"]), @"1: done, 0 bytes");
    insta::assert_snapshot!(yard.submit(1, &["4 a1 s1 s4"]), @"wave 1: a1 from server 1 to server 4");
}

#[test]
fn nobody_moves_from_or_to_a_server_that_is_removed() {
    let mut yard = yard();
    yard.submit(1, &["1 a1 s1 s3"]);
    insta::assert_snapshot!(yard.submit(1, &["2 s3 remove", "3 s9 remove"]), @r"
    2: actors are moving from or to server s3
    3: there is no server s9
    ");
    yard.arrive(1, moved());
    insta::assert_snapshot!(yard.submit(1, &["4 s3 remove", "5 s3 remove"]), @"5: server s3 is being removed already");
    insta::assert_snapshot!(yard.submit(1, &["6 a2 s1 s3"]), @"6: server s3 is being removed");
    insta::assert_snapshot!(yard.change(4, Err("refused: 1 actor lives on it".to_owned())), @"4: refused: 1 actor lives on it");
    yard.submit(1, &["7 s3 remove"]);
    let removed = Change::Removed("s3".into());
    insta::assert_snapshot!(yard.change(7, Ok(removed)), @r#"
    ServerGone { id: s3 }
    7: done, 0 bytes
    "#);
    insta::assert_snapshot!(yard.submit(1, &["8 a2 s1 s3"]), @"8: there is no server s3");
}

#[test]
fn an_order_of_an_older_lease_is_refused() {
    let mut yard = yard();
    yard.submit(4, &["1 a1 s1 s2"]);
    insta::assert_snapshot!(yard.submit(3, &["2 a2 s1 s2"]), @"2: lease 3 is over: lease 4 has given orders");
}

#[test]
fn a_group_travels_as_one_wave_and_shares_its_end() {
    let mut yard = yard();
    let orders = ["1 a1 s1 s2 7", "2 a2 s1 s2 7", "3 a3 s1 s3"];
    insta::assert_snapshot!(yard.submit(1, &orders), @r"
    wave 1: a1 and a2 from server 1 to server 2
    wave 2: a3 from server 1 to server 3
    ");
    insta::assert_snapshot!(yard.arrive(1, Err("busy".to_owned())), @r"
    1: busy
    2: busy
    ");
    insta::assert_snapshot!(yard.arrive(2, moved()), @"3: done, 100 bytes");
}

#[test]
fn the_members_of_a_wave_share_its_bytes() {
    let mut yard = yard();
    yard.submit(1, &["1 a1 s1 s2 7", "2 a2 s1 s2 7"]);
    insta::assert_snapshot!(yard.arrive(1, moved()), @r"
    1: done, 50 bytes
    2: done, 50 bytes
    ");
}

#[test]
fn a_group_with_an_impossible_member_stays() {
    let orders = ["1 a1 s1 s2 7", "2 a99 s1 s2 7"];
    insta::assert_snapshot!(yard().submit(1, &orders), @r"
    2: there is no actor a99
    1: its group does not move: there is no actor a99
    ");
}

#[test]
fn only_so_many_leave_a_server_at_a_time() {
    let mut yard = yard();
    let orders = [
        "1 a1 s1 s2",
        "2 a2 s1 s2",
        "3 a3 s1 s2",
        "4 a4 s1 s2",
        "5 a5 s1 s2",
        "6 a6 s1 s2",
        "7 a7 s2 s1",
    ];
    insta::assert_snapshot!(yard.submit(1, &orders), @r"
    wave 1: a1 from server 1 to server 2
    wave 2: a2 from server 1 to server 2
    wave 3: a3 from server 1 to server 2
    wave 4: a4 from server 1 to server 2
    wave 5: a7 from server 2 to server 1
    ");
    insta::assert_snapshot!(yard.arrive(2, moved()), @r"
    2: done, 100 bytes
    wave 6: a5 from server 1 to server 2
    ");
    let cancelled = yard.moves.cancel_waiting();
    insta::assert_snapshot!(yard.tell(&cancelled), @"6: the cluster stops");
    assert!(!yard.moves.is_idle(), "the others are under way");
}

/// Four leave the first server, three more wait.
fn busy_yard() -> Yard {
    let mut yard = yard();
    let orders = [
        "1 a1 s1 s2",
        "2 a2 s1 s2",
        "3 a3 s1 s2",
        "4 a4 s1 s2",
        "5 a5 s1 s2 9",
        "6 a6 s1 s2 9",
        "7 a7 s1 s2",
    ];
    yard.submit(1, &orders);
    yard
}

#[test]
fn a_newer_order_for_an_actor_replaces_the_wave_that_waits_with_it() {
    let mut yard = busy_yard();
    insta::assert_snapshot!(yard.submit(1, &["8 a5 s1 s3", "9 a8 s2 s3"]), @r"
    5: a newer order has replaced it
    6: a newer order has replaced it
    wave 5: a8 from server 2 to server 3
    ");
    insta::assert_snapshot!(yard.submit(1, &["7 a7 s1 s2"]), @"");
    insta::assert_snapshot!(yard.arrive(1, moved()), @r"
    1: done, 100 bytes
    wave 6: a7 from server 1 to server 2
    ");
    insta::assert_snapshot!(yard.arrive(2, moved()), @r"
    2: done, 100 bytes
    wave 7: a5 from server 1 to server 3
    ");
}

#[test]
fn a_newer_manager_replaces_all_that_waits() {
    let mut yard = busy_yard();
    insta::assert_snapshot!(yard.submit(2, &["1 a8 s2 s3"]), @r"
    5: a newer order has replaced it
    6: a newer order has replaced it
    7: a newer order has replaced it
    ");
    assert!(!yard.moves.is_idle(), "what has departed goes on");
}

#[test]
fn a_deadline_is_kept_within_bounds() {
    let deadline = |seconds| {
        let mut yard = yard();
        let mut order = action("1 a1 s1 s2");
        if let Some(order) = &mut order {
            order.deadline = seconds;
        }
        let orders = Orders {
            window: 1,
            lease: 1,
            actions: order.into_iter().collect(),
        };
        yard.moves.submit(orders, |_| true, &mut yard.provider);
        let departures = yard.moves.departures();
        departures.first().map(|departure| departure.deadline)
    };
    assert_eq!(deadline(None), Some(DEADLINE_DEFAULT));
    assert_eq!(deadline(Some(0.5)), Some(Duration::from_millis(500)));
    assert_eq!(deadline(Some(1e9)), Some(DEADLINE_MAX));
    assert_eq!(deadline(Some(-1.0)), Some(Duration::ZERO));
    assert_eq!(deadline(Some(f64::NAN)), Some(Duration::ZERO));
}
