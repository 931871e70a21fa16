//! A snapshot on standard input has no name: it is read in whichever format it is.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use plasma_engine::trace::Recorder;
use plasma_model::Event;

const LINES: &str = include_str!("../commands/plan.in/now.jsonl");

/// What `plasma plan` prints for a snapshot on standard input.
fn planned(snapshot: &[u8]) -> String {
    let policies = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/commands/plan.in");
    let mut plasma = Command::new(env!("CARGO_BIN_EXE_plasma"))
        .args(["plan", "hot.plasma", "--snapshot", "-"])
        .current_dir(policies)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("plasma runs");
    let mut stdin = plasma.stdin.take().expect("it is piped");
    stdin.write_all(snapshot).expect("it is read");
    drop(stdin);
    let output = plasma.wait_with_output().expect("plasma ends");
    assert_eq!(output.stderr, b"");
    String::from_utf8(output.stdout).expect("it is text")
}

/// The same events as a recording of that name has them.
fn recorded(name: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let mut recorder = Recorder::create(&path).expect("a file");
    for line in LINES.lines() {
        let event: Event = serde_json::from_str(line).expect("it is an event");
        recorder.write(&event);
    }
    recorder.finish().expect("it is written");
    fs::read(&path).expect("a file")
}

#[test]
fn every_format_is_recognised_by_its_first_bytes() {
    let expected = planned(LINES.as_bytes());
    assert!(expected.contains("plan: 2 moves"), "{expected}");
    for name in ["a.jsonl", "a.jsonl.zst", "a.msgpack", "a.msgpack.zst"] {
        assert_eq!(planned(&recorded(name)), expected, "{name}");
    }
}
