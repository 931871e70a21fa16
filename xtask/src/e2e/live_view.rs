//! A run watched on a terminal, and ended from its keyboard.

use std::process::Command;
use std::time::Duration;

use super::terminal::Terminal;
use crate::session::{plasma, root};

const CONTROL_C: &[u8] = b"\x03";

/// For a whole run to start, or to end.
const PATIENCE: Duration = Duration::from_secs(60);

/// Ctrl-C once: the report and status 0; twice: status 130; `q`: as Ctrl-C once.
pub(crate) fn interrupt() -> Result<(), String> {
    for keys in [CONTROL_C, b"q"] {
        let (status, shown) = press_while_it_runs(keys)?;
        if !status.success() {
            return Err(format!("{keys:?}: {status}; it showed: {shown}"));
        }
        if !shown.contains("throughput") {
            return Err(format!("{keys:?}: no report, but: {shown}"));
        }
    }
    let (status, shown) = press_while_it_runs(&[CONTROL_C, CONTROL_C].concat())?;
    match status.code() {
        Some(130) => Ok(()),
        _ => Err(format!("Ctrl-C twice: {status}; it showed: {shown}")),
    }
}

fn press_while_it_runs(keys: &[u8]) -> Result<(std::process::ExitStatus, String), String> {
    let mut command = Command::new(plasma()?);
    command
        .current_dir(root())
        .args(["run", "std.metadata", "--duration", "120s"]);
    let mut terminal = Terminal::start(command)?;
    // The view names the key in its head.
    terminal.wait_for("Ctrl-C", PATIENCE)?;
    terminal.press(keys)?;
    terminal.end(PATIENCE)
}
