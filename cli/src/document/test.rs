//! `plasma test --format json`.

use plasma_scenario::{Coverage, CoverageCount, CoverageKind};
use serde::Serialize;

use crate::command::test::Tested;

/// The whole document.
#[derive(Debug, Serialize)]
pub(crate) struct TestDocument<'a> {
    tests: Vec<Test<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    coverage: Option<CoverageDocument<'a>>,
    summary: Summary,
}

#[derive(Debug, Serialize)]
struct Test<'a> {
    name: &'a str,
    file: &'a str,
    line: u32,
    status: &'static str,
    failures: Vec<Failure<'a>>,
}

#[derive(Debug, Serialize)]
struct Failure<'a> {
    t: f64,
    line: u32,
    expected: &'a str,
    actual: &'a str,
    why: &'a [String],
}

#[derive(Debug, Serialize)]
struct CoverageDocument<'a> {
    rules: Count,
    conditions: Count,
    thresholds: Count,
    behaviors: Count,
    uncovered: Vec<UncoveredDocument<'a>>,
}

#[derive(Debug, Serialize)]
struct Count {
    covered: usize,
    total: usize,
}

#[derive(Debug, Serialize)]
struct UncoveredDocument<'a> {
    kind: &'static str,
    text: String,
    file: &'a str,
    line: u32,
}

#[derive(Debug, Serialize)]
struct Summary {
    passed: usize,
    failed: usize,
}

impl<'a> TestDocument<'a> {
    /// The document of some tests.
    pub(crate) fn new(tested: &'a Tested) -> Self {
        let reports = tested.policies.iter().flat_map(|policy| &policy.reports);
        let tests = reports.map(|report| {
            let (file, line) = tested.place(report.span);
            Test {
                name: &report.name,
                file,
                line,
                status: match report.failures.is_empty() {
                    true => "passed",
                    false => "failed",
                },
                failures: failures(tested, report),
            }
        });
        let (passed, failed) = tested.count();
        TestDocument {
            tests: tests.collect(),
            coverage: coverage(tested),
            summary: Summary { passed, failed },
        }
    }
}

fn failures<'a>(tested: &Tested, report: &'a plasma_scenario::TestReport) -> Vec<Failure<'a>> {
    let failures = report.failures.iter().map(|failure| Failure {
        t: failure.t,
        line: tested.place(failure.span).1,
        expected: &failure.expected,
        actual: &failure.actual,
        why: &failure.why,
    });
    failures.collect()
}

/// The coverage of all policies together.
fn coverage(tested: &Tested) -> Option<CoverageDocument<'_>> {
    let all: Vec<&Coverage> = tested
        .policies
        .iter()
        .filter_map(|policy| policy.coverage.as_ref())
        .collect();
    if all.is_empty() {
        return None;
    }
    let count = |kind| {
        let counts = all.iter().map(|coverage| coverage.count(kind));
        let sum = counts.fold(CoverageCount::default(), |sum, count| CoverageCount {
            covered: sum.covered + count.covered,
            total: sum.total + count.total,
        });
        Count {
            covered: sum.covered,
            total: sum.total,
        }
    };
    let uncovered = all.iter().flat_map(|coverage| coverage.uncovered());
    Some(CoverageDocument {
        rules: count(CoverageKind::Rules),
        conditions: count(CoverageKind::Conditions),
        thresholds: count(CoverageKind::Thresholds),
        behaviors: count(CoverageKind::Behaviors),
        uncovered: uncovered
            .map(|place| {
                let (file, line) = tested.place(place.span);
                UncoveredDocument {
                    kind: place.kind.name(),
                    text: place.text,
                    file,
                    line,
                }
            })
            .collect(),
    })
}
