//! Whoever comes later knows what those know who were there from the beginning.

use plasma_engine::Engine as _;
use plasma_engine::trace::TraceReader;
use plasma_manager::Window;
use plasma_model::Event;
use plasma_remote::RemoteEngine;
use proptest::prelude::*;
use std::io::Cursor;

use super::support::{followed, get, histories, next_events, publisher, seen, subscribe};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_newcomer_knows_the_present_state(history in histories()) {
        let publisher = publisher();
        let mut all = Window::new(None);
        for batch in &history {
            publisher.publish(batch);
            followed(&mut all, batch);
        }
        let events = next_events(&mut subscribe(&publisher));
        let mut window = Window::new(None);
        followed(&mut window, &events);
        prop_assert_eq!(seen(&window), seen(&all));

        let snapshot = get(&publisher, "/snapshot");
        let (head, body) = snapshot.split_once("\r\n\r\n").expect("an answer");
        prop_assert!(head.starts_with("HTTP/1.1 200") && head.contains("application/jsonl"));
        let body = Cursor::new(body.to_owned().into_bytes());
        let read: Vec<Event> = TraceReader::new("now.jsonl", Box::new(body))
            .map(|located| located.expect("a snapshot").event)
            .collect();
        prop_assert_eq!(read, events);
    }
}

#[test]
fn a_newcomer_goes_on_with_what_comes_next() {
    let publisher = publisher();
    publisher.publish(&[Event::Tick {
        t: 1.0,
        window: Some(7),
    }]);
    let mut engine = RemoteEngine::connect(publisher.url(), None).expect("a stream");
    publisher.publish(&[Event::Tick {
        t: 2.0,
        window: Some(8),
    }]);
    let mut ticks = Vec::new();
    while ticks.len() < 2 {
        let batch = engine.next_batch().expect("no error").expect("no end");
        ticks.extend(batch.tick());
    }
    assert_eq!(ticks, [(1.0, Some(7)), (2.0, Some(8))]);
}
