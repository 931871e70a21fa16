//! A fault in a feature costs its answer, and not the session.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lsp_server::Notification;
use serde_json::json;

/// `MessageType.Error` of the protocol.
const ERROR: u32 = 1;

/// What the work gives; if it panics, what is told of it.
///
/// # Errors
///
/// If the work panics: the panic's message, with what was being done.
pub(crate) fn guarded<T>(doing: &str, work: impl FnOnce() -> T) -> Result<T, String> {
    // An analysis is kept only when finished: a panic within it leaves the document without one.
    catch_unwind(AssertUnwindSafe(work))
        .map_err(|panic| format!("`{doing}` failed within the server: {}", told(&*panic)))
}

/// The notification that has the editor log an error.
pub(crate) fn log(message: &str) -> Notification {
    let params = json!({"type": ERROR, "message": message});
    Notification::new("window/logMessage".to_owned(), params)
}

fn told(panic: &(dyn Any + Send)) -> &str {
    let owned = panic.downcast_ref::<String>().map(String::as_str);
    let lent = panic.downcast_ref::<&str>().copied();
    owned.or(lent).unwrap_or("no reason was given")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_that_says_where_and_why() {
        assert_eq!(guarded("x", || 1), Ok(1));
        let failed = guarded("textDocument/hover", || -> u8 { panic!("no {}", "name") });
        let expected = "`textDocument/hover` failed within the server: no name";
        assert_eq!(failed, Err(expected.to_owned()));
        assert_eq!(log(expected).params["message"], expected);
    }
}
