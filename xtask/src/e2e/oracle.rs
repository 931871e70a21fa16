//! The optima of small arbitrations, solved anew and compared with those that the manager's tests read.
//! The solver is built from its C++ source, which takes minutes the first time.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::python;
use crate::session::{cargo, root, succeed};

/// What the solver's build needs beside a compiler, as wheels: neither has to be on the machine.
const PACKAGES: &[&str] = &["cmake==3.31.6", "libclang==18.1.1"];

pub(crate) fn test() -> Result<(), String> {
    let folder = root().join("oracle");
    let python = python::environment(&folder.join("target/tools"), PACKAGES)?;
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
    command.env("PATH", path_with(python.parent())?);
    command.env("LIBCLANG_PATH", libclang(&python)?);
    command.env("BINDGEN_EXTRA_CLANG_ARGS", format!("-I{}", headers()?));
    succeed(command).map(|_| ())
}

/// The search path with a folder before all others.
fn path_with(folder: Option<&Path>) -> Result<std::ffi::OsString, String> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = folder.map(Path::to_path_buf).into_iter();
    let all: Vec<PathBuf> = folders.chain(std::env::split_paths(&path)).collect();
    std::env::join_paths(all).map_err(|error| error.to_string())
}

/// The folder of the library in its wheel.
fn libclang(python: &Path) -> Result<String, String> {
    let mut command = Command::new(python);
    let place = "import clang, os; print(os.path.join(os.path.dirname(clang.__file__), 'native'))";
    command.args(["-c", place]);
    succeed(command).map(|told| told.trim().to_owned())
}

/// The compiler's own headers, which the wheel has none of.
fn headers() -> Result<String, String> {
    let mut command = Command::new("cc");
    command.arg("-print-file-name=include");
    succeed(command).map(|told| told.trim().to_owned())
}
