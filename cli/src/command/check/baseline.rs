//! `--baseline`: lints that were there before are left out, so that a project can deny new ones.
//!
//! A lint is known by its file, its kind and the text of its line, not by the line's number: what is
//! written above it does not make it new.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use plasma_diagnostic::{Code, Diagnostic, Severity, SourceMap};
use plasma_scenario::project;

use super::repair;
use crate::analysis::Analysis;
use crate::document::baseline::{BaselineDocument, KnownLint, VERSION};
use crate::failure::Failure;
use crate::policy_file::PolicyFile;

/// Of a longer line only the beginning is kept.
const LINE_CHARACTERS_MAX: usize = 200;

/// The baselines of one run: one, or one for each project.
#[derive(Debug)]
pub(super) struct Baselines {
    flag: Option<PathBuf>,
    is_written: bool,
    by_path: BTreeMap<PathBuf, Baseline>,
}

#[derive(Debug, Default)]
struct Baseline {
    /// What it knew, and how much of it has not been found again.
    missing: Lints,
    /// What was found.
    found: Lints,
    /// The files that were checked.
    checked: BTreeSet<String>,
}

/// How many there are of each.
type Lints = BTreeMap<Key, usize>;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    file: String,
    code: Code,
    line: String,
}

impl Baselines {
    /// The baseline that `--baseline` names, else those of the projects; to be written, or read.
    pub(super) fn new(flag: Option<PathBuf>, is_written: bool) -> Self {
        Baselines {
            flag,
            is_written,
            by_path: BTreeMap::new(),
        }
    }

    /// Takes out what a policy's baseline knows; how much that is.
    pub(super) fn sort_out(
        &mut self,
        file: &PolicyFile,
        sources: &SourceMap,
        analysis: &mut Analysis,
    ) -> Result<usize, Failure> {
        let Some((path, place)) = self.path_for(analysis)? else {
            return Ok(0);
        };
        if !self.by_path.contains_key(&path) {
            let read = Baseline::read(&path, self.is_written);
            let baseline = read.map_err(|failure| match &place {
                Some(place) => failure.at(place),
                None => failure,
            })?;
            self.by_path.insert(path.clone(), baseline);
        }
        let is_written = self.is_written;
        let baseline = self.by_path.entry(path.clone()).or_default();
        let name = name_from(&path, file);
        baseline.checked.insert(name.clone());
        let all = analysis.diagnostics.len();
        let policy = analysis.file;
        analysis.diagnostics.retain(|diagnostic| {
            let is_lint = diagnostic.code.severity() == Severity::Warning;
            let is_here = diagnostic.primary.file == policy;
            let mut known = || baseline.knows(key(&name, sources, diagnostic)) || is_written;
            !(is_lint && is_here && known())
        });
        Ok(all - analysis.diagnostics.len())
    }

    /// Writes what is to be written; says what was, and what is not needed any more.
    pub(super) fn finish(&self) -> Result<Vec<String>, Failure> {
        let mut remarks = Vec::new();
        for (path, baseline) in &self.by_path {
            let shown = project::shown(path).display();
            if self.is_written {
                let document = baseline.document();
                let lints: usize = document.lints.iter().map(|lint| lint.count).sum();
                write(path, &document)?;
                remarks.push(format!("{shown} now knows {lints} {}", noun(lints)));
                continue;
            }
            let gone = baseline.missing.iter();
            let gone = gone.filter(|(key, _)| baseline.checked.contains(&key.file));
            let gone: usize = gone.map(|(_, count)| count).sum();
            if gone > 0 {
                let are = if gone == 1 { "is" } else { "are" };
                let noun = noun(gone);
                remarks.push(format!(
                    "{shown} knows {gone} {noun} that {are} gone; --write-baseline drops what is gone"
                ));
            }
        }
        Ok(remarks)
    }

