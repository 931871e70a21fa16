//! The README's first command, shortened: the metadata server under its policy.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use crate::session::{cargo, plasma, report, root, stdout_of, succeed};

const RUN: [&str; 6] = [
    "run",
    "--release",
    "--quiet",
    "--",
    "run",
    "stdlib/metadata.plasma",
];

fn main_job(flags: &[&str]) -> Command {
    let arguments: Vec<&str> = RUN.iter().chain(flags).copied().collect();
    cargo(&root(), &arguments)
}

pub(crate) fn test() -> Result<(), String> {
    let flags = ["--start", "one", "--duration", "15s", "--format", "json"];
    let report = report(&succeed(main_job(&flags))?)?;
    if report["moves"].as_u64().is_none_or(|moves| moves == 0) {
        return Err(format!("no actor moved: {report}"));
    }
    if report["lost_calls"] != 0 {
        return Err(format!("calls were lost: {report}"));
    }
    let throughput = |phase: &str| report[phase]["throughput"].as_f64().unwrap_or(0.0);
    println!(
        "  {:.0} calls/s before, {:.0} with the policy",
        throughput("baseline"),
        throughput("policy")
    );
    Ok(())
}

/// Sends SIGINT after the third period and expects the report and exit status 0.
pub(crate) fn interrupt() -> Result<(), String> {
    let mut child = Command::new(plasma()?)
        .current_dir(root())
        .args([
            "run",
            "std.metadata",
            "--duration",
            "60s",
            "--format",
            "json",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("cannot start plasma: {error}"))?;
    let stdout = child.stdout.take().ok_or("no standard output")?;
    let mut printed = String::new();
    for line in BufReader::new(stdout).lines() {
        let line = line.map_err(|error| error.to_string())?;
        printed.push_str(&line);
        printed.push('\n');
        if printed.lines().filter(|l| l.contains("\"period\"")).count() == 3
            && line.contains("\"period\"")
        {
            succeed({
                let mut kill = Command::new("kill");
                kill.args(["-INT", &child.id().to_string()]);
                kill
            })?;
        }
    }
    let output = child
        .wait_with_output()
        .map_err(|error| error.to_string())?;
    stdout_of(&output)?;
    report(&printed).map(|_| ())
}
