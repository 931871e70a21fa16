//! `plasma fmt` on files: what is written, and what is not touched.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const UGLY: &str = "true=>pin( Folder ) ; // always";
const FORMATTED: &str = "true => pin(Folder); // always\n";
const BROKEN: &str = "true  => pin(Folder";

fn fmt(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_plasma"))
        .arg("fmt")
        .args(arguments)
        .current_dir(folder)
        .output()
        .expect("plasma runs")
}

/// A folder with these policies.
fn folder(policies: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in policies {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

#[test]
fn every_policy_of_a_folder_is_laid_out_but_those_with_mistakes() {
    let folder = folder(&[
        ("a.plasma", UGLY),
        ("b/broken.plasma", BROKEN),
        ("c.plasma", FORMATTED),
        ("d/e.plasma", UGLY),
        ("notes.txt", UGLY),
    ]);
    let text = |name: &str| fs::read_to_string(folder.path().join(name)).expect("a file");
    let output = fmt(folder.path(), &["."]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(output.stdout, b"2 policies formatted, 1 already\n");
    let problems = String::from_utf8_lossy(&output.stderr);
    assert!(problems.contains("error[E0002]"), "{problems}");
    assert!(
        problems.contains("broken.plasma has mistakes"),
        "{problems}"
    );
    assert_eq!(text("a.plasma"), FORMATTED);
    assert_eq!(text("d/e.plasma"), FORMATTED);
    assert_eq!(text("b/broken.plasma"), BROKEN);
    assert_eq!(text("notes.txt"), UGLY);
}

#[test]
fn a_policy_that_is_laid_out_already_is_not_written() {
    let folder = folder(&[("a.plasma", FORMATTED)]);
    let path = folder.path().join("a.plasma");
    let written = |path: &Path| {
        fs::metadata(path)
            .and_then(|m| m.modified())
            .expect("a time")
    };
    let before = written(&path);
    assert_eq!(fmt(folder.path(), &["a.plasma"]).status.code(), Some(0));
    assert_eq!(written(&path), before);
}

#[test]
fn a_check_writes_nothing() {
    let folder = folder(&[("a.plasma", UGLY)]);
    assert_eq!(fmt(folder.path(), &["--check", "."]).status.code(), Some(1));
    let text = fs::read_to_string(folder.path().join("a.plasma")).expect("a file");
    assert_eq!(text, UGLY);
}
