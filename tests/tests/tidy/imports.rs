//! The import table of ARCHITECTURE.md, held against every Cargo.toml.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use toml::{Table, Value};

use super::{read, root};

/// The crates of the language, each a phase.
const LANG: [&str; 4] = ["diagnostic", "syntax", "check", "eval"];

/// Folder, and the folders whose crates it may import.
const IMPORTS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("lang/diagnostic", &[]),
    ("lang/syntax", &["diagnostic"]),
    ("lang/check", &["syntax", "diagnostic", "model"]),
    ("columns", &["model"]),
    ("listen", &[]),
    ("lang/eval", &["check", "columns", "model"]),
    ("runtime/manager", &["eval", "check", "columns", "model"]),
    ("runtime/engine", &["model"]),
    ("runtime/actor", &["model", "actor-derive"]),
    ("runtime/actor-derive", &[]),
    ("runtime/cluster", &["actor", "engine", "manager", "model"]),
    ("runtime/remote", &["engine", "listen", "model"]),
    ("runtime/sim", &["actor", "engine", "manager", "model"]),
    (
        "runtime/scenario",
        &[
            "manager",
            "engine",
            "diagnostic",
            "syntax",
            "check",
            "columns",
            "eval",
            "model",
        ],
    ),
    (
        "lsp/ide",
        &["diagnostic", "syntax", "check", "eval", "columns", "model"],
    ),
    (
        "dap",
        &[
            "scenario",
            "engine",
            "eval",
            "check",
            "syntax",
            "diagnostic",
            "columns",
            "model",
        ],
    ),
    (
        "lsp/server",
        &[
            "ide",
            "diagnostic",
            "check",
            "eval",
            "scenario",
            "manager",
            "engine",
            "remote",
            "listen",
            "columns",
            "model",
        ],
    ),
    ("editors/tree-sitter", &[]),
    ("stdlib", &[]),
    ("apps", &["actor"]),
    ("cli", &["*"]),
    ("tests", &["*"]),
    ("benches", &["*"]),
    ("xtask", &["*"]),
];

/// Crates of others that only some folders may use, with the folders.
const RESTRICTED: &[(&str, &[&str])] = &[
    ("codespan-reporting", &["lang/diagnostic"]),
    ("lalrpop", &["lang/syntax"]),
    ("lalrpop-util", &["lang/syntax"]),
    ("gen-lsp-types", &["lsp/server"]),
    ("lsp-server", &["lsp/server"]),
    ("clap", &["cli", "xtask", "benches"]),
    ("rustyline", &["cli"]),
    ("ratatui", &["cli"]),
    ("ctrlc", &["cli"]),
    ("axum", &["listen", "lsp/server", "runtime/remote"]),
    ("hyper", &["listen", "runtime/remote"]),
    ("hyper-util", &["listen", "runtime/remote"]),
    ("tokio", &["listen", "lsp/server", "runtime/remote"]),
    ("tungstenite", &["runtime/remote"]),
];

/// Folders that do without the workspace's lints: two print by design, and one gives C away.
const OWN_LINTS: [&str; 3] = ["benches", "xtask", "editors/tree-sitter"];

/// Every member of the workspace with its manifest.
fn members() -> BTreeMap<String, Table> {
    let workspace: Table = read(&root().join("Cargo.toml")).parse().expect("TOML");
    let members = workspace["workspace"]["members"]
        .as_array()
        .expect("a list");
    let members = members.iter().filter_map(Value::as_str).map(|folder| {
        let path: PathBuf = root().join(folder).join("Cargo.toml");
        let manifest = read(&path).parse().expect("TOML");
        (folder.to_owned(), manifest)
    });
    members.collect()
}

/// What a crate needs to be built: its dependencies but for those of its tests.
fn dependencies(manifest: &Table) -> BTreeSet<&str> {
    let tables = ["dependencies", "build-dependencies"];
    let tables = tables
        .iter()
        .filter_map(|name| manifest.get(*name)?.as_table());
    tables
        .flat_map(|table| table.keys().map(String::as_str))
        .collect()
}

/// The folder name of one of our own packages.
fn own(package: &str) -> Option<&str> {
    package.strip_prefix("plasma-")
}

#[test]
fn every_crate_imports_only_what_the_table_allows() {
    let table: BTreeMap<&str, &[&str]> = IMPORTS.iter().copied().collect();
    for (folder, manifest) in members() {
        let Some(allowed) = table.get(folder.as_str()) else {
            panic!("{folder} is not in the import table of ARCHITECTURE.md and of this test");
        };
        for package in dependencies(&manifest).into_iter().filter_map(own) {
            assert!(
                allowed.contains(&package) || allowed.contains(&"*"),
                "{folder} may not import plasma-{package}: allowed are {allowed:?}"
            );
        }
    }
}

#[test]
fn the_language_never_imports_the_runtime() {
    let members = members();
    for crate_name in LANG {
        let manifest = &members[&format!("lang/{crate_name}")];
        // Not even its tests do.
        let tests = manifest.get("dev-dependencies").and_then(Value::as_table);
        let tests = tests
            .into_iter()
            .flat_map(|table| table.keys().map(String::as_str));
        for package in dependencies(manifest)
            .into_iter()
            .chain(tests)
            .filter_map(own)
        {
            let inside =
                LANG.contains(&package) || ["model", "columns", "stdlib"].contains(&package);
            assert!(inside, "lang/{crate_name} imports plasma-{package}");
        }
    }
}

#[test]
fn crates_of_others_stay_where_they_belong() {
    for (folder, manifest) in members() {
        for package in dependencies(&manifest) {
            let Some((_, folders)) = RESTRICTED.iter().find(|(name, _)| *name == package) else {
                continue;
            };
            assert!(
                folders.contains(&folder.as_str()),
                "{folder} may not use {package}: only {folders:?} may"
            );
        }
    }
}

#[test]
fn packages_are_named_after_their_folders() {
    for (folder, manifest) in members() {
        let last = folder.rsplit('/').next().unwrap_or(&folder);
        let name = manifest["package"]["name"].as_str().unwrap_or("");
        let right = [format!("plasma-{last}"), last.to_owned()];
        // The task runner is called as its folder is.
        assert!(
            right
                .iter()
                .take(if last == "xtask" { 2 } else { 1 })
                .any(|right| right == name),
            "{folder} is package {name}"
        );
    }
}

#[test]
fn lints_and_versions_stand_in_the_root_manifest() {
    for (folder, manifest) in members() {
        let lints = &manifest["lints"];
        let own_lints = lints.get("workspace") != Some(&Value::Boolean(true));
        assert!(
            !own_lints || OWN_LINTS.contains(&folder.as_str()),
            "{folder} has its own lints"
        );
        for table in ["dependencies", "build-dependencies", "dev-dependencies"] {
            let table = manifest.get(table).and_then(Value::as_table);
            for (package, version) in table.into_iter().flatten() {
                assert!(
                    version.get("workspace") == Some(&Value::Boolean(true)),
                    "{folder}: the version of {package} belongs into the root manifest"
                );
            }
        }
    }
}
