//! `plasma dap`: the debug adapter on standard input and output.

use std::io::{BufReader, stdin, stdout};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use plasma_dap::{Debuggee, Launch};
use plasma_diagnostic::SourceMap;
use plasma_engine::trace::TraceReader;
use plasma_scenario::TraceTicks;

use crate::arguments::parse_param;
use crate::command::replay::schema_of;
use crate::failure::Failure;
use crate::{analysis, policy_file};

pub(crate) fn run() -> Result<ExitCode, Failure> {
    let served = plasma_dap::serve(BufReader::new(stdin()), &mut stdout(), &|launch| {
        open(launch).map_err(|failure| {
            let told = failure.to_string();
            // The editor says itself that it is an error.
            told.strip_prefix("error: ").unwrap_or(&told).to_owned()
        })
    });
    served.map_err(|error| Failure::new(format!("the debug adapter ended: {error}")))?;
    Ok(ExitCode::SUCCESS)
}

/// Opens a policy and a trace, as `plasma replay` does.
fn open(launch: &Launch) -> Result<Debuggee, Failure> {
    let file = policy_file::read(&launch.program)?;
    let ticks = trace(&launch.trace)?;
    let params = launch.params.iter().map(|param| parse_param(param));
    let params: Result<Vec<(String, String)>, String> = params.collect();
    let params = params.map_err(|error| Failure::new(format!("params: {error}")))?;
    let schema = schema_of(&ticks, &launch.trace);
    let mut sources = SourceMap::new();
    let analysis = analysis::analyse(&mut sources, &file, schema.as_ref(), &params)?;
    let errors = analysis.diagnostics.iter().filter(|d| d.is_error());
    let errors: Vec<_> = errors.cloned().collect();
    if !errors.is_empty() {
        let refusal = analysis::refusal(&file, errors.len());
        let rendered = analysis::render_all(&sources, &errors, false);
        return Err(Failure::new(format!("{rendered}\n{refusal}")));
    }
    let path = launch.trace.clone();
    Ok(Debuggee {
        program: analysis.program,
        tree: analysis.tree,
        environment: analysis.environment,
        sources,
        paths: saved,
        trace: Box::new(move || trace(&path).map_err(|failure| failure.to_string())),
    })
}

fn trace(path: &Path) -> Result<TraceTicks, Failure> {
    let reader = TraceReader::open(path).map_err(|error| Failure::new(error.to_string()))?;
    TraceTicks::new(reader).map_err(|error| Failure::new(error.to_string()))
}

/// Where the text of this name is saved, if it is.
fn saved(name: &str) -> Option<PathBuf> {
    let path = Path::new(name);
    path.is_file().then(|| path.canonicalize().ok())?
}
