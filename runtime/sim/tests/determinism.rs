//! I23: a seed is a run, in this process and in any other.

use std::env;
use std::io::{Write, stdout};
use std::process::Command;
use std::time::Duration;

use plasma_sim::check::same_twice;
use plasma_sim::{RandomFaults, TraceHash, WorldConfig};

use crate::ledger::Ledgers;
use crate::moves::shuffle;
use crate::story::Story;

/// What the other process writes before the fingerprint.
const MARK: &str = "fingerprint ";

fn run(seed: u64) -> TraceHash {
    let shape = Ledgers {
        operations: u64::MAX,
        ..Ledgers::default()
    };
    let mut story = Story::begin(WorldConfig::new(seed), shape, RandomFaults::each(0.03));
    shuffle(&mut story, 20, Duration::from_millis(5));
    story.end().trace_hash()
}

#[test]
fn a_seed_is_a_run() {
    let mut hashes = Vec::new();
    for seed in 1..=5 {
        match same_twice(|| run(seed)) {
            Ok(hash) => hashes.push(hash.value()),
            Err(violation) => panic!("seed {seed}: {violation}"),
        }
    }
    hashes.dedup();
    assert_eq!(hashes.len(), 5, "different seeds are different runs");
}

#[test]
fn a_seed_is_a_run_in_another_process() {
    let here = run(7).value();
    let this = env::current_exe().expect("a test knows its own file");
    let other = Command::new(this)
        .args(["--exact", "determinism::tells_the_fingerprint", "--ignored"])
        .args(["--nocapture", "--quiet"])
        .output()
        .expect("a test can start itself");
    let text = String::from_utf8_lossy(&other.stdout);
    let there = text
        .split_once(MARK)
        .and_then(|(_, rest)| rest.split_whitespace().next());
    assert_eq!(there, Some(here.to_string().as_str()), "{text}");
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn tells_the_fingerprint() {
    let told = writeln!(stdout(), "{MARK}{}", run(7).value());
    assert!(told.is_ok());
}
