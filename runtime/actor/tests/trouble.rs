//! User code that misbehaves outside of its handlers, and actors that lose their state: the node and
//! all others live on.

use std::future::{Future, poll_fn};
use std::task::Poll;
use std::time::Duration;

use plasma_actor::{
    Actor, CallError, Context, Event, MigrationRefusal, OrderResult, Origin, Ref, Types, functions,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::actors::Log;
use crate::world::{Told, World};

const SECOND: Duration = Duration::from_secs(1);

/// A value that cannot be read, or cannot be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sour {
    Sweet,
    Unreadable,
    Unwritable,
}

impl Serialize for Sour {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        assert!(*self != Sour::Unwritable, "told not to be written");
        serializer.serialize_bool(*self == Sour::Unreadable)
    }
}

impl<'de> Deserialize<'de> for Sour {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let is_sour = bool::deserialize(deserializer)?;
        assert!(!is_sour, "told not to be read");
        Ok(Sour::Sweet)
    }
}

/// An actor with such a state.
#[derive(Actor, Serialize, Deserialize)]
pub(crate) struct Pickle {
    sour: Sour,
}

#[functions]
impl Pickle {
    fn taste(&mut self, _cx: &Context, sour: Sour) -> bool {
        sour == self.sour
    }

    fn turn_unreadable(&mut self, _cx: &Context) {
        self.sour = Sour::Unreadable;
    }

    fn turn_unwritable(&mut self, _cx: &Context) {
        self.sour = Sour::Unwritable;
    }
}

/// An actor that cannot begin.
#[derive(Actor, Serialize, Deserialize)]
#[actor(default)]
pub(crate) struct Unborn {}

impl Default for Unborn {
    fn default() -> Self {
        panic!("told not to begin")
    }
}

#[functions]
impl Unborn {
    fn greet(&self, _cx: &Context) {}
}

/// An actor whose state nobody keeps; it can begin anew.
#[derive(Actor, Default, Serialize, Deserialize)]
#[actor(durable = none, default)]
pub(crate) struct Phoenix {
    number: u64,
}

#[functions]
impl Phoenix {
    fn add(&mut self, _cx: &Context) -> u64 {
        self.number += 1;
        self.number
    }

    fn fail(&mut self, _cx: &Context) {
        panic!("told to fail");
    }
}

/// An actor whose state nobody keeps, and that cannot begin anew.
#[derive(Actor, Serialize, Deserialize)]
#[actor(durable = none)]
pub(crate) struct Mayfly {
    number: u64,
}

#[functions]
impl Mayfly {
    fn add(&mut self, _cx: &Context) -> u64 {
        self.number += 1;
        self.number
    }

    fn fail(&mut self, _cx: &Context) {
        panic!("told to fail");
    }
}

/// An actor that begins a sleep that it may not sleep, and gives it up; and one that asks another
/// as soon as it begins.
#[derive(Actor, Default, Serialize, Deserialize)]
#[actor(default)]
pub(crate) struct Hasty {}

#[functions]
impl Hasty {
    async fn doze(&mut self, cx: &Context) {
        let mut sleep = std::pin::pin!(cx.sleep(SECOND));
        poll_fn(|polled| {
            let _ = sleep.as_mut().poll(polled);
            Poll::Ready(())
        })
        .await;
    }

    fn activated(&mut self, cx: &Context, _origin: Origin) {
        drop(Ref::<Log>::new(1).read(cx).ask());
    }
}

/// Adds the types of this file.
pub(crate) fn types(types: &mut Types) {
    types.add::<Pickle>().add::<Unborn>().add::<Hasty>();
    types.add::<Phoenix>().add::<Mayfly>();
}

fn lost(world: &World) -> usize {
    let lost = |(_, event): &&(usize, Event)| matches!(event, Event::StateLost { .. });
    world.events.iter().filter(lost).count()
}

#[test]
fn an_argument_that_panics_is_malformed() {
    let mut world = World::new(1);
    let pickle = world.create(1, 1, &Pickle { sour: Sour::Sweet });
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        for sour in [Sour::Unreadable, Sour::Unwritable, Sour::Sweet] {
            teller.tell(pickle.taste(&cx, sour).await);
        }
    });
    world.pass(SECOND);
    let told: Vec<String> = told
        .take()
        .into_iter()
        .map(|result| result.map_or_else(|error| error.to_string(), |same| same.to_string()))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    the message does not fit its type: Pickle: panicked: told not to be read
    the message does not fit its type: Pickle: panicked: told not to be written
    true
    ");
    assert!(world.cores.iter().all(plasma_actor::ServerCore::is_quiet));
}

