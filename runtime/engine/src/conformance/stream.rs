//! Clauses about the events of every engine.

use plasma_model::Event;

use super::{Case, Kind, Observer, Violation, expect};

/// Batches that the clauses look at.
const BATCHES_EXAMINED: usize = 5;

pub(super) const CASES: &[Case] = &[
    Case {
        name: "opens with hello and schema",
        only: None,
        check: opens_with_hello,
    },
    Case {
        name: "ends each batch with its only tick, later than the one before",
        only: None,
        check: ticks_once_a_batch,
    },
    Case {
        name: "numbers its windows, each once",
        only: None,
        check: numbers_windows,
    },
    Case {
        name: "numbers every window of a live cluster",
        only: Some(Kind::Live),
        check: numbers_every_window,
    },
    Case {
        name: "introduces actors and servers before it tells about them",
        only: None,
        check: introduces_first,
    },
];

fn opens_with_hello(observer: &mut Observer) -> Result<(), Violation> {
    let hello = observer.engine.hello().clone();
    let schema = observer.engine.schema().map(str::to_owned);
    expect(hello.period > 0.0, || {
        format!("a period of {} s", hello.period)
    })?;
    let batch = observer.next_batch()?;
    let mut events = batch.iter().flat_map(|batch| &batch.events);
    expect(events.next() == Some(&Event::Hello(hello)), || {
        "expected the first event to be the engine's hello".to_owned()
    })?;
    match (events.next(), schema) {
        (Some(Event::Schema { source }), Some(schema)) if *source == schema => Ok(()),
        (Some(Event::Schema { .. }), _) => Err(Violation(
            "the schema event differs from the engine's schema".to_owned(),
        )),
        (_, Some(_)) => Err(Violation(
            "expected the schema as the second event".to_owned(),
        )),
        (_, None) => Ok(()),
    }
}

fn ticks_once_a_batch(observer: &mut Observer) -> Result<(), Violation> {
    let mut before = f64::NEG_INFINITY;
    for _ in 0..BATCHES_EXAMINED {
        let Some(batch) = observer.next_batch()? else {
            break;
        };
        let ticks = batch.events.iter();
        let ticks = ticks.filter(|event| matches!(event, Event::Tick { .. }));
        expect(ticks.count() == 1, || {
            "expected one tick in a batch".to_owned()
        })?;
        let Some((t, _)) = batch.tick() else {
            return Err(Violation("expected the tick at the batch's end".to_owned()));
        };
        expect(t > before, || {
            format!("a tick at {t} s after one at {before} s")
        })?;
        before = t;
    }
    expect(before.is_finite(), || "expected a tick".to_owned())
}

fn numbers_windows(observer: &mut Observer) -> Result<(), Violation> {
    let mut before = None;
    for _ in 0..BATCHES_EXAMINED {
        let Some(batch) = observer.next_batch()? else {
            break;
        };
        let Some(window) = batch.tick().and_then(|(_, window)| window) else {
            continue;
        };
        if let Some(before) = before {
            expect(window > before, || {
                format!("window {window} after window {before}")
            })?;
        }
        before = Some(window);
    }
    Ok(())
}

fn numbers_every_window(observer: &mut Observer) -> Result<(), Violation> {
    for _ in 0..BATCHES_EXAMINED {
        let batch = observer.next_batch()?;
        let tick = batch.as_ref().and_then(|batch| batch.tick());
        expect(matches!(tick, Some((_, Some(_)))), || {
            format!("expected a numbered tick, got {tick:?}")
        })?;
    }
    Ok(())
}

fn introduces_first(observer: &mut Observer) -> Result<(), Violation> {
    for _ in 0..BATCHES_EXAMINED {
        // Servers and actors are followed (and checked) by the observer itself.
        let Some(batch) = observer.next_batch()? else {
            break;
        };
        for event in &batch.events {
            let Event::Calls(calls) = event else { continue };
            expect(observer.actors.contains_key(&calls.to), || {
                format!("calls to {}, which was never introduced", calls.to)
            })?;
            let from = calls.from.as_str();
            let known = from == "client" || observer.actors.contains_key(from);
            expect(known, || {
                format!("calls from {from}, which was never introduced")
            })?;
        }
    }
    Ok(())
}
