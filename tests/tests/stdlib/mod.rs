//! The policies of the library have nothing to complain about and pass their tests, and the tests reach
//! all of them.

use plasma_check::program::CheckedProgram;
use plasma_scenario::{Coverage, run_test};
use plasma_stdlib::{POLICIES, Policy};

use crate::modules;

#[test]
fn the_tests_of_each_policy_pass_and_reach_all_of_it() {
    let mistakes: Vec<String> = POLICIES.iter().flat_map(mistakes_of).collect();
    assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
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
