//! Replays what the fuzzer found and what it starts from: `fuzz/corpus/TARGET/*`.

#[path = "../../../fuzz/checks.rs"]
mod checks;

use std::fs;
use std::path::Path;

/// Every input of a target's corpus.
fn inputs(target: &str) -> Vec<Vec<u8>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/corpus");
    let entries = fs::read_dir(root.join(target)).expect("a corpus");
    let inputs = entries.map(|entry| fs::read(entry.expect("an entry").path()).expect("readable"));
    let inputs: Vec<_> = inputs.collect();
    assert!(!inputs.is_empty(), "an empty corpus for {target}");
    inputs
}

fn replay(target: &str, check: impl Fn(&str)) {
    for input in inputs(target) {
        if let Ok(text) = std::str::from_utf8(&input) {
            check(text);
        }
    }
}

#[test]
fn lexer() {
    replay("lexer", checks::lexer);
}

#[test]
fn parser() {
    replay("parser", checks::parser);
}

#[test]
fn formatter() {
    replay("formatter", checks::formatter);
}

#[test]
fn checker() {
    replay("checker", checks::checker);
}

#[test]
fn evaluator() {
    replay("evaluator", checks::evaluator);
}

#[test]
fn trace_reader() {
    for input in inputs("trace_reader") {
        checks::trace_reader(&input);
    }
}
