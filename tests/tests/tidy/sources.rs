//! What every source file looks like.

use std::path::{Path, PathBuf};

use super::{read, root};

/// Lines that a file may have.
const LINES_MAX: usize = 800;

/// Names that say nothing about what is in a file.
const EMPTY_NAMES: [&str; 6] = ["util", "utils", "helper", "helpers", "common", "misc"];

/// Folders (and files) where types may derive serde: wire types, actors' state and calls, what is
/// kept in logs, the documents of the command line, and what only tests read.
const SERDE_PLACES: &[&str] = &[
    "model/",
    "runtime/actor/",
    "runtime/actor-derive/",
    "runtime/cluster/",
    "runtime/sim/",
    "apps/",
    "cli/src/document",
    "dap/src/message.rs",
    "lsp/server/src/commands.rs",
    "cli/src/command/run/period.rs",
    "cli/src/command/run/report.rs",
    "benches/",
    "tests/",
    "xtask/",
    "examples/",
];

/// Every Rust file of the repository, by its path below the root.
fn sources() -> Vec<(String, String)> {
    let root = root();
    let mut paths = Vec::new();
    collect(&root, &mut paths);
    paths.sort();
    let sources = paths.into_iter().map(|path| {
        let name = path
            .strip_prefix(&root)
            .unwrap_or(&path)
            .display()
            .to_string();
        (name, read(&path))
    });
    sources.collect()
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("a readable folder");
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or("");
        if path.is_dir() {
            if name != "target" && !name.starts_with('.') {
                collect(&path, paths);
            }
        } else if path.extension().is_some_and(|ext| ext == "rs") {
            paths.push(path);
        }
    }
}

/// Fails with every file for which `mistake` says one.
fn check(mistake: impl Fn(&str, &str) -> Option<String>) {
    let sources = sources();
    assert!(
        sources.len() > 50,
        "only {} source files were found",
        sources.len()
    );
    let mistakes: Vec<String> = sources
        .iter()
        .filter_map(|(name, text)| Some(format!("{name}: {}", mistake(name, text)?)))
        .collect();
    assert!(mistakes.is_empty(), "\n{}", mistakes.join("\n"));
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    check(|_, text| {
        let first = text.lines().next().unwrap_or("");
        (!first.starts_with("//! ")).then(|| "the first line is no `//! ` sentence".to_owned())
    });
}

#[test]
fn no_file_is_long() {
    check(|_, text| {
        let lines = text.lines().count();
        (lines > LINES_MAX).then(|| format!("{lines} lines, at most {LINES_MAX} fit one purpose"))
    });
}

#[test]
fn every_name_says_something() {
    check(|name, _| {
        let parts = Path::new(name).with_extension("");
        let parts: Vec<&str> = parts.iter().filter_map(|part| part.to_str()).collect();
        let empty = parts.iter().find(|part| EMPTY_NAMES.contains(part))?;
        Some(format!("`{empty}` could hold anything"))
    });
}

#[test]
fn serde_is_derived_only_where_bytes_are_read_or_written() {
    check(|name, text| {
        if SERDE_PLACES.iter().any(|place| name.starts_with(place)) {
            return None;
        }
        let derives = text.lines().position(|line| {
            let line = line.trim_start();
            line.starts_with("#[derive(")
                && (line.contains("Serialize") || line.contains("Deserialize"))
        })?;
        Some(format!("line {}: a serde derive", derives + 1))
    });
}

#[test]
fn nothing_reads_what_lies_outside_the_repository() {
    check(|_, text| {
        let outside = concat!("../", "shared");
        text.contains(outside)
            .then(|| format!("it names {outside}"))
    });
}
