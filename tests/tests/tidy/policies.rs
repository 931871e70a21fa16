//! The policies of the repository are in the layout of `plasma fmt`.
//!
//! `UPDATE_POLICIES=1 cargo test -p plasma-tests` lays them out.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use plasma_diagnostic::FileId;

use super::{read, root};

/// Set to lay the policies out.
const UPDATE_VARIABLE: &str = "UPDATE_POLICIES";

/// Where policies are shown to people.
const PLACES: [&str; 5] = ["README.md", "docs", "examples", "stdlib", "tests/spec"];

/// Pages about other ways to write the same.
const EXCEPTIONS: [&str; 1] = ["tests/spec/conditions/sugar.md"];

#[test]
fn every_policy_is_formatted() {
    let mut paths = Vec::new();
    for place in PLACES {
        collect(&root().join(place), &mut paths);
    }
    let mut policies = 0;
    let mut unformatted = Vec::new();
    for path in paths {
        let text = read(&path);
        let places = policies_of(&path, &text);
        policies += places.len();
        let formatted = with_formatted(&text, places);
        if formatted == text {
            continue;
        }
        if std::env::var_os(UPDATE_VARIABLE).is_some() {
            fs::write(&path, formatted).expect("the file is writable");
        }
        unformatted.push(path.display().to_string());
    }
    assert!(policies > 100, "only {policies} policies found");
    assert!(
        unformatted.is_empty(),
        "not in the layout of `plasma fmt` ({UPDATE_VARIABLE}=1 lays out):\n{}",
        unformatted.join("\n")
    );
}

/// The policies and pages below a folder, in order of path.
fn collect(path: &Path, found: &mut Vec<PathBuf>) {
    if !path.is_dir() {
        let is_policy = path.extension().is_some_and(|e| e == "plasma" || e == "md");
        let is_exception = EXCEPTIONS.iter().any(|exception| path.ends_with(exception));
        if is_policy && !is_exception {
            found.push(path.to_owned());
        }
        return;
    }
    let entries = fs::read_dir(path).expect("a readable folder");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    for path in paths.iter().filter(|path| !path.ends_with("target")) {
        collect(path, found);
    }
}

/// Where policies stand in a file: all of it, or the blocks of a page.
fn policies_of(path: &Path, text: &str) -> Vec<Range<usize>> {
    if path
        .extension()
        .is_some_and(|extension| extension == "plasma")
    {
        return std::iter::once(0..text.len()).collect();
    }
    let mut blocks = Vec::new();
    let mut start = None;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        match start {
            None if line.starts_with("```plasma") => start = Some(end + line.len()),
            Some(start_of_block) if line.starts_with("```") => {
                blocks.push(start_of_block..end);
                start = None;
            }
            _ => {}
        }
        end += line.len();
    }
    blocks
}

/// The text with its policies laid out; one with mistakes shows them, and stays.
fn with_formatted(text: &str, policies: Vec<Range<usize>>) -> String {
    let mut formatted = text.to_owned();
    for place in policies.into_iter().rev() {
        let parsed = plasma_syntax::parse(FileId(0), &text[place.clone()]);
        if let Some(policy) = plasma_syntax::format(&parsed) {
            formatted.replace_range(place, &policy);
        }
    }
    formatted
}
