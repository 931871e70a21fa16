//! Processes that serve something at an address of their choice.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};

/// Starts the binary with these arguments; with what it says after where it listens, and that.
pub(crate) fn served(command: &mut Command) -> (Child, BufReader<ChildStderr>, String) {
    let mut child = command
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .expect("plasma runs");
    let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut line = String::new();
    stderr.read_line(&mut line).expect("it is text");
    let url = line.strip_prefix("listening on ").expect("it says where");
    (child, stderr, url.trim().to_owned())
}
