//! The nearest `plasma.toml` above a policy: what a project sets for its policies. Flags win over it.

mod attachment;
mod entry;

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use plasma_diagnostic::{Levels, LintNameError};
use plasma_engine::system_text;

pub use attachment::Attachment;

/// Name of the file.
pub const FILE_NAME: &str = "plasma.toml";

/// Every key of the file.
const KEYS: [&str; 5] = ["schema", "params", "lints", "baseline", "attach"];

/// What a project sets for its policies.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// Where it was found; `None` if there is none.
    pub path: Option<PathBuf>,
    /// File with the actor declarations of the application.
    pub schema: Option<PathBuf>,
    /// Parameters by name, as text in the language's form.
    pub params: BTreeMap<String, String>,
    /// How much each lint counts.
    pub lints: Levels,
    /// File with the lints that were there before and are not reported.
    pub baseline: Option<PathBuf>,
    /// The cluster that is looked at beside its policies.
    pub attach: Option<Attachment>,
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
    /// A level for something that is no lint.
    #[error("{}:{line}: {cause}", shown(path).display())]
    Lint {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// Why it is none.
        cause: LintNameError,
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
    let mut project = Project {
        path: Some(path.to_owned()),
        lines: lines_of(text),
        ..Project::default()
    };
    for (key, value) in &table {
        match key.as_str() {
            "schema" => project.schema = Some(project.file(key, value)?),
            "baseline" => project.baseline = Some(project.file(key, value)?),
            "attach" => project.attach = Some(project.attachment(key, value)?),
            "params" => project.params = project.read_params(key, value)?,
            "lints" => project.lints = project.read_lints(key, value)?,
            _ => return Err(project.unknown_key(key)),
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

#[cfg(test)]
mod tests {
    use plasma_diagnostic::{Code, Level};

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
    fn a_project_says_how_much_lints_count() {
        let text = "baseline = \"known.json\"\n[lints]\nno-gap = \"deny\"\nW0102 = \"allow\"\n";
        let project = read(text).unwrap_or_default();
        let mut levels = Levels::default();
        levels.set(Code::NoGap, Level::Deny, "/p/plasma.toml:3");
        levels.set(Code::StrayDoc, Level::Allow, "/p/plasma.toml:4");
        assert_eq!(project.lints, levels);
        assert_eq!(
            project.baseline.as_deref(),
            Some(Path::new("/p/known.json"))
        );
    }

    #[test]
    fn a_project_names_the_cluster_beside_it() {
        let attached = |text: &str| read(text).unwrap_or_default().attach;
        let file = Some(Attachment::File("/p/last.jsonl".into()));
        assert_eq!(attached("attach = \"last.jsonl\""), file);
        let engine = Some(Attachment::Engine("ws://127.0.0.1:7117".into()));
        assert_eq!(attached("attach = \"ws://127.0.0.1:7117\""), engine);
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
                "/p/plasma.toml:1: unknown key `zzz` (the keys are: schema, params, lints, baseline, attach)",
            ),
            (
                "schema = 4",
                "/p/plasma.toml:1: `schema` must be a file name",
            ),
            (
                "attach = 7117",
                "/p/plasma.toml:1: `attach` must be the file of a snapshot or a trace, or the URL of an engine",
            ),
            (
                "[params]\nhigh = []",
                "/p/plasma.toml:2: `params.high` must be a number, true, false or a text such as \"70%\"",
            ),
            (
                "[lints]\nno-gapp = \"deny\"",
                "/p/plasma.toml:2: there is no lint `no-gapp`; did you mean `no-gap`?",
            ),
            (
                "[lints]\nno-gap = \"error\"",
                "/p/plasma.toml:2: `lints.no-gap` must be \"allow\", \"warn\" or \"deny\"",
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
