//! The prompt: line editing, statements over several lines, history across sessions.

mod colours;
mod files;
mod hints;
mod keys;
mod prompt;

use std::collections::VecDeque;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader, IsTerminal as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use rustyline::config::Configurer as _;
use rustyline::error::ReadlineError;
use rustyline::history::DefaultHistory;
use rustyline::{CompletionType, Config, EditMode, Editor, ExternalPrinter as _};

use self::prompt::Prompt;
use super::begun::Begun;
use super::options::Keys;
use super::scene::Scene;
use super::session::Voice;
use crate::failure::Failure;

/// Shown before a statement.
pub(super) const PROMPT: &str = "plasma> ";

/// So many statements are kept for later sessions.
const HISTORY_MAX: usize = 10_000;

/// Where the statements come from.
pub(super) struct Lines {
    source: Source,
    begun: Begun,
}

enum Source {
    /// A person at a terminal.
    Terminal(Box<Editor<Prompt, DefaultHistory>>, Option<PathBuf>),
    /// A file or a pipe, with what people call it.
    Script(Box<dyn Iterator<Item = io::Result<String>>>, String),
    /// Whole statements and commands.
    Given(VecDeque<String>),
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
    pub(super) fn open(coloured: bool) -> Result<Self, Failure> {
        Ok(Lines::of(match io::stdin().is_terminal() {
            true => Source::terminal(coloured)?,
            false => {
                let lines = Box::new(io::stdin().lines());
                Source::Script(lines, "standard input".to_owned())
            }
        }))
    }

    /// The script in a file.
    pub(super) fn of_file(path: &Path) -> Result<Self, Failure> {
        let file = File::open(path).map_err(|error| Failure::reading(path, &error))?;
        let lines = Box::new(BufReader::new(file).lines());
        Ok(Lines::of(Source::Script(lines, path.display().to_string())))
    }

    /// Statements and commands, each whole.
    pub(super) fn given(statements: &[String]) -> Self {
        Lines::of(Source::Given(statements.iter().cloned().collect()))
    }

    /// The lines that a person wants to be entered when a session begins; `None` if there is no such file.
    pub(super) fn of_person() -> Option<(PathBuf, Result<Self, Failure>)> {
        let path = config_path().filter(|path| path.exists())?;
        let lines = Lines::of_file(&path);
        Some((path, lines))
    }

    fn of(source: Source) -> Self {
        Lines {
            source,
            begun: Begun::default(),
        }
    }

    /// Whether a person reads along.
    pub(super) fn is_terminal(&self) -> bool {
        matches!(self.source, Source::Terminal(..))
    }

    /// What prints above the line being typed; `None` if nobody types.
    pub(super) fn voice(&mut self) -> Option<Voice> {
        let Source::Terminal(editor, _) = &mut self.source else {
            return None;
        };
        let printer = Mutex::new(editor.create_external_printer().ok()?);
        Some(Arc::new(move |text| {
            if let Ok(mut printer) = printer.lock() {
                // There is nobody else to tell.
                let _ = printer.print(text.to_owned());
            }
        }))
    }

    /// Which keys the person is used to: those of readline's own settings.
    pub(super) fn keys_of_person() -> Keys {
        keys::of_person()
    }

    /// From now on lines are edited so, and completed and coloured by this.
    pub(super) fn prepare(&mut self, keys: Keys, scene: impl FnOnce() -> Scene) {
        if let Source::Terminal(editor, _) = &mut self.source {
            editor.set_edit_mode(match keys {
                Keys::Emacs => EditMode::Emacs,
                Keys::Vi => EditMode::Vi,
            });
            if let Some(prompt) = editor.helper_mut() {
                prompt.see(scene());
            }
        }
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
            if self.source.is_whole(&self.begun)
                && let Some(statement) = self.begun.take_open()
            {
                self.source.remember(&statement);
                return Ok(Entered::Statement(statement));
            }
            let before = match self.source {
                // What is left of several statements typed at once is edited on.
                Source::Terminal(..) => self.begun.take_open().unwrap_or_default(),
                _ => String::new(),
            };
            match self.source.read(&before)? {
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

    /// Asks a question; anything but a clear yes is no.
    pub(super) fn confirms(&mut self, question: &str) -> Result<bool, Failure> {
        let Source::Terminal(editor, _) = &mut self.source else {
            return Ok(false);
        };
        let silence = |editor: &Editor<Prompt, DefaultHistory>, is_silent| {
            if let Some(prompt) = editor.helper() {
                prompt.be_silent(is_silent);
            }
        };
        silence(editor, true);
        let answer = editor.readline(&format!("{question} [y/N] "));
        silence(editor, false);
        match answer {
            Ok(text) => Ok(matches!(text.trim(), "y" | "Y" | "yes" | "Yes")),
            Err(ReadlineError::Interrupted | ReadlineError::Eof) => Ok(false),
            Err(error) => Err(unreadable(&error)),
        }
    }
}

impl Source {
    fn terminal(coloured: bool) -> Result<Self, Failure> {
        let cannot = |error: ReadlineError| Failure::new(format!("cannot edit lines: {error}"));
        let config = Config::builder().max_history_size(HISTORY_MAX);
        let config = config.map_err(cannot)?;
        let config = config.completion_type(CompletionType::List).build();
        let mut editor = Editor::with_config(config).map_err(cannot)?;
        editor.set_helper(Some(Prompt::new(coloured)));
        let history = state_path();
        if let Some(path) = &history {
            if let Some(folder) = path.parent() {
                let _ = std::fs::create_dir_all(folder);
            }
            // A first session has no history yet.
            let _ = editor.load_history(path);
        }
        Ok(Source::Terminal(Box::new(editor), history))
    }

    /// Whether what is begun is all that there will be of it.
    fn is_whole(&self, begun: &Begun) -> bool {
        match self {
            Source::Given(_) => true,
            Source::Terminal(..) => begun.was_ended(),
            Source::Script(..) => false,
        }
    }

    fn read(&mut self, before: &str) -> Result<Reading, Failure> {
        match self {
            Source::Terminal(editor, _) => {
                match editor.readline_with_initial(PROMPT, (before, "")) {
                    Ok(text) => Ok(Reading::Text(text)),
                    Err(ReadlineError::Interrupted) => Ok(Reading::Interrupted),
                    Err(ReadlineError::Eof) => Ok(Reading::End),
                    Err(error) => Err(unreadable(&error)),
                }
            }
            Source::Script(lines, name) => match lines.next() {
                Some(Ok(line)) => Ok(Reading::Text(line)),
                None => Ok(Reading::End),
                Some(Err(error)) => Err(Failure::new(format!("cannot read {name}: {error}"))
                    .help("scripts are UTF-8 text")),
            },
            Source::Given(statements) => Ok(match statements.pop_front() {
                Some(statement) => Reading::Text(statement),
                None => Reading::End,
            }),
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

fn unreadable(error: &ReadlineError) -> Failure {
    Failure::new(format!("cannot read the next line: {error}"))
}

/// Where the history is kept.
fn state_path() -> Option<PathBuf> {
    Some(folder("XDG_STATE_HOME", ".local/state")?.join("plasma/history"))
}

/// What is entered when a session begins.
fn config_path() -> Option<PathBuf> {
    Some(folder("XDG_CONFIG_HOME", ".config")?.join("plasma/repl"))
}

fn folder(variable: &str, below_home: &str) -> Option<PathBuf> {
    match std::env::var_os(variable) {
        Some(folder) if !folder.is_empty() => Some(PathBuf::from(folder)),
        _ => Some(PathBuf::from(std::env::var_os("HOME")?).join(below_home)),
    }
}
