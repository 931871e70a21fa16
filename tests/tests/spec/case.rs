//! Runs one case: the policy on its cluster, period after period.

use std::fs;
use std::ops::Range;
use std::path::Path;

use plasma_check::program::CheckedProgram;
use plasma_columns::Columns;
use plasma_diagnostic::{Diagnostic, SourceMap};
use plasma_eval::{Past, evaluate, reference};
use plasma_model::{Decision, PERIOD_SECONDS_DEFAULT, Snapshot};
use plasma_scenario::{LiteralCluster, LiteralError, Planner, TestFailure, run_test};
use plasma_syntax::parse_cluster;

use crate::modules;

use super::difference::difference;
use super::page::{Block, Case, Kind, Page, Step};
use super::plan_text::{line_matches, plan_text};

/// New texts for blocks of the page.
type Edits = Vec<(Range<usize>, String)>;

/// Runs a case; adds what differs to `failures`, and what should stand instead to `edits`.
pub(super) fn run(page: &Page, case: &Case, edits: &mut Edits, failures: &mut Vec<String>) {
    let mut failed = |line: usize, message: String| {
        failures.push(format!("{}:{line}: {}\n{message}", page.name, case.heading));
    };
    let policy = match policy_text(&case.policy) {
        Ok(text) => text,
        Err(message) => return failed(case.policy.line, message),
    };
    let modules = case.modules.iter();
    let modules: Vec<(&str, &str)> = modules
        .map(|block| (block.file.as_deref().unwrap_or(""), block.text.as_str()))
        .collect();
    let (sources, checked) = modules::check("policy", &policy, &modules);
    let errors = error_lines(&checked.diagnostics, &sources);
    let mut periods = Periods::new(&checked.program);
    for step in &case.steps {
        let actual = match step.expected.kind {
            Kind::Errors => Ok(errors.clone()),
            _ if checked.has_errors() => {
                failed(
                    case.policy.line,
                    format!("the policy is refused:\n{errors}"),
                );
                return;
            }
            Kind::Tests => Ok(test_lines(&checked.program)),
            _ => periods.next(step),
        };
        let actual = match actual {
            Ok(actual) => actual,
            Err(message) => return failed(step.expected.line, message),
        };
        let lines = difference(&step.expected.text, &actual, line_matches);
        if let Some(lines) = lines {
            failed(step.expected.line, lines);
            edits.push((step.expected.place.clone(), actual));
        }
    }
    if !checked.has_errors()
        && let Err(message) = periods.check_rest()
    {
        failed(case.policy.line, message);
    }
}

/// The policy in a block, or in the file that it names.
fn policy_text(block: &Block) -> Result<String, String> {
    let Some(file) = &block.file else {
        return Ok(block.text.clone());
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = fs::read_to_string(root.join(file)).map_err(|error| format!("{file}: {error}"))?;
    match block.text.trim().is_empty() {
        true => Ok(text),
        false => Err(format!("the policy is in {file}: leave the block empty")),
    }
}

/// `E0301 unbound-in-or: x`, one line an error.
fn error_lines(diagnostics: &[Diagnostic], sources: &SourceMap) -> String {
    let errors = diagnostics.iter().filter(|d| d.is_error());
    let lines = errors.map(|d| {
        let text = sources.slice(d.primary);
        format!("{} {}: {text}\n", d.code.number(), d.code.name())
    });
    let lines: String = lines.collect();
    match lines.is_empty() {
        true => "the policy is accepted\n".to_owned(),
        false => lines,
    }
}

/// `ok a hot folder moves`, one line a test; `FAIL ..`, and a line for each expectation that did not
/// hold: `  no actions; at 10 s: f moves s1 -> s2 ..`.
fn test_lines(program: &CheckedProgram) -> String {
    let mut lines = String::new();
    for test in &program.tests {
        let report = run_test(program, test, None);
        let word = if report.failures.is_empty() {
            "ok"
        } else {
            "FAIL"
        };
        lines.push_str(&format!("{word} {}\n", report.name));
        for failure in &report.failures {
            let TestFailure {
                t,
                expected,
                actual,
                ..
            } = failure;
            lines.push_str(&format!("  {expected}; at {t} s: {actual}\n"));
        }
    }
    lines
}

/// The periods of a case: what a plan decided holds in the next one.
struct Periods<'p> {
    program: &'p CheckedProgram,
    cluster: LiteralCluster,
    planner: Planner,
    /// The periods before, in rows.
    rows: Past<Snapshot>,
}

impl<'p> Periods<'p> {
    fn new(program: &'p CheckedProgram) -> Self {
        Periods {
            program,
            cluster: LiteralCluster::new(PERIOD_SECONDS_DEFAULT),
            planner: Planner::new(program.clone()),
            rows: Past::of(program),
        }
    }

    /// The plan of the next period, as text.
    fn next(&mut self, step: &Step) -> Result<String, String> {
        for block in &step.cluster {
            self.say(block)?;
        }
        Ok(plan_text(&self.decide()?))
    }

    fn decide(&mut self) -> Result<Decision, String> {
        let observed = self.cluster.observe();
        let columns = observed.map_err(|error| error.to_string())?.clone();
        self.check_meaning(&columns)?;
        let decision = self.planner.plan(&columns).decision;
        let carried_out = self.cluster.carry_out(&decision);
        carried_out.map_err(|error| error.to_string())?;
        Ok(decision)
    }

    fn say(&mut self, block: &Block) -> Result<(), String> {
        let mut sources = SourceMap::new();
        let file = sources.add("cluster", block.text.as_str());
        let parsed = parse_cluster(file, block.text.as_str());
        let said = match parsed.diagnostics.is_empty() {
            true => self.cluster.say(&parsed.tree, &self.program.schema),
            false => Err(LiteralError::Text(parsed.diagnostics)),
        };
        said.map_err(|error| match error {
            LiteralError::Cluster(error) => error.to_string(),
            LiteralError::Text(diagnostics) => {
                let lines = diagnostics.iter().map(|d| {
                    let (start, _) = sources.range(d.primary);
                    let line = block.line + start.line as usize - 1;
                    let help = d.help.as_deref().unwrap_or_default();
                    format!("line {line}: {} ({help})", d.message)
                });
                lines.collect::<Vec<_>>().join("\n")
            }
        })
    }

    /// Evaluation finds what the definition says.
    fn check_meaning(&mut self, columns: &Columns) -> Result<(), String> {
        let reservations = self.planner.reservations();
        let found = evaluate(self.program, columns, self.planner.past(), &reservations);
        let snapshot = columns.snapshot();
        let defined = reference::evaluate(self.program, &snapshot, &self.rows, &reservations);
        self.rows.push(&snapshot);
        match found == defined {
            true => Ok(()),
            false => Err(format!(
                "evaluation differs from the reference:\n{found:#?}\n{defined:#?}"
            )),
        }
    }

    /// With an unchanged workload, once a plan has been carried out, the next one is empty.
    fn check_rest(&mut self) -> Result<(), String> {
        let next = self.decide()?;
        match next.actions.is_empty() {
            true => Ok(()),
            false => Err(format!(
                "the last plan was carried out, and the next one is not empty:\n{}",
                plan_text(&next)
            )),
        }
    }
}
