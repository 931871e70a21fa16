//! How long turns are, on a core that a test drives by hand.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use plasma_actor::{
    Actor, ActorId, Address, Config, Context, FunctionId, GatewayCall, Input, MemoryStore, Meter,
    Order, ServerCore, ServerId, Setup, Time, Types, functions, tag_of,
};
use serde::{Deserialize, Serialize};

/// Burns processor time when it is asked to.
#[derive(Actor, Serialize, Deserialize)]
struct Stove {}

#[functions]
impl Stove {
    fn burn(&mut self, cx: &Context) {
        cx.burn(LONG);
    }

    fn glow(&mut self, _cx: &Context) {}
}

const LONG: Duration = Duration::from_secs(2);
const IDLE: Duration = Duration::from_secs(6);

/// A clock that goes on when a test, or a handler that burns, says so; its cycles are nanoseconds.
#[derive(Clone, Default)]
struct Clock(Rc<Cell<u64>>);

impl Clock {
    fn pass(&self, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.0.set(self.0.get() + nanos);
    }

    fn now(&self) -> Time {
        Time::from_nanos(self.0.get())
    }
}

impl Meter for Clock {
    fn stamp(&mut self) -> u64 {
        self.0.get()
    }

    fn burn(&mut self, work: Duration) {
        self.pass(work);
    }
}

/// A server that is its own directory and hosts one stove.
struct Kitchen {
    core: ServerCore,
    clock: Clock,
    calls: u64,
}

fn kitchen(profiling: bool) -> Kitchen {
    let mut types = Types::default();
    types.add::<Stove>();
    let catalog = types.into_catalog().expect("there is one type");
    let clock = Clock::default();
    let config = Config {
        profiling,
        ..Config::server(Address::first(1), ServerId(1))
    };
    let store = Box::<MemoryStore>::default();
    let core = ServerCore::new(config, catalog, store, Box::new(clock.clone()));
    let mut kitchen = Kitchen {
        core: core.expect("the log is empty"),
        clock,
        calls: 0,
    };
    let mut setup = Setup::new(0);
    setup.create(&Stove {}).expect("it can be encoded");
    for actor in setup.into_actors() {
        kitchen.give(Input::Order(Order::Create { id: 1, actor }));
    }
    kitchen.longest_turn();
    kitchen
}

impl Kitchen {
    fn give(&mut self, input: Input) {
        drop(self.core.step(self.clock.now(), input));
    }

    fn call(&mut self, function: &str) {
        self.calls += 1;
        self.give(Input::Call(GatewayCall {
            id: self.calls,
            actor: ActorId::new(tag_of::<Stove>(), 1),
            function: FunctionId::of(function),
            arguments: [].into(),
            deadline: None,
        }));
    }

    /// Runs what can run; gives the length of the longest turn.
    fn longest_turn(&mut self) -> Duration {
        let ran = self.core.run(self.clock.now(), 100);
        Duration::from_nanos(ran.longest_turn_cycles)
    }
}

#[test]
fn a_long_turn_is_measured_with_and_without_profiling() {
    for profiling in [true, false] {
        let mut kitchen = kitchen(profiling);
        kitchen.call("glow");
        kitchen.call("burn");
        kitchen.call("glow");
        assert_eq!(kitchen.longest_turn(), LONG, "profiling: {profiling}");
        assert_eq!(kitchen.core.counters().handled, 3);
    }
}

#[test]
fn idle_time_between_inputs_and_turns_is_no_turn() {
    for profiling in [true, false] {
        let mut kitchen = kitchen(profiling);
        kitchen.call("burn");
        kitchen.longest_turn();
        kitchen.clock.pass(IDLE);
        kitchen.give(Input::Tick);
        kitchen.clock.pass(IDLE);
        kitchen.call("glow");
        kitchen.clock.pass(IDLE);
        assert_eq!(kitchen.longest_turn(), Duration::ZERO, "{profiling}");
        assert_eq!(kitchen.core.counters().handled, 2);
    }
}
