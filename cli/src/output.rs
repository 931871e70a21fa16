//! Where text goes: results to standard output, problems and progress to standard error, colour
//! only on a terminal and not under `NO_COLOR`.

use std::io::{self, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;

use crate::failure::{Failure, system_text};

/// Whether whoever read standard output has closed it.
static READER_HAS_GONE: AtomicBool = AtomicBool::new(false);

/// Writes a result. A reader that has gone away (`| head`) is no failure.
pub(crate) fn result(text: &str) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    finish(out.write_all(text.as_bytes()).and_then(|()| out.flush()))
}

/// Whether nobody reads the results any more, so that a stream of them may end.
pub(crate) fn reader_has_gone() -> bool {
    READER_HAS_GONE.load(Ordering::SeqCst)
}

/// Writes a result and a line break.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    result(&format!("{text}\n"))
}

/// Writes a document as one line of JSON.
pub(crate) fn json(document: &impl Serialize) -> Result<(), Failure> {
    result(&json_line(document)?)
}

/// A document as one line of JSON.
pub(crate) fn json_line(document: &impl Serialize) -> Result<String, Failure> {
    match serde_json::to_string(document) {
        Ok(text) => Ok(format!("{text}\n")),
        Err(error) => Err(Failure::new(format!(
            "cannot write the result as JSON: {error}"
        ))),
    }
}

/// Writes a problem or a remark. If even standard error is gone there is nobody to tell.
pub(crate) fn problem(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Whether results are coloured.
pub(crate) fn stdout_is_coloured() -> bool {
    is_coloured(io::stdout().is_terminal())
}

/// Whether problems are coloured.
pub(crate) fn stderr_is_coloured() -> bool {
    is_coloured(io::stderr().is_terminal())
}

fn is_coloured(is_terminal: bool) -> bool {
    let refused = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    is_terminal && !refused && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

fn finish(written: io::Result<()>) -> Result<(), Failure> {
    match written {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
            READER_HAS_GONE.store(true, Ordering::SeqCst);
            Ok(())
        }
        Err(error) => Err(Failure::new(format!(
            "cannot write to standard output: {}",
            system_text(&error)
        ))),
    }
}
