//! What is debugged: a checked policy, its texts, and a trace that can be read from its beginning.

use std::path::{Path, PathBuf};

use plasma_check::Environment;
use plasma_check::program::{CheckedProgram, Rule};
use plasma_diagnostic::{FileId, SourceMap, Span};
use plasma_scenario::{TraceTicks, library_name};
use plasma_syntax::tree::Tree;

use crate::message::Launch;

/// Opens a policy and a trace, or says for people why not.
pub type Opener<'o> = dyn Fn(&Launch) -> Result<Debuggee, String> + 'o;

/// A policy that is debugged.
pub struct Debuggee {
    /// What it decides by.
    pub program: CheckedProgram,
    /// Its tree, and what it was checked against, for expressions about it.
    pub tree: Tree,
    /// See `tree`.
    pub environment: Environment,
    /// Its texts and those of its modules.
    pub sources: SourceMap,
    /// Where it and its modules are saved; `None` for texts that are not.
    pub paths: fn(&str) -> Option<PathBuf>,
    /// Begins to read the trace.
    pub trace: Box<dyn Fn() -> Result<TraceTicks, String>>,
}

impl Debuggee {
    /// Where a file is saved.
    pub(crate) fn path(&self, file: FileId) -> Option<PathBuf> {
        (self.paths)(self.sources.name(file))
    }

    /// The file that is saved there, or the module of the library that editors show at that address.
    pub(crate) fn file_of(&self, path: &str) -> Option<FileId> {
        if let Some(name) = library_name(path) {
            let mut files = self.sources.files();
            return files.find(|file| self.sources.name(*file) == name);
        }
        let asked = Path::new(path);
        let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let asked = real(asked);
        let mut files = self.sources.files();
        files.find(|file| self.path(*file).is_some_and(|path| real(&path) == asked))
    }

    /// The rules with a name, and the requirements.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.program.rules_and_requirements()
    }

    /// The line of a byte, from 1.
    pub(crate) fn line(&self, span: Span) -> i64 {
        let text = self.sources.text(span.file);
        let before = text.get(..span.start as usize).unwrap_or(text);
        1 + before.matches('\n').count() as i64
    }

    /// The first and the last line of a rule, from 1.
    pub(crate) fn lines(&self, rule: &Rule) -> (i64, i64) {
        let span = rule.span;
        let last = Span::new(span.file, span.end.saturating_sub(1), span.end);
        (self.line(span), self.line(last))
    }
}
