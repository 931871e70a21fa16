//! Every kind of diagnostic has its page, and every page its kind.

use plasma_diagnostic::CODES;

use super::root;

#[test]
fn every_kind_has_its_page_and_every_page_its_kind() {
    let entries = std::fs::read_dir(root().join("docs/diagnostics")).expect("the pages");
    let mut files: Vec<String> = entries
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name != "README.md")
        .collect();
    files.sort();
    let expected = CODES
        .iter()
        .map(|row| format!("{}-{}.md", row.number, row.name));
    assert_eq!(files, expected.collect::<Vec<_>>());
}
