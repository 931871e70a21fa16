//! A thousand moves under load lose, duplicate and reorder nothing.

use std::time::Duration;

use plasma_cluster::ClusterConfig;
use plasma_engine::EngineError;
use plasma_engine::embedded::Start;
use plasma_model::OutcomeResult;

use crate::journal::{Findings, Journals, Operation};
use crate::run::{Run, config};

const MOVES: usize = 1000;
const SERVERS: u32 = 4;

/// Rounds of orders after which too few moves have succeeded: twice as many as are needed.
const ROUNDS_MAX: usize = 2 * MOVES / 16;

#[test]
fn a_thousand_moves_under_load_from_eight_callers_lose_nothing() -> Result<(), EngineError> {
    let app = Journals::new(16, 8);
    let mut run = Run::start(&app, SERVERS)?;
    run.until(|run| run.placement.len() == 16)?;
    for _ in 0..ROUNDS_MAX {
        if done(&run) >= MOVES {
            break;
        }
        let ids = run.move_all(SERVERS)?;
        run.until(|run| ids.iter().all(|id| run.outcomes.contains_key(id)))?;
        // Let a window show where the actors are now.
        run.period()?;
    }
    assert!(done(&run) >= MOVES, "{} moves succeeded", done(&run));
    run.end(&app)?;
    app.with(check);
    assert_eq!(run.cluster.lost_calls(), Some(0));
    Ok(())
}

#[test]
fn moves_that_wait_for_others_depart_within_the_period() -> Result<(), EngineError> {
    let app = Journals::new(16, 1);
    let config = ClusterConfig {
        // Long enough for all sixteen, one after the other.
        period: Duration::from_millis(500),
        start: Start::One,
        ..config(2)
    };
    let mut run = Run::with(&app, config)?;
    run.until(|run| run.placement.len() == 16)?;
    let ids = run.move_all(2)?;
    run.period()?;
    let answered = ids.iter().filter(|id| run.outcomes.contains_key(id));
    assert_eq!(answered.count(), 16);
    run.end(&app)
}

fn done(run: &Run) -> usize {
    let outcomes = run.outcomes.values();
    outcomes
        .filter(|result| matches!(result, OutcomeResult::Done { .. }))
        .count()
}

/// Every acknowledged operation is in its journal once, in the order of its client.
pub(crate) fn check(findings: &mut Findings) {
    assert_eq!(findings.errors, Vec::<String>::new());
    for (journal, content) in &findings.contents {
        for client in 0..8 {
            let numbers: Vec<u32> = content
                .iter()
                .filter(|operation: &&Operation| operation.0 == client)
                .map(|(_, number)| *number)
                .collect();
            let acknowledged = findings.acknowledged.get(&(client, *journal));
            let expected: Vec<u32> = (0..acknowledged.copied().unwrap_or(0)).collect();
            assert_eq!(numbers, expected, "client {client}, journal {journal}");
        }
    }
    let total: u32 = findings.acknowledged.values().sum();
    assert!(total > 0, "the clients did nothing");
}
