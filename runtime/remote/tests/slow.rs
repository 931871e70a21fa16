//! Whoever is slow makes nobody wait, and is shown the present state again.

use plasma_manager::Window;
use plasma_model::{ActorUpdate, Event, Field, ServerUpdate, Value};
use tungstenite::Message;

use super::support::{followed, hello, next_events, publisher, seen, subscribe};

/// Bytes of text that each of the actors publishes each period.
const TEXT_BYTES: usize = 1 << 20;

/// More than the buffers of a connection hold.
const PERIODS: u32 = 40;

/// A period with much to tell; one actor comes and the one before goes.
fn period(number: u32) -> Vec<Event> {
    let mut events = Vec::new();
    if number == 1 {
        events.push(Event::Hello(hello()));
        events.push(Event::Server(ServerUpdate::new("s1".into())));
    } else {
        let id = format!("a{}", number - 1).as_str().into();
        events.push(Event::ActorGone { id });
    }
    let mut update = ActorUpdate::new(format!("a{number}").as_str().into());
    update.actor_type = Field::Known("Folder".to_owned());
    update.server = Field::Known("s1".into());
    let text = Value::Text("x".repeat(TEXT_BYTES).into());
    update.values = Field::Known([("text".to_owned(), text)].into());
    events.push(Event::Actor(update));
    let (t, window) = (f64::from(number), Some(u64::from(number)));
    events.push(Event::Tick { t, window });
    events
}

#[test]
fn a_slow_subscriber_is_shown_the_present_state_again() {
    let publisher = publisher();
    let mut reader = subscribe(&publisher);
    let mut all = Window::new(None);
    for number in 1..=PERIODS {
        let events = period(number);
        // Returns although nobody reads.
        publisher.publish(&events);
        followed(&mut all, &events);
    }
    let mut window = Window::new(None);
    let mut windows = Vec::new();
    while windows.last() != Some(&u64::from(PERIODS)) {
        let events = next_events(&mut reader);
        // Of an actor that it never heard of nobody tells it that it is gone: following would fail.
        followed(&mut window, &events);
        if let Some(Event::Tick {
            window: Some(number),
            ..
        }) = events.last()
        {
            windows.push(*number);
        }
    }
    assert!(
        windows.len() < PERIODS as usize,
        "nothing was left out: {windows:?}"
    );
    assert!(windows.is_sorted());
    assert_eq!(seen(&window), seen(&all));
}

#[test]
fn a_subscriber_that_reads_gets_everything_although_another_one_does_not() {
    let publisher = publisher();
    let _sleeper = subscribe(&publisher);
    let mut reader = subscribe(&publisher);
    assert!(matches!(
        next_events(&mut reader).first(),
        Some(Event::Hello(_))
    ));
    for number in 1..=PERIODS {
        publisher.publish(&period(number));
        let Ok(Message::Text(text)) = reader.read() else {
            panic!("expected the period");
        };
        assert!(text.contains(&format!("\"window\":{number}}}")));
    }
}
