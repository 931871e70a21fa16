//! The policies of the book: nothing is against them, and their tests pass. Its commands are run by the
//! transcripts of `cli`.
//!
//! A block `plasma NAME` is also the file that the page's commands use; `UPDATE_POLICIES=1` writes it.

use std::fs;
use std::path::{Path, PathBuf};

use plasma_diagnostic::{RenderOptions, render};
use plasma_scenario::run_test;

use crate::modules;
use crate::tidy::root;

/// Set to write the files that the commands of the book use.
const UPDATE_VARIABLE: &str = "UPDATE_POLICIES";

/// A policy of a page.
struct Block {
    line: usize,
    /// The file that it is as well.
    name: Option<String>,
    text: String,
}

#[test]
fn every_policy_of_the_book_is_good() {
    let mut mistakes = Vec::new();
    let mut policies = 0;
    for page in pages() {
        let text = fs::read_to_string(&page).expect("a readable page");
        let blocks = blocks(&text);
        policies += blocks.len();
        for block in &blocks {
            let place = format!("{}:{}", page.display(), block.line);
            let found = mistakes_of(block, &blocks)
                .into_iter()
                .chain(difference(&page, block));
            mistakes.extend(found.map(|mistake| format!("{place}: {mistake}")));
        }
    }
    assert!(policies >= 10, "only {policies} policies found");
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn the_summary_lists_every_page() {
    let source = root().join("docs/book/src");
    let summary = fs::read_to_string(source.join("SUMMARY.md")).expect("the summary");
    let is_listed = |page: &PathBuf| {
        let path = page.strip_prefix(&source).expect("a page of the book");
        summary.contains(&format!("]({})", path.display())) || path.ends_with("SUMMARY.md")
    };
    let lost: Vec<_> = pages()
        .into_iter()
        .filter(|page| !is_listed(page))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
    let links = summary.matches("](").count();
    assert_eq!(
        links + 1,
        pages().len(),
        "a link of the summary leads nowhere"
    );
}

fn pages() -> Vec<PathBuf> {
    let source = root().join("docs/book/src");
    let folders = [source.join("how-to"), source];
    let entries = folders
        .iter()
        .flat_map(|folder| fs::read_dir(folder).expect("a readable folder"));
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let mut pages: Vec<_> = paths
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .collect();
    pages.sort();
    pages
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open: Option<Block> = None;
    for (number, line) in page.lines().enumerate() {
        match &mut open {
            None => {
                // Sessions of the prompt, `plasma-repl`, are run by `cli`.
                let info = line.strip_prefix("```plasma");
                let info = info.filter(|info| !info.starts_with('-'));
                open = info.map(|info| Block {
                    line: number + 1,
                    name: Some(info.trim().to_owned()).filter(|name| !name.is_empty()),
                    text: String::new(),
                });
            }
            Some(_) if line == "```" => blocks.extend(open.take()),
            Some(block) => {
                block.text.push_str(line);
                block.text.push('\n');
            }
        }
    }
    assert!(open.is_none(), "a block is never closed");
    blocks
}

/// What is wrong with a policy that can use the files of its page.
fn mistakes_of(block: &Block, page: &[Block]) -> Vec<String> {
    let files = page.iter();
    let files = files.filter_map(|file| Some((file.name.as_deref()?, file.text.as_str())));
    let (sources, checked) = modules::check("policy", &block.text, &files.collect::<Vec<_>>());
    if !checked.diagnostics.is_empty() {
        return vec![render(
            &sources,
            &checked.diagnostics,
            RenderOptions::default(),
        )];
    }
    let reports = checked.program.tests.iter();
    let failures = reports.flat_map(|test| run_test(&checked.program, test, None).failures);
    failures
        .map(|failure| format!("{}: {}", failure.expected, failure.actual))
        .collect()
}

/// What is wrong with the file that a block is as well.
fn difference(page: &Path, block: &Block) -> Option<String> {
    let path = page.with_extension("in").join(block.name.as_ref()?);
    if std::env::var_os(UPDATE_VARIABLE).is_some() {
        let folder = path.parent().expect("a file has a folder");
        fs::create_dir_all(folder).expect("the folder is writable");
        fs::write(&path, &block.text).expect("the file is writable");
    }
    let is_same = fs::read_to_string(&path).is_ok_and(|text| text == block.text);
    (!is_same).then(|| format!("{} differs ({UPDATE_VARIABLE}=1 writes it)", path.display()))
}
