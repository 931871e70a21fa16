//! A command that could not be run: one message, what to do about it, exit status 2.

use std::fmt;

pub(crate) use plasma_engine::system_text;

use plasma_scenario::visible;

/// Longest line of a message.
const LINE_CHARACTERS_MAX: usize = 2000;

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

    /// A failure to write `path`.
    pub(crate) fn writing(path: &std::path::Path, error: &std::io::Error) -> Self {
        Failure::new(format!(
            "cannot write {}: {}",
            path.display(),
            system_text(error)
        ))
    }
}

/// A message may quote what somebody else has written: nothing in it is obeyed by a terminal, and what is far too
/// long is cut in the middle. Its own line breaks stay.
fn shown(message: &str) -> String {
    let lines = message.lines().map(|line| {
        let line = visible(line);
        let count = line.chars().count();
        if count <= LINE_CHARACTERS_MAX {
            return line.into_owned();
        }
        let kept = LINE_CHARACTERS_MAX / 2;
        let start: String = line.chars().take(kept).collect();
        let end: String = line.chars().skip(count - kept).collect();
        format!("{start} .. {end}")
    });
    lines.collect::<Vec<String>>().join("\n")
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "error: {}", shown(&self.message))?;
        if let Some(help) = &self.help {
            write!(f, "\n  help: {}", shown(help))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_wrote_is_shown_and_not_obeyed() {
        let failure = Failure::new("no actor `x\u{1b}[31m`\nsecond line").help("write \u{7}it");
        assert_eq!(
            failure.to_string(),
            "error: no actor `x\\u{1b}[31m`\nsecond line\n  help: write \\u{7}it"
        );
    }

    #[test]
    fn what_is_far_too_long_is_cut_in_the_middle() {
        let failure = Failure::new(format!("no actor `{}`, line 3", "x".repeat(1_000_000)));
        let text = failure.to_string();
        assert!(text.starts_with("error: no actor `xxx") && text.ends_with("xxx`, line 3"));
        assert!(text.len() < 2100, "{} bytes", text.len());
    }
}
