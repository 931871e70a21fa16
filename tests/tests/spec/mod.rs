//! Runs the specification pages (`tests/spec/**/*.md`); their format is in `tests/spec/README.md`.
//!
//! `UPDATE_SPEC=1 cargo test -p plasma-tests` writes what happened into the pages instead. Review
//! the difference: a page says what the language means, not what the program does.

mod case;
mod difference;
mod page;
mod plan_text;

use std::fs;
use std::path::{Path, PathBuf};

use page::Page;

/// Set to write what happened into the pages.
const UPDATE_VARIABLE: &str = "UPDATE_SPEC";

#[test]
fn every_page_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("spec");
    let update = std::env::var_os(UPDATE_VARIABLE).is_some();
    let mut failures = Vec::new();
    let mut cases = 0;
    for path in pages(&root) {
        let text = fs::read_to_string(&path).expect("a page is readable UTF-8");
        let name = path
            .strip_prefix(&root)
            .unwrap_or(&path)
            .display()
            .to_string();
        match Page::parse(&name, &text) {
            Err(error) => failures.push(error),
            Ok(page) => {
                cases += page.cases.len();
                let mut edits = Vec::new();
                for case in &page.cases {
                    case::run(&page, case, &mut edits, &mut failures);
                }
                if update && !edits.is_empty() {
                    fs::write(&path, page::rewrite(&text, edits)).expect("the page is writable");
                }
            }
        }
    }
    assert!(cases > 0, "no specification page under {}", root.display());
    assert!(
        failures.is_empty(),
        "\n{}\n\n{} of the specification's {cases} cases failed; {}",
        failures.join("\n\n"),
        failures.len(),
        if update {
            "what happened is now in the pages"
        } else {
            "if the pages are wrong: UPDATE_SPEC=1"
        }
    );
}

/// Every page, in order of its path.
fn pages(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder of the pages is readable");
    let mut paths: Vec<PathBuf> = entries.map(|e| e.expect("an entry").path()).collect();
    paths.sort();
    let mut pages = Vec::new();
    for path in paths {
        let is_page = path.extension().is_some_and(|ext| ext == "md")
            && path.file_name().is_some_and(|name| name != "README.md");
        if path.is_dir() {
            pages.extend(self::pages(&path));
        } else if is_page {
            pages.push(path);
        }
    }
    pages
}