#[test]
fn a_state_that_cannot_be_written_stays_where_it_is() {
    let mut world = World::new(2);
    let pickle = world.create(1, 1, &Pickle { sour: Sour::Sweet });
    let id = Ref::id(&pickle);
    world.client(move |cx| async move {
        pickle.turn_unwritable(&cx).await.expect("it runs");
    });
    world.pass(SECOND);
    let order = world.migrate(&[id], 1, 2);
    world.pass(SECOND * 20);
    assert!(
        matches!(
            &world.outcomes[&order],
            OrderResult::NotMigrated(MigrationRefusal::Invalid(reason))
                if reason.contains("told not to be written")
        ),
        "{:?}",
        world.outcomes[&order]
    );
    assert_eq!(world.active_on(id), [1]);
    let told = |(_, event): &(usize, Event)| matches!(event, Event::StoreFailed { reason } if reason.contains("told not to be written"));
    assert!(world.events.iter().any(told), "its checkpoint failed, too");
}

#[test]
fn a_state_that_cannot_be_read_is_refused_by_the_target() {
    let mut world = World::new(2);
    let pickle = world.create(1, 1, &Pickle { sour: Sour::Sweet });
    let id = Ref::id(&pickle);
    world.client(move |cx| async move {
        pickle.turn_unreadable(&cx).await.expect("it runs");
    });
    world.pass(SECOND);
    let order = world.migrate(&[id], 1, 2);
    world.pass(SECOND);
    assert!(
        matches!(
            &world.outcomes[&order],
            OrderResult::NotMigrated(MigrationRefusal::Refused(reason))
                if reason.contains("told not to be read")
        ),
        "{:?}",
        world.outcomes[&order]
    );
    assert_eq!(world.active_on(id), [1]);
}

#[test]
fn an_actor_that_cannot_begin_is_not_found_and_told() {
    let mut world = World::new(1);
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(Ref::<Unborn>::new(1).greet(&cx).await);
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [Err(CallError::NotFound)]);
    let failed = |(_, event): &(usize, Event)| {
        matches!(event, Event::HandlerFailed { function: "fresh", reason, .. }
            if reason.contains("told not to begin"))
    };
    assert!(world.events.iter().any(failed), "{:?}", world.events);
}

#[test]
fn a_lost_state_is_told_and_the_actor_begins_anew() {
    let mut world = World::new(1);
    let phoenix = world.create(1, 1, &Phoenix { number: 7 });
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(phoenix.add(&cx).await);
        assert!(phoenix.fail(&cx).await.is_err());
        teller.tell(phoenix.add(&cx).await);
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [Ok(8), Ok(1)]);
    assert_eq!(lost(&world), 1);
    let began_lost = |(_, event): &(usize, Event)| {
        let origin = Origin::Lost;
        matches!(event, Event::Activated { origin: began, .. } if *began == origin)
    };
    assert!(world.events.iter().any(began_lost));
}

#[test]
fn a_lost_state_of_an_actor_that_cannot_begin_anew_is_told_and_it_is_gone() {
    let mut world = World::new(1);
    let mayfly = world.create(1, 1, &Mayfly { number: 7 });
    let id = Ref::id(&mayfly);
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        teller.tell(mayfly.add(&cx).await);
        assert!(mayfly.fail(&cx).await.is_err());
        for _ in 0..2 {
            teller.tell(mayfly.add(&cx).await);
        }
    });
    world.pass(SECOND * 20);
    let gone = || Err(CallError::NotFound);
    assert_eq!(told.take(), [Ok(8), gone(), gone()]);
    assert_eq!(lost(&world), 1, "told once");
    assert!(world.active_on(id).is_empty());
}

#[test]
fn a_sleep_given_up_is_not_held_against_the_next_turn() {
    let mut world = World::new(1);
    let log = world.create(1, 1, &Log::default());
    let hasty = world.create(1, 1, &Hasty {});
    let told = Told::new();
    let teller = told.clone();
    world.client(move |cx| async move {
        hasty.doze(&cx).await.expect("it runs");
        teller.tell(log.slow(&cx, 10).await);
    });
    world.pass(SECOND);
    assert_eq!(told.take(), [Ok(())]);
}

#[test]
fn what_is_asked_while_an_actor_begins_leaves_nothing_behind() {
    let mut world = World::new(1);
    world.create(1, 1, &Log::default());
    world.create(1, 1, &Hasty {});
    world.pass(SECOND * 10);
    assert!(world.cores[1].is_quiet());
}

#[test]
fn a_client_that_cannot_begin_ends_alone() {
    let mut world = World::new(1);
    world.client(|cx| {
        let _ = cx;
        panic!("told not to begin");
        #[expect(unreachable_code, reason = "it says what it would have been")]
        std::future::ready(())
    });
    let failed = |(_, event): &(usize, Event)| matches!(event, Event::ClientFailed { .. });
    world.pass(SECOND);
    assert!(world.events.iter().any(failed));
}
