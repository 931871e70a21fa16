//! `workspace/executeCommand`: what the lenses do. Each answers `{"summary": "..", "text": "..", ..}`: one line, and all of
//! it, for people; an editor that does not show it has it shown.

use std::fmt::Write as _;

use plasma_check::program::{CheckedProgram, Test};
use plasma_diagnostic::Span;
use plasma_ide::{Analysis, firings_text, firings_title};
use plasma_scenario::{Coverage, TestReport, plan, plan_text, run_test, visible};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::lsp_types::{ExecuteCommandParams, Uri};
use crate::session::Session;

/// Runs the tests of a document, or the one of a name.
pub(crate) const TEST: &str = "plasma.test";
/// Tells what of a document its tests reach.
pub(crate) const COVERAGE: &str = "plasma.coverage";
/// Plans on the attached cluster.
pub(crate) const PLAN: &str = "plasma.plan";
/// Tells when a rule fired in the attached cluster.
pub(crate) const FIRINGS: &str = "plasma.firings";

/// Every command.
pub(crate) const ALL: [&str; 4] = [TEST, COVERAGE, PLAN, FIRINGS];

/// Places that are named that no test reaches; the rest is counted.
const UNCOVERED_SHOWN_MAX: usize = 40;

/// What a command is about.
#[derive(Debug, Deserialize)]
struct About {
    uri: String,
    /// The test.
    name: Option<String>,
    /// The rule.
    rule: Option<String>,
}

/// `workspace/executeCommand`
pub(crate) fn execute(
    session: &mut Session,
    params: ExecuteCommandParams,
) -> Result<Value, String> {
    let command = params.command;
    if !ALL.contains(&command.as_str()) {
        let known = ALL.join(", ");
        return Err(format!(
            "there is no command `{command}` (there are {known})"
        ));
    }
    let argument = params
        .arguments
        .and_then(|arguments| arguments.into_iter().next());
    let about: About = serde_json::from_value(argument.unwrap_or_default())
        .map_err(|error| format!("`{command}` needs {{\"uri\": \"..\"}}: {error}"))?;
    let uri = Uri(about.uri);
    if session.analysis(&uri).is_none() {
        return Err(format!("`{}` is not open", uri.0));
    }
    let Some((analysis, attached)) = session.beside(&uri) else {
        return Err(format!("`{}` is not open", uri.0));
    };
    let needed = || {
        attached.ok_or_else(|| {
            "no cluster is attached: name a snapshot, a trace or an engine, `attach = \"..\"` in plasma.toml or the setting \
             `plasma.attach`"
                .to_owned()
        })
    };
    let done = match command.as_str() {
        TEST => tests(analysis, about.name.as_deref())?,
        COVERAGE => coverage(analysis)?,
        PLAN => {
            let attached = needed()?;
            let world = (&*attached.columns, &*attached.past);
            let program = usable(analysis)?;
            let plan = plan(program, world.0, world.1);
            let count = plan.decision.actions.len();
            let noun = if count == 1 { "action" } else { "actions" };
            let summary = format!("plan on {}: {count} {noun}", attached.name);
            let text = plan_text::text(program, world, &plan.decision);
            json!({"summary": summary, "text": text})
        }
        _ => {
            let rule = about
                .rule
                .ok_or("which rule? {\"uri\": \"..\", \"rule\": \"..\"}")?;
            let attached = needed()?;
            let summary = format!("{rule} {}", firings_title(attached, &rule));
            json!({"summary": summary, "text": firings_text(attached, &rule)})
        }
    };
    session.show(&done);
    Ok(done)
}

/// The program of a document without errors.
fn usable(analysis: &Analysis) -> Result<&CheckedProgram, String> {
    let checked = analysis.checked();
    match checked.has_errors() {
        true => Err("the policy has errors: mend them first".to_owned()),
        false => Ok(&checked.program),
    }
}

