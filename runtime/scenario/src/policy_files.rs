//! The policies below a folder, as commands and the language server find them.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};

use walkdir::{DirEntry, WalkDir};

/// How the name of a policy file ends.
pub const POLICY_EXTENSION: &str = "plasma";

/// Folders in which nobody keeps policies of their own; hidden ones are left out as well.
const LEFT_OUT: [&str; 2] = ["target", "node_modules"];

/// Something that could not be looked at.
#[derive(Debug)]
pub struct Unreadable {
    /// The file or folder.
    pub path: PathBuf,
    /// Why.
    pub error: io::Error,
}

/// The policies below a folder, in the order of the names on the way to them, and what could not be looked at.
/// Folders that are links are not followed, hidden ones and those that tools fill are left out. At most so
/// many files and folders are looked at.
pub fn policies_below(
    folder: &Path,
    entries_max: usize,
) -> impl Iterator<Item = Result<PathBuf, Unreadable>> + use<> {
    let walk = WalkDir::new(folder).sort_by_file_name().into_iter();
    let entries = walk.filter_entry(|entry| {
        let is_folder = entry.file_type().is_dir();
        entry.depth() == 0 || !is_folder || is_looked_into(entry.file_name())
    });
    let folder = folder.to_owned();
    entries
        .take(entries_max)
        .filter_map(move |entry| match entry {
            Ok(entry) => is_policy(&entry).then(|| Ok(entry.into_path())),
            Err(error) => {
                let path = error.path().unwrap_or(&folder).to_owned();
                let error = error.into();
                Some(Err(Unreadable { path, error }))
            }
        })
}

/// Whether [`policies_below`] the folder come to a file of this path.
pub fn is_found_below(path: &Path, folder: &Path) -> bool {
    let Ok(below) = path.strip_prefix(folder) else {
        return false;
    };
    let mut folders = below.parent().into_iter().flat_map(Path::components);
    has_extension(path) && folders.all(|folder| is_looked_into(folder.as_os_str()))
}

fn is_policy(entry: &DirEntry) -> bool {
    let is_file = entry.file_type().is_file() || entry.path_is_symlink() && entry.path().is_file();
    is_file && has_extension(entry.path())
}

fn has_extension(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == POLICY_EXTENSION)
}

fn is_looked_into(name: &OsStr) -> bool {
    let is_left_out = LEFT_OUT.iter().any(|left_out| name == *left_out);
    !is_left_out && !name.as_encoded_bytes().starts_with(b".")
}
