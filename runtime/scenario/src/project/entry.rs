//! The entries of a `plasma.toml`, each read as what it is for.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plasma_diagnostic::{Level, Levels, did_you_mean, lint_named};
use toml::{Table, Value};

use super::{Attachment, KEYS, Project, ProjectError};

impl Project {
    /// A file, relative to the project's folder.
    pub(super) fn file(&self, key: &str, value: &Value) -> Result<PathBuf, ProjectError> {
        match value.as_str() {
            Some(file) => Ok(self.own_path().with_file_name(file)),
            None => Err(self.wrong(key, "a file name")),
        }
    }

    /// A cluster to look at.
    pub(super) fn attachment(&self, key: &str, value: &Value) -> Result<Attachment, ProjectError> {
        let expected = "the file of a snapshot or a trace, or the URL of an engine";
        let text = value.as_str().filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| self.wrong(key, expected))?;
        let folder = self.path.as_deref().and_then(Path::parent);
        Ok(Attachment::new(text, folder.unwrap_or(Path::new(""))))
    }

    /// Parameters by name.
    pub(super) fn read_params(
        &self,
        key: &str,
        value: &Value,
    ) -> Result<BTreeMap<String, String>, ProjectError> {
        let params = self.table(key, value)?.iter().map(|(name, value)| {
            let expected = "a number, true, false or a text such as \"70%\"";
            let wrong = || self.wrong(&format!("{key}.{name}"), expected);
            Ok((name.clone(), param_text(value).ok_or_else(wrong)?))
        });
        params.collect()
    }

    /// Levels by lint.
    pub(super) fn read_lints(&self, key: &str, value: &Value) -> Result<Levels, ProjectError> {
        let mut levels = Levels::default();
        for (name, value) in self.table(key, value)? {
            let key = format!("{key}.{name}");
            let lint = lint_named(name).map_err(|cause| ProjectError::Lint {
                path: self.own_path(),
                line: self.line(&key),
                cause,
            })?;
            let level = value.as_str().and_then(Level::from_name);
            let expected = "\"allow\", \"warn\" or \"deny\"";
            let level = level.ok_or_else(|| self.wrong(&key, expected))?;
            levels.set(lint, level, self.place(&key));
        }
        Ok(levels)
    }

    /// The mistake of a key that does not exist.
    pub(super) fn unknown_key(&self, key: &str) -> ProjectError {
        ProjectError::UnknownKey {
            path: self.own_path(),
            line: self.line(key),
            key: key.to_owned(),
            meant: did_you_mean(key, KEYS),
        }
    }

    fn table<'v>(&self, key: &str, value: &'v Value) -> Result<&'v Table, ProjectError> {
        value.as_table().ok_or_else(|| self.wrong(key, "a table"))
    }

    fn wrong(&self, key: &str, expected: &'static str) -> ProjectError {
        ProjectError::WrongValue {
            path: self.own_path(),
            line: self.line(key),
            key: key.to_owned(),
            expected,
        }
    }

    fn own_path(&self) -> PathBuf {
        self.path.clone().unwrap_or_default()
    }

    fn line(&self, key: &str) -> usize {
        self.lines.get(key).copied().unwrap_or(1)
    }
}

fn param_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}
