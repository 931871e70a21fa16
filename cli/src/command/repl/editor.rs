//! The prompt: line editing, statements over several lines, history across sessions.

use std::io::{self, IsTerminal as _};
use std::path::PathBuf;

use rustyline::completion::{Completer, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::Highlighter;
use rustyline::hint::Hinter;
use rustyline::history::DefaultHistory;
use rustyline::validate::Validator;
use rustyline::{Context, Editor, Helper};

use super::begun::Begun;
use super::command;
use crate::failure::Failure;

/// Shown before the first line of a statement.
const PROMPT: &str = "plasma> ";

/// Shown before every other line of it.
const PROMPT_GOING_ON: &str = "   ...> ";

/// Where the statements come from.
pub(super) struct Lines {
    source: Source,
    begun: Begun,
}

enum Source {
    /// A person at a terminal.
    Terminal(Box<Editor<Prompt, DefaultHistory>>, Option<PathBuf>),
    /// A file or a pipe.
    Script(io::Lines<io::StdinLock<'static>>),
}

/// What was entered.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entered {
    /// A whole statement, perhaps over several lines, or what there was of one when Ctrl-D or the
    /// end of the script came.
    Statement(String),
    /// Ctrl-C: what was begun is dropped.
    Cancelled,
    /// The end of the input.
    End,
}

/// One reading of the source.
enum Reading {
    Text(String),
    Interrupted,
    End,
}

impl Lines {
    /// The terminal if standard input is one, else the script on it.
    pub(super) fn open() -> Result<Self, Failure> {
        let source = match io::stdin().is_terminal() {
            true => Source::terminal()?,
            false => Source::Script(io::stdin().lines()),
        };
        Ok(Lines {
            source,
            begun: Begun::default(),
        })
    }

    /// Whether a person reads along.
    pub(super) fn is_terminal(&self) -> bool {
        matches!(self.source, Source::Terminal(..))
    }

    /// The next statement.
    pub(super) fn next(&mut self) -> Result<Entered, Failure> {
        loop {
            let taken = self.begun.take().map_err(|_| {
                Failure::new("a statement is larger than a policy may be")
                    .help("put it into a file and `:load` that")
            })?;
            if let Some(statement) = taken {
                self.source.remember(&statement);
                return Ok(Entered::Statement(statement));
            }
            match self.source.read(self.begun.is_open())? {
                Reading::Text(text) => self.begun.type_in(&text),
                Reading::Interrupted => {
                    self.begun.drop_all();
                    return Ok(Entered::Cancelled);
                }
                Reading::End => {
                    let open = self.begun.take_open();
                    return Ok(open.map_or(Entered::End, Entered::Statement));
                }
            }
        }
    }
}

impl Source {
    fn terminal() -> Result<Self, Failure> {
        let cannot = |error: ReadlineError| Failure::new(format!("cannot edit lines: {error}"));
        let mut editor = Editor::new().map_err(cannot)?;
        editor.set_helper(Some(Prompt));
        let history = history_path();
        if let Some(path) = &history {
            if let Some(folder) = path.parent() {
                let _ = std::fs::create_dir_all(folder);
            }
            // A first session has no history yet.
            let _ = editor.load_history(path);
        }
        Ok(Source::Terminal(Box::new(editor), history))
    }

    fn read(&mut self, goes_on: bool) -> Result<Reading, Failure> {
        match self {
            Source::Terminal(editor, _) => {
                let prompt = if goes_on { PROMPT_GOING_ON } else { PROMPT };
                match editor.readline(prompt) {
                    Ok(text) => Ok(Reading::Text(text)),
                    Err(ReadlineError::Interrupted) => Ok(Reading::Interrupted),
                    Err(ReadlineError::Eof) => Ok(Reading::End),
                    Err(error) => Err(Failure::new(format!("cannot read the next line: {error}"))),
                }
            }
            Source::Script(lines) => match lines.next() {
                Some(Ok(line)) => Ok(Reading::Text(line)),
                None => Ok(Reading::End),
                Some(Err(error)) => {
                    Err(Failure::new(format!("cannot read standard input: {error}"))
                        .help("scripts are UTF-8 text"))
                }
            },
        }
    }

    /// Adds a statement to the history at once, after those that other sessions have added: no end
    /// of this one loses it. History is a convenience: that it cannot be written is no failure.
    fn remember(&mut self, statement: &str) {
        if let Source::Terminal(editor, path) = self
            && editor.add_history_entry(statement.trim()).unwrap_or(false)
            && let Some(path) = path
        {
            let _ = editor.append_history(path);
        }
    }
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
impl Validator for Prompt {}
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
