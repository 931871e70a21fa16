//! `--deny` and `--allow`: how much each lint counts in one run.

use std::collections::BTreeSet;

use plasma_diagnostic::{Code, Level, Levels, LintNameError, did_you_mean, lint_named};

use crate::failure::Failure;

/// What `--deny` says of all lints at once.
const WARNINGS: &str = "warnings";

/// The levels that the flags set.
pub(super) fn of_flags(deny: &[String], allow: &[String]) -> Result<Levels, Failure> {
    let mut levels = Levels::default();
    let mut denied = BTreeSet::new();
    for text in deny {
        let place = format!("--deny {text}");
        if text == WARNINGS {
            levels.deny_warnings(place);
            continue;
        }
        let lint = lint("--deny", text)?;
        denied.insert(lint);
        levels.set(lint, Level::Deny, place);
    }
    for text in allow {
        let lint = lint("--allow", text)?;
        if denied.contains(&lint) {
            let name = lint.name();
            return Err(Failure::new(format!(
                "`{name}` cannot be both denied and allowed"
            )));
        }
        levels.set(lint, Level::Allow, format!("--allow {text}"));
    }
    Ok(levels)
}

fn lint(flag: &str, text: &str) -> Result<Code, Failure> {
    lint_named(text).map_err(|error| match &error {
        LintNameError::Unknown { text, meant } => {
            let warnings = did_you_mean(text, [WARNINGS]).filter(|_| flag == "--deny");
            let failure = Failure::new(format!("{flag}: there is no lint `{text}`"));
            match meant.or(warnings) {
                Some(meant) => failure.help(format!("did you mean `{meant}`?")),
                None => failure.help("`plasma explain --list` lists them"),
            }
        }
        LintNameError::IsError(_) => Failure::new(format!("{flag}: {error}")),
    })
}
