//! What is published is what is heard, in both encodings.

use plasma_engine::{Engine as _, EngineError, Orders};
use plasma_model::Event;
use plasma_remote::RemoteEngine;
use proptest::prelude::*;
use tungstenite::Message;

use super::support::{
    SCHEMA, answer, get, hello, histories, next_events, publisher, subscribe, subscribe_at,
};

fn tick(number: u32) -> Event {
    let (t, window) = (f64::from(number), Some(u64::from(number)));
    Event::Tick { t, window }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn all_batches_come_as_they_were_published(history in histories()) {
        let publisher = publisher();
        let mut engine = RemoteEngine::connect(publisher.url(), None).expect("a stream");
        let mut reader = subscribe(&publisher);
        let mut heard = next_events(&mut reader);
        for batch in &history {
            publisher.publish(batch);
            let of_engine = engine.next_batch().expect("a batch").expect("no end");
            prop_assert_eq!(&of_engine.events, batch);
            heard.extend(next_events(&mut reader));
        }
        prop_assert_eq!(heard, history.concat());
    }
}

#[test]
fn what_was_decided_comes_at_once_and_in_front_of_the_next_period() {
    let publisher = publisher();
    let mut engine = RemoteEngine::connect(publisher.url(), None).expect("a stream");
    assert_eq!(engine.hello(), &hello());
    assert_eq!(engine.schema(), Some(SCHEMA));
    let mut reader = subscribe(&publisher);
    let opening = next_events(&mut reader);
    let orders = Orders {
        window: 1,
        lease: 1,
        actions: Vec::new(),
    };
    let orders = Event::from(orders);
    publisher.publish(&[tick(1)]);
    assert_eq!(next_events(&mut reader), [tick(1)]);
    publisher.publish(std::slice::from_ref(&orders));
    assert_eq!(next_events(&mut reader), std::slice::from_ref(&orders));
    publisher.publish(&[tick(2)]);
    let mut batches = Vec::new();
    while batches.len() < 2 {
        batches.extend(engine.next_batch().expect("no error"));
    }
    assert_eq!(batches[0].events, [&opening[..], &[tick(1)]].concat());
    assert_eq!(batches[1].events, [orders, tick(2)]);
}

#[test]
fn messagepack_is_there_for_whoever_asks() {
    let publisher = publisher();
    let mut reader = subscribe_at(&publisher, "?format=msgpack").expect("a subscriber");
    let Ok(Message::Binary(bytes)) = reader.read() else {
        panic!("expected a binary frame");
    };
    let events: Vec<Event> = rmp_serde::from_slice(&bytes).expect("events");
    assert_eq!(events[0], Event::Hello(hello()));
    let refused = subscribe_at(&publisher, "?format=xml").err();
    assert!(refused.is_some_and(|reason| reason.contains("400")));
}

#[test]
fn the_end_of_the_run_ends_the_stream() {
    let publisher = publisher();
    let mut engine = RemoteEngine::connect(publisher.url(), None).expect("a stream");
    publisher.publish(&[tick(1)]);
    let end = std::thread::spawn(move || drop(publisher));
    assert!(engine.next_batch().expect("no error").is_some());
    assert!(engine.next_batch().expect("no error").is_none());
    assert!(end.join().is_ok());
    assert!(engine.next_batch().expect("no error").is_none());
    assert!(matches!(
        engine.submit(Orders {
            window: 1,
            lease: 1,
            actions: Vec::new()
        }),
        Err(EngineError::ReadOnly { .. })
    ));
}

#[test]
fn the_address_says_what_it_is() {
    let publisher = publisher();
    let about = get(&publisher, "/");
    assert!(about.starts_with("HTTP/1.1 200") && about.contains("/snapshot"));
    let snapshot = get(&publisher, "/snapshot");
    assert!(snapshot.starts_with("HTTP/1.1 503") && snapshot.contains("no period has ended"));
    let stream = get(&publisher, "/events");
    assert!(stream.starts_with("HTTP/1.1 426") && stream.contains("WebSocket"));
    assert!(get(&publisher, "/other").starts_with("HTTP/1.1 404"));
    let foreign = "GET / HTTP/1.1\r\nhost: localhost\r\norigin: http://evil.example\r\n\r\n";
    assert!(answer(&publisher, foreign).starts_with("HTTP/1.1 403"));
}
