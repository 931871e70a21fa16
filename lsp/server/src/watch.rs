//! The files that the editor is asked to watch, because documents depend on them.

use lsp_server::Request;
use plasma_scenario::project::FILE_NAME;

use crate::lsp_types::{
    DidChangeWatchedFilesRegistrationOptions, FileSystemWatcher, GlobPattern, Registration,
    RegistrationParams,
};

const ID: &str = "plasma-files";

/// Asks the editor to tell of projects and schemas that change on disk.
pub(crate) fn registration() -> Request {
    let patterns = [format!("**/{FILE_NAME}"), "**/*.plasma".to_owned()];
    let watchers = patterns.map(|pattern| FileSystemWatcher {
        glob_pattern: GlobPattern::Pattern(pattern),
        kind: None,
    });
    let options = DidChangeWatchedFilesRegistrationOptions {
        watchers: watchers.to_vec(),
    };
    let registration = Registration {
        id: ID.to_owned(),
        method: "workspace/didChangeWatchedFiles".to_owned(),
        register_options: serde_json::to_value(options).ok(),
    };
    let params = RegistrationParams {
        registrations: vec![registration],
    };
    Request::new(
        ID.to_owned().into(),
        "client/registerCapability".to_owned(),
        params,
    )
}
