//! A remote engine keeps the contract of engines that are only read.

use std::thread;

use plasma_engine::conformance::{Kind, examine};
use plasma_model::{ActorUpdate, CallsRecord, Event, Field, ServerUpdate};
use plasma_remote::{Publisher, RemoteEngine};

use super::support::{hello, publisher};

/// A cluster of two servers and two actors.
fn opening() -> Vec<Event> {
    let mut events = vec![Event::Hello(hello())];
    for (server, actor) in [("s1", "a"), ("s2", "b")] {
        events.push(Event::Server(ServerUpdate::new(server.into())));
        let mut update = ActorUpdate::new(actor.into());
        update.actor_type = Field::Known("Folder".to_owned());
        update.server = Field::Known(server.into());
        events.push(Event::Actor(update));
    }
    events
}

fn period(number: u32) -> Vec<Event> {
    let calls = Event::Calls(CallsRecord {
        from: "a".to_owned(),
        to: "b".into(),
        function: "open".to_owned(),
        count: f64::from(number),
        size: None,
        latency: None,
    });
    let tick = Event::Tick {
        t: f64::from(number),
        window: Some(u64::from(number)),
    };
    vec![calls, tick]
}

/// Publishes some periods, and what was decided between them.
fn publish(publisher: &Publisher, periods: std::ops::Range<u32>) {
    for number in periods {
        if number == 1 {
            publisher.publish(&[opening(), period(number)].concat());
        } else {
            publisher.publish(&period(number));
        }
        let (window, lease) = (u64::from(number), 1);
        publisher.publish(&[Event::Actions {
            window,
            lease,
            actions: Vec::new(),
        }]);
    }
}

#[test]
fn a_remote_engine_keeps_the_contract() {
    // Heard from the beginning, or from the middle on; each run ends while it is being heard.
    for begun in [1, 4] {
        let mut ends = Vec::new();
        let verdict = examine(Kind::Recorded, || {
            let publisher = publisher();
            publish(&publisher, 1..begun);
            let engine = RemoteEngine::connect(publisher.url(), None)?;
            publish(&publisher, begun..begun + 7);
            ends.push(thread::spawn(move || drop(publisher)));
            Ok(Box::new(engine))
        });
        assert!(verdict.is_ok(), "{}", verdict.err().unwrap_or_default());
        for end in ends {
            assert!(end.join().is_ok());
        }
    }
}
