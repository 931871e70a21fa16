//! The language server that ours is measured beside: of Nickel, a configuration language with types and contracts.

use std::path::PathBuf;

use crate::session::{cargo, root};

/// Its crate.
const CRATE: &str = "nickel-lang-lsp@1.18.0";

/// Its binary, which is installed if it is not there yet: minutes of the processor.
pub(super) fn installed() -> Result<PathBuf, String> {
    let folder = root().join("target/bench/nls");
    let binary = folder.join("bin/nls");
    if binary.is_file() {
        return Ok(binary);
    }
    eprintln!("installing {CRATE}");
    let mut install = cargo(
        &root(),
        &["install", "--quiet", "--locked", CRATE, "--root"],
    );
    let status = install.arg(&folder).status();
    match status {
        Ok(status) if status.success() => Ok(binary),
        Ok(status) => Err(format!("cargo install {CRATE} ended with {status}")),
        Err(error) => Err(format!("cannot start cargo: {error}")),
    }
}
