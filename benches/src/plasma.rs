//! The release binary, run as a user runs it.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Builds the release binary and returns its path.
pub(crate) fn build() -> Result<PathBuf, String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(root())
        .args(["build", "--release", "--package", "plasma-cli"]);
    let status = command
        .status()
        .map_err(|error| format!("cannot start cargo: {error}"))?;
    if !status.success() {
        return Err("the release build failed".to_owned());
    }
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    Ok(target.join("release/plasma"))
}

/// Quota of each of four servers on a machine of two cores, in cores.
pub(crate) const QUOTA_CORES: f64 = 0.3;

/// Runs the main job with these flags and returns its report.
pub(crate) fn report(binary: &Path, flags: &[&str]) -> Result<Value, String> {
    lines(binary, flags)?
        .pop()
        .ok_or_else(|| "the run printed nothing".to_owned())
}

/// Runs the main job with these flags and returns its JSON Lines.
pub(crate) fn lines(binary: &Path, flags: &[&str]) -> Result<Vec<Value>, String> {
    let output = Command::new(binary)
        .current_dir(root())
        .args(["run", "stdlib/metadata.plasma", "--format", "json"])
        .args(flags)
        .output()
        .map_err(|error| format!("cannot start {}: {error}", binary.display()))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let stdout = String::from_utf8_lossy(&output.stdout);
    let read = |line| serde_json::from_str(line).map_err(|error| format!("{error} in: {line}"));
    stdout.lines().map(read).collect()
}
