//! `plasma test`: runs the tests that stand in policies.

pub(crate) mod text;

use std::path::Path;
use std::process::ExitCode;

use plasma_check::program::CheckedProgram;
use plasma_check::schema_of;
use plasma_diagnostic::{SourceMap, Span};
use plasma_scenario::{Coverage, TestReport, run_test, test_block};

use crate::arguments::{TestArguments, TestFormat};
use crate::document::test::TestDocument;
use crate::document::test_junit;
use crate::failure::Failure;
use crate::policy_file::PolicyFile;
use crate::settings::Settings;
use crate::{analysis, moment, output, policy_file};

/// The tests of all policies.
#[derive(Debug, Default)]
pub(crate) struct Tested {
    /// The texts that spans point into.
    pub(crate) sources: SourceMap,
    /// Each policy that has tests.
    pub(crate) policies: Vec<TestedPolicy>,
}

/// The tests of one policy.
#[derive(Debug)]
pub(crate) struct TestedPolicy {
    /// The policy's name.
    pub(crate) name: String,
    /// How its tests ended, in the order of the text.
    pub(crate) reports: Vec<TestReport>,
    /// What they reach, if that is asked for.
    pub(crate) coverage: Option<Coverage>,
}

impl Tested {
    /// How many tests passed, and how many failed.
    pub(crate) fn count(&self) -> (usize, usize) {
        let reports = self.policies.iter().flat_map(|policy| &policy.reports);
        let (passed, failed): (Vec<_>, Vec<_>) = reports.partition(|r| r.failures.is_empty());
        (passed.len(), failed.len())
    }

    /// File and line of a place.
    pub(crate) fn place(&self, span: Span) -> (&str, u32) {
        let line = self.sources.position(span.file, span.start).line;
        (self.sources.name(span.file), line)
    }
}

pub(crate) fn run(arguments: &TestArguments) -> Result<ExitCode, Failure> {
    if let Some(trace) = &arguments.from {
        return print_moment(trace, arguments.at);
    }
    if let Some(at_seconds) = arguments.at {
        let message = format!(
            "--at {at_seconds} says which tick of a trace to print as a test, but no trace is named"
        );
        return Err(Failure::new(message).help(format!(
            "`plasma test --from TRACE --at {at_seconds}` prints it; when a test of a policy looks is \
             written in the test, as `expect .. at 20s`"
        )));
    }
    let mut tested = Tested::default();
    let mut settings = Settings::default();
    let mut failures = Vec::new();
    for file in policy_file::read_all(&arguments.paths) {
        let run = file.and_then(|file| policy(&file, arguments, &mut tested, &mut settings));
        failures.extend(run.err());
    }
    failures.extend(settings.mistakes());
    print(arguments, &tested)?;
    for failure in &failures {
        output::problem(&failure.to_string());
    }
    let (passed, failed) = tested.count();
    if !failures.is_empty() {
        return Ok(ExitCode::from(2));
    }
    if passed + failed == 0 {
        let filter = arguments.filter.as_ref();
        let among = filter.map_or(String::new(), |text| format!(" with `{text}` in its name"));
        output::problem(&format!("error: there is no test{among}"));
    }
    match failed == 0 && passed > 0 {
        true => Ok(ExitCode::SUCCESS),
        false => Ok(ExitCode::from(1)),
    }
}

/// Prints a moment of a trace as a test.
fn print_moment(trace: &Path, at_seconds: Option<f64>) -> Result<ExitCode, Failure> {
    let moment = moment::read(trace, at_seconds)?;
    let schema = moment.schema.map(|source| {
        let id = SourceMap::new().add(source.name.as_str(), "");
        schema_of(&plasma_syntax::parse(id, source.text.as_str()).tree).0
    });
    let file = match trace.as_os_str() == "-" {
        true => policy_file::STANDARD_INPUT.to_owned(),
        false => trace.display().to_string(),
    };
    let name = format!("{file} at {} s", moment.columns.frame().t);
    let snapshot = moment.columns.snapshot();
    output::line(&test_block(&name, &snapshot, schema.as_ref()))?;
    Ok(ExitCode::SUCCESS)
}

/// Runs the tests of one policy.
fn policy(
    file: &PolicyFile,
    arguments: &TestArguments,
    tested: &mut Tested,
    settings: &mut Settings,
) -> Result<(), Failure> {
    let params = &arguments.params.params;
    let mut analysis = analysis::analyse(&mut tested.sources, file, None, params)?;
    settings.add(&analysis);
    analysis.diagnostics.retain(|d| d.is_error());
    if !analysis.diagnostics.is_empty() {
        let coloured = output::stderr_is_coloured();
        let text = analysis::render_all(&tested.sources, &analysis.diagnostics, coloured);
        output::problem(text.trim_end());
        return Err(analysis::refusal(file, analysis.diagnostics.len()));
    }
    let program = &analysis.program;
    if program.tests.is_empty() {
        return Ok(());
    }
    let (reports, coverage) = reports(program, arguments);
    tested.policies.push(TestedPolicy {
        name: file.name.clone(),
        reports,
        coverage,
    });
    Ok(())
}

fn reports(
    program: &CheckedProgram,
    arguments: &TestArguments,
) -> (Vec<TestReport>, Option<Coverage>) {
    let mut coverage = arguments.coverage.then(|| Coverage::new(program));
    let is_meant = |name: &str| {
        let filter = arguments.filter.as_deref();
        filter.is_none_or(|filter| name.contains(filter))
    };
    let tests = program.tests.iter().filter(|test| is_meant(&test.name));
    let reports = tests.map(|test| run_test(program, test, coverage.as_mut()));
    (reports.collect(), coverage)
}

fn print(arguments: &TestArguments, tested: &Tested) -> Result<(), Failure> {
    match arguments.format {
        TestFormat::Human => output::result(&text::human(tested)),
        TestFormat::Json => output::json(&TestDocument::new(tested)),
        TestFormat::Junit => output::result(&test_junit::document(tested)?),
    }
}
