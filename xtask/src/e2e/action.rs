//! The step of the GitHub action, with the environment that a workflow gives it.

use std::fs;
use std::process::Command;

use crate::session::{plasma, root};

pub(crate) fn test() -> Result<(), String> {
    let folder = root().join("target/e2e-action");
    let policies = folder.join("my policies");
    fs::create_dir_all(&policies).map_err(|error| error.to_string())?;
    let policy = "server.cpu.perc > 60 or server.cpu.perc < 60 => balance({Folder}, cpu);\n";
    fs::write(policies.join("even.plasma"), policy).map_err(|error| error.to_string())?;
    let step = |deny: &str| {
        let mut command = Command::new("bash");
        command
            .current_dir(&folder)
            .arg(
                root()
                    .join("action/check.sh")
                    .canonicalize()
                    .map_err(|e| e.to_string())?,
            )
            .env(
                "PLASMA",
                plasma()?.canonicalize().map_err(|e| e.to_string())?,
            )
            .env("PLASMA_PATHS", "my policies\n")
            .env("PLASMA_DENY", deny)
            .env("PLASMA_SARIF", "log.sarif");
        let output = command.output().map_err(|error| error.to_string())?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        Ok::<_, String>((output.status.code(), text))
    };
    let place = "file=my policies/even.plasma,line=1,col=49";
    for (deny, status, command) in [("", 0, "::warning "), ("no-gap,stray-doc", 1, "::error ")] {
        let (found, text) = step(deny)?;
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
