//! A command that could not be run: one message, what to do about it, exit status 2.

use std::fmt;

pub(crate) use plasma_engine::system_text;

/// Why a command could not be run.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    help: Option<String>,
}

impl Failure {
    /// A failure with its message: the place, then the cause, in lower case.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Failure {
            message: message.into(),
            help: None,
        }
    }

    /// Adds the way out.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Puts the place that asked for it in front.
    pub(crate) fn at(mut self, place: &str) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// A failure to read `path`.
    pub(crate) fn reading(path: &std::path::Path, error: &std::io::Error) -> Self {
        Failure::new(format!(
            "cannot read {}: {}",
            path.display(),
            system_text(error)
        ))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", self.message)?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {help}")?;
        }
        Ok(())
    }
}
