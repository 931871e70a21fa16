//! What `plasma check` found in all files: what every format of its result is made of.

use plasma_check::Silenced;
use plasma_diagnostic::{Code, Diagnostic, FileId, Fixed, Severity, SourceMap};

use crate::failure::Failure;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The texts.
    pub(crate) sources: SourceMap,
    /// The policies that were checked, in order.
    pub(crate) files: Vec<FileId>,
    /// Mistakes and doubts, by file and in the order of its text.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Lints that the policies themselves silence, by file and in the order of its text.
    pub(crate) silenced: Vec<Silenced>,
    /// What could not be checked, each reason once.
    pub(crate) failures: Vec<String>,
    /// What was fixed, with the file's name.
    pub(crate) fixed: Vec<(String, Fixed)>,
    /// How many lints are left out, since the baseline knows them.
    pub(crate) known: usize,
    /// Whether a policy has more rules than are read.
    pub(crate) is_too_large: bool,
}

impl Found {
    /// Adds a reason why something could not be checked.
    pub(crate) fn add_failure(&mut self, failure: &Failure) {
        let text = failure.to_string();
        if !self.failures.contains(&text) {
            self.failures.push(text);
        }
    }

    /// The reasons why something could not be checked, for documents: without the word `error`.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = &str> {
        let failures = self.failures.iter();
        failures.map(|text| text.strip_prefix("error: ").unwrap_or(text))
    }

    /// How many diagnostics are so bad.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        let all = self.diagnostics.iter();
        all.filter(|d| d.severity == severity).count()
    }

    /// The kinds of what was found, each once, in the order of their numbers.
    pub(crate) fn codes(&self) -> Vec<Code> {
        sorted(self.diagnostics.iter())
    }

    /// The same with the kinds of what is silenced.
    pub(crate) fn codes_with_silenced(&self) -> Vec<Code> {
        let silenced = self.silenced.iter().map(|silenced| &silenced.diagnostic);
        sorted(self.diagnostics.iter().chain(silenced))
    }
}

fn sorted<'d>(diagnostics: impl Iterator<Item = &'d Diagnostic>) -> Vec<Code> {
    let mut codes: Vec<Code> = diagnostics.map(|d| d.code).collect();
    codes.sort();
    codes.dedup();
    codes
}
