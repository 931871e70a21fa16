//! `plasma lsp`: the language server on standard input and output.

use std::process::ExitCode;

use crate::arguments::LspArguments;
use crate::failure::Failure;

pub(crate) fn run(_: &LspArguments) -> Result<ExitCode, Failure> {
    plasma_server::run_stdio()
        .map(|()| ExitCode::SUCCESS)
        .map_err(|error| Failure::new(format!("the language server ended: {error}")))
}
