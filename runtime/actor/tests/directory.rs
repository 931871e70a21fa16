//! The directory's log: it is replayed by the next life, and nothing is answered that is not in it.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use plasma_actor::{
    ActorId, Address, Config, Effect, Event, Expected, Input, MemoryStore, Meter, NewActor, Order,
    OrderResult, Record, ServerCore, ServerId, Setup, Store, StoreError, Stored, Time, Version,
    WireError,
};

use crate::actors::Log;
use crate::world::catalog;

/// A store that outlives its core, and that refuses writes while it is told to.
#[derive(Clone, Default)]
struct Disk(Rc<RefCell<(MemoryStore, bool)>>);

impl Disk {
    fn fill(&self, is_full: bool) {
        self.0.borrow_mut().1 = is_full;
    }
}

impl Store for Disk {
    fn get(&self, key: &str) -> Option<Stored> {
        self.0.borrow().0.get(key)
    }

    fn put(&mut self, key: &str, value: &[u8], expected: Expected) -> Result<Version, StoreError> {
        let (store, is_full) = &mut *self.0.borrow_mut();
        if *is_full {
            let (key, reason) = (key.to_owned(), "the disk is full".to_owned());
            return Err(StoreError::Failed { key, reason });
        }
        store.put(key, value, expected)
    }

    fn delete(&mut self, key: &str) -> Result<(), StoreError> {
        self.0.borrow_mut().0.delete(key)
    }
}

struct NoMeter;

impl Meter for NoMeter {
    fn stamp(&mut self) -> u64 {
        0
    }

    fn burn(&mut self, _work: Duration) {}
}

/// A server that is its own directory.
fn server(disk: &Disk) -> Result<ServerCore, WireError> {
    let config = Config::server(Address::first(1), ServerId(1));
    ServerCore::new(config, catalog(), Box::new(disk.clone()), Box::new(NoMeter))
}

fn new_actor(key: u64) -> NewActor {
    let mut setup = Setup::new(0);
    setup.create(&Log::default()).expect("it can be encoded");
    let mut actor = setup
        .into_actors()
        .into_iter()
        .next()
        .expect("one was created");
    actor.actor = ActorId::new(plasma_actor::tag_of::<Log>(), key);
    actor
}

/// Orders the creation of an actor; gives its outcome, if there is one, and failures of the store.
fn create(core: &mut ServerCore, key: u64) -> (Option<bool>, usize) {
    let order = Order::Create {
        id: key,
        actor: new_actor(key),
    };
    told(core.step(Time::ZERO, Input::Order(order)))
}

fn told(effects: Vec<Effect>) -> (Option<bool>, usize) {
    let (mut created, mut failures) = (None, 0);
    for effect in effects {
        match effect {
            Effect::Outcome { result, .. } => {
                created = Some(matches!(result, OrderResult::Created { .. }));
            }
            Effect::Event(Event::StoreFailed { .. }) => failures += 1,
            _ => {}
        }
    }
    (created, failures)
}

fn records(core: &ServerCore) -> Vec<Record> {
    core.directory_records().expect("the directory is here")
}

#[test]
fn the_next_life_replays_the_log_and_goes_on_with_it() {
    let disk = Disk::default();
    let mut first = server(&disk).expect("the log is empty");
    assert_eq!(create(&mut first, 1), (Some(true), 0));
    assert_eq!(create(&mut first, 2), (Some(true), 0));
    let before = records(&first);
    assert_eq!(before.len(), 2);
    drop(first);
    let mut second = server(&disk).expect("the log can be read");
    assert_eq!(records(&second), before);
    assert_eq!(create(&mut second, 3), (Some(true), 0));
    let all = records(&second);
    assert_eq!(all.len(), 3);
    drop(second);
    assert_eq!(server(&disk).map(|core| records(&core)), Ok(all));
}

#[test]
fn a_log_that_cannot_be_read_is_an_error() {
    let mut disk = Disk::default();
    let key = "directory/log/0000000000000000";
    disk.put(key, b"rubbish", Expected::Absent)
        .expect("it is not full");
    assert!(server(&disk).is_err());
}

#[test]
fn what_cannot_be_logged_is_not_answered_until_it_can() {
    let disk = Disk::default();
    let mut core = server(&disk).expect("the log is empty");
    disk.fill(true);
    assert_eq!(create(&mut core, 1), (None, 1));
    assert_eq!(records(&core), []);
    let retry = core.wake_at().expect("the request will be repeated");
    assert_eq!(told(core.step(retry, Input::Tick)), (None, 1));
    disk.fill(false);
    let again = core.wake_at().expect("the request will be repeated");
    assert!(again > retry);
    assert_eq!(told(core.step(again, Input::Tick)), (Some(true), 0));
    assert_eq!(records(&core).len(), 1);
}
