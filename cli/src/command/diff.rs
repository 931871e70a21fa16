//! `plasma diff`: how two policies differ in meaning.

mod text;

use std::process::ExitCode;

use plasma_scenario::{TraceDifferences, TraceTicks, Verdict, diff, find_in_trace};

use super::replay;
use crate::arguments::{DiffArguments, ReportFormat};
use crate::document::diff::DiffDocument;
use crate::failure::Failure;
use crate::{analysis, moment, output, policy_file};

pub(crate) fn run(arguments: &DiffArguments) -> Result<ExitCode, Failure> {
    let old_file = policy_file::read(&arguments.old)?;
    let new_file = policy_file::read(&arguments.new)?;
    let mut ticks = match &arguments.trace {
        Some(path) => Some((
            TraceTicks::new(moment::open(path)?).map_err(replay::failure)?,
            path,
        )),
        None => None,
    };
    let schema = ticks
        .as_ref()
        .and_then(|(ticks, path)| replay::schema_of(ticks, path));
    let params = &arguments.params.params;
    let [old, new] = analysis::usable_pair([&old_file, &new_file], schema.as_ref(), params)?;
    let mut found = diff(&old, &new);
    let in_trace: Option<TraceDifferences> = match &mut ticks {
        Some((ticks, _)) => {
            let differences = find_in_trace(&old, &new, ticks).map_err(replay::failure)?;
            found.add_trace(&differences);
            Some(differences)
        }
        None => None,
    };
    match arguments.format {
        ReportFormat::Json => output::json(&DiffDocument::new(&found, in_trace.as_ref()))?,
        ReportFormat::Human => output::result(&text::text(&found, in_trace.as_ref()))?,
    }
    Ok(match found.verdict {
        Verdict::Equivalent => ExitCode::SUCCESS,
        _ => ExitCode::from(1),
    })
}
