//! The step of the GitHub action, with the environment that a workflow gives it.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::session::{plasma, root};

const POLICY: &str = "server.cpu.perc > 60 or server.cpu.perc < 60 => balance({Folder}, cpu);

test \"a busy server is relieved\" {
  server s1 { cpu: 90% }
  server s2 { cpu: 10% }
  Folder f on s1 { cpu: 40% }
  Folder g on s1 { cpu: 40% }
  expect f on s2 or g on s2;
}
";

pub(crate) fn test() -> Result<(), String> {
    let folder = root().join("target/e2e-action");
    let policies = folder.join("my policies");
    fs::create_dir_all(&policies).map_err(|error| error.to_string())?;
    let policy = policies.join("even.plasma");
    fs::write(&policy, POLICY).map_err(|error| error.to_string())?;
    it_checks(&folder)?;
    it_tests(&folder)?;
    fs::write(&policy, POLICY.replace("f on s2 or g on s2", "no actions"))
        .map_err(|error| error.to_string())?;
    let (status, text) = step(&folder, &[("FMT", "true"), ("TEST", "true")])?;
    match status {
        Some(0) => Ok(()),
        _ => Err(format!("nothing is wrong, but: {text}")),
    }
}

fn it_checks(folder: &Path) -> Result<(), String> {
    let place = "file=my policies/even.plasma,line=1,col=49";
    for (deny, status, command) in [("", 0, "::warning "), ("no-gap,stray-doc", 1, "::error ")] {
        let (found, text) = step(folder, &[("DENY", deny), ("SARIF", "log.sarif")])?;
        if found != Some(status) || !text.starts_with(&format!("{command}{place}")) {
            return Err(format!("deny `{deny}`: status {found:?}, printed: {text}"));
        }
    }
    let log = fs::read_to_string(folder.join("log.sarif")).map_err(|error| error.to_string())?;
    match log.contains("\"ruleId\":\"W0401\"") {
        true => Ok(()),
        false => Err(format!("no SARIF log but: {log}")),
    }
}

/// The test of the policy fails; the check is run all the same.
fn it_tests(folder: &Path) -> Result<(), String> {
    let wanted = [("FMT", "true"), ("TEST", "true"), ("JUNIT", "tests.xml")];
    let (status, text) = step(folder, &wanted)?;
    let failed = text.contains("::error title=plasma test::ended with status 1");
    let is_laid_out = !text.contains("::error title=plasma fmt");
    if status != Some(1) || !failed || !is_laid_out || !text.contains("::warning ") {
        return Err(format!("tests: status {status:?}, printed: {text}"));
    }
    let report = fs::read_to_string(folder.join("tests.xml")).map_err(|error| error.to_string())?;
    match report.contains("<failure") {
        true => Ok(()),
        false => Err(format!("no report but: {report}")),
    }
}

/// Runs the step with these inputs; its status, and what it printed.
fn step(folder: &Path, inputs: &[(&str, &str)]) -> Result<(Option<i32>, String), String> {
    let absolute = |path: &Path| path.canonicalize().map_err(|error| error.to_string());
    let mut command = Command::new("bash");
    command
        .current_dir(folder)
        .arg(absolute(&root().join("action/step.sh"))?)
        .env("PLASMA", absolute(&plasma()?)?)
        .env("PLASMA_PATHS", "my policies\n");
    for (name, value) in inputs {
        command.env(format!("PLASMA_{name}"), value);
    }
    let output = command.output().map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    Ok((output.status.code(), text))
}
