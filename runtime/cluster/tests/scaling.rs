//! Servers that come and go while calls are under way.

use plasma_cluster::ClusterConfig;
use plasma_engine::{Engine as _, EngineError};
use plasma_model::{ActionBody, ServerId};

use crate::journal::Journals;
use crate::migrations::check;
use crate::run::{Run, config};

/// Rounds of orders after which too few moves have succeeded.
const ROUNDS_MAX: usize = 200;

/// Small quotas, so that any machine has room for a few servers more.
fn small(servers: u32) -> ClusterConfig {
    ClusterConfig {
        quota_cores: Some(0.1),
        ..config(servers)
    }
}

fn add(count: u32) -> ActionBody {
    ActionBody::AddServer { count }
}

fn remove(server: &str) -> ActionBody {
    let server = ServerId::from(server);
    ActionBody::RemoveServer { server }
}

#[test]
fn a_server_comes_takes_everybody_in_and_the_others_go() -> Result<(), EngineError> {
    let app = Journals::new(6, 2);
    let mut run = Run::with(&app, small(2))?;
    run.until(|run| run.placement.len() == 6)?;
    let added = run.order(add(2))?;
    assert_eq!(run.end_of(added)?, "done");
    run.until(|run| run.servers.len() == 4)?;
    // Whoever is refused for the load of the moment tries again.
    let is_there = |run: &Run| {
        let mut places = run.placement.values();
        places.all(|(server, _)| ["s3", "s4"].contains(&server.as_str()))
    };
    for _ in 0..ROUNDS_MAX {
        if is_there(&run) {
            break;
        }
        for id in run.move_where(|actor, _| if actor % 2 == 0 { "s3" } else { "s4" })? {
            run.end_of(id)?;
        }
        // Let a window show where the actors are now.
        run.period()?;
    }
    assert!(is_there(&run), "{:?}", run.placement);
    let empty = ["s1", "s2"];
    for server in empty {
        let removed = run.order(remove(server))?;
        assert_eq!(run.end_of(removed)?, "done", "{server}");
        assert!(!run.servers.contains(&ServerId::from(server)));
    }
    run.period()?;
    assert_eq!(run.servers.len(), 2);
    run.end(&app)?;
    app.with(check);
    assert_eq!(run.cluster.lost_calls(), Some(0));
    Ok(())
}

#[test]
fn who_lives_there_keeps_a_server_and_one_is_always_left() -> Result<(), EngineError> {
    let app = Journals::new(4, 1);
    let mut run = Run::with(
        &app,
        ClusterConfig {
            start: plasma_engine::embedded::Start::One,
            ..small(2)
        },
    )?;
    run.until(|run| run.placement.len() == 4)?;
    let inhabited = run.order(remove("s1"))?;
    assert_eq!(
        run.end_of(inhabited)?,
        "refused: 4 actors live on server s1"
    );
    let empty = run.order(remove("s2"))?;
    let last = run.order(remove("s1"))?;
    assert_eq!(run.end_of(last)?, "refused: no server would be left");
    assert_eq!(run.end_of(empty)?, "done");
    let again = run.order(remove("s2"))?;
    assert_eq!(run.end_of(again)?, "there is no server s2");
    run.end(&app)?;
    app.with(check);
    assert_eq!(run.cluster.lost_calls(), Some(0));
    Ok(())
}

#[test]
fn more_than_the_machine_has_is_refused() -> Result<(), EngineError> {
    let app = Journals::new(1, 1);
    let mut run = Run::with(&app, config(2))?;
    let quota = run.order(add(64))?;
    let end = run.end_of(quota)?;
    assert!(end.starts_with("refused: quota: 66 servers of "), "{end}");
    let beyond = run.order(add(1000))?;
    let end = run.end_of(beyond)?;
    assert_eq!(
        end,
        "refused: a process has at most 256 servers, and 2 are there"
    );
    assert_eq!(run.cluster.quota_cores() > 0.0, run.servers.len() == 2);
    run.end(&app)?;
    Ok(())
}

#[test]
fn a_cluster_stops_while_a_server_leaves() -> Result<(), EngineError> {
    let app = Journals::new(2, 1);
    let mut run = Run::with(&app, small(3))?;
    run.until(|run| run.placement.len() == 2)?;
    let inhabited: Vec<String> = run.placement.values().map(|(s, _)| s.to_string()).collect();
    let empty = ["s1", "s2", "s3"].into_iter();
    let empty = empty.rev().find(|s| !inhabited.iter().any(|at| at == s));
    let removed = run.order(remove(empty.unwrap_or("s1")))?;
    let events = run.cluster.finish()?;
    let ended = events.iter().any(
        |event| matches!(event, plasma_model::Event::Outcome(outcome) if outcome.id == removed),
    );
    assert!(ended, "{events:?}");
    Ok(())
}
