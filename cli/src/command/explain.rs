//! `plasma explain`: the page of a diagnostic.

use std::process::ExitCode;

use plasma_diagnostic::{CODES, Code, did_you_mean};

use crate::arguments::ExplainArguments;
use crate::failure::Failure;
use crate::{output, page_text};

pub(crate) fn run(arguments: &ExplainArguments) -> Result<ExitCode, Failure> {
    match &arguments.code {
        None => output::result(&list())?,
        Some(text) => {
            let page = named(text)?.page();
            output::result(&match output::stdout_is_coloured() {
                true => page_text::coloured(page),
                false => page_text::plain(page),
            })?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Every kind, one on a line.
fn list() -> String {
    let width = CODES.iter().map(|row| row.name.len()).max().unwrap_or(0);
    let lines = CODES.iter().map(|row| {
        let (number, name, summary) = (row.number, row.name, row.summary);
        format!("{number}  {name:width$}  {summary}\n")
    });
    lines.collect()
}

fn named(text: &str) -> Result<Code, Failure> {
    let found = Code::from_text(text)
        .or_else(|| Code::from_text(&text.to_uppercase()))
        .or_else(|| Code::from_text(&text.to_lowercase()));
    found.ok_or_else(|| {
        let failure = Failure::new(format!("there is no diagnostic `{text}`"));
        match did_you_mean(text, CODES.iter().map(|row| row.name)) {
            Some(meant) => failure.help(format!("did you mean `{meant}`?")),
            None => failure.help("`plasma explain --list` lists them"),
        }
    })
}
