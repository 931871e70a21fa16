//! Bounds of calls from outside and of what is repeated, on a core that a test drives by hand.

use std::time::Duration;

use plasma_actor::{
    ActorId, Address, CallError, Config, Effect, FunctionId, GatewayCall, Input, MemoryStore,
    Meter, ServerCore, ServerId, Time, tag_of,
};

use crate::actors::Counter;
use crate::world::catalog;

struct NoMeter;

impl Meter for NoMeter {
    fn stamp(&mut self) -> u64 {
        0
    }

    fn burn(&mut self, _work: Duration) {}
}

const DIRECTORY: ServerId = ServerId(0);

/// A gateway whose directory does not answer.
fn gateway(outstanding: usize) -> ServerCore {
    let mut config = Config::gateway(Address::first(1), DIRECTORY);
    config.limits.outstanding = outstanding;
    let store = Box::<MemoryStore>::default();
    let core = ServerCore::new(config, catalog(), store, Box::new(NoMeter));
    core.expect("it has no log")
}

fn call(id: u64, deadline: Option<Duration>) -> Input {
    Input::Call(GatewayCall {
        id,
        actor: ActorId::new(tag_of::<Counter>(), 1),
        function: FunctionId::of("total"),
        arguments: [].into(),
        deadline,
    })
}

fn peer(incarnation: u32) -> Address {
    Address {
        server: DIRECTORY,
        incarnation,
    }
}

#[test]
fn calls_from_outside_are_bounded_like_all_others() {
    let mut core = gateway(2);
    let mut overloaded = Vec::new();
    for id in 1..=3 {
        for effect in core.step(Time::ZERO, call(id, Some(Duration::from_secs(1)))) {
            if let Effect::Answer { id, result } = effect {
                overloaded.push((id, result.map_err(|error| error.to_string())));
            }
        }
    }
    let full = CallError::Overloaded(plasma_actor::Buffer::Outstanding).to_string();
    assert_eq!(overloaded, [(3, Err(full))]);
    let counters = core.counters();
    assert_eq!((counters.sent, counters.refused), (3, 1));
}

#[test]
fn a_request_is_repeated_at_one_pace_however_often_the_directory_was_lost() {
    let mut core = gateway(10);
    drop(core.step(Time::ZERO, call(1, None)));
    // Each loss and return sends the request again, at another time.
    let mut now = Time::ZERO;
    for incarnation in 1..=20 {
        now = now + Duration::from_millis(7);
        let address = peer(incarnation);
        let hosts_actors = false;
        let up = Input::PeerUp {
            address,
            hosts_actors,
        };
        drop(core.step(now, up));
        drop(core.step(now, Input::PeerDown(address)));
    }
    let end = now + Duration::from_secs(10);
    // The timers of earlier times run out.
    now = now + Duration::from_secs(1);
    drop(core.step(now, Input::Tick));
    let mut wakes = 0;
    while let Some(at) = core.wake_at().filter(|at| *at < end) {
        drop(core.step(at, Input::Tick));
        wakes += 1;
    }
    assert_eq!(wakes, 17, "twice a second");
}
