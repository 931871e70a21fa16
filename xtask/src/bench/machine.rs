//! What a figure depends on: machine, compiler, date and commit.

use std::fs;
use std::process::Command;

use crate::session::{root, succeed};

/// One sentence of it.
pub(crate) fn facts() -> String {
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned());
    let cores = std::thread::available_parallelism().map_or(0, |cores| cores.get());
    let memory = field("/proc/meminfo", "MemTotal");
    let memory = memory.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    let memory = memory.map_or(0.0, |kilobytes| kilobytes / 1024.0 / 1024.0);
    let kernel = said("uname", &["-sr"]);
    let compiler = said("rustc", &["--version"]);
    let date = said("date", &["-u", "+%F"]);
    let commit = said("git", &["rev-parse", "--short=10", "HEAD"]);
    let is_changed = !said(
        "git",
        &[
            "status",
            "--porcelain",
            "-uno",
            ".",
            ":!docs/performance.md",
        ],
    )
    .is_empty();
    let changed = if is_changed { " with changes" } else { "" };
    let load = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or_default().to_owned();
    format!(
        "{date} at {commit}{changed}, {compiler}; {processor}, {cores} cores, {memory:.0} GiB, {kernel}; load {load} before"
    )
}

/// The value of the first line `name : value`.
fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

/// What a command says; nothing if it fails.
fn said(program: &str, arguments: &[&str]) -> String {
    let mut command = Command::new(program);
    command.current_dir(root()).args(arguments);
    succeed(command).unwrap_or_default().trim().to_owned()
}
