//! `plasma check`: what is wrong, or doubtful, in policies.

use std::process::ExitCode;

use plasma_diagnostic::{Diagnostic, SourceMap};

use crate::analysis::{self, SchemaSource};
use crate::arguments::{CheckArguments, CheckFormat};
use crate::document::check::{CheckDocument, Summary};
use crate::failure::Failure;
use crate::{output, policy_file};

pub(crate) fn run(arguments: &CheckArguments) -> Result<ExitCode, Failure> {
    let schema = arguments
        .schema
        .as_deref()
        .map(SchemaSource::read)
        .transpose()?;
    let files = policy_file::read_all(&arguments.paths)?;
    let mut sources = SourceMap::new();
    let mut diagnostics = Vec::new();
    for file in &files {
        let analysis = analysis::analyse(
            &mut sources,
            file,
            schema.as_ref(),
            &arguments.params.params,
        )?;
        diagnostics.extend(analysis.diagnostics);
    }
    let summary = Summary::new(files.len(), &diagnostics);
    match arguments.format {
        CheckFormat::Human => output::result(&human(&sources, &diagnostics, summary))?,
        CheckFormat::Short => output::result(&short(&sources, &diagnostics))?,
        CheckFormat::Json => output::json(&CheckDocument::new(&sources, &diagnostics, summary))?,
    }
    Ok(if summary.errors == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(1)
    })
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
