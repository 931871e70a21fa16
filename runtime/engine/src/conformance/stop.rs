//! Clauses about the end: a stop is heard, ends everything, and is final.

use super::{Case, Kind, Observer, Violation, expect};
use crate::{EngineError, Orders};

pub(super) const CASES: &[Case] = &[
    Case {
        name: "hears a stop from another thread",
        only: None,
        check: hears_a_stop,
    },
    Case {
        name: "gives nothing more once finished",
        only: None,
        check: finishes_once,
    },
    Case {
        name: "answers orders in flight at the stop at most once",
        only: Some(Kind::Live),
        check: stops_in_flight,
    },
    Case {
        name: "takes no orders after the stop",
        only: Some(Kind::Live),
        check: takes_no_orders_after_the_stop,
    },
];

fn hears_a_stop(observer: &mut Observer) -> Result<(), Violation> {
    let stopper = observer.engine.stopper();
    let signal = std::thread::spawn(move || stopper.stop());
    // A batch or two may have been ready before the signal.
    let mut stopped = false;
    while !stopped {
        stopped = observer.next_batch()?.is_none();
    }
    let joined = signal.join();
    expect(joined.is_ok(), || "the stopper panicked".to_owned())?;
    let after = observer.next_batch()?;
    expect(after.is_none(), || {
        "expected no batch after the stop".to_owned()
    })
}

fn finishes_once(observer: &mut Observer) -> Result<(), Violation> {
    observer.next_batch()?;
    observer.finish()?;
    let again = observer.finish()?;
    expect(again.is_empty(), || {
        format!("expected nothing from a second finish, got {again:?}")
    })?;
    let batch = observer.next_batch()?;
    expect(batch.is_none(), || {
        "expected no batch after the finish".to_owned()
    })
}

fn stops_in_flight(observer: &mut Observer) -> Result<(), Violation> {
    observer.settle()?;
    let orders = vec![observer.order(1, 0)?, observer.order(2, 1)?];
    observer.submit(1, orders)?;
    observer.finish()?;
    for (id, results) in &observer.outcomes {
        expect(results.len() == 1, || {
            format!("order {id} was answered {} times", results.len())
        })?;
    }
    Ok(())
}

fn takes_no_orders_after_the_stop(observer: &mut Observer) -> Result<(), Violation> {
    observer.finish()?;
    let answer = observer.engine.submit(Orders {
        window: 1,
        lease: 1,
        actions: Vec::new(),
    });
    expect(matches!(answer, Err(EngineError::Stopped)), || {
        format!("expected a refusal, got {answer:?}")
    })
}
