//! A prompt on a run of another process: it looks at it, gives it a policy, and takes that back.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};

use crate::served::served;

const TOKEN: &str = "correct-horse";

/// A run that ends with the test.
struct Run(Child);

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a run, and gives its address.
fn run() -> (Run, String) {
    let mut run = Command::new(env!("CARGO_BIN_EXE_plasma"));
    run.args(["run", "std.metadata", "--listen", "127.0.0.1:0"])
        .arg("--dry-run")
        .args(["--servers", "2", "--period", "200ms", "--duration", "60s"])
        .env("PLASMA_TOKEN", TOKEN)
        .stdout(Stdio::null());
    let (child, _, address) = served(&mut run);
    (Run(child), address)
}

/// What a script at a prompt is answered.
fn answers(arguments: &[&str], token: &str, script: &str) -> String {
    let mut plasma = Command::new(env!("CARGO_BIN_EXE_plasma"))
        .args(["repl", "--echo"])
        .args(arguments)
        .env("PLASMA_TOKEN", token)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("plasma runs");
    let mut stdin = plasma.stdin.take().expect("it is piped");
    stdin.write_all(script.as_bytes()).expect("it is read");
    drop(stdin);
    let output = plasma.wait_with_output().expect("plasma ends");
    String::from_utf8(output.stdout).expect("it is text")
}

#[test]
fn a_run_is_given_a_policy_and_its_own_back() {
    let (_run, address) = run();
    let script = "server.cpu.perc >= 0\n:apply\n:arm\n\
                  rule mine: server.cpu.perc > 101 => balance({Folder}, cpu);\n\
                  rule mine: server.cpu.perc > 90 => balance({Folder}, cpu);\n\
                  :apply\n:wait 2\n:disarm\n:disarm\n:attach nothing.jsonl\n";
    let answers = answers(&["--engine", &address], TOKEN, script);
    let told = [
        "server:s2   true",
        "error: the cluster is only looked at\n",
        "armed; there are no rules yet",
        "error[E0302]",
        "not applied: `:apply` runs this policy on the cluster",
        "in force from the next period on",
        ", 2 servers, ",
        "the policy before is back, in force from the next period on",
        "error: nothing is armed",
        "error: cannot read nothing.jsonl",
    ];
    let mut rest = answers.as_str();
    for text in told {
        let Some((_, behind)) = rest.split_once(text) else {
            panic!("`{text}` is missing in:\n{rest}");
        };
        rest = behind;
    }
}

#[test]
fn nobody_without_the_token_gives_a_policy() {
    let (_run, address) = run();
    let script = format!(
        ":attach {address} --at 3\n:attach {address}\ntrue => pin(Folder(f));\n:arm\n:apply\n"
    );
    let answers = answers(&[], "", &script);
    assert!(
        answers.contains("is a running cluster: it is always now"),
        "{answers}"
    );
    assert!(answers.contains("refuses (status 401)"), "{answers}");
    assert!(
        answers.contains("help: start both with one PLASMA_TOKEN"),
        "{answers}"
    );
}