    /// Where the baseline of a policy is, and who says so if it is no flag.
    fn path_for(&self, analysis: &Analysis) -> Result<Option<(PathBuf, Option<String>)>, Failure> {
        let project = &analysis.project;
        let (path, place) = match (&self.flag, &project.baseline) {
            (Some(path), _) => (path, None),
            (None, Some(path)) => (path, Some(project.place("baseline"))),
            (None, None) if self.is_written => {
                return Err(Failure::new("there is no baseline to write")
                    .help("name it: --baseline FILE, or `baseline` in plasma.toml"));
            }
            (None, None) => return Ok(None),
        };
        let absolute = std::path::absolute(path).unwrap_or_else(|_| path.clone());
        Ok(Some((absolute, place)))
    }
}

impl Baseline {
    /// Reads a baseline; one that is to be written need not be there.
    fn read(path: &Path, is_written: bool) -> Result<Self, Failure> {
        if is_written && !path.exists() {
            return Ok(Baseline::default());
        }
        let shown = project::shown(path);
        let text = fs::read_to_string(path).map_err(|error| {
            let failure = Failure::reading(shown, &error);
            match error.kind() {
                io::ErrorKind::NotFound => failure.help("--write-baseline writes it"),
                _ => failure,
            }
        })?;
        let wrong = |cause: String| {
            Failure::new(format!("{} is no baseline: {cause}", shown.display()))
                .help("--write-baseline writes it anew, once it is removed")
        };
        let document: BaselineDocument =
            serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?;
        if document.version != VERSION {
            let version = document.version;
            return Err(wrong(format!("version {version} is not {VERSION}")));
        }
        let mut missing = Lints::new();
        for lint in document.lints {
            // A lint that this version does not have is found no more.
            let Some(code) = Code::from_text(&lint.code) else {
                continue;
            };
            let (file, line) = (lint.file, lint.line);
            *missing.entry(Key { file, code, line }).or_default() += lint.count;
        }
        Ok(Baseline {
            missing,
            ..Baseline::default()
        })
    }

    /// Notes a lint; whether it was there before.
    fn knows(&mut self, key: Key) -> bool {
        let known = self.missing.get_mut(&key).filter(|count| **count > 0);
        let is_known = known.map(|count| *count -= 1).is_some();
        *self.found.entry(key).or_default() += 1;
        is_known
    }

    /// What was found, and what was known of files that were not checked.
    fn document(&self) -> BaselineDocument {
        let others = self.missing.iter();
        let others = others.filter(|(key, _)| !self.checked.contains(&key.file));
        let lints = self
            .found
            .iter()
            .chain(others)
            .map(|(key, count)| KnownLint {
                file: key.file.clone(),
                code: key.code.number().to_owned(),
                name: key.code.name().to_owned(),
                line: key.line.clone(),
                count: *count,
            });
        let mut lints: Vec<KnownLint> = lints.collect();
        lints.sort();
        BaselineDocument {
            version: VERSION,
            lints,
        }
    }
}

fn key(file: &str, sources: &SourceMap, diagnostic: &Diagnostic) -> Key {
    let (start, _) = sources.range(diagnostic.primary);
    let line = sources.line(diagnostic.primary.file, start.line).trim();
    Key {
        file: file.to_owned(),
        code: diagnostic.code,
        line: line.chars().take(LINE_CHARACTERS_MAX).collect(),
    }
}

/// A policy as the baseline calls it: from the baseline's folder, the same on every machine.
fn name_from(baseline: &Path, file: &PolicyFile) -> String {
    let Some(path) = &file.path else {
        return file.name.clone();
    };
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = real(baseline.parent().unwrap_or(Path::new("")));
    let path = real(path);
    let path = path.strip_prefix(folder).unwrap_or(&path);
    let parts = path.iter().map(|part| part.to_string_lossy());
    parts.collect::<Vec<_>>().join("/").replace("//", "/")
}

fn write(path: &Path, document: &BaselineDocument) -> Result<(), Failure> {
    let text = serde_json::to_string_pretty(document)
        .map_err(|error| Failure::new(format!("cannot write the baseline: {error}")))?;
    repair::create(path, &format!("{text}\n"))
}

fn noun(lints: usize) -> &'static str {
    if lints == 1 { "lint" } else { "lints" }
}
