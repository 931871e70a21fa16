//! The accounts close: what was sent has ended, what servers used was used by their actors.

use std::collections::BTreeMap;

use plasma_engine::{Batch, EngineError};
use plasma_model::{Event, Field, ServerId, UsageUpdate};

use crate::journal::{Habits, Journals};
use crate::run::Run;

#[test]
fn after_quiet_time_every_call_has_ended() -> Result<(), EngineError> {
    let app = Journals::new(4, 4);
    let mut run = Run::start(&app, 2)?;
    for _ in 0..5 {
        run.period()?;
    }
    run.end(&app)?;
    assert_eq!(run.cluster.lost_calls(), Some(0));
    Ok(())
}

#[test]
fn the_actors_processor_time_adds_up_to_their_servers() -> Result<(), EngineError> {
    let app = Journals {
        habits: Habits {
            work_microseconds: 200,
            ..Habits::default()
        },
        ..Journals::new(8, 4)
    };
    let mut run = Run::start(&app, 2)?;
    let mut closed = 0;
    while closed < 10 {
        // A server whose thread was interrupted in every turn of the period tells so.
        for (server, (used, shares)) in cores(&run.period()?) {
            let Some(shares) = shares else { continue };
            assert!(
                (used - shares).abs() <= 0.05 * used,
                "{server} used {used} cores, its actors {shares}"
            );
            closed += 1;
        }
    }
    run.end(&app)
}

#[test]
fn calls_are_counted_at_the_gateway() -> Result<(), EngineError> {
    let app = Journals::new(2, 2);
    let mut run = Run::start(&app, 2)?;
    let mut counted = 0.0;
    let mut completed = 0;
    for _ in 0..20 {
        let batch = run.period()?;
        completed += batch.clients.as_ref().map_or(0, |c| c.completed());
        let calls = batch.events.iter().filter_map(|event| match event {
            Event::Calls(calls) if calls.from == "client" => Some(calls.count),
            _ => None,
        });
        counted += calls.sum::<f64>();
    }
    run.end(&app)?;
    // Calls that are under way at the end of the last period are counted and not completed.
    let under_way = counted - completed as f64;
    assert!(
        (0.0..=64.0).contains(&under_way),
        "{counted} and {completed}"
    );
    Ok(())
}

/// For each server, the processor time it used and that of its actors, in cores; `None` where that
/// of an actor is unknown.
fn cores(batch: &Batch) -> BTreeMap<ServerId, (f64, Option<f64>)> {
    let mut servers = BTreeMap::new();
    for event in &batch.events {
        match event {
            Event::Server(update) => {
                let used = size(&update.cpu).unwrap_or(0.0);
                servers.insert(update.id.clone(), (used, Some(0.0)));
            }
            Event::Actor(update) => {
                if let Field::Known(server) = &update.server
                    && let Some((_, shares)) = servers.get_mut(server)
                {
                    *shares = shares
                        .zip(size(&update.cpu))
                        .map(|(sum, share)| sum + share);
                }
            }
            _ => {}
        }
    }
    // Who had no work shares nothing.
    servers.retain(|_, (_, shares)| *shares != Some(0.0));
    servers
}

fn size(usage: &Field<UsageUpdate>) -> Option<f64> {
    match usage {
        Field::Known(UsageUpdate {
            size: Field::Known(size),
            ..
        }) => Some(*size),
        _ => None,
    }
}
