//! The hooks for pre-commit: each passes for a good policy, and stops one that it is there for.

use std::fs;
use std::path::Path;
use std::process::Command;

const HOOKS: &str = include_str!("../../../.pre-commit-hooks.yaml");

const GOOD: &str = include_str!("../repl/files.in/hot.plasma");

/// A policy that each of them has something against.
const BAD: &str = "rule  b: Folder(f).cpu.prc > 90 => pin(f);\n\
                   test \"t\" { server s { cpu: 1% } expect drain(s); }\n";

/// The id of each hook, its command, and whether it is given the files that changed.
fn hooks() -> Vec<(&'static str, &'static str, bool)> {
    let hooks = HOOKS.split("- id: ").skip(1);
    let hooks = hooks.map(|hook| {
        let id = hook.lines().next().expect("an id");
        let entry = hook
            .lines()
            .find_map(|line| line.strip_prefix("  entry: plasma "));
        let takes_files = !hook.contains("pass_filenames: false");
        (id, entry.expect("a command"), takes_files)
    });
    hooks.collect()
}

#[test]
fn hooks_pass_what_is_good_and_stop_what_is_not() {
    let hooks = hooks();
    let ids: Vec<&str> = hooks.iter().map(|(id, ..)| *id).collect();
    assert_eq!(ids, ["plasma-fmt", "plasma-check", "plasma-test"]);
    for (id, entry, takes_files) in hooks {
        let passes = |policy: &str| {
            let folder = tempfile::tempdir().expect("a folder");
            fs::write(folder.path().join("hot.plasma"), policy).expect("a file");
            let files = takes_files.then_some("hot.plasma");
            run(folder.path(), entry.split(' ').chain(files))
        };
        assert!(passes(GOOD), "{id}");
        assert!(!passes(BAD), "{id}");
    }
}

fn run<'a>(folder: &Path, arguments: impl Iterator<Item = &'a str>) -> bool {
    let plasma = Command::new(env!("CARGO_BIN_EXE_plasma"))
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("plasma runs");
    plasma.status.success()
}
