//! What users say about lints: which to leave out, which to count as errors.

use std::collections::BTreeMap;
use std::fmt;

use crate::{CODES, Code, Diagnostic, Severity, did_you_mean};

/// How much a lint counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// It is left out.
    Allow,
    /// It is a warning.
    Warn,
    /// It is an error.
    Deny,
}

impl Level {
    /// Every level.
    pub const ALL: [Level; 3] = [Level::Allow, Level::Warn, Level::Deny];

    /// The word for it.
    pub const fn name(self) -> &'static str {
        match self {
            Level::Allow => "allow",
            Level::Warn => "warn",
            Level::Deny => "deny",
        }
    }

    /// The level of that name.
    pub fn from_name(name: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|level| level.name() == name)
    }
}

/// Why a text does not name a lint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LintNameError {
    /// There is none of this name or number.
    Unknown {
        /// The text.
        text: String,
        /// The lint that was probably meant.
        meant: Option<&'static str>,
    },
    /// It is an error: the policy cannot be used with it, whatever the user says.
    IsError(Code),
}

impl fmt::Display for LintNameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LintNameError::Unknown { text, meant } => {
                write!(f, "there is no lint `{text}`")?;
                meant.map_or(Ok(()), |meant| write!(f, "; did you mean `{meant}`?"))
            }
            LintNameError::IsError(code) => {
                let (name, number) = (code.name(), code.number());
                write!(
                    f,
                    "`{name}` ({number}) is an error, not a lint: it always counts"
                )
            }
        }
    }
}

impl std::error::Error for LintNameError {}

/// The lint of this name or number: `no-gap`, `W0401`.
///
/// # Errors
///
/// If there is none.
pub fn lint_named(text: &str) -> Result<Code, LintNameError> {
    match Code::from_text(text) {
        Some(code) if code.severity() == Severity::Warning => Ok(code),
        Some(code) => Err(LintNameError::IsError(code)),
        None => {
            let lints = CODES.iter().filter(|row| row.severity == Severity::Warning);
            let meant = did_you_mean(text, lints.map(|row| row.name));
            let text = text.to_owned();
            Err(LintNameError::Unknown { text, meant })
        }
    }
}

/// The levels that a user sets, each with who says so: `--deny no-gap`, `plasma.toml:3`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Levels {
    lints: BTreeMap<Code, (Level, String)>,
    /// Who counts every warning as an error.
    no_warnings: Option<String>,
}

impl Levels {
    /// Sets the level of one lint.
    pub fn set(&mut self, lint: Code, level: Level, place: impl Into<String>) {
        self.lints.insert(lint, (level, place.into()));
    }

    /// Counts whatever would be a warning as an error.
    pub fn deny_warnings(&mut self, place: impl Into<String>) {
        self.no_warnings = Some(place.into());
    }

    /// These levels where `stronger` says nothing, and those of `stronger`.
    #[must_use]
    pub fn overridden_by(&self, stronger: &Levels) -> Levels {
        let mut lints = self.lints.clone();
        lints.extend(stronger.lints.clone());
        let no_warnings = stronger.no_warnings.as_ref().or(self.no_warnings.as_ref());
        Levels {
            lints,
            no_warnings: no_warnings.cloned(),
        }
    }

    /// Whether a kind is not reported.
    pub fn leaves_out(&self, code: Code) -> bool {
        matches!(self.lints.get(&code), Some((Level::Allow, _)))
    }

    /// Without the lints that are left out; those that count as errors are errors, and say why.
    pub fn apply(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        let leveled = diagnostics.into_iter().filter_map(|d| self.leveled(d));
        leveled.collect()
    }

    fn leveled(&self, mut diagnostic: Diagnostic) -> Option<Diagnostic> {
        if diagnostic.code.severity() == Severity::Error {
            return Some(diagnostic);
        }
        let denied_by = match (self.lints.get(&diagnostic.code), &self.no_warnings) {
            (Some((Level::Allow, _)), _) => return None,
            (Some((Level::Deny, place)), _) => place,
            (Some((Level::Warn, _)) | None, Some(place)) => place,
            (Some((Level::Warn, _)) | None, None) => return Some(diagnostic),
        };
        diagnostic.severity = Severity::Error;
        let note = format!("`{}` is denied by {denied_by}", diagnostic.code.name());
        diagnostic.notes.push(note);
        Some(diagnostic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Span;

    fn severities(levels: &Levels) -> Vec<(Code, Severity)> {
        let codes = [Code::UnknownType, Code::NoGap, Code::StrayDoc];
        let found = codes.map(|code| Diagnostic::new(code, Span::default(), ""));
        let applied = levels.apply(found.to_vec()).into_iter();
        applied.map(|d| (d.code, d.severity)).collect()
    }

    #[test]
    fn lints_are_left_out_or_count_as_errors() {
        use Severity::{Error, Warning};
        let mut project = Levels::default();
        project.set(Code::StrayDoc, Level::Allow, "plasma.toml:2");
        let mut flags = Levels::default();
        let error = (Code::UnknownType, Error);
        assert_eq!(severities(&project), [error, (Code::NoGap, Warning)]);
        flags.deny_warnings("--deny warnings");
        let both = project.overridden_by(&flags);
        assert_eq!(severities(&both), [error, (Code::NoGap, Error)]);
        flags.set(Code::StrayDoc, Level::Warn, "a flag");
        flags.set(Code::NoGap, Level::Allow, "--allow no-gap");
        let both = project.overridden_by(&flags);
        assert_eq!(severities(&both), [error, (Code::StrayDoc, Error)]);
    }

    #[test]
    fn lints_go_by_name_and_number() {
        let message = |text| lint_named(text).map_err(|error| error.to_string());
        assert_eq!(message("no-gap"), Ok(Code::NoGap));
        assert_eq!(message("W0401"), Ok(Code::NoGap));
        assert_eq!(
            message("no-gapp"),
            Err("there is no lint `no-gapp`; did you mean `no-gap`?".to_owned())
        );
        assert_eq!(message("zzz"), Err("there is no lint `zzz`".to_owned()));
        assert_eq!(
            message("unknown-type"),
            Err("`unknown-type` (E0101) is an error, not a lint: it always counts".to_owned())
        );
    }
}
