//! The end-to-end tests: what a new user does, with the commands that a new user types.

mod action;
mod book;
mod editor;
mod hello;
mod live_view;
mod main_job;
mod node;
mod oracle;
mod repl;
mod sarif;
mod setup;
mod terminal;
mod tmux;

use std::process::ExitCode;
use std::time::Instant;

/// Why a test did not pass.
pub(crate) enum Trouble {
    /// Something is not as it should be.
    Failed(String),
    /// It was not shown, or not in all: what it takes cannot be had on this machine.
    Skipped(String),
}

impl From<String> for Trouble {
    fn from(error: String) -> Self {
        Trouble::Failed(error)
    }
}

/// One end-to-end test.
struct Test {
    name: &'static str,
    /// What it shows.
    shows: &'static str,
    test: fn() -> Result<(), Trouble>,
    /// What it needs installed, begun before all tests so that it is there when its turn comes.
    setups: &'static [fn()],
}

const fn test(name: &'static str, shows: &'static str, test: fn() -> Result<(), Trouble>) -> Test {
    Test {
        name,
        shows,
        test,
        setups: &[],
    }
}

impl Test {
    const fn needing(mut self, setups: &'static [fn()]) -> Self {
        self.setups = setups;
        self
    }
}

const TESTS: &[Test] = &[
    test(
        "main-job",
        "the README's command moves actors of the metadata server",
        || Ok(main_job::test()?),
    ),
    test(
        "hello",
        "a user's own actors, built outside the workspace, move",
        || Ok(hello::test()?),
    ),
    test(
        "interrupt",
        "Ctrl-C ends a run cleanly, with its report",
        || Ok(main_job::interrupt()?),
    ),
    test(
        "live-view",
        "Ctrl-C and q end a run that is watched on a terminal",
        || Ok(live_view::interrupt()?),
    ),
    test(
        "sarif",
        "SARIF logs of checks are what the official schema allows",
        sarif::test,
    ),
    test(
        "book",
        "mdBook makes the book, and no link of it leads nowhere",
        book::test,
    ),
    test(
        "action",
        "the step of the GitHub action annotates and fails as it should",
        || Ok(action::test()?),
    ),
    test(
        "repl",
        "the prompt on a terminal: hints, Tab, history, keys, Ctrl-C, a confirmed policy",
        || Ok(repl::test()?),
    ),
    test(
        "editor-nvim",
        "a policy is edited and debugged in Neovim, the newest and the oldest that the plugin is for",
        editor::nvim::test,
    )
    .needing(&[
        || _ = editor::nvim::NEWEST.get(),
        || _ = editor::nvim::OLD.get(),
    ]),
    test(
        "editor-emacs",
        "a policy is edited in Emacs",
        editor::emacs::test,
    )
    .needing(&[|| _ = editor::emacs::TOOLS.get()]),
    test(
        "oracle",
        "the optima that the manager's tests measure plans by are the solver's",
        || Ok(oracle::test()?),
    ),
    test(
        "tree-sitter",
        "the parser for editors is the one that its grammar makes",
        editor::tree_sitter::test,
    )
    .needing(&[|| _ = editor::tree_sitter::TOOL.get()]),
    test(
        "editor-vscode",
        "a policy is edited, tested and debugged in VS Code",
        editor::vscode::test,
    )
    .needing(&[|| _ = editor::vscode::TOOLS.get()]),
];

/// Runs the tests whose names are given, or all.
pub(crate) fn run(names: &[String]) -> ExitCode {
    if names.iter().any(|name| name == "--list") {
        for Test { name, shows, .. } in TESTS {
            println!("{name:13} {shows}");
        }
        return ExitCode::SUCCESS;
    }
    if let Some(unknown) = names
        .iter()
        .find(|name| !TESTS.iter().any(|test| test.name == *name))
    {
        eprintln!("error: no end-to-end test is called `{unknown}`; `cargo xtask e2e --list`");
        return ExitCode::from(2);
    }
    let chosen: Vec<&Test> = TESTS
        .iter()
        .filter(|test| names.is_empty() || names.iter().any(|n| n == test.name))
        .collect();
    let setups = chosen.iter().flat_map(|test| test.setups);
    let setups: Vec<_> = setups.map(std::thread::spawn).collect();
    let (mut failed, mut skipped) = (0, 0);
    for Test {
        name, shows, test, ..
    } in &chosen
    {
        println!("e2e {name}: {shows}");
        let begin = Instant::now();
        match test() {
            Ok(()) => println!("e2e {name}: ok ({:.1} s)", begin.elapsed().as_secs_f64()),
            Err(Trouble::Skipped(reason)) => {
                skipped += 1;
                println!("e2e {name}: SKIPPED: {reason}");
            }
            Err(Trouble::Failed(error)) => {
                failed += 1;
                println!("e2e {name}: FAILED: {error}");
            }
        }
    }
    // One whose test failed early is not left half done.
    for setup in setups {
        let _ = setup.join();
    }
    let passed = chosen.len() - failed - skipped;
    println!("e2e: {passed} passed, {failed} failed, {skipped} skipped");
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
