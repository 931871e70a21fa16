//! Real editors with their plugins, in which is done what a person does.

pub(crate) mod emacs;
pub(crate) mod nvim;
pub(crate) mod tree_sitter;
pub(crate) mod vscode;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::setup;
use crate::session::{plasma, root};

/// Longest that an editor may take, in seconds. One that waits for somebody would wait for ever.
const SECONDS_MAX: &str = "120";

/// A command that is ended if it takes too long.
fn bounded(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("timeout");
    command.arg(SECONDS_MAX).arg(program);
    command
}

/// Has a command run in a folder of its own with a copy of the demo workspace, and the program in the search path.
fn with_demo(command: &mut Command, name: &str) -> Result<(), String> {
    let demo = setup::folder(name)?.join("demo");
    let _ = fs::remove_dir_all(&demo);
    fs::create_dir_all(&demo).map_err(|error| error.to_string())?;
    let files = fs::read_dir(root().join("editors/demo")).map_err(|error| error.to_string())?;
    for file in files {
        let file = file.map_err(|error| error.to_string())?;
        fs::copy(file.path(), demo.join(file.file_name())).map_err(|error| error.to_string())?;
    }
    let program = plasma()?
        .canonicalize()
        .map_err(|error| error.to_string())?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = program.parent().map(Path::to_path_buf).into_iter();
    let folders = folders.chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).map_err(|error| error.to_string())?;
    command.env("PATH", path).current_dir(&demo);
    // Nothing of the person's own is read or written.
    command.env("HOME", setup::folder(name)?);
    let library = root().join("stdlib").canonicalize();
    command.env("PLASMA_STDLIB", library.map_err(|error| error.to_string())?);
    Ok(())
}

/// The folder of a plugin.
fn plugin(name: &str) -> Result<PathBuf, String> {
    let folder = root().join("editors").join(name);
    folder.canonicalize().map_err(|error| error.to_string())
}
