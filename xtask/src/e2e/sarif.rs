//! `plasma check --format sarif`, held against the official schema by a validator of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Trouble;
use crate::python;
use crate::session::{cargo, plasma, root, succeed};

/// The crate that ships the schema. It is fetched and not built.
const SCHEMA_CRATE: &str = "serde-sarif";

/// Ends with 1 and says why if a document is not what the schema allows.
const VALIDATE: &str = "\
import json, sys, jsonschema
schema, document = (json.load(open(path, encoding='utf-8')) for path in sys.argv[1:])
errors = list(jsonschema.validators.validator_for(schema)(schema).iter_errors(document))
for error in errors[:10]:
    print(error.json_path, error.message[:300], file=sys.stderr)
sys.exit(1 if errors else 0)
";

pub(crate) fn test() -> Result<(), Trouble> {
    let folder = root().join("target/e2e-sarif");
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    let tools = python::environment(&folder, &["jsonschema"])
        .and_then(|python| Ok((python, schema(&folder)?)));
    let (python, schema) = tools.map_err(Trouble::Skipped)?;
    let inputs = root().join("cli/tests/commands");
    let runs: [&[&str]; 3] = [
        &["check.in/bad.plasma", "--schema", "check.in/app.plasma"],
        &["bad-input.in", "--deny", "warnings"],
        &["nothing.plasma", "check.in/good.plasma"],
    ];
    for run in runs {
        let log = folder.join("log.sarif");
        let output = Command::new(plasma()?)
            .current_dir(&inputs)
            .args(["check", "--format", "sarif"])
            .args(run)
            .output()
            .map_err(|error| error.to_string())?;
        fs::write(&log, &output.stdout).map_err(|error| error.to_string())?;
        succeed(validation(&python, &schema, &log)).map_err(|e| format!("{run:?}: {e}"))?;
    }
    refuses_what_is_wrong(&folder, &python, &schema)?;
    Ok(())
}

/// A validator that accepts everything would prove nothing.
fn refuses_what_is_wrong(folder: &Path, python: &Path, schema: &Path) -> Result<(), String> {
    let log = folder.join("wrong.sarif");
    let wrong = r#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "p"}},
        "results": [{"message": {"text": "t"}, "level": "fatal"}]}]}"#;
    fs::write(&log, wrong).map_err(|error| error.to_string())?;
    match succeed(validation(python, schema, &log)) {
        Ok(_) => Err("the validator accepts the level `fatal`".to_owned()),
        Err(_) => Ok(()),
    }
}

fn validation(python: &Path, schema: &Path, log: &Path) -> Command {
    let mut command = Command::new(python);
    command.args(["-c", VALIDATE]).arg(schema).arg(log);
    command
}

/// The schema, out of the crate that ships it.
fn schema(folder: &Path) -> Result<PathBuf, String> {
    let manifest = "[package]\nname = \"schema\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
                    [lib]\npath = \"lib.rs\"\n[workspace]\n[dependencies]\nserde-sarif = \"0.8\"\n";
    let written = fs::write(folder.join("Cargo.toml"), manifest)
        .and_then(|()| fs::write(folder.join("lib.rs"), ""));
    written.map_err(|error| error.to_string())?;
    let described = succeed(cargo(
        folder,
        &["metadata", "--format-version", "1", "--quiet"],
    ))?;
    let described: serde_json::Value =
        serde_json::from_str(&described).map_err(|error| error.to_string())?;
    let packages = described["packages"].as_array().into_iter().flatten();
    let manifest = packages
        .filter(|package| package["name"] == SCHEMA_CRATE)
        .find_map(|package| package["manifest_path"].as_str())
        .ok_or("the crate is not among its own dependencies")?;
    let folder = Path::new(manifest).with_file_name("src");
    find_schema(&folder).ok_or_else(|| format!("no schema in {}", folder.display()))
}

fn find_schema(folder: &Path) -> Option<PathBuf> {
    let entries = fs::read_dir(folder).ok()?;
    let mut paths: Vec<PathBuf> = entries.filter_map(|e| Some(e.ok()?.path())).collect();
    paths.sort();
    paths.into_iter().find_map(|path| {
        let is_schema = path.extension().is_some_and(|ext| ext == "json");
        match path.is_dir() {
            true => find_schema(&path),
            false => is_schema.then_some(path),
        }
    })
}
