//! Python environments below `target`, made once and made again when other packages are asked for.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::session::succeed;

/// A Python in `folder/venv` with packages, given as to `pip install`.
pub(crate) fn environment(folder: &Path, packages: &[&str]) -> Result<PathBuf, String> {
    let environment = folder.join("venv");
    let python = environment.join("bin/python");
    let (installed, wanted) = (environment.join("packages"), packages.join("\n"));
    // Written last: a set-up that was interrupted begins again.
    if python.exists() && fs::read_to_string(&installed).is_ok_and(|there| there == wanted) {
        return Ok(python);
    }
    let mut create = Command::new("python3");
    create.args(["-m", "venv", "--clear"]).arg(&environment);
    succeed(create)?;
    let mut install = Command::new(&python);
    install.args(["-m", "pip", "install", "--quiet"]);
    install.args(packages);
    succeed(install)?;
    fs::write(&installed, &wanted).map_err(|error| error.to_string())?;
    Ok(python)
}
