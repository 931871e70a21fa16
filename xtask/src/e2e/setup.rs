//! What tests need on the machine beside the toolchain: installed once, below `target/e2e`, while tests that
//! need nothing run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, OnceLock, PoisonError};

use crate::session::{root, succeed};

/// Something that is installed at most once a run; whoever asks for it while that goes on waits.
pub(crate) struct Setup<T: 'static> {
    made: OnceLock<Result<T, String>>,
    make: fn() -> Result<T, String>,
}

impl<T: Clone> Setup<T> {
    pub(crate) const fn new(make: fn() -> Result<T, String>) -> Self {
        Setup {
            made: OnceLock::new(),
            make,
        }
    }

    /// What was installed, or why it cannot be.
    pub(crate) fn get(&self) -> Result<T, String> {
        self.made.get_or_init(self.make).clone()
    }
}

/// The folder of a tool, which is there.
pub(crate) fn folder(name: &str) -> Result<PathBuf, String> {
    let folder = root().join("target/e2e").join(name);
    fs::create_dir_all(&folder).map_err(|error| error.to_string())?;
    folder.canonicalize().map_err(|error| error.to_string())
}

/// A command that leaves the processor to the tests that run beside it.
pub(crate) fn gentle(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new("nice");
    command.args(["-n", "10"]).arg(program);
    command
}

/// Does what takes long unless it was done to its end for the same `wanted`, which is noted in `folder`.
pub(crate) fn once(
    folder: &Path,
    wanted: &str,
    install: impl FnOnce() -> Result<(), String>,
) -> Result<(), String> {
    let note = folder.join("installed-by-e2e");
    if fs::read_to_string(&note).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    install()?;
    // Written last: a set-up that was interrupted begins again.
    fs::write(&note, wanted).map_err(|error| error.to_string())
}

/// Installs packages of Debian that are not there.
pub(crate) fn debian(packages: &[&str]) -> Result<(), String> {
    /// The package manager does one thing at a time.
    static TURN: Mutex<()> = Mutex::new(());
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let missing: Vec<&str> = packages
        .iter()
        .copied()
        .filter(|package| !has(package))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    // Its own, so that what other runs fetch is in nobody's way.
    let archives = folder("apt")?;
    let apt = |arguments: &[&str]| {
        let mut command = gentle("apt-get");
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command.args(["-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3"]);
        command.arg("-o");
        command.arg(format!("Dir::Cache::Archives={}", archives.display()));
        command.args(arguments);
        succeed(command)
    };
    // Sources that nothing is needed of may be out of reach: whether it matters, the installation shows.
    let _ = apt(&["update", "-qq"]);
    let install = ["install", "-y", "-qq", "--no-install-recommends"];
    let install: Vec<&str> = install.into_iter().chain(missing.iter().copied()).collect();
    apt(&install).map(|_| ()).map_err(|error| {
        let names = missing.join(" ");
        format!("the packages of Debian it needs cannot be installed (as root: apt-get install {names}): {error}")
    })
}

fn has(package: &str) -> bool {
    let mut query = Command::new("dpkg-query");
    query.args(["-W", "-f", "${db:Status-Status}", package]);
    succeed(query).is_ok_and(|status| status == "installed")
}
