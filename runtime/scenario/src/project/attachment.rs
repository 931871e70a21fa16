//! What is looked at beside a policy: a recorded cluster, or a running one.

use std::fmt;
use std::path::{Path, PathBuf};

/// How the URL of an engine begins.
const SCHEMES: [&str; 4] = ["ws://", "wss://", "http://", "https://"];

/// A cluster to look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Attachment {
    /// A snapshot or a trace.
    File(PathBuf),
    /// A running engine, by its URL.
    Engine(String),
}

impl Attachment {
    /// What a text names; a file is relative to a folder.
    pub fn new(text: &str, folder: &Path) -> Attachment {
        match SCHEMES.iter().any(|scheme| text.starts_with(scheme)) {
            true => Attachment::Engine(text.to_owned()),
            false => Attachment::File(folder.join(text)),
        }
    }

    /// What people call it: the name of the file, or the URL.
    pub fn name(&self) -> String {
        match self {
            Attachment::File(path) => match path.file_name() {
                Some(name) => name.to_string_lossy().into_owned(),
                None => path.display().to_string(),
            },
            Attachment::Engine(url) => url.clone(),
        }
    }
}

impl fmt::Display for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Attachment::File(path) => write!(f, "{}", path.display()),
            Attachment::Engine(url) => f.write_str(url),
        }
    }
}
