//! `plasma check`: what is wrong, or doubtful, in policies.

use std::path::Path;
use std::process::ExitCode;

use plasma_diagnostic::{Diagnostic, SourceMap};

use crate::analysis::{self, Analysis, SchemaSource};
use crate::arguments::{CheckArguments, CheckFormat};
use crate::document::check::{CheckDocument, Summary};
use crate::failure::Failure;
use crate::settings::Settings;
use crate::{output, policy_file, standard_input};

pub(crate) fn run(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    if is_standard_input(arguments.schema.as_deref())
        && arguments.paths.iter().any(|p| is_standard_input(Some(p)))
    {
        return Err(standard_input::refusal("the schema", "the policy"));
    }
    let schema = arguments
        .schema
        .as_deref()
        .map(SchemaSource::read)
        .transpose()?;
    let mut sources = SourceMap::new();
    let mut found = Found::default();
    for file in policy_file::read_all(&arguments.paths) {
        let analysis = file.and_then(|file| {
            let params = &arguments.params.params;
            analysis::analyse(&mut sources, &file, schema.as_ref(), params)
        });
        match analysis {
            Ok(analysis) => found.add(analysis),
            Err(failure) => found.add_failure(&failure),
        }
    }
    for mistake in found.settings.mistakes() {
        found.add_failure(&mistake);
    }
    let summary = Summary::new(found.files, &found.diagnostics);
    let Found { diagnostics, .. } = &found;
    match arguments.format {
        CheckFormat::Human if found.files == 0 => {}
        CheckFormat::Human => output::result(&human(&sources, diagnostics, summary))?,
        CheckFormat::Short => output::result(&short(&sources, diagnostics))?,
        CheckFormat::Json => output::json(&CheckDocument::new(&sources, diagnostics, summary))?,
    }
    for failure in &found.failures {
        output::problem(failure);
    }
    Ok(match (found.failures.is_empty(), summary.errors) {
        _ if found.is_too_large => ExitCode::from(2),
        (false, _) => ExitCode::from(2),
        (true, 0) => ExitCode::SUCCESS,
        (true, _) => ExitCode::from(1),
    })
}

fn is_standard_input(path: Option<&Path>) -> bool {
    path.is_some_and(|path| path.as_os_str() == "-")
}

/// What was found in all files.
#[derive(Default)]
struct Found {
    /// Files that were checked.
    files: usize,
    diagnostics: Vec<Diagnostic>,
    /// What could not be checked, each reason once.
    failures: Vec<String>,
    is_too_large: bool,
    settings: Settings,
}

impl Found {
    fn add(&mut self, analysis: Analysis) {
        self.files += 1;
        self.is_too_large |= analysis.is_too_large;
        self.settings.add(&analysis);
        self.diagnostics.extend(analysis.diagnostics);
    }

    fn add_failure(&mut self, failure: &Failure) {
        let text = failure.to_string();
        if !self.failures.contains(&text) {
            self.failures.push(text);
        }
    }
}

fn human(sources: &SourceMap, diagnostics: &[Diagnostic], summary: Summary) -> String {
    let mut text = analysis::render_all(sources, diagnostics, output::stdout_is_coloured());
    let files = count(summary.files, "policy", "policies");
    text.push_str(&match (summary.errors, summary.warnings) {
        (0, 0) => format!("{files} checked, nothing to report\n"),
        (errors, warnings) => format!(
            "{files} checked: {}, {}\n",
            count(errors, "error", "errors"),
            count(warnings, "warning", "warnings")
        ),
    });
    text
}

fn short(sources: &SourceMap, diagnostics: &[Diagnostic]) -> String {
    diagnostics
        .iter()
        .map(|d| plasma_diagnostic::render_short(sources, d))
        .collect()
}

fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
