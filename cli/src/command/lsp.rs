//! `plasma lsp`: the language server on standard input and output, or over WebSockets.

use std::process::ExitCode;
use std::sync::mpsc;

use plasma_server::{ServerError, WebSocketSettings, session_url};

use crate::arguments::LspArguments;
use crate::failure::Failure;
use crate::token::{self, cannot_listen};
use crate::{output, policy_file};

pub(crate) fn run(arguments: &LspArguments) -> Result<ExitCode, Failure> {
    if let Some(address) = &arguments.listen {
        return listen(address, &arguments.allow_origin);
    }
    match plasma_server::run_stdio(&policy_file::module_files()) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        // The protocol prescribes status 1.
        Err(ServerError::ExitWithoutShutdown) => Ok(ExitCode::FAILURE),
        Err(error) => Err(Failure::new(format!("the language server ended: {error}"))),
    }
}

/// Serves browsers until Ctrl-C.
fn listen(address: &str, origins: &[String]) -> Result<ExitCode, Failure> {
    let (interrupt, interrupted) = mpsc::sync_channel(1);
    // A second Ctrl-C finds the server ending.
    let raise = move || {
        let _ = interrupt.try_send(());
    };
    ctrlc::set_handler(raise)
        .map_err(|error| Failure::new(format!("cannot handle Ctrl-C: {error}")))?;
    let settings = WebSocketSettings {
        address: address.to_owned(),
        token: token::from_environment()?,
        origins: origins.to_vec(),
    };
    let listening = plasma_server::listen(settings, &policy_file::module_files());
    let listening = listening.map_err(|error| cannot_listen(&error))?;
    output::problem(&format!("listening on {}", session_url(&listening)));
    // The handler keeps its end.
    let _ = interrupted.recv();
    Ok(ExitCode::SUCCESS)
}
