//! The nearest `plasma.toml` above a policy: what a project sets for its policies. Flags win over it.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use plasma_engine::system_text;

/// Name of the file.
pub const FILE_NAME: &str = "plasma.toml";

/// Every key of the file.
const KEYS: [&str; 2] = ["schema", "params"];

/// What a project sets for its policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Where it was found; `None` if there is none.
    pub path: Option<PathBuf>,
    /// File with the actor declarations of the application.
    pub schema: Option<PathBuf>,
    /// Parameters by name, as text in the language's form.
    pub params: BTreeMap<String, String>,
    /// The line of each entry, from 1, by its key: `schema`, `params.high`.
    lines: BTreeMap<String, usize>,
}

impl Project {
    /// Where an entry stands, for messages: `plasma.toml:3`.
    pub fn place(&self, key: &str) -> String {
        let path = self.path.as_deref().unwrap_or(Path::new(FILE_NAME));
        match self.lines.get(key) {
            Some(line) => format!("{}:{line}", shown(path).display()),
            None => shown(path).display().to_string(),
        }
    }
}

/// Why a `plasma.toml` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    /// It cannot be read.
    #[error("cannot read {}: {}", shown(path).display(), system_text(cause))]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        cause: io::Error,
    },
    /// It is no TOML.
    #[error("{}:{line}: {message}", shown(path).display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Line of the mistake, from 1.
        line: usize,
        /// What is wrong.
        message: String,
    },
    /// A key that does not exist.
    #[error(
        "{}:{line}: unknown key `{key}`{}",
        shown(path).display(),
        meant.map_or_else(|| format!(" (the keys are: {})", KEYS.join(", ")), |m| format!("; did you mean `{m}`?"))
    )]
    UnknownKey {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// The key.
        key: String,
        /// The key that was probably meant.
        meant: Option<&'static str>,
    },
    /// A value of the wrong type.
    #[error("{}:{line}: `{key}` must be {expected}", shown(path).display())]
    WrongValue {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// The key.
        key: String,
        /// What it must be.
        expected: &'static str,
    },
}

/// A path as people name it: without the working folder, if it is below that.
pub fn shown(path: &Path) -> &Path {
    static WORKING_FOLDER: LazyLock<Option<PathBuf>> =
        LazyLock::new(|| std::env::current_dir().ok());
    let below = WORKING_FOLDER
        .as_ref()
        .and_then(|folder| path.strip_prefix(folder).ok());
    below.unwrap_or(path)
}

/// Finds and reads the project of a policy; of the working folder where the policy has no path.
///
/// # Errors
///
/// If there is a `plasma.toml` and it cannot be used.
pub fn find(policy: Option<&Path>) -> Result<Project, ProjectError> {
    let start = match policy {
        Some(path) => std::path::absolute(path)
            .ok()
            .and_then(|p| p.parent().map(Path::to_owned)),
        None => std::env::current_dir().ok(),
    };
    let Some(start) = start else {
        return Ok(Project::default());
    };
    let found = start
        .ancestors()
        .map(|folder| folder.join(FILE_NAME))
        .find(|path| path.is_file());
    match found {
        Some(path) => match fs::read_to_string(&path) {
            Ok(text) => parse(&path, &text),
            Err(cause) => Err(ProjectError::Unreadable { path, cause }),
        },
        None => Ok(Project::default()),
    }
}

/// Reads the text of a `plasma.toml`; files it names are relative to its folder.
///
/// # Errors
///
/// If it is no TOML, has an unknown key or a value of the wrong type.
pub fn parse(path: &Path, text: &str) -> Result<Project, ProjectError> {
    let table: toml::Table = toml::from_str(text).map_err(|error| ProjectError::Syntax {
        path: path.to_owned(),
        line: error
            .span()
            .map_or(1, |s| 1 + text[..s.start].matches('\n').count()),
        message: error.message().to_owned(),
    })?;
    let lines = lines_of(text);
    let line_of = |key: &str| lines.get(key).copied().unwrap_or(1);
    let mut project = Project {
        path: Some(path.to_owned()),
        lines: lines.clone(),
        ..Project::default()
    };
    let wrong = |key: String, expected| ProjectError::WrongValue {
        path: path.to_owned(),
        line: line_of(&key),
        key,
        expected,
    };
    for (key, value) in &table {
        match key.as_str() {
            "schema" => match value.as_str() {
                Some(file) => project.schema = Some(path.with_file_name(file)),
                None => return Err(wrong(key.clone(), "a file name")),
            },
            "params" => {
                let Some(params) = value.as_table() else {
                    return Err(wrong(key.clone(), "a table"));
                };
                for (name, value) in params {
                    let Some(text) = param_text(value) else {
                        let key = format!("params.{name}");
                        return Err(wrong(
                            key,
                            "a number, true, false or a text such as \"70%\"",
                        ));
                    };
                    project.params.insert(name.clone(), text);
                }
            }
            _ => {
                let meant = plasma_diagnostic::did_you_mean(key, KEYS);
                return Err(ProjectError::UnknownKey {
                    path: path.to_owned(),
                    line: line_of(key),
                    key: key.clone(),
                    meant,
                });
            }
        }
    }
    Ok(project)
}

/// The line of every entry of the table and of the tables in it.
fn lines_of(text: &str) -> BTreeMap<String, usize> {
    let mut lines = BTreeMap::new();
    // A text that is no TOML has been refused before.
    let Ok(table) = toml::de::DeTable::parse(text) else {
        return lines;
    };
    let line_at = |at: usize| 1 + text[..at].matches('\n').count();
    for (key, value) in table.get_ref() {
        lines.insert(key.get_ref().to_string(), line_at(key.span().start));
        for (inner, _) in value.get_ref().as_table().into_iter().flatten() {
            let path = format!("{}.{}", key.get_ref(), inner.get_ref());
            lines.insert(path, line_at(inner.span().start));
        }
    }
    lines
}

fn param_text(value: &toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text.clone()),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Float(number) => Some(number.to_string()),
        toml::Value::Boolean(truth) => Some(truth.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Project, String> {
        parse(Path::new("/p/plasma.toml"), text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_project_names_a_schema_and_parameters() {
        let project = read("schema = \"app.plasma\"\n[params]\nhigh = \"70%\"\nlow = 5\n");
        let project = project.unwrap_or_default();
        assert_eq!(project.schema.as_deref(), Some(Path::new("/p/app.plasma")));
        assert_eq!(project.params["high"], "70%");
        assert_eq!(project.params["low"], "5");
        assert_eq!(project.place("params.low"), "/p/plasma.toml:4");
    }

    #[test]
    fn mistakes_name_the_file_and_the_way_out() {
        for (text, message) in [
            (
                "shcema = \"a\"",
                "/p/plasma.toml:1: unknown key `shcema`; did you mean `schema`?",
            ),
            (
                "zzz = 1",
                "/p/plasma.toml:1: unknown key `zzz` (the keys are: schema, params)",
            ),
            (
                "schema = 4",
                "/p/plasma.toml:1: `schema` must be a file name",
            ),
            (
                "[params]\nhigh = []",
                "/p/plasma.toml:2: `params.high` must be a number, true, false or a text such as \"70%\"",
            ),
        ] {
            assert_eq!(read(text), Err(message.to_owned()), "{text}");
        }
        assert!(
            read("a = 1\nb = = 2")
                .unwrap_err()
                .starts_with("/p/plasma.toml:2: ")
        );
    }
}