/// Runs the document's own tests, or the one of a name.
fn tests(analysis: &Analysis, name: Option<&str>) -> Result<Value, String> {
    let program = usable(analysis)?;
    let own = own_tests(analysis, program);
    let wanted = own.filter(|test| name.is_none_or(|name| *test.name == *name));
    let reports: Vec<TestReport> = wanted.map(|test| run_test(program, test, None)).collect();
    if reports.is_empty() {
        return Err(match name {
            Some(name) => format!("there is no test \"{name}\""),
            None => "there is no test".to_owned(),
        });
    }
    let failed = reports
        .iter()
        .filter(|report| !report.failures.is_empty())
        .count();
    let passed = reports.len() - failed;
    let summary = match (name, failed) {
        (Some(name), 0) => format!("\"{name}\" passed"),
        (Some(name), _) => format!("\"{name}\" failed"),
        (None, _) => format!("{passed} passed, {failed} failed"),
    };
    let mut text = String::new();
    for report in &reports {
        told(&mut text, analysis, report);
    }
    let tests = reports.iter().map(|report| {
        let failures = report.failures.iter().map(|failure| {
            json!({
                "line": line(analysis, failure.span),
                "t": failure.t,
                "expected": failure.expected,
                "actual": failure.actual,
                "why": failure.why,
            })
        });
        let failures: Vec<Value> = failures.collect();
        let status = if failures.is_empty() {
            "passed"
        } else {
            "failed"
        };
        json!({
            "name": report.name,
            "line": line(analysis, report.span),
            "status": status,
            "failures": failures,
        })
    });
    let tests: Vec<Value> = tests.collect();
    Ok(json!({"summary": summary, "text": text, "tests": tests}))
}

fn own_tests<'a>(
    analysis: &Analysis,
    program: &'a CheckedProgram,
) -> impl Iterator<Item = &'a Test> {
    let file = analysis.file();
    program
        .tests
        .iter()
        .filter(move |test| test.name_span.file == file)
}

fn told(text: &mut String, analysis: &Analysis, report: &TestReport) {
    let word = match report.failures.is_empty() {
        true => "ok  ",
        false => "FAIL",
    };
    // Writing into a string cannot fail.
    let _ = writeln!(text, "{word}  {}", visible(&report.name));
    for failure in &report.failures {
        let line = line(analysis, failure.span);
        let _ = writeln!(text, "      line {line}: {}", visible(&failure.expected));
        let _ = writeln!(
            text,
            "        at {} s: {}",
            failure.t,
            visible(&failure.actual)
        );
        for why in &failure.why {
            let _ = writeln!(text, "          {}", visible(why));
        }
    }
}

/// The line of a place, from 1.
fn line(analysis: &Analysis, span: Span) -> u32 {
    analysis.sources().position(span.file, span.start).line
}

/// What of the document its tests reach.
fn coverage(analysis: &Analysis) -> Result<Value, String> {
    let program = usable(analysis)?;
    let mut coverage = Coverage::new(program);
    let mut count = 0;
    for test in own_tests(analysis, program) {
        run_test(program, test, Some(&mut coverage));
        count += 1;
    }
    if count == 0 {
        return Err("there is no test".to_owned());
    }
    let summary = format!("coverage: {}", coverage.summary());
    let uncovered = coverage.uncovered();
    let mut text = format!("{summary}\n");
    for place in uncovered.iter().take(UNCOVERED_SHOWN_MAX) {
        let line = line(analysis, place.span);
        let _ = writeln!(text, "  line {line}: {}", visible(&place.text));
    }
    if uncovered.len() > UNCOVERED_SHOWN_MAX {
        let _ = writeln!(text, "  and {} more", uncovered.len() - UNCOVERED_SHOWN_MAX);
    }
    let missed: Vec<Value> = uncovered
        .iter()
        .map(|place| json!({"line": line(analysis, place.span), "kind": place.kind.name(), "text": place.text}))
        .collect();
    Ok(json!({"summary": summary, "text": text, "uncovered": missed}))
}
