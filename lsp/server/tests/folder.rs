//! Folders of their own for tests.

use std::fs;
use std::path::PathBuf;

/// A folder of its own for a test.
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// An empty folder; what an earlier run left in it is gone.
    pub(crate) fn new(name: &str) -> Folder {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }

    /// With a project whose schema is `app.plasma`.
    pub(crate) fn with_project(name: &str) -> Folder {
        let folder = Folder::new(name);
        folder.write("plasma.toml", "schema = \"sub/../app.plasma\"\n");
        folder.write("app.plasma", "actor Folder { fn open; }\n");
        fs::create_dir_all(folder.0.join("sub")).expect("a folder");
        folder
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("written");
    }

    pub(crate) fn remove(&self, file: &str) {
        fs::remove_file(self.0.join(file)).expect("removed");
    }

    pub(crate) fn uri(&self, file: &str) -> String {
        format!("file://{}", self.0.join(file).display())
    }

    pub(crate) fn root(&self) -> String {
        format!("file://{}", self.0.display())
    }
}
