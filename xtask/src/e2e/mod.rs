//! The end-to-end tests: what a new user does, with the commands that a new user types.

mod action;
mod book;
mod hello;
mod live_view;
mod main_job;
mod oracle;
mod repl;
mod sarif;
mod terminal;
mod tmux;

use std::process::ExitCode;
use std::time::Instant;

/// One end-to-end test: its name, what it shows, and the test.
type Test = (&'static str, &'static str, fn() -> Result<(), String>);

const TESTS: &[Test] = &[
    (
        "main-job",
        "the README's command moves actors of the metadata server",
        main_job::test,
    ),
    (
        "hello",
        "a user's own actors, built outside the workspace, move",
        hello::test,
    ),
    (
        "interrupt",
        "Ctrl-C ends a run cleanly, with its report",
        main_job::interrupt,
    ),
    (
        "live-view",
        "Ctrl-C and q end a run that is watched on a terminal",
        live_view::interrupt,
    ),
    (
        "sarif",
        "SARIF logs of checks are what the official schema allows",
        sarif::test,
    ),
    (
        "book",
        "mdBook makes the book, and no link of it leads nowhere",
        book::test,
    ),
    (
        "action",
        "the step of the GitHub action annotates and fails as it should",
        action::test,
    ),
    (
        "repl",
        "the prompt on a terminal: hints, Tab, history, keys, Ctrl-C, a confirmed policy",
        repl::test,
    ),
    (
        "oracle",
        "the optima that the manager's tests measure plans by are the solver's",
        oracle::test,
    ),
];

/// Runs the tests whose names are given, or all.
pub(crate) fn run(names: &[String]) -> ExitCode {
    if names.iter().any(|name| name == "--list") {
        for (name, shows, _) in TESTS {
            println!("{name:10} {shows}");
        }
        return ExitCode::SUCCESS;
    }
    if let Some(unknown) = names
        .iter()
        .find(|name| !TESTS.iter().any(|test| test.0 == *name))
    {
        eprintln!("error: no end-to-end test is called `{unknown}`; `cargo xtask e2e --list`");
        return ExitCode::from(2);
    }
    let chosen: Vec<&Test> = TESTS
        .iter()
        .filter(|test| names.is_empty() || names.iter().any(|n| n == test.0))
        .collect();
    let mut failed = 0;
    for (name, shows, test) in &chosen {
        println!("e2e {name}: {shows}");
        let begin = Instant::now();
        match test() {
            Ok(()) => println!("e2e {name}: ok ({:.1} s)", begin.elapsed().as_secs_f64()),
            Err(error) => {
                failed += 1;
                println!("e2e {name}: FAILED: {error}");
            }
        }
    }
    println!("e2e: {} passed, {failed} failed", chosen.len() - failed);
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
