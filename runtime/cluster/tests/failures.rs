//! What goes wrong in the application stays in the application.

use plasma_engine::EngineError;

use crate::journal::{Habits, Journals};
use crate::run::Run;

#[test]
fn a_panic_in_a_handler_is_told_and_the_cluster_lives() -> Result<(), EngineError> {
    let app = Journals {
        habits: Habits {
            fails: true,
            ..Habits::default()
        },
        ..Journals::new(1, 1)
    };
    let mut run = Run::start(&app, 2)?;
    run.until(|run| !run.notices.is_empty())?;
    insta::assert_snapshot!(run.notices.first().cloned().unwrap_or_default(), @"Journal-1.fail failed: asked to fail; the actor starts again from its checkpoint");
    run.end(&app)
}

#[test]
fn a_long_turn_is_told_and_its_server_is_stale_meanwhile() -> Result<(), EngineError> {
    let app = Journals {
        habits: Habits {
            long_milliseconds: 1100,
            ..Habits::default()
        },
        ..Journals::new(1, 1)
    };
    let mut run = Run::start(&app, 2)?;
    let mut stale = Vec::new();
    while run.notices.is_empty() {
        stale.extend(run.period()?.stale);
    }
    let notice = run.notices.first().cloned().unwrap_or_default();
    let (server, rest) = notice.split_once(" ran for ").unwrap_or_default();
    insta::assert_snapshot!(server, @"a handler on s2");
    assert!(
        rest.ends_with("s without a pause; nothing else ran there"),
        "{notice}"
    );
    let server: Vec<&str> = server.split(' ').collect();
    assert!(
        stale.iter().any(|id| Some(&id.as_str()) == server.last()),
        "{stale:?}"
    );
    run.end(&app)
}
