//! `plasma lsp`: the language server on standard input and output.

use std::process::ExitCode;

use plasma_server::ServerError;

use crate::arguments::LspArguments;
use crate::failure::Failure;
use crate::policy_file;

pub(crate) fn run(_: &LspArguments) -> Result<ExitCode, Failure> {
    match plasma_server::run_stdio(&policy_file::module_files()) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        // The protocol prescribes status 1.
        Err(ServerError::ExitWithoutShutdown) => Ok(ExitCode::FAILURE),
        Err(error) => Err(Failure::new(format!("the language server ended: {error}"))),
    }
}
