//! VS Code in a browser without a screen: the extension is built, installed, and used.

use std::fs;
use std::path::PathBuf;

use super::plugin;
use crate::e2e::setup::{self, Setup};
use crate::e2e::{Trouble, node};
use crate::session::{plasma, root, succeed};

/// A browser with a font, and what modules of VS Code are built from.
const PACKAGES: &[&str] = &[
    "chromium",
    "fonts-dejavu-core",
    "g++",
    "libkrb5-dev",
    "libsecret-1-dev",
    "make",
];

/// What the test needs beside the extension.
pub(crate) static TOOLS: Setup<PathBuf> = Setup::new(tools);
/// What the extension is built with.
static MODULES: Setup<PathBuf> = Setup::new(modules);

/// VS Code as a server, and the remote control of a browser.
fn tools() -> Result<PathBuf, String> {
    MODULES.get()?;
    let folder = setup::folder("vscode")?;
    for file in ["package.json", "package-lock.json"] {
        let from = plugin("vscode")?.join("e2e").join(file);
        fs::copy(from, folder.join(file)).map_err(|error| error.to_string())?;
    }
    setup::debian(PACKAGES)?;
    node::install(&folder)?;
    Ok(folder)
}

fn modules() -> Result<PathBuf, String> {
    let folder = plugin("vscode")?;
    node::install(&folder)?;
    Ok(folder)
}

pub(crate) fn test() -> Result<(), Trouble> {
    let extension = MODULES.get().map_err(Trouble::Skipped)?;
    let program = plasma()?
        .canonicalize()
        .map_err(|error| error.to_string())?;
    let mut check = node::npm(&extension, &["test", "--silent"])?;
    check.env("PLASMA", &program);
    succeed(check)?;
    let package = extension.join("plasma.vsix");
    let mut build = node::npm(&extension, &["run", "--silent", "package", "--", "--out"])?;
    build.arg(&package);
    succeed(build)?;
    let tools = TOOLS.get().map_err(Trouble::Skipped)?;
    let screenshots = root().join("target/e2e/screenshots");
    fs::create_dir_all(&screenshots).map_err(|error| error.to_string())?;
    let mut drive = node::node()?;
    drive.arg(extension.join("e2e/drive.mjs"));
    drive.env("PLASMA", program).env("VSIX", package);
    drive
        .env("TOOLS", &tools)
        .env("FOLDER", tools.join("session"));
    drive.env("SCREENSHOTS", screenshots);
    drive.env("CHROMIUM", "/usr/bin/chromium");
    print!("{}", succeed(drive)?);
    Ok(())
}
