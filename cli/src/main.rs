//! The `plasma` binary: every command, with the built-in applications.

use std::process::ExitCode;

fn main() -> ExitCode {
    plasma_cli::main_with(plasma_apps::all())
}
