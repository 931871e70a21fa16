//! Running commands as a user would, and reading what they print.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// A `cargo` command in `folder`, sharing the repository's build folder.
pub(crate) fn cargo(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(folder).args(arguments);
    if std::env::var_os("CARGO_TARGET_DIR").is_none() {
        command.env("CARGO_TARGET_DIR", root().join("target"));
    }
    command
}

/// The binary, built as a user builds it.
pub(crate) fn plasma() -> Result<PathBuf, String> {
    succeed(cargo(&root(), &["build", "--release", "--quiet"]))?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("release/plasma"))
}

/// Runs a command that must succeed, and returns its standard output.
pub(crate) fn succeed(mut command: Command) -> Result<String, String> {
    let output = command
        .output()
        .map_err(|error| format!("cannot start {command:?}: {error}"))?;
    stdout_of(&output)
}

/// The standard output of a command that must have succeeded.
pub(crate) fn stdout_of(output: &Output) -> Result<String, String> {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    if output.status.success() {
        return Ok(text);
    }
    let errors = String::from_utf8_lossy(&output.stderr);
    Err(format!(
        "{}\n--- standard output\n{text}\n--- standard error\n{errors}",
        output.status
    ))
}

/// The last line of JSON Lines, which must be the report.
pub(crate) fn report(stdout: &str) -> Result<serde_json::Value, String> {
    let line = stdout.lines().last().ok_or("nothing was printed")?;
    let value: serde_json::Value =
        serde_json::from_str(line).map_err(|error| format!("{error} in: {line}"))?;
    if value["event"] == "report" {
        Ok(value)
    } else {
        Err(format!("no report but: {line}"))
    }
}
