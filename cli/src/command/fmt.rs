//! `plasma fmt`: policies in the one canonical layout.

mod difference;

use std::path::Path;
use std::process::ExitCode;

use plasma_diagnostic::SourceMap;

use crate::arguments::FmtArguments;
use crate::failure::{Failure, system_text};
use crate::policy_file::{self, PolicyFile};
use crate::{analysis, output, replace_file};
use difference::difference;

pub(crate) fn run(arguments: &FmtArguments) -> Result<ExitCode, Failure> {
    let mut done = Done::default();
    for file in policy_file::read_all(&arguments.paths) {
        let formatted = file.and_then(|file| {
            let text = formatted(&file)?;
            if arguments.check {
                check(&file, &text)
            } else {
                write(&file, &text)
            }
        });
        match formatted {
            Ok(outcome) => done.add(outcome),
            Err(failure) => {
                done.has_failed = true;
                output::problem(&failure.to_string());
            }
        }
    }
    if let Some(summary) = done.summary(arguments.check) {
        output::line(&summary)?;
    }
    Ok(
        match (done.has_failed, arguments.check && done.changed > 0) {
            (true, _) => ExitCode::from(2),
            (false, true) => ExitCode::from(1),
            (false, false) => ExitCode::SUCCESS,
        },
    )
}

/// What came of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It was formatted already.
    Same,
    /// It was formatted, or would be.
    Changed,
    /// Its text went to standard output, which is to hold nothing else.
    Printed,
}

/// What came of all files.
#[derive(Debug, Default)]
struct Done {
    same: usize,
    changed: usize,
    has_failed: bool,
}

impl Done {
    fn add(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Same => self.same += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Printed => {}
        }
    }

    fn summary(&self, is_check: bool) -> Option<String> {
        let count = |number: usize| match number {
            1 => "1 policy".to_owned(),
            number => format!("{number} policies"),
        };
        Some(match (self.changed, self.same) {
            (0, 0) => return None,
            (0, same) => format!("{} formatted already", count(same)),
            (changed, 0) if is_check => format!("{} not formatted", count(changed)),
            (changed, same) if is_check => {
                format!("{} not formatted, {same} formatted already", count(changed))
            }
            (changed, 0) => format!("{} formatted", count(changed)),
            (changed, same) => format!("{} formatted, {same} already", count(changed)),
        })
    }
}

/// The file's text in its layout. One with mistakes has none: they are told.
fn formatted(file: &PolicyFile) -> Result<String, Failure> {
    let (sources, id) = SourceMap::single(file.name.as_str(), file.text.as_str());
    let parsed = plasma_syntax::parse(id, file.text.as_str());
    plasma_syntax::format(&parsed).ok_or_else(|| {
        let coloured = output::stderr_is_coloured();
        let mistakes = analysis::render_all(&sources, &parsed.diagnostics, coloured);
        output::problem(mistakes.trim_end());
        Failure::new(format!("{} has mistakes and was left as it is", file.name))
    })
}

/// Shows what formatting would change.
fn check(file: &PolicyFile, text: &str) -> Result<Outcome, Failure> {
    if file.text == text {
        return Ok(Outcome::Same);
    }
    let coloured = output::stdout_is_coloured();
    output::result(&difference(&file.name, &file.text, text, coloured))?;
    Ok(Outcome::Changed)
}

/// Puts the text where the file is from, unless it is there already.
fn write(file: &PolicyFile, text: &str) -> Result<Outcome, Failure> {
    match &file.path {
        Some(_) if file.text == text => Ok(Outcome::Same),
        Some(path) => replace(path, text).map(|()| Outcome::Changed),
        None if file.is_standard_input() => output::result(text).map(|()| Outcome::Printed),
        None => Err(
            Failure::new(format!("{} is part of this program", file.name))
                .help("only files, folders and `-` are formatted"),
        ),
    }
}

fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    replace_file::replace(path, text).map_err(|error| {
        Failure::new(format!(
            "cannot write {}: {}",
            path.display(),
            system_text(&error)
        ))
    })
}
