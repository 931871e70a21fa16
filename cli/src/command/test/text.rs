//! The result of tests for people.

use std::fmt::Write as _;

use plasma_scenario::TestFailure;

use super::{Tested, TestedPolicy};
use plasma_scenario::visible;

/// At most so many uncovered places of one policy are listed; the rest is counted.
const UNCOVERED_SHOWN_MAX: usize = 40;

/// Each test with how it ended, and the sums.
pub(crate) fn human(tested: &Tested) -> String {
    let mut text = String::new();
    for policy in &tested.policies {
        if policy.reports.is_empty() {
            continue;
        }
        let _ = writeln!(text, "{}", visible(&policy.name));
        for report in &policy.reports {
            let word = match report.failures.is_empty() {
                true => "ok  ",
                false => "FAIL",
            };
            let _ = writeln!(text, "  {word}  {}", visible(&report.name));
            for found in &report.failures {
                failure(&mut text, tested, found);
            }
        }
        coverage(&mut text, tested, policy);
    }
    let (passed, failed) = tested.count();
    if passed + failed > 0 {
        let _ = writeln!(text, "{passed} passed, {failed} failed");
    }
    text
}

fn failure(text: &mut String, tested: &Tested, failure: &TestFailure) {
    let (file, line) = tested.place(failure.span);
    let _ = writeln!(
        text,
        "        {file}:{line}: {}",
        visible(&failure.expected)
    );
    let _ = writeln!(
        text,
        "          at {} s: {}",
        failure.t,
        visible(&failure.actual)
    );
    for line in &failure.why {
        let _ = writeln!(text, "            {}", visible(line));
    }
}

fn coverage(text: &mut String, tested: &Tested, policy: &TestedPolicy) {
    let Some(coverage) = &policy.coverage else {
        return;
    };
    let _ = writeln!(text, "  coverage: {}", coverage.summary());
    let uncovered = coverage.uncovered();
    for place in uncovered.iter().take(UNCOVERED_SHOWN_MAX) {
        let (file, line) = tested.place(place.span);
        let _ = writeln!(text, "        {file}:{line}: {}", visible(&place.text));
    }
    if uncovered.len() > UNCOVERED_SHOWN_MAX {
        let more = uncovered.len() - UNCOVERED_SHOWN_MAX;
        let _ = writeln!(text, "        and {more} more");
    }
}
