//! The prompt: line editing, multi-line input decided by the real parser, history across sessions.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use plasma_diagnostic::FileId;
use plasma_syntax::{ReplStatus, parse_repl_input};
use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{Context, Editor, Helper};

use super::command;
use crate::failure::Failure;

/// Where the lines come from.
pub(super) enum Lines {
    /// A person at a terminal.
    Terminal(Box<Editor<Prompt, DefaultHistory>>, Option<PathBuf>),
    /// A file or a pipe.
    Script(io::Lines<io::StdinLock<'static>>),
}

/// What was entered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entered {
    /// A whole statement, perhaps over several lines.
    Statement(String),
    /// Ctrl-C: what was begun is dropped.
    Cancelled,
    /// The end of the input.
    End,
}

impl Lines {
    /// The terminal if standard input is one, else the script on it.
    pub(super) fn open() -> Result<Self, Failure> {
        if !io::stdin().is_terminal() {
            return Ok(Lines::Script(io::stdin().lines()));
        }
        let cannot = |error: ReadlineError| Failure::new(format!("cannot edit lines: {error}"));
        let mut editor = Editor::new().map_err(cannot)?;
        editor.set_helper(Some(Prompt));
        let history = history_path();
        if let Some(path) = &history {
            // A first session has no history yet.
            let _ = editor.load_history(path);
        }
        Ok(Lines::Terminal(Box::new(editor), history))
    }

    /// Whether a person reads along.
    pub(super) fn is_terminal(&self) -> bool {
        matches!(self, Lines::Terminal(..))
    }

    /// The next statement.
    pub(super) fn next(&mut self) -> Result<Entered, Failure> {
        match self {
            Lines::Terminal(editor, _) => match editor.readline("plasma> ") {
                Ok(line) => {
                    if !line.trim().is_empty() {
                        // History is a convenience: a full one or a repeated line is no failure.
                        let _ = editor.add_history_entry(line.as_str());
                    }
                    Ok(Entered::Statement(line))
                }
                Err(ReadlineError::Interrupted) => Ok(Entered::Cancelled),
                Err(ReadlineError::Eof) => Ok(Entered::End),
                Err(error) => Err(Failure::new(format!("cannot read the next line: {error}"))),
            },
            Lines::Script(lines) => script_statement(lines),
        }
    }

    /// Saves the history.
    pub(super) fn close(self) {
        if let Lines::Terminal(mut editor, Some(path)) = self {
            if let Some(folder) = path.parent() {
                let _ = std::fs::create_dir_all(folder);
            }
            let _ = editor.save_history(&path);
        }
    }
}

/// Reads lines until they are a whole statement; at the end of the input whatever there is.
fn script_statement(
    lines: &mut impl Iterator<Item = io::Result<String>>,
) -> Result<Entered, Failure> {
    let mut statement = String::new();
    for line in lines {
        let line = line.map_err(|error| {
            Failure::new(format!("cannot read standard input: {error}"))
                .help("scripts are UTF-8 text")
        })?;
        statement.push_str(&line);
        if statement.len() > plasma_syntax::POLICY_BYTES_MAX {
            return Err(Failure::new(
                "a statement on standard input is larger than a policy may be",
            ));
        }
        if is_whole(&statement) {
            return Ok(Entered::Statement(statement));
        }
        statement.push('\n');
    }
    if statement.trim().is_empty() {
        Ok(Entered::End)
    } else {
        Ok(Entered::Statement(statement))
    }
}

/// Whether the input needs no further line: the parser decides.
fn is_whole(input: &str) -> bool {
    let text = input.trim();
    text.is_empty()
        || text.starts_with(':')
        || parse_repl_input(FileId(0), text).status != ReplStatus::Incomplete
}

fn history_path() -> Option<PathBuf> {
    let state = match std::env::var_os("XDG_STATE_HOME") {
        Some(folder) if !folder.is_empty() => PathBuf::from(folder),
        _ => PathBuf::from(std::env::var_os("HOME")?).join(".local/state"),
    };
    Some(state.join("plasma/history"))
}

/// What rustyline asks about the line being edited.
pub(super) struct Prompt;

impl Helper for Prompt {}
impl Highlighter for Prompt {}
impl Hinter for Prompt {
    type Hint = String;
}

impl Completer for Prompt {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        position: usize,
        _: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let Some(word) = line.get(..position).and_then(|text| text.strip_prefix(':')) else {
            return Ok((position, Vec::new()));
        };
        let pairs = command::names()
            .filter(|name| name.starts_with(word))
            .map(|name| Pair {
                display: format!(":{name}"),
                replacement: name.to_owned(),
            });
        Ok((1, pairs.collect()))
    }
}

impl Validator for Prompt {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        Ok(match is_whole(context.input()) {
            true => ValidationResult::Valid(None),
            false => ValidationResult::Incomplete,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Entered, script_statement};

    #[test]
    fn a_script_is_read_statement_by_statement() {
        let text = "server.cpu\n:plan\nserver.cpu.perc > 80 =>\n  balance({Folder}, cpu);\n1 <";
        let mut lines = text.lines().map(|line| Ok(line.to_owned()));
        let mut statements = Vec::new();
        while let Ok(Entered::Statement(statement)) = script_statement(&mut lines) {
            statements.push(statement);
        }
        assert_eq!(
            statements,
            [
                "server.cpu",
                ":plan",
                "server.cpu.perc > 80 =>\n  balance({Folder}, cpu);",
                "1 <\n"
            ]
        );
    }
}
