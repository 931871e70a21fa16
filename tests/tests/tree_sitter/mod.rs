//! The second grammar, for editors, against the language's own: both take every policy of the repository and
//! thousands of generated ones, and take them apart in the same way.

mod pieces;

use std::fs;
use std::path::{Path, PathBuf};

use plasma_diagnostic::FileId;
use proptest::prelude::*;
use tree_sitter::{Language, Parser, Query};

use crate::differential;
use pieces::{Piece, by_compiler, by_editor};

/// Generated policies.
const CASES: u32 = 3000;

/// Folders in which nobody writes.
const LEFT_OUT: [&str; 3] = ["target", "node_modules", ".git"];

fn parser() -> Parser {
    let mut parser = Parser::new();
    let language = plasma_tree_sitter::LANGUAGE.into();
    parser.set_language(&language).expect("a known version");
    parser
}

/// What the compiler makes of a policy without a mistake in its form; `None` of another one.
fn well_formed(text: &str) -> Option<Vec<Piece>> {
    let parsed = plasma_syntax::parse(FileId(0), text);
    parsed
        .diagnostics
        .is_empty()
        .then(|| by_compiler(&parsed.tree))
}

/// How the two ways to take a policy apart differ, in one line each; `None` if it is not well formed.
fn differences(parser: &mut Parser, text: &str) -> Option<Vec<String>> {
    let expected = well_formed(text)?;
    let tree = parser.parse(text, None).expect("no time limit");
    let found = by_editor(tree.root_node());
    let only = |who: &'static str, pieces: &[Piece], others: &[Piece]| {
        let missing = pieces.iter().filter(|piece| !others.contains(piece));
        let told = missing.map(|(start, end, kind)| {
            let quoted = text.get(*start as usize..*end as usize);
            format!("only {who}: {kind} `{}`", quoted.unwrap_or("?"))
        });
        told.collect::<Vec<_>>()
    };
    let mut differences = only("the compiler", &expected, &found);
    differences.extend(only("the editor", &found, &expected));
    Some(differences)
}

fn policies(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = fs::read_dir(folder).expect("a folder");
    for entry in entries {
        let path = entry.expect("an entry").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() && !LEFT_OUT.contains(&&*name) {
            policies(&path, found);
        } else if path.extension().is_some_and(|e| e == "plasma") {
            found.push(path);
        }
    }
}

/// The policies in the code blocks of the book and of the specification.
fn quoted(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            quoted(&path, found);
        } else if path.extension().is_some_and(|e| e == "md") {
            let page = fs::read_to_string(&path).expect("a text");
            let blocks = page.split("```plasma").skip(1);
            let texts =
                blocks.filter_map(|rest| Some(rest.split_once('\n')?.1.split_once("```")?.0));
            found.extend(texts.map(|text| (path.clone(), text.to_owned())));
        }
    }
}

#[test]
fn every_policy_of_the_repository_is_taken_apart_alike() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut files = Vec::new();
    policies(&root, &mut files);
    let mut texts: Vec<(PathBuf, String)> = files
        .into_iter()
        .filter_map(|path| fs::read_to_string(&path).ok().map(|text| (path, text)))
        .collect();
    quoted(&root.join("docs"), &mut texts);
    quoted(&root.join("tests/spec"), &mut texts);
    let mut parser = parser();
    let mut compared = 0;
    for (path, text) in &texts {
        if let Some(differences) = differences(&mut parser, text) {
            assert_eq!(differences, [""; 0], "{}", path.display());
            compared += 1;
        }
    }
    assert!(
        compared > 200,
        "{compared} of {} are well formed",
        texts.len()
    );
}

#[test]
fn generated_policies_are_taken_apart_alike() {
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig {
        cases: CASES,
        failure_persistence: None,
        ..ProptestConfig::default()
    });
    let parser = std::cell::RefCell::new(parser());
    let result = runner.run(&differential::policy_texts(), |text| {
        let differences = differences(&mut parser.borrow_mut(), &text).expect("well formed");
        prop_assert_eq!(differences, [""; 0], "{}", text);
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
}

/// Words that mean something in one place are names in all others.
#[test]
fn words_are_keywords_only_in_their_places() {
    let texts = [
        "param by = 3; def over(for: server, by: percent) = for.cpu.perc > by; over(server(s), 3%) => drain(s);",
        "rule rule: test.cpu.perc > 3 and Folder(test) on s and server(s).cpu.perc > 1 => pin(test);",
        "actor A { fn fn; fn use; fn: int; use: [A]; rule: A?; }",
        "def limit(x: server) = x.cpu.perc > 3; limit(server(s)) => drain(s);",
        "spread.cpu.perc > 3 and Folder(spread).cpu.perc > 1 => spread({Folder}, by \"zone\"); pin(spread);",
        "test \"names { and braces }\" { server by {cpu: 3%} Folder no on by File over on by {cpu: [3%, _, 4% x5]} over -> no.by: 3, 4KiB }",
        "test \"times\" [period 1s] { at 30s { server s {} } expect no actions at 30s; never scale_out; eventually not pin(f) by std.rule within 60s; always f on s; expect count(server(s)) == 3; }",
        "server.cpu > 3 => alert(\"{{it}} is {f} with \\\"{f.cpu.perc}\\\"\"); Folder(f).cpu > 3 => alert(\"\");",
        "// a\n/* b **/ /// c\nF(f).per.each.perc > 10/s /* d */ => pin ( f ) ;",
    ];
    let mut parser = parser();
    for text in texts {
        let differences = differences(&mut parser, text);
        assert_eq!(differences, Some(Vec::new()), "{text}");
    }
}

#[test]
fn every_query_is_one_of_this_grammar() {
    let language: Language = plasma_tree_sitter::LANGUAGE.into();
    let queries = [
        plasma_tree_sitter::HIGHLIGHTS_QUERY,
        plasma_tree_sitter::INJECTIONS_QUERY,
        plasma_tree_sitter::LOCALS_QUERY,
        plasma_tree_sitter::TAGS_QUERY,
        plasma_tree_sitter::FOLDS_QUERY,
        plasma_tree_sitter::INDENTS_QUERY,
    ];
    for query in queries {
        let query = Query::new(&language, query);
        assert!(query.is_ok_and(|query| query.pattern_count() > 0));
    }
}
