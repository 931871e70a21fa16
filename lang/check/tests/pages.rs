//! The examples on the pages of the diagnostics: the failing one reports its kind and no other, the
//! fixed one reports nothing.

use plasma_check::{Date, Environment, Modules, check_parsed};
use plasma_diagnostic::{CODES, Code, Diagnostic, SourceMap, mend, render_short};

use crate::texts::Texts;

/// The examples of a page behind fences that say `plasma fails` or `plasma passes`.
fn examples<'p>(page: &'p str, kind: &str) -> Vec<&'p str> {
    let fence = format!("```plasma {kind}\n");
    let opened = page.split(fence.as_str()).skip(1);
    opened
        .filter_map(|rest| Some(rest.split_once("```")?.0))
        .collect()
}

/// The files that the examples of a page can use, behind fences that say `module lib/hot.plasma`.
fn modules(page: &str) -> Texts {
    let opened = page.split("```module ").skip(1);
    let files = opened.filter_map(|rest| {
        let (name, rest) = rest.split_once('\n')?;
        Some((name, rest.split_once("```")?.0))
    });
    Texts::new(files)
}

fn check(page: &str, text: &str) -> (SourceMap, Vec<Diagnostic>) {
    let (mut sources, file) = SourceMap::single("example.plasma", text);
    let parsed = plasma_syntax::parse(file, text);
    let environment = Environment {
        modules: Modules::load(&parsed.tree, &mut sources, &modules(page)),
        today: Date::from_text("2026-07-01"),
        leaves_out_tests: false,
        notes_names: false,
        ..Environment::default()
    };
    let diagnostics = check_parsed(&parsed, &environment).diagnostics;
    (sources, diagnostics)
}

/// What an example reports, for messages.
fn shown(page: &str, text: &str) -> String {
    let (sources, diagnostics) = check(page, text);
    let lines = diagnostics.iter().map(|d| render_short(&sources, d));
    lines.collect()
}

#[test]
fn every_page_has_an_example_that_fails_and_one_that_passes() {
    for row in CODES {
        let page = row.code.page();
        let (failing, passing) = (examples(page, "fails"), examples(page, "passes"));
        let fences = page.matches("```plasma").count();
        assert!(!failing.is_empty() && !passing.is_empty(), "{}", row.name);
        let known = failing.len() + passing.len();
        assert_eq!(known, fences, "{}: an example that says nothing", row.name);
    }
}

#[test]
fn examples_that_fail_report_their_kind_alone() {
    for row in CODES {
        let page = row.code.page();
        for example in examples(page, "fails") {
            let mut codes: Vec<Code> = check(page, example).1.iter().map(|d| d.code).collect();
            codes.dedup();
            assert_eq!(codes, [row.code], "{}:\n{}", row.name, shown(page, example));
        }
    }
}

#[test]
fn examples_that_pass_report_nothing() {
    for row in CODES {
        let page = row.code.page();
        for example in examples(page, "passes") {
            assert_eq!(shown(page, example), "", "{}", row.name);
        }
    }
}

/// What `--fix` makes of a page's example is right, or is left to its reader.
#[test]
fn safe_fixes_of_the_examples_mend_them() {
    for row in CODES {
        let page = row.code.page();
        for example in examples(page, "fails") {
            let (sources, found) = check(page, example);
            let file = sources.files().next().expect("one file");
            let mended = mend(example, file, |text| check(page, text).1);
            let has_safe_fix = found.iter().any(|d| d.fixes.iter().any(|fix| fix.safe));
            if has_safe_fix {
                assert_eq!(
                    shown(page, &mended.text),
                    "",
                    "{}:\n{}",
                    row.name,
                    mended.text
                );
            } else {
                assert_eq!(mended.text, example, "{}", row.name);
            }
        }
    }
}

#[test]
fn pages_of_lints_say_how_to_silence_them() {
    for row in CODES {
        let page = row.code.page();
        let says = page.contains("\n## How to silence it\n");
        let setting = page.contains(&format!("{} = \"allow\"", row.name));
        let flag = page.contains(&format!("--allow {}", row.name));
        let is_lint = row.severity == plasma_diagnostic::Severity::Warning;
        assert_eq!([says, setting, flag], [is_lint; 3], "{}", row.name);
        for heading in [
            "\n## What it means\n",
            "\n## Why it matters\n",
            "\n## Example\n",
        ] {
            assert!(page.contains(heading), "{}: no {heading}", row.name);
        }
    }
}
