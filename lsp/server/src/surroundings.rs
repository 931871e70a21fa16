//! What lies around a document on disk: its project and the application's schema.

use std::io;
use std::path::{Component, Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use plasma_ide::{Date, SchemaText, Surroundings};
use plasma_scenario::project::{self, Attachment};

/// What lies around a document.
#[derive(Debug, Default)]
pub(crate) struct Around {
    /// What its project says about it.
    pub(crate) surroundings: Surroundings,
    /// Where its schema is.
    pub(crate) schema: Option<PathBuf>,
    /// The cluster that its project names.
    pub(crate) attachment: Option<Attachment>,
}

/// What lies around a document. `read` gives the text of a file.
pub(crate) fn around(path: Option<&Path>, read: impl Fn(&Path) -> io::Result<String>) -> Around {
    let mut around = Around::default();
    let surroundings = &mut around.surroundings;
    surroundings.today = today();
    // A document that is in no folder has no project.
    let Some(path) = path else {
        return around;
    };
    let project = match project::find(Some(path)) {
        Ok(project) => project,
        Err(error) => {
            surroundings.problems.push(error.to_string());
            return around;
        }
    };
    around.attachment = project.attach;
    surroundings.params = project.params.into_iter().collect();
    surroundings.lints = project.lints;
    // The schema itself needs none.
    let schema = project.schema.map(|schema| without_detours(&schema));
    let Some(schema) = schema.filter(|schema| schema != path) else {
        return around;
    };
    match read(&schema) {
        Ok(text) => {
            let name = schema.display().to_string();
            surroundings.schema = Some(SchemaText { name, text });
        }
        Err(error) => {
            let schema = schema.display();
            let problem = format!("cannot read the application's schema {schema}: {error}");
            surroundings.problems.push(problem);
        }
    }
    around.schema = Some(schema);
    around
}

/// The present day; `None` on a machine whose clock is before 1970.
fn today() -> Option<Date> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    Some(Date::of_unix_seconds(since.as_secs()))
}

/// Whether the file can be the project of a document in `path`.
pub(crate) fn is_project_of(file: &Path, path: &Path) -> bool {
    let folder = file.parent();
    file.ends_with(project::FILE_NAME) && folder.is_some_and(|folder| path.starts_with(folder))
}

/// The same path, without `.` and `..` where the text alone tells what they mean: paths that name
/// the same file in different ways are then equal.
pub(crate) fn without_detours(path: &Path) -> PathBuf {
    let mut straight = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if straight.file_name().is_some() => {
                straight.pop();
            }
            other => straight.push(other),
        }
    }
    straight
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_loses_its_detours() {
        let straight = |path: &str| without_detours(Path::new(path));
        assert_eq!(straight("/a/./b/../c"), Path::new("/a/c"));
        assert_eq!(straight("../a/.."), Path::new("../"));
        assert_eq!(straight("../../a"), Path::new("../../a"));
    }

    #[test]
    fn a_project_reaches_down_from_its_folder() {
        let is_project = |file: &str| is_project_of(Path::new(file), Path::new("/a/b/p.plasma"));
        assert!(is_project("/a/plasma.toml"));
        assert!(is_project("/a/b/plasma.toml"));
        assert!(!is_project("/a/c/plasma.toml"));
        assert!(!is_project("/a/app.plasma"));
    }
}
