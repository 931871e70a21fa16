//! The policies of the library have nothing to complain about and pass their tests, and the tests reach
//! all of them. They can be used together, and the book lists them with their parameters.

use plasma_check::program::CheckedProgram;
use plasma_diagnostic::{RenderOptions, render};
use plasma_scenario::{Coverage, run_test};
use plasma_stdlib::{POLICIES, Policy};

use crate::modules;
use crate::tidy::root;

/// An application that has what each policy asks for, and uses all of them.
const USER: &str = "
actor Folder { files: [File]; fn open; }
actor File { fn read; }
actor Session { fn get; }
actor Cart { fn add; }
actor Order { fn get; }
actor Worker { fn run; }
actor Shard { replicas: [ShardCopy]; fn write; }
actor ShardCopy { fn read; }
actor Page { fn get; }

param busy = 85%;

use std.balance with { Moved = Worker, high = busy };
use std.cache with { Entry = Page, hot = 500 };
use std.drain with { part = 0.3 };
use std.hotspot with { Hot = Session, share = 50% };
use std.locality with { Caller = Cart, Callee = Order, bytes = 5MB };
use std.metadata;
use std.passivate with { Asleep = Session, idle = 30m };
use std.replica with { Primary = Shard, Replica = ShardCopy };
use std.scale with { least = 3, most = 20 };
use std.spread with { Spread = Worker };

rule calm: hotspot.takes_most(Session(s)) and locality.has_room(s.server, s) => pin(s);
";

#[test]
fn the_tests_of_each_policy_pass_and_reach_all_of_it() {
    let mistakes: Vec<String> = POLICIES.iter().flat_map(mistakes_of).collect();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
}

#[test]
fn all_of_them_can_be_used_in_one_policy() {
    for policy in POLICIES {
        assert!(
            USER.contains(&format!("use std.{}", policy.name)),
            "{} is not used",
            policy.name
        );
    }
    let (sources, checked) = modules::check("policy", USER, &[]);
    let report = render(&sources, &checked.diagnostics, RenderOptions::default());
    assert!(checked.diagnostics.is_empty(), "{report}");
    // Of each policy at least one rule.
    for policy in POLICIES {
        let prefix = format!("{}.", policy.name);
        let mut rules = checked.program.rules.iter();
        assert!(rules.any(|rule| rule.name.starts_with(&prefix)), "{prefix}");
    }
}

#[test]
fn a_type_without_what_a_policy_asks_for_is_reported() {
    let without = USER.replace("replicas: [ShardCopy];", "");
    let (_, checked) = modules::check("policy", &without, &[]);
    let messages: Vec<_> = checked.diagnostics.iter().map(|d| &*d.message).collect();
    let expected = "actor type `Shard` has no property `replicas`";
    assert_eq!(messages, [expected; 3]);
}

#[test]
fn the_book_lists_them_with_their_parameters() {
    let page = std::fs::read_to_string(root().join("docs/book/src/library.md")).expect("the page");
    let mut missing = Vec::new();
    for policy in POLICIES {
        let heading = format!("\n## `std.{}`\n", policy.name);
        let Some((_, section)) = page.split_once(&heading) else {
            missing.push(heading);
            continue;
        };
        let section = section.split("\n## ").next().unwrap_or_default();
        let params = policy.source.lines().filter_map(|line| {
            let (name, value) = line.strip_prefix("param ")?.split_once(" = ")?;
            Some(format!("\n| `{name}` | `{}` | ", value.strip_suffix(';')?))
        });
        let rows: Vec<String> = params.collect();
        assert_eq!(section.matches("\n| `").count(), rows.len(), "{heading}");
        missing.extend(rows.into_iter().filter(|row| !section.contains(row)));
    }
    assert!(missing.is_empty(), "not in the book: {missing:#?}");
}

fn mistakes_of(policy: &Policy) -> Vec<String> {
    let name = format!("std.{}", policy.name);
    let (_, checked) = modules::check(&name, policy.source, &[]);
    let diagnostics = checked.diagnostics.iter();
    let mut mistakes: Vec<String> = diagnostics.map(|d| d.message.clone()).collect();
    mistakes.extend(test_mistakes(&checked.program));
    mistakes
        .into_iter()
        .map(|mistake| format!("{name}: {mistake}"))
        .collect()
}

fn test_mistakes(program: &CheckedProgram) -> Vec<String> {
    if program.tests.is_empty() {
        return vec!["it has no tests".to_owned()];
    }
    let mut mistakes = Vec::new();
    let mut coverage = Coverage::new(program);
    for test in &program.tests {
        let report = run_test(program, test, Some(&mut coverage));
        let failures = report.failures.iter();
        mistakes.extend(failures.map(|failure| {
            let (expected, actual) = (&failure.expected, &failure.actual);
            format!("{}: {expected}: {actual}", report.name)
        }));
    }
    let uncovered = coverage.uncovered().into_iter();
    mistakes.extend(uncovered.map(|uncovered| uncovered.text));
    mistakes
}
