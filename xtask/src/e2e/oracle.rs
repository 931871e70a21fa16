//! The optima of small arbitrations, solved anew and compared with those that the manager's tests read.
//! The solver is built from its C++ source, which takes minutes the first time.

use std::process::Command;

use crate::session::{cargo, root, succeed};

/// What the solver's build needs beside a compiler, each with what says that it is there.
const TOOLS: &[(&str, &str)] = &[("cmake", "--version"), ("c++", "--version")];

pub(crate) fn test() -> Result<(), String> {
    for (tool, argument) in TOOLS {
        let mut command = Command::new(tool);
        command.arg(argument);
        if succeed(command).is_err() {
            println!(
                "  SKIPPED, the optima were not solved: there is no {tool} (oracle/README.md)"
            );
            return Ok(());
        }
    }
    let folder = root().join("oracle");
    let file = "../runtime/manager/tests/optimum/instances.jsonl";
    let arguments = [
        "run",
        "--release",
        "--quiet",
        "--locked",
        "--",
        "--check",
        file,
    ];
    let mut command = cargo(&folder, &arguments);
    // Its own, so that nothing else makes the solver be built again.
    command.env("CARGO_TARGET_DIR", "target");
    succeed(command).map(|_| ())
}
