//! `plasma check --fix`: safe fixes, written back into the file.

use std::io::{self, Write as _};
use std::path::Path;

use plasma_diagnostic::{FileId, Mended};

use crate::analysis::Analysis;
use crate::failure::{Failure, system_text};
use crate::policy_file::{self, PolicyFile};

/// A policy after its safe fixes; `analyse` checks a text of it.
pub(super) fn mend(
    file: &PolicyFile,
    analyse: impl Fn(&PolicyFile) -> Result<Analysis, Failure>,
) -> Result<Mended, Failure> {
    let is_of_library = file.path.is_none() && file.name != policy_file::STANDARD_INPUT;
    if is_of_library {
        let name = &file.name;
        return Err(Failure::new(format!(
            "{name} is part of the binary and cannot be fixed"
        )));
    }
    let with_text = |text: &str| PolicyFile {
        text: text.to_owned(),
        name: file.name.clone(),
        path: file.path.clone(),
    };
    // Every check of this file begins with the same sources, and gives it the same number.
    let id: FileId = analyse(&with_text(&file.text))?.file;
    let mut failure = None;
    let mended = plasma_diagnostic::mend(&file.text, id, |text| match analyse(&with_text(text)) {
        Ok(analysis) => analysis.diagnostics,
        Err(error) => {
            failure = Some(error);
            Vec::new()
        }
    });
    failure.map_or(Ok(mended), Err)
}

/// Replaces the text of a file: whoever reads it finds the old text or the new one, never a part.
pub(super) fn replace(path: &Path, text: &str) -> Result<(), Failure> {
    write(path, text).map_err(|error| {
        let (path, cause) = (path.display(), system_text(&error));
        Failure::new(format!("cannot write {path}: {cause}")).help("it is as it was before")
    })
}

/// Writes a file that may not be there yet.
pub(super) fn create(path: &Path, text: &str) -> Result<(), Failure> {
    if path.exists() {
        return replace(path, text);
    }
    std::fs::write(path, text).map_err(|error| {
        let (path, cause) = (path.display(), system_text(&error));
        Failure::new(format!("cannot write {path}: {cause}"))
    })
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    // Of a link, what it leads to is replaced.
    let path = path.canonicalize()?;
    let permissions = path.metadata()?.permissions();
    if permissions.readonly() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    file.persist(&path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(unix)]
    fn a_replaced_file_keeps_its_permissions_and_its_links() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().expect("a folder");
        let (file, link) = (folder.path().join("a"), folder.path().join("b"));
        std::fs::write(&file, "old").expect("written");
        let mode = std::fs::Permissions::from_mode(0o640);
        std::fs::set_permissions(&file, mode).expect("set");
        std::os::unix::fs::symlink(&file, &link).expect("a link");
        replace(&link, "new").expect("replaced");
        assert_eq!(std::fs::read_to_string(&file).expect("text"), "new");
        assert!(link.is_symlink());
        let kept = file.metadata().expect("there").permissions().mode() & 0o777;
        assert_eq!(kept, 0o640);
        let left = std::fs::read_dir(folder.path()).expect("a folder").count();
        assert_eq!(left, 2, "nothing is left beside them");
    }

    #[test]
    fn a_file_that_cannot_be_written_is_left() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("a");
        std::fs::write(&file, "old").expect("written");
        let mut permissions = file.metadata().expect("there").permissions();
        permissions.set_readonly(true);
        std::fs::set_permissions(&file, permissions).expect("set");
        let refused = replace(&file, "new").expect_err("refused").to_string();
        assert!(refused.contains("permission denied"), "{refused}");
        assert_eq!(std::fs::read_to_string(&file).expect("text"), "old");
    }
}
