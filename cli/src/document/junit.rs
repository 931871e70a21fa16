//! `plasma check --format junit`: a suite for each policy, a case for each diagnostic.
//!
//! Errors fail; warnings are skipped cases, which reports show and which fail nothing. A policy
//! without diagnostics is one case that passes.

use plasma_diagnostic::{Diagnostic, Severity, SourceMap, render_short};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::failure::Failure;
use crate::found::Found;

/// The document.
pub(crate) fn document(found: &Found) -> Result<String, Failure> {
    let mut report = Report::new("plasma check");
    for file in found.sources.files() {
        let own = found.diagnostics.iter();
        let own: Vec<&Diagnostic> = own.filter(|d| d.primary.file == file).collect();
        if own.is_empty() && !found.files.contains(&file) {
            continue;
        }
        let name = found.sources.name(file);
        let mut suite = TestSuite::new(name);
        if own.is_empty() {
            suite.add_test_case(case(name, name, TestCaseStatus::success()));
        }
        for diagnostic in own {
            let title = title(&found.sources, diagnostic);
            suite.add_test_case(case(&title, name, status(&found.sources, diagnostic)));
        }
        report.add_test_suite(suite);
    }
    if !found.failures.is_empty() {
        let mut suite = TestSuite::new("not checked");
        for reason in found.reasons() {
            let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
            status.set_message(reason);
            let name = reason.lines().next().unwrap_or(reason);
            suite.add_test_case(case(name, "plasma check", status));
        }
        report.add_test_suite(suite);
    }
    text(&report)
}

/// A report as XML.
pub(super) fn text(report: &Report) -> Result<String, Failure> {
    let text = report.to_string();
    text.map(|text| format!("{}\n", text.trim_end()))
        .map_err(|error| Failure::new(format!("cannot write the result as XML: {error}")))
}

fn case(name: &str, policy: &str, status: TestCaseStatus) -> TestCase {
    let mut case = TestCase::new(name, status);
    case.set_classname(policy);
    case
}

/// Two of the same kind and line are told apart by the column.
fn title(sources: &SourceMap, diagnostic: &Diagnostic) -> String {
    let (start, _) = sources.range(diagnostic.primary);
    let (code, name) = (diagnostic.code, diagnostic.code.name());
    format!("{code} {name} at {}:{}", start.line, start.column)
}

fn status(sources: &SourceMap, diagnostic: &Diagnostic) -> TestCaseStatus {
    let mut status = match diagnostic.severity {
        Severity::Error => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Severity::Warning => TestCaseStatus::skipped(),
    };
    status.set_message(diagnostic.message.as_str());
    status.set_type(diagnostic.code.number());
    let mut text = render_short(sources, diagnostic);
    if let Some(help) = &diagnostic.help {
        text.push_str(&format!("help: {help}\n"));
    }
    text.push_str(&format!("plasma explain {}\n", diagnostic.code));
    status.set_description(text);
    status
}
