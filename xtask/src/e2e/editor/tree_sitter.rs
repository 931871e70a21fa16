//! The parser for editors is the one that its grammar makes, and passes its own tests. The generator is built from
//! its source, which takes minutes the first time.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::plugin;
use crate::e2e::setup::{self, Setup, gentle};
use crate::e2e::{Trouble, node};
use crate::session::succeed;

/// The parser was made by this one.
const VERSION: &str = "0.27.1";

/// What the generator writes.
const GENERATED: [&str; 3] = ["src/parser.c", "src/grammar.json", "src/node-types.json"];

pub(crate) static TOOL: Setup<PathBuf> = Setup::new(tool);

fn tool() -> Result<PathBuf, String> {
    let folder = setup::folder("tree-sitter")?;
    setup::once(&folder, VERSION, || {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let mut install = gentle(cargo);
        install.args(["install", "tree-sitter-cli", "--version", VERSION]);
        // Its own runtime for grammars would be built for minutes more.
        install.args(["--no-default-features", "--locked", "--quiet", "--root"]);
        install.arg(&folder).current_dir(&folder);
        install.env("CARGO_TARGET_DIR", folder.join("build"));
        succeed(install)?;
        fs::remove_dir_all(folder.join("build")).map_err(|error| error.to_string())
    })?;
    Ok(folder.join("bin/tree-sitter"))
}

pub(crate) fn test() -> Result<(), Trouble> {
    let tool = TOOL.get().map_err(Trouble::Skipped)?;
    let mut version = node::node().map_err(Trouble::Skipped)?;
    version.arg("--version");
    let path = version.get_envs().find(|(name, _)| *name == "PATH");
    let path = path.and_then(|(_, value)| value).map(ToOwned::to_owned);
    let grammar = plugin("tree-sitter")?;
    // It is made anew in a copy, so that a stale one is told and not mended.
    let copy = setup::folder("tree-sitter")?.join("grammar");
    let _ = fs::remove_dir_all(&copy);
    let mut copied = Command::new("cp");
    copied.arg("-r").arg(&grammar).arg(&copy);
    succeed(copied)?;
    let run = |arguments: &[&str]| {
        let mut command = Command::new(&tool);
        command.current_dir(&copy).args(arguments);
        command.env("PATH", path.clone().unwrap_or_default());
        // Parsers that it compiles are kept there.
        command.env("XDG_CACHE_HOME", copy.join("cache"));
        succeed(command)
    };
    run(&["generate", "--js-runtime", "node"])?;
    for file in GENERATED {
        let made = fs::read(copy.join(file)).map_err(|error| error.to_string())?;
        if fs::read(grammar.join(file)).ok() != Some(made) {
            return Err(format!("editors/tree-sitter/{file} is not what grammar.js makes").into());
        }
    }
    run(&["test"])?;
    Ok(())
}
