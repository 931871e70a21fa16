//! `plasma test --format junit`: a suite for each policy, a case for each test.

use plasma_scenario::TestReport;
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use super::junit;
use crate::command::test::Tested;
use crate::failure::Failure;

/// The document.
pub(crate) fn document(tested: &Tested) -> Result<String, Failure> {
    let mut report = Report::new("plasma test");
    for policy in &tested.policies {
        let mut suite = TestSuite::new(policy.name.as_str());
        for test in &policy.reports {
            let mut case = TestCase::new(test.name.as_str(), status(tested, test));
            case.set_classname(policy.name.as_str());
            suite.add_test_case(case);
        }
        report.add_test_suite(suite);
    }
    junit::text(&report)
}

fn status(tested: &Tested, test: &TestReport) -> TestCaseStatus {
    let Some(first) = test.failures.first() else {
        return TestCaseStatus::success();
    };
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
    status.set_message(format!("{}: {}", first.expected, first.actual));
    let mut text = String::new();
    for failure in &test.failures {
        let (file, line) = tested.place(failure.span);
        text.push_str(&format!(
            "{file}:{line}: {}\nat {} s: {}\n",
            failure.expected, failure.t, failure.actual
        ));
        for line in &failure.why {
            text.push_str(&format!("  {line}\n"));
        }
    }
    status.set_description(text);
    status
}
