//! The texts of modules: the library's, and files below the folder of the one that uses them.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use plasma_check::{Files, ModuleError, ModuleText};
use plasma_syntax::POLICY_BYTES_MAX;

use crate::POLICY_EXTENSION;

/// The first word of a path into the library.
const LIBRARY: &str = "std";

/// Most modules that a report names.
const KNOWN_MAX: usize = 64;

/// Reads modules from disk, and `std.NAME` from a library.
#[derive(Clone, Debug, Default)]
pub struct ModuleFiles {
    library: Vec<(&'static str, &'static str)>,
}

impl ModuleFiles {
    /// With a library: names after `std.`, and texts.
    pub fn new(library: impl IntoIterator<Item = (&'static str, &'static str)>) -> ModuleFiles {
        ModuleFiles {
            library: library.into_iter().collect(),
        }
    }

    /// The module at a path, as [`Files::module`] gives it, with files read by `read`.
    ///
    /// # Errors
    ///
    /// When there is no such module, or its text cannot be read.
    pub fn module_by(
        &self,
        from: &str,
        path: &[&str],
        read: &dyn Fn(&Path) -> io::Result<String>,
    ) -> Result<ModuleText, ModuleError> {
        match path {
            [LIBRARY, path @ ..] => self.of_library(path),
            // The library lies in no folder.
            _ if from.starts_with("std.") => Err(ModuleError::Missing {
                place: "the library".to_owned(),
                known: Vec::new(),
            }),
            _ => {
                let folder = Path::new(from).parent().unwrap_or(Path::new(""));
                of_folder(folder, path, read)
            }
        }
    }

    /// The modules that a file of this name could use: the library's, and the files beside it.
    pub fn paths_from(&self, from: &str) -> Vec<String> {
        let library = self.library.iter();
        let mut paths: Vec<String> = library
            .map(|(name, _)| format!("{LIBRARY}.{name}"))
            .collect();
        let file = Path::new(from);
        // The library lies in no folder, nor does a text that is not saved.
        if !from.starts_with("std.") && file.extension().is_some_and(|e| e == POLICY_EXTENSION) {
            let own = file.file_stem().and_then(|stem| stem.to_str());
            let others = beside(file, &[""]).into_iter();
            paths.extend(others.filter(|name| Some(name.as_str()) != own));
        }
        paths
    }

    fn of_library(&self, path: &[&str]) -> Result<ModuleText, ModuleError> {
        let name = path.join(".");
        let found = self.library.iter().find(|(known, _)| *known == name);
        let Some((name, text)) = found else {
            let known = self
                .library
                .iter()
                .map(|(name, _)| format!("{LIBRARY}.{name}"));
            return Err(ModuleError::Missing {
                place: "the library".to_owned(),
                known: known.collect(),
            });
        };
        Ok(ModuleText {
            name: format!("{LIBRARY}.{name}"),
            text: (*text).into(),
        })
    }
}

impl Files for ModuleFiles {
    fn module(&self, from: &str, path: &[&str]) -> Result<ModuleText, ModuleError> {
        self.module_by(from, path, &read)
    }

    fn paths(&self, from: &str) -> Vec<String> {
        self.paths_from(from)
    }
}

/// A module below a folder.
fn of_folder(
    folder: &Path,
    path: &[&str],
    read: &dyn Fn(&Path) -> io::Result<String>,
) -> Result<ModuleText, ModuleError> {
    let mut file: PathBuf = folder.to_owned();
    file.extend(path);
    file.set_extension(POLICY_EXTENSION);
    let name = file.display().to_string();
    match read(&file) {
        Ok(text) => Ok(ModuleText {
            name,
            text: text.into(),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Err(ModuleError::Missing {
            place: name,
            known: beside(&file, path),
        }),
        Err(error) => Err(ModuleError::Unreadable {
            reason: format!("{name}: {error}"),
        }),
    }
}

fn read(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    let mut file = File::open(path)?.take(POLICY_BYTES_MAX as u64 + 1);
    file.read_to_string(&mut text)?;
    if text.len() > POLICY_BYTES_MAX {
        let reason = format!(
            "larger than {} MiB, the most that a policy may have",
            POLICY_BYTES_MAX >> 20
        );
        return Err(io::Error::new(io::ErrorKind::InvalidData, reason));
    }
    Ok(text)
}

/// The modules in the folder where one was looked for, as this `path` would name them.
fn beside(file: &Path, path: &[&str]) -> Vec<String> {
    let folder = file.parent().filter(|folder| *folder != Path::new(""));
    let Ok(entries) = std::fs::read_dir(folder.unwrap_or(Path::new("."))) else {
        return Vec::new();
    };
    let (_, before) = path.split_last().unwrap_or((&"", &[]));
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            let path = entry.ok()?.path();
            let is_policy = path.extension().is_some_and(|e| e == POLICY_EXTENSION);
            let stem = path.file_stem()?.to_str()?.to_owned();
            is_policy.then(|| [before, &[stem.as_str()]].concat().join("."))
        })
        .collect();
    names.sort();
    names.truncate(KNOWN_MAX);
    names
}
