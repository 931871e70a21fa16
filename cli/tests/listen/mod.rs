//! What is served: a run that is heard, looked at and given another policy while it goes on, and the language
//! server for browsers.

use std::fs::File;
use std::io::{BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStderr, Command, Stdio};

use plasma_engine::Engine as _;
use plasma_engine::trace::TraceReader;
use plasma_model::Event;
use plasma_remote::{RemoteEngine, RemoteError, RemotePolicy, Token};
use plasma_scenario::policy_hash;

use crate::served::served;

const TOKEN: &str = "correct-horse";

/// A run that is served, and where.
struct Run {
    child: Child,
    stderr: BufReader<ChildStderr>,
    url: String,
}

/// Starts a short run with these arguments besides.
fn start(arguments: &[&str]) -> Run {
    let mut run = Command::new(env!("CARGO_BIN_EXE_plasma"));
    run.args(["run", "std.metadata", "--listen", "127.0.0.1:0"])
        .args(["--servers", "2", "--period", "200ms", "--duration", "6s"])
        .args(arguments)
        .env("PLASMA_TOKEN", TOKEN)
        .stdout(Stdio::piped());
    let (child, stderr, url) = served(&mut run);
    Run { child, stderr, url }
}

/// What a running cluster answers at a path.
fn get(url: &str, path: &str) -> String {
    let authority = url.trim_start_matches("ws://").trim_end_matches("/events");
    let mut stream = TcpStream::connect(authority).expect("a connection");
    let request = format!("GET {path} HTTP/1.1\r\nhost: {authority}\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    body.to_owned()
}

/// The hashes of the policies that decisions were made by.
fn policies(events: &[Event]) -> Vec<&str> {
    let decided = events.iter().filter_map(|event| match event {
        Event::Decision { policy, .. } => Some(policy.as_str()),
        _ => None,
    });
    decided.collect()
}

#[test]
fn a_run_is_heard_and_given_another_policy() {
    let folder = tempfile::tempdir().expect("a folder");
    let recording = folder.path().join("run.jsonl");
    let recording = recording.to_str().expect("it is text");
    let mut run = start(&["--format", "json", "--record", recording]);
    let mut engine = RemoteEngine::connect(&run.url, None).expect("a stream");
    assert_eq!(engine.hello().period, 0.2);
    assert!(
        engine
            .schema()
            .is_some_and(|schema| schema.contains("actor Folder"))
    );
    let mut heard = Vec::new();
    let mut hear = |engine: &mut RemoteEngine| {
        let batch = engine.next_batch().expect("it goes on")?;
        assert!(batch.tick().is_some());
        heard.extend(batch.events);
        Some(heard.clone())
    };
    hear(&mut engine).expect("it goes on");
    plan_of(&get(&run.url, "/snapshot"), folder.path());

    let policy = RemotePolicy::new(&run.url, Token::new(TOKEN).ok(), Some("ada".to_owned()));
    let policy = policy.expect("a URL");
    assert!(
        policy
            .policy()
            .expect("an answer")
            .contains("rule files_at_home")
    );
    let wrong = policy.replace_policy("rule calm: Fodler(f).cpu.perc > 90 => pin(f);");
    let Err(RemoteError::WrongPolicy { diagnostics }) = wrong else {
        panic!("expected diagnostics, got {wrong:?}");
    };
    assert!(
        diagnostics.contains("did you mean `Folder`?"),
        "{diagnostics}"
    );
    let text = "rule calm: Folder(f).cpu.perc > 90 => pin(f);\n";
    let answer = policy.replace_policy(text).expect("it is put in force");
    let hash = policy_hash(text);
    assert!(answer.contains(&hash), "{answer}");
    assert_eq!(policy.policy().expect("an answer"), text);

    // To the end of the run, which it says itself.
    let mut all = Vec::new();
    while let Some(events) = hear(&mut engine) {
        all = events;
    }
    assert!(
        policies(&all).contains(&hash.as_str()),
        "{:?}",
        policies(&all)
    );
    let mut stdout = String::new();
    let mut output = run.child.stdout.take().expect("it is piped");
    output.read_to_string(&mut stdout).expect("it is text");
    assert!(run.child.wait().expect("plasma ends").success());
    assert!(stdout.lines().all(|line| line.starts_with('{')), "{stdout}");
    let mut remarks = String::new();
    run.stderr.read_to_string(&mut remarks).expect("it is text");
    let expected = format!("ada (127.0.0.1) replaced the policy: {hash}, with 1 rule");
    assert!(remarks.contains(&expected), "{remarks}");
    let recorded = BufReader::new(File::open(recording).expect("a recording"));
    let recorded: Vec<Event> = TraceReader::new("run.jsonl", Box::new(recorded))
        .map(|located| located.expect("it can be read").event)
        .collect();
    assert!(policies(&recorded).contains(&hash.as_str()));
    // Both tell of the policy itself, in front of the decisions by it.
    for events in [&all, &recorded] {
        let of_other = events.iter().skip_while(|event| {
            !matches!(event, Event::Policy { source, by, .. } if source == text && by == "ada (127.0.0.1)")
        });
        let later: Vec<Event> = of_other.cloned().collect();
        assert!(!later.is_empty());
        assert!(policies(&later).iter().all(|policy| *policy == hash));
    }
}

/// A snapshot that was served is one that `plan` takes.
fn plan_of(snapshot: &str, folder: &Path) {
    let path = folder.join("now.jsonl");
    std::fs::write(&path, snapshot).expect("it is written");
    let planned = Command::new(env!("CARGO_BIN_EXE_plasma"))
        .args(["plan", "std.metadata", "--snapshot"])
        .arg(&path)
        .output()
        .expect("plasma runs");
    let text = String::from_utf8_lossy(&planned.stdout).into_owned();
    assert!(planned.status.success(), "{planned:?}");
    assert!(text.contains("2 servers, 144 actors"), "{text}");
}

#[test]
fn an_interrupted_run_takes_its_leave() {
    let mut run = start(&[]);
    let mut engine = RemoteEngine::connect(&run.url, None).expect("a stream");
    assert!(engine.next_batch().expect("it goes on").is_some());
    // Nobody reads its lines any more: the run ends before its time.
    drop(run.child.stdout.take());
    while engine.next_batch().expect("no loss").is_some() {}
    assert!(run.child.wait().expect("plasma ends").success());
}

#[test]
fn the_language_server_listens_until_it_is_interrupted() {
    let mut server = Command::new(env!("CARGO_BIN_EXE_plasma"));
    let (mut child, _stderr, url) = served(server.args(["lsp", "--listen", "127.0.0.1:0"]));
    let url = url.strip_suffix("/lsp").expect("it is a session's");
    assert!(get(url, "/").contains("Plasma language server"));
    let id = child.id().to_string();
    let interrupted = Command::new("kill").args(["-INT", &id]).status();
    assert!(interrupted.expect("a signal").success());
    assert!(child.wait().expect("plasma ends").success());
}
